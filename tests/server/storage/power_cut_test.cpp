#include <string>

#include <doctest/doctest.h>

#include "server/storage/sqlite_store.h"
#include "server/storage/verify.h"
#include "tests/server/storage/sample.h"
#include "tests/support/power_cut_vfs.h"
#include "tests/support/temporary_directory.h"

namespace tessera {
namespace {

using sample::main_canvas;

/// One server's life on a disk whose power goes at some moment, and what is found after.
class Round {
 public:
  Round(std::uint64_t seed, SqliteOptions options)
      : options_(std::move(options)), random_(seed), drawing_(seed, 300), seed_(seed) {
    options_.vfs = disk_.name();
    options_.most_log_pages = 40;  // so that the cut also falls into copies of the log
  }

  /// Empty where every commit that was answered `Stored` is found again; else what is missing.
  std::string run() {
    if (auto why = open(); !why.empty()) return "at first: " + why;
    if (store_->commit(sample::beginning()).outcome != CommitOutcome::Stored) return "the canvas could not be stored";
    disk_.cut_after(1 + random_.below(600));
    while (commit_one()) {
    }
    store_.reset();
    disk_.restore(seed_);
    return check();
  }

 private:
  std::string open() {
    notices_.clear();
    auto store = SqliteStore::open(DataFiles::at(directory_.path()), StoreAccess::Write, random_, notices_, options_);
    if (!store) return store.error().message;
    store_ = std::move(*store);
    return notices_.empty() ? "" : notices_.front();
  }

  bool commit_one() {
    const auto batch = drawing_.batch(1 + random_.below(40));
    WriteSet set = sample::with(batch);
    if (random_.below(8) == 0 && !stored_.empty()) {
      const TileIndex tile = tile_of(stored_.back().cell);
      set.checkpoints.push_back({main_canvas, tile, sample::last_on(stored_, tile),
                                 std::make_shared<const Tile>(sample::replay(stored_, tile)), false});
    }
    const bool stored = store_->commit(set).outcome == CommitOutcome::Stored;
    auto& place = stored ? stored_ : last_unanswered_;
    place.insert(place.end(), batch->placements.begin(), batch->placements.end());
    return stored;
  }

  std::string check() {
    if (auto why = open(); !why.empty()) return why;
    auto reader = store_->reader();
    if (!reader) return reader.error().message;
    const auto found = (*reader)->placements(main_canvas, 0, 1'000'000);
    if (!found) return found.error().message;
    std::vector<Placement> expected = stored_;
    if (found->size() != stored_.size())
      expected.insert(expected.end(), last_unanswered_.begin(), last_unanswered_.end());
    if (*found != expected)
      return std::to_string(stored_.size()) + " placements were answered as stored, found are " +
             std::to_string(found->size());
    const auto report = verify_store(data_directory_url(directory_.path()), {});
    if (!report) return report.error().message;
    if (!report->ok()) return report->damage.front();
    sample::Drawing next(seed_ + 1);
    for (std::size_t i = 0; i < found->size(); ++i) next.next();
    auto more = next.batch(3);
    for (Placement& placement : more->placements) placement.time = WallTime{ms(placement.time) + 1'000'000'000};
    return store_->commit(sample::with(more)).message;
  }

  PowerCutVfs disk_{"power-cut"};
  TemporaryDirectory directory_;
  SqliteOptions options_;
  SeededRandom random_;
  sample::Drawing drawing_;
  std::uint64_t seed_;
  std::vector<std::string> notices_;
  std::unique_ptr<SqliteStore> store_;
  std::vector<Placement> stored_, last_unanswered_;
};

SqliteOptions between() {
  SqliteOptions options;
  options.log_copy = SqliteOptions::LogCopy::Between;
  return options;
}

TEST_CASE("SQLite store: a power cut at any moment loses nothing that was answered as stored") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    CHECK(Round(seed, between()).run() == "");
  }
}

TEST_CASE("SQLite store: the same while the log is copied on its own thread") {
  for (std::uint64_t seed = 1'000; seed < 1'060; ++seed) {
    CAPTURE(seed);
    CHECK(Round(seed, {}).run() == "");
  }
}

TEST_CASE("SQLite store: without syncs the same check finds what is lost, so it can fail") {
  SqliteOptions options = between();
  options.durability = SqliteOptions::Durability::Off;
  int losses = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed)
    if (!Round(seed, options).run().empty()) ++losses;
  CHECK(losses >= 20);
}

