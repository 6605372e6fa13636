#include "server/storage/verify.h"

#include "shared/base/text.h"
#include "tests/server/storage/sqlite_fixture.h"

namespace tessera {
namespace {

using sample::main_canvas;

/// A store with something in every table.
struct FullStore : SqliteFixture {
  std::vector<Placement> placements;

  FullStore() {
    open();
    WriteSet set = sample::beginning();
    set.events.emplace_back(main_canvas, CanvasEvent{0, WallTime{1'500}, sample::canvas()});
    set.sessions.push_back(sample::session(1, 1, WallTime{INT64_MAX}));
    SessionRecord link = sample::session(2, 0, WallTime{INT64_MAX});
    link.kind = SessionKind::OwnerLink;
    set.sessions.push_back(link);
    set.joins.push_back({main_canvas, AccountId{2}});
    set.invites.push_back(sample::invite(1));
    set.locks = {sample::lock(1), sample::lock(2)};
    set.grants = {sample::grant(2), sample::grant(3)};
    set.seen = {sample::seen(1), sample::seen(3)};
    set.settings = R"({"guests":"on"})";
    set.announcements = {sample::announcement(3), sample::announcement(4)};
    set.rollbacks = {sample::rollback(5), sample::rollback(6)};
    set.schedule = {sample::schedule(7), sample::schedule(8)};
    set.snapshots = {sample::snapshot(9)};
    set.last_number = 9;
    set.reports = {sample::report(5), sample::report(6)};
    set.audit = {sample::audit(1'000, 1, "lock.create", "lock:1"), sample::audit(1'100, 0, "canvas.pause")};
    auto base = std::make_shared<Tile>();
    base->cells[77] = 4;
    set.checkpoints.push_back({main_canvas, {0, 0}, 0, base, true});
    set.checkpoints.push_back({main_canvas, {3, 3}, 0, base, true});
    must(set);
    sample::Drawing drawing(1, 400);
    for (std::size_t count : {600u, 3u, 40u}) {
      auto batch = drawing.batch(count);
      placements.insert(placements.end(), batch->placements.begin(), batch->placements.end());
      RequestOutcome outcome;
      outcome.account = AccountId{1};
      outcome.request = RequestId{count};
      outcome.time = batch->placements.back().time;
      batch->outcomes.push_back(outcome);
      batch->charges.push_back({main_canvas, AccountId{2}, outcome.time, 5, outcome.time});
      must(sample::with(batch));
    }
    const TileIndex tile{1, 1};
    WriteSet later;
    later.checkpoints.push_back({main_canvas, tile, sample::last_on(placements, tile),
                                 std::make_shared<const Tile>(sample::replay(placements, tile)), false});
    must(later);
    close();
  }

  /// Flips a bit of one row's value.
  void flip(const std::string& table, std::int64_t row, std::size_t byte) {
    const std::string nth = "(SELECT value FROM " + table + " LIMIT 1 OFFSET " + std::to_string(row) + ")";
    auto connection = SqliteConnection::open(database().string(), SqliteConnection::Mode::Write);
    REQUIRE(connection.ok());
    Bytes value;
    {
      auto read = connection->prepare(("SELECT " + nth).c_str());
      REQUIRE(read.ok());
      REQUIRE(read->step() == SqliteStatement::Step::Row);
      value.assign(read->blob(0)->begin(), read->blob(0)->end());
    }
    value[byte] ^= 1;
    auto write = connection->prepare(("UPDATE " + table + " SET value = ?1 WHERE value = " + nth).c_str());
    REQUIRE(write.ok());
    REQUIRE(write->bind(1, ByteSpan(value)).run().ok());
  }

  /// The first thing that is wrong, or nothing.
  std::string wrong() const {
    const auto report = verify_store(url(), {});
    if (!report) return report.error().message;
    return report->ok() ? "" : report->damage.front();
  }

  /// All that can be read, as one value to compare.
  struct Read {
    std::vector<Placement> placements;
    std::vector<AccountRecord> accounts;
    std::vector<SessionRecord> sessions;
    std::vector<JoinRecord> joins;
    std::vector<InviteRecord> invites;
    std::vector<LockRecord> locks;
    std::vector<GrantRecord> grants;
    std::vector<SeenRecord> seen;
    std::string settings;
    std::vector<AnnouncementRecord> announcements;
    std::vector<RollbackRecord> rollbacks;
    std::vector<ScheduleRecord> schedule;
    std::vector<SnapshotRecord> snapshots;
    std::vector<ReportRecord> reports;
    std::vector<std::string> audit;
    std::vector<CanvasRecord> canvases;
    std::vector<CanvasEvent> events;
    std::vector<std::pair<CanvasId, RequestOutcome>> outcomes;
    std::vector<SavedCharges> charges;
    std::vector<Tile> tiles;
    bool operator==(const Read&) const = default;
  };
  std::optional<Read> read() {
    if (!try_open(StoreAccess::Read).empty()) return std::nullopt;
    const auto contents = store->contents(placements.back().time);
    auto opened = store->reader();
    if (!contents || !opened) return std::nullopt;
    auto found = (*opened)->placements(main_canvas, 0, 1'000'000);
    auto tiles = (*opened)->load_tiles(main_canvas);
    auto events = (*opened)->events(main_canvas);
    auto audit = (*opened)->audit({});
    if (!found || !tiles || !events || !audit) return std::nullopt;
    Read read;
    read.placements = *found;
    read.accounts = contents->accounts;
    read.sessions = contents->sessions;
    read.joins = contents->joins;
    read.invites = contents->invites;
    read.locks = contents->locks;
    read.grants = contents->grants;
    read.seen = contents->seen;
    read.settings = contents->settings;
    read.announcements = contents->announcements;
    read.rollbacks = contents->rollbacks;
    read.schedule = contents->schedule;
    read.snapshots = contents->snapshots;
    read.reports = contents->reports;
    for (const AuditEntry& entry : *audit) read.audit.push_back(entry.text + to_hex(ByteSpan(entry.hash)));
    read.events = *events;
    read.outcomes = contents->outcomes;
    read.charges = contents->charges;
    for (const auto& canvas : contents->canvases) read.canvases.push_back(canvas.record);
    for (const TileAt& tile : *tiles) read.tiles.push_back(*tile.picture);
    close();
    return read;
  }
};

TEST_CASE("Verify: a whole store is whole, and counted") {
  FullStore full;
  std::uint64_t told = 0;
  const auto report = verify_store(full.url(), [&](std::uint64_t done, std::uint64_t) {
    told = done;
    return true;
  });
  REQUIRE(report.ok());
  CHECK(report->damage.empty());
  CHECK(report->ok());
  CHECK(report->canvases == 1);
  CHECK(report->placements == 643);
  CHECK(report->accounts == 4);
  CHECK(report->checkpoints == 3);
  CHECK(report->audit_entries == 2);
  CHECK(report->audit_head != AuditHash{});
}

TEST_CASE("Verify: the caller may stop it") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1);
  fixture.must(sample::with(drawing.batch(60'000)));
  const auto report = verify_store(fixture.url(), [](std::uint64_t, std::uint64_t) { return false; });
  REQUIRE(report.ok());
  CHECK(report->stopped);
  CHECK_FALSE(report->ok());
}

TEST_CASE("Verify: a changed value in any row of any table is found") {
  FullStore full;
  const std::string whole = file_content(full.database());
  for (const char* table : {"journal", "checkpoints", "canvases", "heads", "events", "accounts", "sessions", "joins", "invites", "locks", "grants", "seen", "settings", "announcements", "rollbacks", "schedule", "snapshots", "reports",
                            "outcomes", "charges", "meta"}) {
    const std::string of(table);
    const auto rows = full.number("SELECT count(*) FROM " + of);
    REQUIRE(rows > 0);
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto size = full.number("SELECT length(value) FROM " + of + " LIMIT 1 OFFSET " + std::to_string(row));
      for (const std::int64_t byte : {std::int64_t{1}, std::int64_t{5}, size / 2, size}) {
        CAPTURE(of);
        CAPTURE(row);
        CAPTURE(byte);
        full.flip(of, row, static_cast<std::size_t>(byte - 1));
        CHECK(full.wrong() != "");
        write_file(full.database(), whole);
      }
    }
  }
  CHECK(full.wrong() == "");
}

TEST_CASE("Verify: a changed key, or a row that is gone or stands twice, is found") {
  FullStore full;
  const std::string whole = file_content(full.database());
  for (const char* change : {"UPDATE journal SET first = 999999 WHERE (canvas, tile, first) IN (SELECT canvas, tile, "
                             "first FROM journal LIMIT 1)",
                             "UPDATE journal SET tile = 9 WHERE tile = 0",
                             "UPDATE journal SET canvas = 2",
                             "UPDATE checkpoints SET seq = 5 WHERE seq = 0 AND tile = 0",
                             "UPDATE checkpoints SET tile = 8 WHERE tile = 0",
                             "UPDATE canvases SET id = 2",
                             "UPDATE heads SET canvas = 2",
                             "UPDATE events SET number = 2",
                             "UPDATE accounts SET id = 9 WHERE id = 3",
                             "UPDATE sessions SET hash = x'00' WHERE hash = (SELECT min(hash) FROM sessions)",
                             "UPDATE joins SET account = 3",
                             "UPDATE joins SET canvas = 2",
                             "UPDATE invites SET id = 2",
                             "UPDATE locks SET id = 3 WHERE id = 1",
                             "UPDATE grants SET account = 4 WHERE account = 2",
                             "UPDATE grants SET canvas = 2",
                             "UPDATE seen SET account = 2 WHERE account = 1",
                             "UPDATE settings SET id = 2",
                             "UPDATE announcements SET id = 2 WHERE id = 3",
                             "UPDATE rollbacks SET id = 1 WHERE id = 5",
                             "UPDATE schedule SET id = 1 WHERE id = 7",
                             "UPDATE snapshots SET id = 1",
                             "UPDATE reports SET id = 1 WHERE id = 5",
                             "DELETE FROM meta WHERE name = 'last_number'",
                             "DELETE FROM audit WHERE id = 2",
                             "DELETE FROM audit_head",
                             "UPDATE outcomes SET id = id + 1 WHERE id = (SELECT max(id) FROM outcomes)",
                             "UPDATE charges SET account = 1",
                             "UPDATE meta SET name = 'stores' WHERE name = 'store'",
                             "DELETE FROM journal WHERE first = (SELECT max(first) FROM journal)",
                             "DELETE FROM journal WHERE first = (SELECT min(first) FROM journal)",
                             "DELETE FROM journal",
                             "DELETE FROM canvases",
                             "DELETE FROM heads",
                             "DELETE FROM accounts WHERE id = 2",
                             "DELETE FROM meta WHERE name = 'commits'",
                             "INSERT INTO journal SELECT canvas, tile, first + 1, value FROM journal LIMIT 1"}) {
    CAPTURE(change);
    full.change(change);
    CHECK(full.wrong() != "");
    write_file(full.database(), whole);
  }
}

TEST_CASE("Verify: an invitation to a canvas that is not there, or a bot whose maker is not, is found") {
  FullStore full;
  const std::string whole = file_content(full.database());
  full.open();
  WriteSet set;
  set.invites.push_back(sample::invite(5));
  set.invites.back().canvas = CanvasId{9};
  full.must(set);
  full.close();
  CHECK(full.wrong() == "canvas 9 of an invitation is not stored");
  write_file(full.database(), whole);
  full.open();
  WriteSet bot;
  bot.accounts.push_back(sample::account(4, "bot"));
  bot.accounts.back().maker = AccountId{88};
  full.must(bot);
  full.close();
  CHECK(full.wrong() == "account 88 of account 4 is not stored");
}

TEST_CASE("Verify: what staff made on a canvas or for an account that is not there, or with a number never given, is found") {
  FullStore full;
  const std::string whole = file_content(full.database());
  const auto wrong_after = [&](const auto& change) {
    full.open();
    WriteSet set;
    change(set);
    full.must(set);
    full.close();
    const std::string wrong = full.wrong();
    write_file(full.database(), whole);
    return wrong;
  };
  const auto lock = [&](const auto& change) {
    return wrong_after([&](WriteSet& set) { change(set.locks.emplace_back(sample::lock(1))); });
  };
  const auto rollback = [&](const auto& change) {
    return wrong_after([&](WriteSet& set) { change(set.rollbacks.emplace_back(sample::rollback(5))); });
  };
  CHECK(lock([](LockRecord&) {}) == "");
  CHECK(lock([](LockRecord& record) { record.maker = nobody; }) == "");
  CHECK(lock([](LockRecord& record) { record.canvas = CanvasId{9}; }) == "canvas 9 of lock 1 is not stored");
  CHECK(lock([](LockRecord& record) { record.maker = AccountId{88}; }) == "account 88 of lock 1 is not stored");
  CHECK(lock([](LockRecord& record) { record.accounts = {AccountId{77}}; }) == "account 77 of lock 1 is not stored");
  CHECK(lock([](LockRecord& record) { record.id = LockId{17}; }) == "lock 17 has a number above the last that was given, 9");
  CHECK(wrong_after([](WriteSet& set) { set.announcements.push_back(sample::announcement(18)); }) ==
        "announcement 18 has a number above the last that was given, 9");
  CHECK(rollback([](RollbackRecord& record) { record.canvas = CanvasId{9}; }) == "canvas 9 of rollback 5 is not stored");
  CHECK(rollback([](RollbackRecord& record) { record.selection.accounts = {AccountId{66}}; }) == "account 66 of rollback 5 is not stored");
  CHECK(rollback([](RollbackRecord& record) { record.selection.until = 644; }) == "rollback 5 selects placements that are not there");
  CHECK(rollback([](RollbackRecord& record) { record.selection.until = 643; }) == "");
  const auto scheduled = [&](const auto& change) {
    return wrong_after([&](WriteSet& set) { change(set.schedule.emplace_back(sample::schedule(7))); });
  };
  CHECK(scheduled([](ScheduleRecord& record) { record.canvas = CanvasId{9}; }) == "canvas 9 of schedule entry 7 is not stored");
  CHECK(scheduled([](ScheduleRecord& record) { record.maker = AccountId{66}; }) == "account 66 of schedule entry 7 is not stored");
  CHECK(scheduled([](ScheduleRecord& record) { record.id = ScheduleId{19}; }) == "schedule entry 19 has a number above the last that was given, 9");
  CHECK(wrong_after([](WriteSet& set) { set.snapshots.push_back(sample::snapshot(9, 643)); }) == "");
  CHECK(wrong_after([](WriteSet& set) { set.snapshots.push_back(sample::snapshot(9, 644)); }) == "snapshot 9 is of a placement that is not there");
  const auto report = [&](const auto& change) {
    return wrong_after([&](WriteSet& set) { change(set.reports.emplace_back(sample::report(5))); });
  };
  CHECK(report([](ReportRecord& record) { record.seq = 643; }) == "");
  CHECK(report([](ReportRecord& record) { record.canvas = CanvasId{9}; }) == "canvas 9 of report 5 is not stored");
  CHECK(report([](ReportRecord& record) { record.reporter = AccountId{66}; }) == "account 66 of report 5 is not stored");
  CHECK(report([](ReportRecord& record) { record.handler = AccountId{67}; }) == "account 67 of report 5 is not stored");
  CHECK(report([](ReportRecord& record) { record.seq = 644; }) == "report 5 is of a placement that is not there");
  CHECK(report([](ReportRecord& record) { record.id = ReportId{12}; }) == "report 12 has a number above the last that was given, 9");
  const auto grant = [&](const auto& change) {
    return wrong_after([&](WriteSet& set) { change(set.grants.emplace_back(sample::grant(3))); });
  };
  CHECK(grant([](GrantRecord&) {}) == "");
  CHECK(grant([](GrantRecord& record) { record.canvas = CanvasId{9}; }) == "canvas 9 of the role of account 3 on canvas 9 is not stored");
  CHECK(grant([](GrantRecord& record) { record.account = AccountId{66}; }) == "account 66 of the role of account 66 on canvas 1 is not stored");
  CHECK(grant([](GrantRecord& record) { record.maker = AccountId{67}; }) == "account 67 of the role of account 3 on canvas 1 is not stored");
  CHECK(grant([](GrantRecord& record) { record.version = 10; }) == "the role of account 3 on canvas 1 has a number above the last that was given, 9");
  CHECK(wrong_after([](WriteSet& set) { set.seen.push_back(sample::seen(9)); }) == "account 9 of where an account was seen is not stored");
  CHECK(wrong_after([](WriteSet& set) { set.last_number = 5; }) == "rollback 6 has a number above the last that was given, 5");
}

TEST_CASE("Verify: a checkpoint that is whole but not what the journal gives is found") {
  FullStore full;
  full.open();
  WriteSet set;
  set.checkpoints.push_back({main_canvas, {0, 0}, 643, std::make_shared<const Tile>(), false});
  full.must(set);
  full.close();
  CHECK(full.wrong().find("is not what the journal gives") != std::string::npos);
}

TEST_CASE("Verify: after any flipped bit of the file it finds damage, or all that was stored can still be read") {
  FullStore full;
  const auto before = full.read();
  REQUIRE(before.has_value());
  const std::string whole = file_content(full.database());
  SeededRandom random(1);
  int found = 0, harmless = 0;
  for (std::size_t at = 0; at < whole.size(); at += 1 + random.below(90)) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1 << random.below(8));
    write_file(full.database(), flipped);
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(full.database().string() + suffix);
    CAPTURE(at);
    if (!full.wrong().empty()) {
      ++found;
      continue;
    }
    ++harmless;
    CHECK(full.read() == before);
  }
  CHECK(found > 200);
  MESSAGE(found << " flips found, " << harmless << " in bytes that hold nothing");
}

TEST_CASE("Verify: damage in the log of a killed server is found, and the server does not start on it") {
  SqliteFixture running;
  running.open();
  running.must(sample::beginning());
  sample::Drawing drawing(1);
  for (int i = 0; i < 10; ++i) running.must(sample::with(drawing.batch(20)));
  SqliteFixture killed;
  running.copy_as_killed(killed.directory.path());
  const std::string database = file_content(killed.database()), log = file_content(killed.log());
  REQUIRE(log.size() > 20 * 4'120);
  SeededRandom random(1);
  for (int i = 0; i < 60; ++i) {
    std::string flipped = log;
    // Up to the last few transactions: damage in the very last is what a power cut leaves too.
    const std::size_t at = i < 24 ? static_cast<std::size_t>(8 + i) : random.below(log.size() / 2);
    flipped[at] = static_cast<char>(flipped[at] ^ 1 << random.below(8));
    write_file(killed.database(), database);
    write_file(killed.log(), flipped);
    std::filesystem::remove(killed.database().string() + "-shm");
    CAPTURE(at);
    const auto report = verify_store(killed.url(), {});
    const bool found = !report || !report->ok();
    const bool harmless = at >= 12 && at < 16;  // the number of times the log was begun anew
    if (!harmless) CHECK(found);
    std::filesystem::remove(killed.database().string() + "-shm");
    write_file(killed.log(), flipped);
    const std::string refused = killed.try_open();
    CAPTURE(refused);
    if (!harmless) CHECK(refused.find("-wal is damaged") != std::string::npos);
    if (!refused.empty()) CHECK(file_content(killed.log()) == flipped);
  }
  write_file(killed.database(), database);
  write_file(killed.log(), log);
  std::filesystem::remove(killed.database().string() + "-shm");
  CHECK(killed.try_open() == "");
  CHECK(*killed.store->last_seq(main_canvas) == 200);
}

TEST_CASE("Verify: where there is nothing, it says so") {
  TemporaryDirectory directory;
  CHECK_FALSE(verify_store(data_directory_url(directory.path()), {}).ok());
  CHECK_FALSE(verify_store("memory:", {}).ok());
}

}  // namespace
}  // namespace tessera
