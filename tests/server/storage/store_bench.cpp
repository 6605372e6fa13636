#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "server/storage/open_store.h"
#include "server/storage/sqlite.h"
#include "server/storage/verify.h"
#include "shared/base/random.h"
#include "shared/canvas/canvas.h"

/// Measures the SQLite store by itself: bytes a placement, milliseconds a commit, start, history.
namespace tessera {
namespace {

constexpr CanvasId canvas{1};
constexpr std::uint32_t accounts = 60'000;
constexpr std::uint32_t imported = 963'710;

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

  explicit Bench(const std::filesystem::path& where) : directory(where) {
    std::filesystem::remove_all(directory);
    open();
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

void measure_import(Bench& bench) {
  Players players(1);
  WriteSet names;
  for (std::uint32_t id = 1; id <= accounts; ++id) {
    AccountRecord account;
    account.id = AccountId{id};
    account.name = "u" + std::to_string(10'000 + id);
    account.kind = AccountKind::Imported;
    account.created = WallTime{1'649'073'600'000};
    names.accounts.push_back(account);
  }
  std::vector<WriteSet> placements;
  Canvas cells({2000, 2000});
  std::map<TileIndex, Seq> last;
  for (std::size_t left = imported; left > 0;) {
    const std::size_t count = std::min<std::size_t>(left, 100'000);
    auto batch = players.batch(count, 7.47);
    batch->kind = PlacementKind::Import;
    for (const Placement& placement : batch->placements) {
      cells.set(placement.cell, placement.color);
      last[tile_of(placement.cell)] = placement.seq;
    }
    placements.emplace_back().batches.push_back(batch);
    left -= count;
  }
  WriteSet checkpoints;
  for (const auto& [tile, seq] : last)
    checkpoints.checkpoints.push_back({canvas, tile, seq, cells.picture(tile), false});
  const double cpu = cpu_ms();
  auto start = std::chrono::steady_clock::now();
  bench.must(names);
  std::printf("import: 60,000 accounts %.0f ms\n", since_ms(start));
  for (const WriteSet& set : placements) bench.must(set);
  std::printf("import: with %u placements %.0f ms\n", imported, since_ms(start));
  bench.must(checkpoints);
  std::printf("import: with checkpoints %.0f ms\n", since_ms(start));
  bench.close();
  std::printf("import: closed after %.0f ms (CPU %.0f ms), %.2f bytes a placement, accounts included\n",
              since_ms(start), cpu_ms() - cpu,
              static_cast<double>(bench.file_bytes() - bench.checkpoint_bytes()) / imported);
  start = std::chrono::steady_clock::now();
  const double start_cpu = cpu_ms();
  bench.open();
  if (!bench.opened.store->contents(bench.now)) bench.fail("contents");
  auto reader = bench.reader();
  auto tiles = reader->load_tiles(canvas);
  std::printf("start: %zu tiles, %.0f ms (CPU %.0f ms)\n", tiles->size(), since_ms(start), cpu_ms() - start_cpu);
}

void measure_reading(Bench& bench) {
  auto reader = bench.reader();
  SeededRandom random(5);
  double cpu = cpu_ms();
  std::vector<double> history, page;
  for (int i = 0; i < 2000; ++i) {
    const auto x = static_cast<std::uint16_t>(std::min(random.below(2000), random.below(2600)));
    const auto y = static_cast<std::uint16_t>(std::min(random.below(2000), random.below(2600)));
    const auto start = std::chrono::steady_clock::now();
    if (!reader->history(canvas, {x, y}, 64)) bench.fail("history");
    history.push_back(since_ms(start));
  }
  std::printf("history of a cell: p50 %.2f ms, p99 %.2f ms, mean CPU %.2f ms\n", percentile(history, 0.5),
              percentile(history, 0.99), (cpu_ms() - cpu) / static_cast<double>(history.size()));
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

void measure_batches(const std::filesystem::path& where, const char* name, std::size_t per_batch, std::size_t batches,
                     std::size_t checkpoint_every) {
  Bench bench(where);
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
  std::printf(
      "%s: mean %.2f ms (CPU %.2f), p50 %.2f, p99 %.2f, most %.2f; %.0f placements/s; %.2f bytes a placement%s; log up "
      "to %.1f MB\n",
      name, total / static_cast<double>(batches), cpu_total / static_cast<double>(batches), percentile(commits, 0.5),
      percentile(commits, 0.99), percentile(commits, 1), placements / total * 1000,
      static_cast<double>(bench.file_bytes() - before - (bench.checkpoint_bytes() - 4096)) / placements,
      checkpoint_every > 0 ? " without checkpoints" : "", static_cast<double>(longest_log) / 1e6);
}

}  // namespace
}  // namespace tessera

int main(int count, char** arguments) {
  const std::filesystem::path where =
      count > 1 ? arguments[1] : std::filesystem::temp_directory_path() / "tessera-store-bench";
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  {
    tessera::Bench bench(where);
    tessera::measure_import(bench);
    tessera::measure_reading(bench);
  }
  tessera::measure_batches(where, "10,000 a batch", 10'000, 100, 0);
  tessera::measure_batches(where, "400 a batch", 400, 2'000, 0);
  tessera::measure_batches(where, "400 a batch, checkpoints", 400, 2'000, 250);
  tessera::measure_batches(where, "1 a batch", 1, 20'000, 0);
  tessera::measure_batches(where, "1 a batch, checkpoints", 1, 20'000, 5'000);
  std::filesystem::remove_all(where);
}