/// A new store on a disk of the test's own, its canvas made.
struct StoreOnDisk {
  PowerCutVfs disk;
  TemporaryDirectory directory;
  SeededRandom random{1};
  std::vector<std::string> notices;
  std::unique_ptr<SqliteStore> store;

  explicit StoreOnDisk(const char* name) : disk(name) {
    SqliteOptions options = between();
    options.vfs = disk.name();
    auto opened = SqliteStore::open(DataFiles::at(directory.path()), StoreAccess::Write, random, notices, options);
    REQUIRE(opened.ok());
    store = std::move(*opened);
    REQUIRE(store->commit(sample::beginning()).outcome == CommitOutcome::Stored);
  }
};

TEST_CASE("SQLite store: a full disk refuses cleanly, and once there is room the same seqs are stored") {
  StoreOnDisk on("full-disk");
  PowerCutVfs& disk = on.disk;
  SqliteStore* const store = on.store.get();
  sample::Drawing drawing(2);
  REQUIRE(store->commit(sample::with(drawing.batch(100))).outcome == CommitOutcome::Stored);
  const auto batch = drawing.batch(5'000);
  for (std::uint64_t room : {0u, 30u, 5'000u, 20'000u, 40'000u}) {
    disk.leave_room(room);
    const CommitResult result = store->commit(sample::with(batch));
    CHECK(result.outcome == CommitOutcome::Refused);
    CHECK(result.message.find("the disk is full") != std::string::npos);
    CHECK((*store->reader())->placements(main_canvas, 0, 10'000)->size() == 100);
  }
  disk.leave_room(std::nullopt);
  CHECK(store->commit(sample::with(batch)).outcome == CommitOutcome::Stored);
  CHECK((*store->reader())->placements(main_canvas, 0, 10'000)->size() == 5'100);
}

TEST_CASE("SQLite store: after a failed sync the outcome is unknown until it is opened anew") {
  for (std::uint64_t sync = 1; sync <= 2; ++sync) {
    StoreOnDisk on("failing-disk");
    PowerCutVfs& disk = on.disk;
    SqliteStore* const store = on.store.get();
    sample::Drawing drawing(2);
    std::shared_ptr<Batch> batch;
    disk.fail_sync(sync);
    CommitResult result;
    std::size_t stored = 0;
    for (; result.outcome == CommitOutcome::Stored; stored += batch->placements.size()) {
      batch = drawing.batch(10);
      result = store->commit(sample::with(batch));
    }
    stored -= 10;
    CHECK(result.outcome == CommitOutcome::Unknown);
    CHECK(store->commit(sample::with(batch)).outcome == CommitOutcome::Refused);
    REQUIRE(store->reopen().ok());
    const Seq last = *store->last_seq(main_canvas);
    const bool all_or_nothing = last == stored || last == stored + 10;
    CHECK(all_or_nothing);
    if (last == stored) CHECK(store->commit(sample::with(batch)).outcome == CommitOutcome::Stored);
    CHECK((*store->reader())->placements(main_canvas, 0, 1'000)->size() == stored + 10);
  }
}

TEST_CASE("SQLite store: a disk that stays broken is said so, not guessed about") {
  StoreOnDisk on("dead-disk");
  PowerCutVfs& disk = on.disk;
  SqliteStore* const store = on.store.get();
  disk.cut_after(1);
  sample::Drawing drawing(2);
  CHECK(store->commit(sample::with(drawing.batch(1))).outcome == CommitOutcome::Unknown);
  const Status reopened = store->reopen();
  REQUIRE_FALSE(reopened.ok());
  CHECK_FALSE(reopened.error().message.empty());
  CHECK_FALSE(store->contents(WallTime{0}).ok());
}

}  // namespace
}  // namespace tessera
