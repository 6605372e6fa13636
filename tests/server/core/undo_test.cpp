#include <map>

#include <doctest/doctest.h>

#include "server/core/room.h"
#include "shared/base/random.h"
#include "tests/support/room_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

const AccountRecord ann = account(7);
const AccountRecord ben = account(8);

CanvasRecord limited(const PlacingLimits& limits) {
  CanvasRecord record = canvas_record();
  record.policy.limits = limits;
  return record;
}

/// A room in which every command is committed before the next.
struct Studio : RoomFixture {
  explicit Studio(const PlacingLimits& limits = no_limits) : RoomFixture(limited(limits)) {}

  std::uint32_t draw(const AccountRecord& author, std::vector<WireCell> cells) {
    const RoomEvents at_once = place(author, 0, std::move(cells));
    if (!at_once.empty()) return result_of(at_once.back()).accepted;
    const RoomEvents events = flush_and_commit();
    return result_of(events.back()).accepted;
  }
  UndoResult undo(const AccountRecord& author, std::uint32_t count = 1) { return take(author, PlacementKind::Undo, count); }
  UndoResult redo(const AccountRecord& author, std::uint32_t count = 1) { return take(author, PlacementKind::Redo, count); }
  ColorIndex at(std::uint16_t x, std::uint16_t y) const { return room.tiles().at({x, y}); }

 private:
  UndoResult take(const AccountRecord& author, PlacementKind kind, std::uint32_t count) {
    RoomEvents events = take_back(author, kind, count);
    if (events.empty()) {
      const auto batch = flush();
      events = batch ? commit(batch) : std::exchange(flushed, {});
    }
    for (const RoomEvent& event : events)
      if (const auto* answer = std::get_if<TakeBackAnswer>(&event)) return answer->result;
    FAIL("no answer");
    return {};
  }
};

const PlacingLimits ten_and_hundred{.per_second = 0.001, .burst = 10, .per_minute = 100, .cooldown_ms = 0};

}  // namespace

TEST_CASE("Undo: one's newest placement goes, what was beneath comes back, as a placement of its own kind and seq") {
  Studio f;
  f.draw(ann, {{3, 4, 5}});
  f.draw(ann, {{3, 4, 6}});
  f.take_back(ann, PlacementKind::Undo);
  const auto batch = f.flush();
  REQUIRE(batch);
  REQUIRE(batch->placements.size() == 1);
  const Placement& step = batch->placements[0];
  CHECK(step.seq == 3);
  CHECK(step.kind == PlacementKind::Undo);
  CHECK(step.target() == 2);
  CHECK(step.account == ann.id);
  CHECK(step.color == 5);
  const RoomEvents events = f.commit(batch);
  REQUIRE(is_published(events[0]));
  CHECK(std::get<TakeBackAnswer>(events[1]).result.first_seq == 3);
  CHECK(f.at(3, 4) == 5);
  CHECK(f.undo(ann).changed == std::vector<WireCell>{{3, 4, empty_color}});
  CHECK(f.at(3, 4) == empty_color);
  const UndoResult none = f.undo(ann);
  CHECK(none.refused);
  CHECK(none.reason == Refusal::NothingToUndo);
}

TEST_CASE("Undo: where somebody has drawn over it, it stays, and says so") {
  Studio f;
  f.draw(ann, {{1, 1, 5}, {2, 2, 5}});
  f.draw(ben, {{2, 2, 9}});
  const UndoResult result = f.undo(ann, 2);
  CHECK(result.skipped == std::vector<SkippedCell>{{2, 2, Refusal::DrawnOver}});
  CHECK(result.changed == std::vector<WireCell>{{1, 1, empty_color}});
  CHECK(f.at(2, 2) == 9);
  // Once the other has taken theirs back, one's own shows again, but is no longer the newest of one's stack.
  f.undo(ben);
  CHECK(f.at(2, 2) == 5);
  CHECK(f.undo(ann).reason == Refusal::NothingToUndo);
}

TEST_CASE("Undo: one's own same colour over another's counts as drawing over it") {
  Studio f;
  f.draw(ann, {{1, 1, 5}});
  f.draw(ben, {{1, 1, 5}});
  CHECK(f.undo(ann).skipped.size() == 1);
  CHECK(f.undo(ben).changed == std::vector<WireCell>{{1, 1, 5}});
}

