#include <algorithm>

#include <doctest/doctest.h>

#include "server/core/audit_text.h"
#include "tests/server/storage/every_store.h"

/// What every store must do with the staff's work, run over each of them.
namespace tessera {
namespace {

using sample::Drawing;
using sample::main_canvas;

TEST_CASE_TEMPLATE("Store: locks, announcements and rollbacks stay as they were last changed, until they are ended",
                   Fixture, InMemory, InSqlite) {
  Fixture store;
  CHECK(store->contents(WallTime{0})->last_number == 0);
  WriteSet set = sample::beginning();
  set.locks = {sample::lock(2), sample::lock(1), sample::lock(3)};
  set.announcements = {sample::announcement(4), sample::announcement(5)};
  set.rollbacks = {sample::rollback(7), sample::rollback(6)};
  set.last_number = 7;
  REQUIRE(stored(*store, set));
  WriteSet change;
  LockRecord lock = sample::lock(1);
  lock.accounts.clear();
  lock.version = 9;
  change.locks.push_back(lock);
  change.ended_locks.push_back(LockId{3});
  AnnouncementRecord announcement = sample::announcement(5);
  announcement.text = "we open at ten";
  change.announcements.push_back(announcement);
  change.ended_announcements.push_back(AnnouncementId{4});
  RollbackRecord rollback = sample::rollback(6);
  rollback.state = RollbackState::Undone;
  change.rollbacks.push_back(rollback);
  REQUIRE(stored(*store, change));

  const auto contents = store->contents(WallTime{99'000});  // expired ones stay: whoever made them ends them
  REQUIRE(contents.ok());
  CHECK(contents->locks == std::vector{lock, sample::lock(2)});
  CHECK(contents->announcements == std::vector{announcement});
  CHECK(contents->rollbacks == std::vector{rollback, sample::rollback(7)});
  CHECK(contents->last_number == 7);
}

TEST_CASE_TEMPLATE("Store: what is scheduled stays until it is ended, in one commit with what it does; snapshots stay", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.schedule = {sample::schedule(2), sample::schedule(1), sample::schedule(3)};
  set.snapshots = {sample::snapshot(5), sample::snapshot(4)};
  set.last_number = 5;
  REQUIRE(stored(*store, set));
  WriteSet happened;
  happened.ended_schedule.push_back(ScheduleId{2});
  happened.announcements.push_back(sample::announcement(6));
  happened.last_number = 6;
  REQUIRE(stored(*store, happened));
  WriteSet refused;
  refused.ended_schedule.push_back(ScheduleId{1});
  refused.events.emplace_back(CanvasId{9}, CanvasEvent{});
  CHECK(store->commit(refused).outcome == CommitOutcome::Refused);
  const auto contents = store->contents(WallTime{99'000});
  REQUIRE(contents.ok());
  CHECK(contents->schedule == std::vector{sample::schedule(1), sample::schedule(3)});
  CHECK(contents->snapshots == std::vector{sample::snapshot(4), sample::snapshot(5)});
  CHECK(contents->announcements.size() == 1);
}

TEST_CASE_TEMPLATE("Store: reports stay as they were last changed, closed ones too", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.reports = {sample::report(3), sample::report(1), sample::report(2)};
  set.last_number = 3;
  REQUIRE(stored(*store, set));
  WriteSet change;
  ReportRecord closed = sample::report(2);
  closed.state = ReportState::Resolved;
  closed.outcome = "taken back, and its drawer is banned";
  closed.version = 4;
  change.reports.push_back(closed);
  REQUIRE(stored(*store, change));
  const auto contents = store->contents(WallTime{99'000});
  REQUIRE(contents.ok());
  CHECK(contents->reports == std::vector{sample::report(1), closed, sample::report(3)});
}

TEST_CASE_TEMPLATE("Store: grants stay as they were last changed, until they are taken away", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.grants = {sample::grant(3), sample::grant(1), sample::grant(2)};
  set.grants.push_back(sample::grant(1));
  set.grants.back().canvas = CanvasId{2};
  set.last_number = 3;
  REQUIRE(stored(*store, set));
  WriteSet change;
  GrantRecord raised = sample::grant(2);
  raised.role = Role::Admin;
  raised.version = 4;
  change.grants.push_back(raised);
  change.ended_grants = {{main_canvas, AccountId{1}}, {main_canvas, AccountId{77}}};
  change.last_number = 4;
  REQUIRE(stored(*store, change));
  const auto contents = store->contents(WallTime{99'000});
  REQUIRE(contents.ok());
  CHECK(contents->grants == std::vector{raised, sample::grant(3), set.grants.back()});
}

TEST_CASE_TEMPLATE("Store: where accounts were seen, and the settings of the last start, stay as they were last told", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.seen = {sample::seen(3), sample::seen(1)};
  set.settings = R"({"guests":"on"})";
  REQUIRE(stored(*store, set));
  WriteSet change;
  SeenRecord moved = sample::seen(3);
  moved.prefixes.pop_back();
  change.seen.push_back(moved);
  REQUIRE(stored(*store, change));
  const auto contents = store->contents(WallTime{99'000});
  REQUIRE(contents.ok());
  CHECK(contents->seen == std::vector{sample::seen(1), moved});
  CHECK(contents->settings == R"({"guests":"on"})");
}

TEST_CASE_TEMPLATE("Store: a tile's placements come back by seq, with what each shows again", Fixture, InMemory, InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(21, 600);
  std::vector<Placement> all;
  for (const PlacementKind kind : {PlacementKind::Place, PlacementKind::Rollback, PlacementKind::Undo,
                                   PlacementKind::Place, PlacementKind::Redo}) {
    const auto batch = drawing.batch(300, kind, kind == PlacementKind::Rollback ? 7 : 0);
    if (kind == PlacementKind::Rollback)
      batch->placements[3].back = static_cast<std::uint32_t>(batch->placements[3].seq);
    REQUIRE(stored(*store, sample::with(batch)));
    all.insert(all.end(), batch->placements.begin(), batch->placements.end());
  }
  const auto on = [&](TileIndex tile, Seq until) {
    std::vector<Placement> expected;
    for (const Placement& placement : all)
      if (tile_of(placement.cell) == tile && placement.seq <= until) expected.push_back(placement);
    return expected;
  };
  auto reader = reader_of(*store);
  const auto tiles = reader->drawn_tiles(main_canvas);
  REQUIRE(tiles.ok());
  CHECK(tiles->size() == 9);
  for (const TileIndex tile : *tiles) {
    REQUIRE_FALSE(on(tile, UINT64_MAX).empty());
    for (const Seq until : {Seq{0}, Seq{1}, Seq{450}, Seq{451}, Seq{1'500}, Seq{UINT64_MAX}})
      CHECK(*reader->tile_placements(main_canvas, tile, until) == on(tile, until));
  }
  CHECK(reader->tile_placements(main_canvas, {40, 40}, UINT64_MAX)->empty());
  CHECK(reader->drawn_tiles(CanvasId{9})->empty());
  REQUIRE(stored(*store, checkpoint_of(all, {0, 0}, 1'500)));
  CHECK(*reader_of(*store)->tile_placements(main_canvas, {0, 0}, 1'400) == on({0, 0}, 1'400));
}

std::vector<std::uint64_t> ids_of(const Result<std::vector<AuditEntry>>& entries) {
  REQUIRE(entries.ok());
  std::vector<std::uint64_t> ids;
  for (const AuditEntry& entry : *entries) ids.push_back(entry.id);
  return ids;
}

TEST_CASE_TEMPLATE("Store: the audit log numbers its entries, chains them, and lets no time fall", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  auto reader = reader_of(*store);
  const auto none = reader->check_audit();
  REQUIRE(none.ok());
  CHECK(none->entries == 0);
  CHECK(none->head == AuditHash{});
  CHECK_FALSE(none->bad.has_value());

  std::vector<AuditRecord> records{sample::audit(5'000, 1, "lock.create", "lock:1"),
                                   sample::audit(4'000, 0, "canvas.pause", "", ""),
                                   sample::audit(6'000, 2, "account.ban", "account:7")};
  WriteSet first, second;
  first.audit = {records[0]};
  second.audit = {records[1], records[2]};
  REQUIRE(stored(*store, first));
  REQUIRE(stored(*store, second));
  records[1].time = records[0].time;

  const auto found = reader->audit({});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 3);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    CHECK((*found)[3 - id].id == id);
    CHECK((*found)[3 - id].text == audit_text(id, records[id - 1]));
  }
  // The same by other means: printf '%s' "$(printf '0%.0s' $(seq 64))" "$text" | sha256sum, and so on.
  const auto check = reader->check_audit();
  REQUIRE(check.ok());
  CHECK_FALSE(check->bad.has_value());
  CHECK(check->entries == 3);
  CHECK(check->head == found->front().hash);
  CHECK(found->at(0).hash != found->at(1).hash);
}

TEST_CASE_TEMPLATE("Store: a write that is refused leaves no audit entry", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set;
  set.audit.push_back(sample::audit(5'000, 1, "lock.create"));
  set.locks.push_back(sample::lock(1));
  set.events.emplace_back(CanvasId{77}, CanvasEvent{});  // of a canvas that is not there
  CHECK(store->commit(set).outcome == CommitOutcome::Refused);
  CHECK(reader_of(*store)->audit({})->empty());
  set.events.clear();
  REQUIRE(stored(*store, set));
  CHECK(ids_of(reader_of(*store)->audit({})) == std::vector<std::uint64_t>{1});
  CHECK_FALSE(reader_of(*store)->check_audit()->bad.has_value());
}

/// A log of a few hundred entries of all kinds.
std::vector<AuditRecord> log_of_all_kinds() {
  const std::vector<std::string> actions{"lock.create", "lock.lift",   "lock",  "lock-smith",
                                         "locked.out",  "account.ban", "a.b.c", "auth.denied"};
  const std::vector<std::string> canvases{"main", "event", "", "ma"};
  std::vector<AuditRecord> records;
  SeededRandom random(3);
  for (int i = 0; i < 600; ++i) {
    records.push_back(sample::audit(
        1'000 + i / 3 * 10, static_cast<std::uint32_t>(random.below(5)), actions[random.below(actions.size())],
        "account:" + std::to_string(random.below(12)), canvases[random.below(canvases.size())]));
    if (i % 50 == 7) records.back().detail = R"({"reason":"Ärger um die Laterne 日本 100%_"})";
    if (i % 60 == 9) records.back().target.clear();
  }
  return records;
}

/// What a search is to find, by the most simple means.
std::vector<std::uint64_t> expected(const std::vector<AuditRecord>& records, const AuditQuery& query) {
  const auto lower = [](std::string text) {
    for (char& letter : text)
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
    return text;
  };
  std::vector<std::uint64_t> ids;
  for (std::uint64_t id = records.size(); id > 0 && ids.size() < query.limit; --id) {
    const AuditRecord& record = records[id - 1];
    const AccountId actor = record.actor ? record.actor->id : nobody;
    const bool fits =
        id < query.before && (!query.actor || *query.actor == actor) &&
        (query.action.empty() || record.action == query.action || record.action.rfind(query.action + ".", 0) == 0) &&
        (query.canvas.empty() || query.canvas == record.canvas) &&
        (query.target.empty() || query.target == record.target) && (!query.since || record.time >= *query.since) &&
        (!query.until || record.time <= *query.until) &&
        lower(audit_text(id, record)).find(lower(query.text)) != std::string::npos;
    if (fits) ids.push_back(id);
  }
  return ids;
}

TEST_CASE_TEMPLATE("Store: the audit log is searched by anything and all of it together, the newest first", Fixture,
                   InMemory, InSqlite) {
  Fixture store;
  const auto records = log_of_all_kinds();
  for (std::size_t i = 0; i < records.size(); i += 100) {
    WriteSet set;
    set.audit.assign(records.begin() + static_cast<std::ptrdiff_t>(i),
                     records.begin() + static_cast<std::ptrdiff_t>(i) + 100);
    REQUIRE(stored(*store, set));
  }
  auto reader = reader_of(*store);
  const std::vector<std::string> texts{
      "",         "laterne", "LATERNE",   "Ärger",           "ärger", "日本",
      "100%_",    "lock:",   "account:1", "\"target\":null", "über",  "staff {2}",
      "\"x\":4",  "nowhere", "a reason ", "\\\"quoted",      "日",    "\"action\":\"lock.l",
      "\"id\":59"};
  const std::vector<std::string> actions{"",      "lock",    "lock.create", "a",       "a.b",
                                         "a.b.c", "account", "locked",      "nothing", "lock."};
  SeededRandom random(9);
  std::size_t found = 0;
  for (int round = 0; round < 3'000; ++round) {
    AuditQuery query;
    const auto one_in = [&](std::uint64_t count) { return random.below(count) == 0; };
    if (one_in(3)) query.actor = AccountId{static_cast<std::uint32_t>(random.below(6))};
    if (one_in(3)) query.action = actions[random.below(actions.size())];
    if (one_in(4)) query.canvas = one_in(2) ? "main" : "event";
    if (one_in(5)) query.target = "account:" + std::to_string(random.below(13));
    if (one_in(4)) query.since = WallTime{static_cast<std::int64_t>(900 + random.below(2'300))};
    if (one_in(4)) query.until = WallTime{static_cast<std::int64_t>(900 + random.below(2'300))};
    if (one_in(3)) query.before = random.below(700);
    if (one_in(2)) query.text = texts[random.below(texts.size())];
    if (one_in(2)) query.limit = random.below(20);
    CAPTURE(query.action);
    CAPTURE(query.text);
    const auto ids = ids_of(reader->audit(query));
    CHECK(ids == expected(records, query));
    found += ids.size();
  }
  CHECK(found > 3'000);
}

TEST_CASE("SqliteStore: a search by text and more, all of it common, is right whether they go together, never, or seldom") {
  InSqlite store;
  std::vector<AuditRecord> records;
  for (int i = 0; i < 24'000; ++i) {
    const bool is_lock = i % 2 == 0, is_bridge = i % 3 == 0;
    const bool at_event = is_bridge ? i < 40 : i % 4 != 0;
    records.push_back(sample::audit(1'000 + i, static_cast<std::uint32_t>(i % 3), is_lock ? "lock.create" : "auth.denied",
                                    "account:" + std::to_string(i % 12), at_event ? "event" : "main"));
    // Lighthouses never go with locks, fountains always; bridges name the event, but few are on its canvas.
    records.back().detail = is_lock ? R"({"reason":"the fountain"})" : R"({"reason":"the lighthouse"})";
    if (is_bridge) records.back().detail = R"({"reason":"the bridge at the event"})";
  }
  for (std::size_t i = 0; i < records.size(); i += 4'000) {
    WriteSet set;
    set.audit.assign(records.begin() + static_cast<std::ptrdiff_t>(i), records.begin() + static_cast<std::ptrdiff_t>(i) + 4'000);
    REQUIRE(stored(*store, set));
  }
  auto reader = reader_of(*store);
  const auto found = [&](AuditQuery query) {
    CAPTURE(query.text);
    CAPTURE(query.action);
    const auto ids = ids_of(reader->audit(query));
    CHECK(ids == expected(records, query));
    return ids.size();
  };
  CHECK(found({.action = "lock", .text = "fountain"}) == 50);
  CHECK(found({.action = "lock", .text = "fountain", .limit = 20'000}) == 8'000);
  CHECK(found({.action = "lock.create", .text = "lighthouse"}) == 0);
  CHECK(found({.action = "auth", .canvas = "main", .text = "fountain"}) == 0);
  CHECK(found({.action = "lock", .canvas = "event", .text = "bridge"}) == 7);
  CHECK(found({.action = "lock", .canvas = "event", .text = "bridge", .before = 30}) == 5);
  CHECK(found({.actor = AccountId{0}, .action = "auth.denied", .text = "bridge"}) == 50);
  CHECK(found({.actor = AccountId{1}, .action = "auth.denied", .text = "bridge"}) == 0);
}

}  // namespace
}  // namespace tessera
