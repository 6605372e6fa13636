// What happens on canvases by itself, snapshots and resets.
#include <doctest/doctest.h>

#include "tests/server/core/staff_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

ScheduledWork resize(std::uint32_t width, std::uint32_t height = 0) {
  return {.action = ScheduledAction::Resize, .width = width, .height = height};
}
ScheduledWork pause(const std::string& why) { return {.action = ScheduledAction::Pause, .text = why}; }
ScheduledWork announce(const std::string& text) { return {.action = ScheduledAction::Announce, .text = text}; }
ScheduledWork plain(ScheduledAction action) { return {.action = action}; }

struct EventFixture : StaffFixture {
  WallTime in(std::chrono::milliseconds time) { return WallTime{ms(clock.wall()) + time.count()}; }
  Changed<ScheduleView> schedule(AccountId actor, WallTime at, const ScheduledWork& work, const std::string& canvas = "main") {
    return ask<Changed<ScheduleView>>(&Rooms::make_schedule, actor, canvas, NewSchedule{at, work});
  }
  ScheduleId scheduled(std::chrono::milliseconds time, const ScheduledWork& work, const std::string& canvas = "main") {
    const auto made = schedule(admin, in(time), work, canvas);
    REQUIRE_FALSE(made.refused);
    return made.current->record.id;
  }
  std::size_t left(const std::string& canvas = "main") {
    std::size_t count = 0;
    rooms->schedule(canvas, [&](const auto& views) { count = views->size(); });
    return count;
  }
  CanvasRecord record(const std::string& canvas = "main") {
    std::optional<CanvasView> view;
    rooms->canvas(canvas, [&](std::optional<CanvasView> answer) { view = std::move(answer); });
    return view->record;
  }
  std::size_t announced() {
    std::size_t count = 0;
    rooms->announcements([&](const auto& all) { count = all.size(); });
    return count;
  }
  /// Time enough for whatever follows.
  void settle() {
    for (int turn = 0; turn < 20; ++turn) {
      pass(50ms);
      commit_all();
    }
  }
  /// How often the log tells that this entry did something.
  int times(ScheduleId id) {
    const std::string told = "\"schedule\":" + std::to_string(static_cast<std::uint32_t>(id));
    int count = 0;
    for (const WriteSet& set : store.writes())
      for (const AuditRecord& each : set.audit) {
        const auto at = each.detail.find(told);
        if (at != std::string::npos && !std::isdigit(static_cast<unsigned char>(each.detail[at + told.size()]))) ++count;
      }
    return count;
  }
  /// The process ends without warning; `stored`: after the commits that wait were stored, before anyone was told.
  void die(bool stored) {
    if (stored)
      for (const auto& [set, done] : writes) REQUIRE(store.commit(set).outcome == CommitOutcome::Stored);
    restart();
  }
};

}  // namespace

TEST_CASE("Schedule: made by admins, told to everyone, removed; what cannot be is refused") {
  EventFixture f;
  RecordingGate gate;
  f.open({*f.account(f.ann), {}}, gate);
  CHECK(f.schedule(f.moderator, f.in(1h), pause("later")).refused == Refusal::Forbidden);
  CHECK(f.schedule(f.admin, f.in(1h), pause("later"), "none").refused == Refusal::NotFound);
  CHECK(f.schedule(f.admin, f.clock.wall(), pause("now")).refused == Refusal::Invalid);
  CHECK(f.schedule(f.admin, f.in(-1s), pause("past")).refused == Refusal::Invalid);
  CHECK(f.schedule(f.admin, f.in(1h), resize(60'000, 60'000)).refused == Refusal::Invalid);
  ScheduledWork smaller = plain(ScheduledAction::Palette);
  smaller.palette = *Palette::make({{{1, 2, 3}, "one", false}});
  CHECK(f.schedule(f.admin, f.in(1h), smaller).refused == Refusal::Invalid);
  ScheduledWork brief = announce("soon");
  brief.expires = f.in(30min);
  CHECK(f.schedule(f.admin, f.in(1h), brief).refused == Refusal::Invalid);
  CHECK(f.actions().empty());

  const ScheduleId id = f.scheduled(1h, resize(120));
  const auto told = messages<ScheduleChanged>(gate.take());
  REQUIRE(told.size() == 1);
  CHECK(told[0].entry == ScheduleInfo{id, static_cast<std::uint64_t>(ms(f.in(1h))), ScheduledAction::Resize, "120×…"});
  RecordingGate late;
  f.enter(f.connect(f.ben, late));
  CHECK(messages<Schedule>(late.take()).at(0).entries == std::vector{told[0].entry});
  const auto remove = [&](AccountId actor) { return f.ask<Changed<ScheduleView>>(&Rooms::remove_schedule, actor, std::string("main"), id).refused; };
  CHECK(remove(f.moderator) == Refusal::Forbidden);
  CHECK_FALSE(remove(f.owner));
  CHECK(remove(f.owner) == Refusal::NotFound);
  CHECK(messages<ScheduleRemoved>(gate.take()).at(0).id == id);
  f.pass(2h);
  f.commit_all();
  CHECK(f.record().size == Size{100, 100});
  CHECK(f.actions() == std::vector<std::string>{"schedule.create", "schedule.remove"});
}