TEST_CASE("Redo: draws again what was undone, last first, until one draws anew") {
  Studio f;
  f.draw(ann, {{1, 1, 5}});
  f.draw(ann, {{1, 1, 6}});
  f.draw(ann, {{2, 2, 7}});
  CHECK(f.undo(ann, 3).changed.size() == 3);
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.redo(ann).changed == std::vector<WireCell>{{1, 1, 5}});
  CHECK(f.redo(ann).changed == std::vector<WireCell>{{1, 1, 6}});
  CHECK(f.undo(ann).changed == std::vector<WireCell>{{1, 1, 5}});
  CHECK(f.redo(ann, 5).changed == std::vector<WireCell>{{1, 1, 6}, {2, 2, 7}});
  CHECK(f.redo(ann).reason == Refusal::NothingToUndo);
  f.undo(ann);
  f.draw(ann, {{9, 9, 1}});
  CHECK(f.redo(ann).reason == Refusal::NothingToUndo);
}

TEST_CASE("Redo: not over what another has drawn since, and not in a colour that was retired") {
  Studio f;
  f.draw(ann, {{1, 1, 5}, {2, 2, 6}});
  f.undo(ann, 2);
  f.draw(ben, {{1, 1, 9}});
  CanvasRecord record = f.room.record();
  auto colors = record.palette.colors();
  colors[6].retired = true;
  record.palette = *Palette::make(colors);
  f.room.hold();
  f.room.change(record);
  RoomEvents none;
  f.room.release(f.clock.moment(), none);
  const UndoResult result = f.redo(ann, 2);
  CHECK(result.skipped == std::vector<SkippedCell>{{1, 1, Refusal::DrawnOver}, {2, 2, Refusal::BadColor}});
  CHECK(result.changed.empty());
  CHECK_FALSE(result.refused);
}

TEST_CASE("Undo: only within the window") {
  Studio f;
  f.draw(ann, {{1, 1, 5}});
  f.clock.advance(59s);
  f.draw(ann, {{2, 2, 5}});
  f.clock.advance(2s);
  f.room.sweep(f.clock.now());
  CHECK(f.undo(ann, 9).changed == std::vector<WireCell>{{2, 2, empty_color}});
  CHECK(f.at(1, 1) == 5);
  f.clock.advance(61s);
  CHECK(f.redo(ann).reason == Refusal::NothingToUndo);
}

TEST_CASE("Undo: what is not yet stored is undone all the same, and nothing before it") {
  RoomFixture f;
  f.place(ann, 1, {{1, 1, 5}});
  const auto first = f.flush();
  f.place(ann, 2, {{2, 2, 6}});
  CHECK(f.take_back(ann, PlacementKind::Undo).empty());
  f.place(ann, 3, {{3, 3, 7}});  // after the undo: stays
  f.commit(first);
  for (int batch = 0; batch < 3; ++batch) f.flush_and_commit();
  CHECK(f.room.tiles().at({1, 1}) == 5);
  CHECK(f.room.tiles().at({2, 2}) == empty_color);
  CHECK(f.room.tiles().at({3, 3}) == 7);
  CHECK(f.room.idle());
}

TEST_CASE("Undo: gives its charge back once, and the sliding minute keeps count") {
  Studio f(ten_and_hundred);
  f.draw(ann, {{1, 1, 1}, {2, 2, 2}, {3, 3, 3}});
  CHECK(f.room.charges(&ann, f.clock.now()).charges == 7);
  CHECK(f.undo(ann, 3).charges.charges == 10);
  CHECK(f.redo(ann, 3).charges.charges == 7);
  CHECK(f.undo(ann, 3).charges.charges == 7);  // these charges had come back before
}

TEST_CASE("Undo: placing and undoing in turn draws no more than the charges of two windows") {
  Studio f(ten_and_hundred);
  std::uint32_t drawn = 0;
  for (int round = 0; round < 500; ++round) {
    drawn += f.draw(ann, {{5, 5, static_cast<ColorIndex>(round % 30)}});
    f.undo(ann);
  }
  CHECK(drawn <= 20);
  CHECK(drawn >= 11);
}

