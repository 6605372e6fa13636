#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "server/storage/open_store.h"
#include "server/storage/sqlite.h"
#include "server/storage/verify.h"
#include "shared/base/random.h"
#include "tests/bench/server_process.h"

/// Measures the SQLite store by itself: bytes a placement, milliseconds a commit, history. The real placements are imported
/// by the program; batches and trickles are made up, as unevenly spread as those.
namespace tessera {
namespace {

constexpr CanvasId canvas{1};
constexpr std::uint32_t accounts = 60'000;
constexpr std::uint32_t imported = 963'710;
constexpr double bytes_after_import = 12, bytes_after_batches = 16;

std::string text(double value, const char* unit, int digits) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f%s", digits, value, unit);
  return out;
}

double since_ms(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// Of the whole process: tells the work apart from waiting for the disk and for other programs.
double cpu_ms() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }

double percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Placements that fall on tiles as unevenly as real ones, some ms apart.
class Players {
 public:
  explicit Players(std::uint64_t seed) : random_(seed) {}
  std::shared_ptr<Batch> batch(std::size_t count, double ms_between) {
    auto batch = std::make_shared<Batch>();
    batch->canvas = canvas;
    for (std::size_t i = 0; i < count; ++i) {
      time_ += ms_between;
      const auto spread = [&] {
        return static_cast<std::uint16_t>(std::min(random_.below(2000), random_.below(2600)));
      };
      batch->placements.push_back({++seq_,
                                   WallTime{static_cast<std::int64_t>(time_)},
                                   AccountId{static_cast<std::uint32_t>(1 + random_.below(accounts))},
                                   {spread(), spread()},
                                   static_cast<ColorIndex>(random_.below(32))});
    }
    return batch;
  }

 private:
  SeededRandom random_;
  Seq seq_ = 0;
  double time_ = 1'649'073'600'000;
};

struct Bench {
  std::filesystem::path directory;
  SystemRandom random;
  OpenedStore opened;
  WallTime now{1'649'080'000'000};

  explicit Bench(const std::filesystem::path& where) : directory(where) { open(); }
  static Bench fresh(const std::filesystem::path& where) {
    std::filesystem::remove_all(where);
    Bench bench(where);
    bench.make_canvas();
    return bench;
  }
  void make_canvas() {
    WriteSet set;
    set.canvases.push_back({});
    set.canvases.back().id = canvas;
    set.canvases.back().name = "main";
    set.canvases.back().size = {2000, 2000};
    must(set);
  }
  void open() {
    auto store = open_store(data_directory_url(directory), StoreAccess::Write, random);
    if (!store) fail(store.error().message);
    opened = std::move(*store);
  }
  void close() { opened = {}; }
  [[noreturn]] static void fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
  }
  void must(const WriteSet& set) {
    const CommitResult result = opened.store->commit(set);
    if (result.outcome != CommitOutcome::Stored) fail(result.message);
  }
  std::uintmax_t file_bytes() const { return std::filesystem::file_size(directory / "tessera.db"); }
  std::uintmax_t checkpoint_bytes() const {
    auto connection = SqliteConnection::open((directory / "tessera.db").string(), SqliteConnection::Mode::Read);
    const auto bytes =
        connection->number("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = 'checkpoints' AND pageno > 0");
    if (!bytes) fail(bytes.error().message);
    return static_cast<std::uintmax_t>(*bytes);
  }
  std::unique_ptr<StoreReader> reader() { return std::move(*opened.store->reader()); }
  void checkpoint_all() {
    auto tiles = reader()->load_tiles(canvas);
    for (TileAt& tile : *tiles) {
      WriteSet set;
      set.checkpoints.push_back({canvas, tile.tile, tile.seq, tile.picture, false});
      must(set);
    }
  }
};

/// The real two hours of r/place, by the real program; false where they are not there.
bool import_real(const std::filesystem::path& where) {
  const char* data = std::getenv("TESSERA_DATA");
  const std::filesystem::path place = std::filesystem::path(data != nullptr ? data : "../shared/data") / "rplace2022";
  if (!std::filesystem::exists(place)) {
    std::printf("%s is not there: nothing is imported\n", place.c_str());
    return false;
  }
  std::filesystem::remove_all(where);
  const std::string command = "'" + bench::program("tessera-server") + "' import --data '" + where.string() +
                              "' --canvas main --format reddit-csv --base '" + (place / "start.png").string() + "' '" +
                              (place / "placements.csv.gz").string() + "' >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) Bench::fail("the import failed: " + command);
  return true;
}

void measure_import(const std::filesystem::path& where) {
  Bench bench(where);
  const double bytes = static_cast<double>(bench.file_bytes() - bench.checkpoint_bytes()) / imported;
  bench::figure("stored bytes a placement after import, names of accounts included", text(bytes, "", 1), "≤ 12", bytes <= bytes_after_import);
}