TEST_CASE("Schedule: players are told that something will be announced, not what; a reset is logged with its reason") {
  EventFixture f;
  RecordingGate gate;
  f.open({*f.account(f.ann), {}}, gate);
  ScheduledWork reset = plain(ScheduledAction::Reset);
  reset.text = "a new round";
  REQUIRE(f.draw(f.ann, {{1, 1, 3}}).accepted == 1);
  f.scheduled(10s, reset);
  f.scheduled(1h, announce("the winner is team red"));
  for (const auto& told : messages<ScheduleChanged>(gate.take())) CHECK(told.entry.text.empty());
  f.pass(10s);
  f.settle();
  const auto logged = f.entries("canvas.reset");
  REQUIRE(logged.size() == 1);
  CHECK(logged[0].detail.find(R"("reason":"a new round")") != std::string::npos);
}

TEST_CASE("Schedule: at most a thousand entries on a canvas") {
  EventFixture f;
  for (int i = 0; i < 1'000; ++i) f.scheduled(1h, pause(std::to_string(i)));
  CHECK(f.schedule(f.admin, f.in(1h), pause("one more")).refused == Refusal::TooLarge);
  CHECK_FALSE(f.schedule(f.admin, f.in(1h), pause("elsewhere"), "den").refused);
}

TEST_CASE("Schedule: each action does what it says, at its time and not before, as an act of whoever made it") {
  EventFixture f;
  REQUIRE(f.draw(f.ann, {{1, 1, 3}}).accepted == 1);
  ScheduledWork wide = plain(ScheduledAction::Palette);
  const Palette before = f.record().palette;
  std::vector<PaletteColor> colors(before.colors().begin(), before.colors().end());
  colors.push_back({{1, 2, 3}, "more", false});
  wide.palette = *Palette::make(colors);
  ScheduledWork slow = plain(ScheduledAction::Policy);
  slow.policy.limits.cooldown_ms = 5'000;
  const std::vector<ScheduleId> ids{f.scheduled(10s, pause("a break")), f.scheduled(20s, plain(ScheduledAction::Resume)), f.scheduled(30s, resize(120)),
                                    f.scheduled(40s, wide),            f.scheduled(50s, slow),                           f.scheduled(60s, announce("closing")),
                                    f.scheduled(70s, plain(ScheduledAction::Reset))};
  f.pass(9'999ms);
  f.commit_all();
  CHECK_FALSE(f.record().paused);
  f.pass(1ms);
  f.commit_all();
  CHECK(f.record().paused);
  CHECK(f.record().pause_message == "a break");
  f.pass(10s);
  f.commit_all();
  CHECK_FALSE(f.record().paused);
  f.pass(40s);
  f.commit_all();
  CHECK(f.record().size == Size{120, 100});
  CHECK(f.record().palette.size() == colors.size());
  CHECK(f.record().policy.limits.cooldown_ms == 5'000);
  CHECK(f.announced() == 1);
  CHECK(f.at(1, 1) == 3);
  f.pass(10s);
  f.settle();
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.left() == 0);
  for (const ScheduleId id : ids) CHECK(f.times(id) == 1);
  for (const char* action : {"canvas.pause", "canvas.resume", "canvas.resize", "canvas.palette", "canvas.policy", "announcement.create", "canvas.reset"}) {
    CAPTURE(action);
    const auto told = f.entries(action);
    REQUIRE(told.size() == 1);
    CHECK(told[0].actor->id == f.admin);
  }
}

TEST_CASE("Schedule: exactly once, whenever the server is killed: before, while it is written, once it is stored") {
  enum class Killed { Due, Posted, Stored, Answered };
  for (const ScheduledWork& work : {resize(120), announce("it grows"), plain(ScheduledAction::Reset), plain(ScheduledAction::Resume)})
    for (const Killed moment : {Killed::Due, Killed::Posted, Killed::Stored, Killed::Answered}) {
      CAPTURE(static_cast<int>(work.action));
      CAPTURE(static_cast<int>(moment));
      EventFixture f;
      REQUIRE(f.draw(f.ann, {{1, 1, 3}}).accepted == 1);
      const ScheduleId id = f.scheduled(10s, work);
      f.clock.advance(11s);
      if (moment != Killed::Due) f.rooms->tick();
      while (moment != Killed::Due && !f.reads.empty()) f.read_one();  // the plan of a reset
      if (moment != Killed::Due) REQUIRE(f.writes.size() == 1);
      if (moment == Killed::Answered) f.commit_one();
      f.die(moment == Killed::Stored);
      f.settle();
      f.die(false);
      f.settle();
      CHECK(f.left() == 0);
      const bool nothing_to_do = work.action == ScheduledAction::Resume;  // which it tells of, and ends
      CHECK(f.entries("schedule.failed").size() == (nothing_to_do ? 1 : 0));
      CHECK(f.times(id) == (nothing_to_do ? 0 : 1));
      CHECK(f.record().version == (work.action == ScheduledAction::Resize ? 2 : 1));
      CHECK(f.announced() == (work.action == ScheduledAction::Announce ? 1 : 0));
      CHECK(f.at(1, 1) == (work.action == ScheduledAction::Reset ? empty_color : 3));
    }
}

TEST_CASE("Schedule: what came due while the server was down happens as it starts, by time, then id, over all canvases") {
  EventFixture f;
  f.scheduled(30s, announce("third"));
  f.scheduled(20s, announce("first"), "den");
  f.scheduled(20s, announce("second"));
  f.scheduled(2h, announce("not yet"));
  f.clock.advance(1h);
  f.die(false);
  f.commit_all();
  std::vector<std::string> said;
  f.rooms->announcements([&](const auto& all) {
    for (const AnnouncementInfo& each : all) said.push_back(each.text);
  });
  CHECK(said == std::vector<std::string>{"first", "second", "third"});
  CHECK(f.left() == 1);
}

TEST_CASE("Schedule: several at the same instant all happen, by id") {
  EventFixture f;
  const WallTime at = f.in(10s);
  for (const std::uint32_t width : {110u, 120u, 130u}) REQUIRE_FALSE(f.schedule(f.admin, at, resize(width)).refused);
  REQUIRE_FALSE(f.schedule(f.admin, at, pause("enough")).refused);
  f.pass(10s);
  f.commit_all();
  CHECK(f.record().size == Size{130, 100});
  CHECK(f.record().paused);
  CHECK(f.record().version == 5);
  const auto grown = f.entries("canvas.resize");
  REQUIRE(grown.size() == 3);
  CHECK(grown[1].detail.find(R"("before":{"height":100,"width":110})") != std::string::npos);
}

TEST_CASE("Schedule: a clock that is set back lets nothing happen twice, one set forward lets it happen at once") {
  EventFixture f;
  const WallTime start = f.clock.wall();
  const ScheduleId first = f.scheduled(10s, resize(110));
  const ScheduleId second = f.scheduled(1h, resize(120));
  f.pass(11s);
  f.commit_all();
  CHECK(f.record().size.width == 110);
  f.clock.set_wall(WallTime{ms(start) - 3'600'000});
  f.pass(1h + 20s);
  f.commit_all();
  CHECK(f.times(first) == 1);
  CHECK(f.times(second) == 0);
  f.clock.set_wall(WallTime{ms(start) + 7'200'000});
  CHECK(f.rooms->next_due() <= f.clock.now());
  f.pass(0s);
  f.commit_all();
  CHECK(f.times(second) == 1);
  f.clock.set_wall(start);
  f.die(false);
  f.pass(2h);
  f.commit_all();
  CHECK(f.times(first) == 1);
  CHECK(f.times(second) == 1);
  CHECK(f.record().version == 3);
}

TEST_CASE("Schedule: the loop is woken at the time of the next entry") {
  EventFixture f;
  f.scheduled(300ms, resize(110));
  CHECK(f.rooms->next_due() <= f.clock.now() + 300ms);
  f.pass(300ms);
  REQUIRE(f.writes.size() == 1);
  CHECK(f.rooms->next_due() > f.clock.now());  // nothing to do but to wait for the commit
}

TEST_CASE("Schedule: what cannot be stored is tried again until it is") {
  EventFixture f;
  for (const ScheduledWork& work : {resize(120), announce("it grows"), plain(ScheduledAction::Reset), plain(ScheduledAction::Resume)}) f.scheduled(10s, work);
  f.refuse_writes = f.refuse_reads = true;
  f.pass(11s);
  f.pass(1s);
  CHECK(f.left() == 4);
  f.refuse_writes = f.refuse_reads = false;
  f.settle();
  CHECK(f.left() == 0);
  CHECK(f.record().size.width == 120);
  CHECK(f.announced() == 1);
  CHECK(f.entries("canvas.reset").size() == 1);
  CHECK(f.entries("schedule.failed").size() == 1);
}

TEST_CASE("Schedule: what is left out of a policy or a size is as it is by then") {
  EventFixture f;
  ScheduledWork slow = plain(ScheduledAction::Policy);
  slow.policy.limits.cooldown_ms = 5'000;
  slow.policy.roles[static_cast<std::size_t>(Role::Member)].emplace();
  f.scheduled(10s, slow);
  f.scheduled(10s, resize(0, 150));
  CanvasChange between;
  between.size = Size{200, 80};
  between.policy = f.record().policy;
  between.policy->guests = false;
  between.policy->roles[static_cast<std::size_t>(Role::Member)] = PlacingLimits{};
  REQUIRE_FALSE(f.ask<Changed<CanvasView>>(&Rooms::change_canvas, f.admin, std::string("main"), std::optional<std::uint32_t>{}, between).refused);
  f.pass(10s);
  f.commit_all();
  CHECK(f.record().size == Size{200, 150});
  CHECK_FALSE(f.record().policy.guests);
  CHECK(f.record().policy.limits.cooldown_ms == 5'000);
  CHECK_FALSE(f.record().policy.roles[static_cast<std::size_t>(Role::Member)]);
}

TEST_CASE("Schedule: what is not possible by then ends, and the log tells why") {
  EventFixture f;
  RecordingGate gate;
  f.open({*f.account(f.ann), {}}, gate);
  ScheduledWork white = plain(ScheduledAction::Policy);
  white.policy.only_color = ColorIndex{200};
  f.scheduled(10s, white);
  f.scheduled(10s, plain(ScheduledAction::Resume));
  f.pass(10s);
  f.commit_all();
  const auto failed = f.entries("schedule.failed");
  REQUIRE(failed.size() == 2);
  CHECK(failed[0].detail.find("the palette has no colour of that number") != std::string::npos);
  CHECK(failed[1].detail.find("it is so already") != std::string::npos);
  CHECK(messages<ScheduleRemoved>(gate.take()).size() == 2);
  CHECK(f.left() == 0);
  CHECK(f.record().version == 1);

  f.scheduled(10s, pause("by one who may no more"));
  f.scheduled(10s, resize(120), "den");
  CanvasChange away;
  away.archived = true;
  REQUIRE_FALSE(f.ask<Changed<CanvasView>>(&Rooms::change_canvas, f.owner, std::string("den"), std::optional<std::uint32_t>{}, away).refused);
  REQUIRE_FALSE(f.change(f.owner, f.admin, {.role = Role::Member}).refused);
  f.pass(10s);
  f.commit_all();
  CHECK_FALSE(f.record().paused);
  CHECK(f.entries("schedule.failed").size() == 4);
}

TEST_CASE("Schedule: an entry that is being removed does not happen, and one that is happening is not removed") {
  EventFixture f;
  const ScheduleId removed = f.scheduled(10s, resize(110));
  const ScheduleId kept = f.scheduled(20s, resize(120));
  const auto remove = [&](ScheduleId id) {
    std::optional<Refusal> refused = Refusal::Invalid;
    f.rooms->remove_schedule(f.admin, "main", id, [&](const Changed<ScheduleView>& changed) { refused = changed.refused; });
    f.pass(10s);
    f.commit_all();
    return refused;
  };
  CHECK_FALSE(remove(removed));
  CHECK(f.record().size.width == 100);
  f.clock.advance(10s);
  f.rooms->tick();
  CHECK(remove(kept) == Refusal::Busy);
  CHECK(f.record().size.width == 120);
}

TEST_CASE("Reset: confirmed by the canvas's name, by admins; its history stays, and it is undone and redone") {
  EventFixture f;
  f.draw(f.ann, {{1, 1, 3}, {2, 2, 4}});
  f.draw(f.moderator, {{2, 2, 5}});
  const auto reset = [&](AccountId actor, const std::string& name) {
    return f.ask_later<Changed<RollbackView>>([&](auto answer) { f.rooms->reset_canvas(actor, "main", {name, "a new round"}, false, answer); });
  };
  CHECK(reset(f.moderator, "main").refused == Refusal::Forbidden);
  CHECK(reset(f.admin, "Main").refused == Refusal::Invalid);
  CHECK(f.at(2, 2) == 5);
  const auto done = reset(f.admin, "main");
  REQUIRE_FALSE(done.refused);
  CHECK(done.current->record.state == RollbackState::Applied);
  CHECK(done.current->record.placements == 3);
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.at(2, 2) == empty_color);
  CHECK(f.store.journal(CanvasId{1}).size() == 5);
  CHECK(f.entries("canvas.reset").at(0).detail.find("\"reason\":\"a new round\"") != std::string::npos);
  CHECK(f.entries("rollback.apply").empty());
  f.draw(f.ben, {{7, 7, 6}});
  CHECK(f.step(f.admin, done.current->record.id, RollbackStep::Undo).current->record.state == RollbackState::Undone);
  CHECK(f.at(2, 2) == 5);
  CHECK(f.at(7, 7) == 6);
  CHECK(f.step(f.admin, done.current->record.id, RollbackStep::Redo).current->record.state == RollbackState::Applied);
  CHECK(f.at(2, 2) == empty_color);
  CHECK(f.at(7, 7) == 6);
}

TEST_CASE("Reset: killed half way, it goes on") {
  EventFixture f;
  std::vector<WireCell> cells;
  for (std::uint16_t y = 0; y < 90; ++y)
    for (std::uint16_t x = 0; x < 45; ++x) cells.push_back({x, y, 3});
  f.draw(f.ann, cells);
  f.draw(f.ben, {{80, 80, 4}, {81, 80, 4}});
  for (auto& cell : cells) cell.x = static_cast<std::uint16_t>(cell.x + 45);
  f.draw(f.ann, cells);
  f.rooms->reset_canvas(f.admin, "main", {"main", ""}, true, [](const auto&) {});
  while (f.writes.empty()) f.read_one();
  f.commit_one();  // recorded
  while (f.writes.empty()) f.reads.empty() ? f.pass(50ms) : f.read_one();
  f.die(true);  // a first part is drawn
  CHECK(f.at(0, 0) == empty_color);
  CHECK(f.at(89, 89) == 3);
  f.settle();
  CHECK(f.at(89, 89) == empty_color);
  CHECK(f.at(80, 80) == empty_color);
}

TEST_CASE("Snapshots: a named moment that the canvas can be brought back to, and away again") {
  EventFixture f;
  f.draw(f.ann, {{1, 1, 3}});
  const auto take = [&](AccountId actor) { return f.ask<Changed<SnapshotView>>(&Rooms::make_snapshot, actor, std::string("main"), std::string("before")); };
  CHECK(take(f.moderator).refused == Refusal::Forbidden);
  const SnapshotRecord taken = take(f.admin).current->record;
  CHECK(taken.seq == 1);
  f.draw(f.ben, {{1, 1, 4}, {2, 2, 4}});
  f.restart();
  const auto restore = [&](AccountId actor, SnapshotId id, const std::string& name) {
    return f.ask_later<Changed<RollbackView>>([&](auto answer) { f.rooms->restore_snapshot(actor, "main", id, {name, ""}, false, answer); });
  };
  CHECK(restore(f.moderator, taken.id, "main").refused == Refusal::Forbidden);
  CHECK(restore(f.admin, taken.id, "den").refused == Refusal::Invalid);
  CHECK(restore(f.admin, SnapshotId{99}, "main").refused == Refusal::NotFound);
  const auto restored = restore(f.admin, taken.id, "main");
  CHECK(restored.current->record.placements == 2);
  CHECK(f.at(1, 1) == 3);
  CHECK(f.at(2, 2) == empty_color);
  f.step(f.owner, restored.current->record.id, RollbackStep::Undo);
  CHECK(f.at(1, 1) == 4);
  CHECK(f.at(2, 2) == 4);
  CHECK(f.actions() == std::vector<std::string>{"snapshot.create", "snapshot.restore", "rollback.undo"});
}

TEST_CASE("Snapshots: restored after a reset, rollbacks and undos, the canvas is as it was; undone and redone as a whole, also after a restart") {
  EventFixture f;
  const AccountId cy = f.guest("cy").account.id;
  const auto undo = [&](AccountId account) {
    f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", account, PlacementKind::Undo, 1, answer); });
  };
  const auto row = [&] { return std::vector<int>{f.at(1, 1), f.at(2, 1), f.at(3, 1), f.at(4, 1), f.at(5, 1)}; };
  f.draw(f.ann, {{1, 1, 3}});
  f.draw(f.ben, {{2, 1, 4}, {1, 1, 4}});
  f.draw(cy, {{3, 1, 5}});
  f.draw(f.ann, {{4, 1, 6}});
  const RollbackId cys = f.roll_back(f.moderator, {.account = cy}).current->record.id;
  const std::vector<int> before = row();
  CHECK(before == std::vector<int>{4, 4, empty_color, 6, empty_color});
  const SnapshotRecord taken = f.ask<Changed<SnapshotView>>(&Rooms::make_snapshot, f.admin, std::string("main"), std::string("before")).current->record;

  undo(f.ann);
  f.step(f.moderator, cys, RollbackStep::Undo);
  f.roll_back(f.moderator, {.account = f.ben});
  f.draw(f.ann, {{5, 1, 7}});
  SUBCASE("as it is") {}
  SUBCASE("after a reset") {
    f.ask_later<Changed<RollbackView>>([&](auto answer) { f.rooms->reset_canvas(f.admin, "main", {"main", ""}, false, answer); });
    f.draw(f.ben, {{1, 1, 8}});
  }
  SUBCASE("after a restart") { f.restart(); }
  const std::vector<int> meanwhile = row();
  const auto restored = f.ask_later<Changed<RollbackView>>([&](auto answer) { f.rooms->restore_snapshot(f.admin, "main", taken.id, {"main", ""}, false, answer); });
  CHECK(row() == before);
  f.restart();
  f.draw(f.ann, {{3, 1, 9}});
  f.step(f.admin, restored.current->record.id, RollbackStep::Undo);
  CHECK(f.at(3, 1) == 9);
  for (const int x : {0, 1, 3, 4}) CHECK(row()[static_cast<std::size_t>(x)] == meanwhile[static_cast<std::size_t>(x)]);
  CHECK(f.step(f.moderator, restored.current->record.id, RollbackStep::Redo).refused == Refusal::Forbidden);
  f.step(f.admin, restored.current->record.id, RollbackStep::Redo);
  for (const int x : {0, 1, 3, 4}) CHECK(row()[static_cast<std::size_t>(x)] == before[static_cast<std::size_t>(x)]);
}

TEST_CASE("A whitening end: only one colour may be placed, by redo neither") {
  EventFixture f;
  f.draw(f.ann, {{1, 1, 3}, {2, 2, 3}});
  f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Undo, 1, answer); });
  ScheduledWork white = plain(ScheduledAction::Policy);
  white.policy.only_color = ColorIndex{7};
  f.scheduled(10s, white);
  f.pass(10s);
  f.commit_all();
  const PlaceResult result = f.draw(f.ann, {{5, 5, 3}, {1, 1, 7}});
  CHECK(result.accepted == 1);
  CHECK(result.rejected.at(0).reason == Refusal::BadColor);
  const auto again = f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Redo, 1, answer); });
  CHECK(again.changed.empty());
}

}  // namespace tessera