TEST_CASE("Undo: a cooldown is over, once") {
  Studio f({.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 300'000});
  CHECK(f.draw(ann, {{1, 1, 1}}) == 1);
  CHECK(f.draw(ann, {{1, 2, 1}}) == 0);
  CHECK(f.undo(ann).charges.charges == 1);
  CHECK(f.draw(ann, {{1, 2, 1}}) == 1);
  CHECK(f.undo(ann).charges.charges == 0);
}

TEST_CASE("Redo: costs charges, and draws as far as they go") {
  Studio f({.per_second = 0.001, .burst = 3, .per_minute = std::nullopt, .cooldown_ms = 0});
  f.draw(ann, {{1, 1, 1}, {2, 2, 2}, {3, 3, 3}});
  f.undo(ann, 3);
  f.redo(ann, 2);
  f.undo(ann, 2);
  CHECK(f.room.charges(&ann, f.clock.now()).charges == 1);
  CHECK(f.redo(ann, 3).changed.size() == 1);
  CHECK(f.redo(ann).reason == Refusal::TooSoon);
}

TEST_CASE("Undo: a batch that could not be stored changes nothing, and the undo can be asked for again") {
  Studio f(ten_and_hundred);
  f.draw(ann, {{1, 1, 5}});
  f.take_back(ann, PlacementKind::Undo);
  f.flush();
  RoomEvents events;
  f.room.committed({CommitOutcome::Refused, "disk full"}, f.clock.moment(), events);
  CHECK(std::get<TakeBackAnswer>(events[0]).result.reason == Refusal::Busy);
  CHECK(f.at(1, 1) == 5);
  CHECK(f.room.charges(&ann, f.clock.now()).charges == 9);
  CHECK(f.undo(ann).changed.size() == 1);
  CHECK(f.room.charges(&ann, f.clock.now()).charges == 10);
}

TEST_CASE("Undo: refused where placing is, and for counts that make no sense") {
  Studio f;
  AccountRecord banned = ann;
  banned.banned_until = WallTime{INT64_MAX};
  CHECK(f.undo(banned).reason == Refusal::Banned);
  CHECK(f.undo(ann, 0).reason == Refusal::TooLarge);
  CHECK(f.undo(ann, limits::undo_count + 1).reason == Refusal::TooLarge);
  CHECK(f.undo(ann).reason == Refusal::NothingToUndo);
}

TEST_CASE("Undo: many accounts at once leave what a plain model of stacks leaves") {
  struct Held {
    Seq seq;
    std::uint32_t account;
    ColorIndex color;
  };
  SeededRandom random(11);
  for (int round = 0; round < 40; ++round) {
    Studio f;
    std::map<std::pair<int, int>, std::vector<Held>> cells;                       // what each cell holds, oldest first
    std::map<std::uint32_t, std::vector<std::pair<Seq, std::pair<int, int>>>> own;  // each account's stack
    Seq seq = 0;
    for (int step = 0; step < 120; ++step) {
      const std::uint32_t id = 1 + static_cast<std::uint32_t>(random.below(3));
      const AccountRecord author = account(id);
      if (random.below(3) != 0) {
        const auto x = static_cast<std::uint16_t>(random.below(3)), y = static_cast<std::uint16_t>(random.below(2));
        const auto color = static_cast<ColorIndex>(random.below(30));
        f.draw(author, {{x, y, color}});
        ++seq;
        cells[{x, y}].push_back({seq, id, color});
        own[id].push_back({seq, {x, y}});
        continue;
      }
      const auto count = static_cast<std::uint32_t>(1 + random.below(3));
      const UndoResult result = f.undo(author, count);
      std::size_t changed = 0;
      for (std::uint32_t i = 0; i < count && !own[id].empty(); ++i) {
        const auto [target, cell] = own[id].back();
        own[id].pop_back();
        if (cells[cell].back().seq != target) continue;
        cells[cell].pop_back();
        ++changed;
      }
      CHECK(result.changed.size() == changed);
      seq += changed;
    }
    for (const auto& [cell, held] : cells)
      CHECK(f.at(static_cast<std::uint16_t>(cell.first), static_cast<std::uint16_t>(cell.second)) == (held.empty() ? empty_color : held.back().color));
  }
}

TEST_CASE("Undo: what is held stays within its bound") {
  UndoLog log({.window = 60s, .most_placements = 4'096});
  RoomTiles tiles(CanvasId{1}, {600, 600}, {});
  SeededRandom random(3);
  Seq seq = 0;
  for (int round = 0; round < 200; ++round) {
    Batch batch;
    for (int i = 0; i < 100; ++i)
      batch.placements.push_back({.seq = ++seq,
                                  .account = AccountId{1 + static_cast<std::uint32_t>(random.below(50))},
                                  .cell = {static_cast<std::uint16_t>(random.below(600)), static_cast<std::uint16_t>(random.below(600))},
                                  .color = 3});
    log.add(batch, tiles, TimePoint{std::chrono::milliseconds(round)});
    CHECK(log.size() <= 4'096);
  }
  log.sweep(TimePoint{70s});
  CHECK(log.size() == 0);
}

}  // namespace tessera