void measure_reading(Bench& bench) {
  auto reader = bench.reader();
  SeededRandom random(5);
  double cpu = cpu_ms();
  std::vector<double> history, page;
  for (int i = 0; i < 2000; ++i) {
    const auto drawn = reader->placements(canvas, random.below(imported), 1);
    if (!drawn || drawn->empty()) bench.fail("placements");
    const auto start = std::chrono::steady_clock::now();
    const auto found = reader->history(canvas, drawn->front().cell, 64);
    history.push_back(since_ms(start));
    if (!found || found->empty()) bench.fail("history");
  }
  std::printf("history of a cell: p50 %.2f ms, mean CPU with finding it %.2f ms\n", percentile(history, 0.5),
              (cpu_ms() - cpu) / static_cast<double>(history.size()));
  bench::figure("history of a cell at 963,710 placements, cells drawn as placements are, p99",
                text(percentile(history, 0.99), " ms", 1), "≤ 20 ms", percentile(history, 0.99) <= 20);
  cpu = cpu_ms();
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (reader->placements(canvas, random.below(imported - 1000), 1000)->size() != 1000) bench.fail("placements");
    page.push_back(since_ms(start));
  }
  std::printf("1,000 placements after a seq: p50 %.2f ms, p99 %.2f ms, mean CPU %.2f ms\n", percentile(page, 0.5),
              percentile(page, 0.99), (cpu_ms() - cpu) / static_cast<double>(page.size()));
  auto start = std::chrono::steady_clock::now();
  if (!reader->seq_at(canvas, WallTime{1'649'077'000'000})) bench.fail("seq_at");
  std::printf("seq at a time: %.2f ms\n", since_ms(start));
  start = std::chrono::steady_clock::now();
  std::size_t read = 0;
  for (Seq since = 0; since < imported; since += 65'536) read += reader->placements(canvas, since, 65'536)->size();
  std::printf("whole journal in seq order: %zu placements, %.0f ms\n", read, since_ms(start));
  start = std::chrono::steady_clock::now();
  const auto report = verify_store(data_directory_url(bench.directory), {});
  std::printf("verify: %s, %.0f ms\n",
              report && report->ok() ? "whole"
              : report               ? report->damage.front().c_str()
                                     : report.error().message.c_str(),
              since_ms(start));
}

/// The bytes a placement, checkpoints apart.
double measure_batches(const std::filesystem::path& where, const char* name, std::size_t per_batch, std::size_t batches,
                       std::size_t checkpoint_every) {
  Bench bench = Bench::fresh(where);
  Players players(2);
  bench.close();
  const auto before = bench.file_bytes();
  bench.open();
  const double cpu = cpu_ms();
  std::vector<double> commits;
  std::uintmax_t longest_log = 0;
  for (std::size_t i = 0; i < batches; ++i) {
    WriteSet set;
    set.batches.push_back(players.batch(per_batch, 33.0 / static_cast<double>(per_batch)));
    const auto start = std::chrono::steady_clock::now();
    bench.must(set);
    commits.push_back(since_ms(start));
    longest_log = std::max(longest_log, std::filesystem::file_size(bench.directory / "tessera.db-wal"));
    if (checkpoint_every > 0 && (i + 1) % checkpoint_every == 0) bench.checkpoint_all();
  }
  const double cpu_total = cpu_ms() - cpu;
  double total = 0;
  for (double commit : commits) total += commit;
  bench.close();
  const double placements = static_cast<double>(per_batch * batches);
  const double bytes =
      static_cast<double>(bench.file_bytes() - before - (bench.checkpoint_bytes() - 4096)) / placements;
  std::printf("%s: mean %.2f ms (CPU %.2f), p50 %.2f, p99 %.2f, most %.2f; %.0f placements/s; %.1f bytes a placement; log up to %.1f MB\n",
              name, total / static_cast<double>(batches), cpu_total / static_cast<double>(batches), percentile(commits, 0.5),
              percentile(commits, 0.99), percentile(commits, 1), placements / total * 1000, bytes, static_cast<double>(longest_log) / 1e6);
  return bytes;
}

}  // namespace
}  // namespace tessera

int main() {
  using namespace tessera;
  const std::filesystem::path where = std::filesystem::temp_directory_path() / ("tessera-store-bench-" + std::to_string(::getpid()));
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (import_real(where)) {
    measure_import(where);
    Bench bench(where);
    measure_reading(bench);
  }
  measure_batches(where, "10,000 a batch", 10'000, 100, 0);
  const double batched = measure_batches(where, "400 a batch, never merged", 400, 2'000, 0);
  measure_batches(where, "400 a batch, checkpoints", 400, 2'000, 250);
  bench::figure("the same at 400 a batch, not merged yet", text(batched, "", 1), "≤ 16", batched <= bytes_after_batches);
  measure_batches(where, "1 a batch, never merged", 1, 20'000, 0);
  const double trickle = measure_batches(where, "1 a batch, checkpoints", 1, 20'000, 5'000);
  bench::figure("the same in a trickle, once merged", text(trickle, "", 1), "≤ 16", trickle <= bytes_after_batches);
  std::filesystem::remove_all(where);
}
