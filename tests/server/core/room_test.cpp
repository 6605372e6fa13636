#include "server/core/room.h"

#include <set>

#include <doctest/doctest.h>

#include "shared/base/crc32c.h"
#include "shared/protocol/codec.h"
#include "tests/support/room_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

const AccountRecord ann = account(7);
const AccountRecord ben = account(8);
const AccountRecord staff = account(9, Role::Moderator);

CanvasRecord limited(const PlacingLimits& limits) {
  CanvasRecord record = canvas_record();
  record.policy.limits = limits;
  return record;
}

std::vector<WireCell> row(std::uint16_t count, std::uint16_t y = 0, ColorIndex color = 5) {
  std::vector<WireCell> cells;
  for (std::uint16_t x = 0; x < count; ++x) cells.push_back({x, y, color});
  return cells;
}

}  // namespace

TEST_CASE("Room: a cell is shown and acknowledged after its commit and not before") {
  RoomFixture f;
  CHECK(f.place(ann, 1, {{3, 4, 5}}).empty());
  const auto batch = f.flush();
  REQUIRE(batch);
  CHECK(f.room.tiles().at({3, 4}) == empty_color);
  CHECK(f.room.seq() == 0);
  const RoomEvents events = f.commit(batch);
  REQUIRE(events.size() == 2);
  REQUIRE(is_published(events[0]));
  const Published& published = std::get<Published>(events[0]);
  CHECK(published.batch == batch);
  CHECK(published.tiles == std::vector<TileIndex>{{0, 0}});
  CHECK(published.epoch == Epoch{77});
  CHECK(result_of(events[1]).first_seq == 1);
  CHECK(result_of(events[1]).accepted == 1);
  CHECK(asker_of(events[1]) == Asker{1});
  CHECK(f.room.tiles().at({3, 4}) == 5);
  CHECK(f.room.tiles().seq({0, 0}) == 1);
  CHECK(f.room.seq() == 1);
}

TEST_CASE("Room: deltas say from which seq to which, tile by tile, in the order placed") {
  RoomFixture f;
  f.place(ann, 1, {{3, 4, 5}, {300, 4, 6}, {3, 4, 7}});
  f.flush_and_commit();
  f.place(ann, 2, {{2, 0, 1}, {300, 5, 2}});
  const RoomEvents events = f.flush_and_commit();
  const auto message = decode_server(*std::get<Published>(events[0]).deltas);
  REQUIRE(message);
  const Deltas deltas = std::get<Deltas>(*message);
  CHECK(deltas == Deltas{4, 5, {{{0, 0}, 3, 4, {{2, 1}}}, {{1, 0}, 2, 5, {{5 * 256 + 44, 2}}}}});
  CHECK(f.room.tiles().at({3, 4}) == 7);
}

TEST_CASE("Room: each cell is refused for its own reason, the others are stored in order") {
  CanvasRecord record = canvas_record({100, 50});
  record.policy.limits = {.per_second = 1, .burst = 2, .per_minute = std::nullopt, .cooldown_ms = 0};
  std::vector<PaletteColor> colors = Palette::r_place_2022().colors();
  colors[3].retired = true;
  record.palette = *Palette::make(colors);
  RoomFixture f(record);
  f.place(ann, 1,
          {{100, 0, 1}, {99, 49, 1}, {0, 50, 1}, {1, 1, 32}, {1, 1, 3}, {1, 1, 255}, {2, 2, 2}, {3, 3, 3}, {3, 3, 4}});
  const RoomEvents events = f.flush_and_commit();
  const PlaceResult& result = result_of(events.at(1));
  CHECK(result.accepted == 2);
  CHECK(result.first_seq == 1);
  const std::vector<Rejection> rejected{{0, Refusal::OutOfBounds, 0}, {2, Refusal::OutOfBounds, 0},
                                        {3, Refusal::BadColor, 0},    {4, Refusal::BadColor, 0},
                                        {5, Refusal::BadColor, 0},    {7, Refusal::BadColor, 0},
                                        {8, Refusal::TooSoon, 1'000}};
  CHECK(result.rejected == rejected);
  CHECK(result.charges.charges == 0);
  CHECK(f.store.journal(CanvasId{1}).size() == 2);
}

TEST_CASE("Room: a refused placement reaches nobody") {
  RoomFixture f(limited({.per_second = 1, .burst = 1, .per_minute = std::nullopt, .cooldown_ms = 0}));
  f.place(ann, 1, {{3, 4, 5}});
  const RoomEvents refused = f.place(ann, 2, {{3, 5, 5}});
  REQUIRE(refused.size() == 1);
  CHECK(result_of(refused[0]).rejected == std::vector<Rejection>{{0, Refusal::TooSoon, 1'000}});
  CHECK(result_of(refused[0]).accepted == 0);
  CHECK(f.flush()->placements.size() == 1);
}

TEST_CASE("Room: who may not place is told why, at once and for every cell") {
  const auto reason = [](const CanvasRecord& record, const AccountRecord* author) {
    RoomFixture f(record);
    RoomEvents events;
    f.room.place(Asker{1}, author, Place{RequestId{1}, {{0, 0, 0}, {1, 0, 0}}}, f.clock.moment(), events);
    if (events.empty()) return std::optional<Refusal>{};
    CHECK(result_of(events[0]).rejected.size() == 2);
    CHECK(result_of(events[0]).rejected[1].reason == std::get<PlaceAnswer>(events[0]).refused);
    CHECK_FALSE(f.room.entered(author, f.clock.moment()).may_place);
    return std::get<PlaceAnswer>(events[0]).refused;
  };
  CanvasRecord paused = canvas_record();
  paused.paused = true;
  CanvasRecord members = canvas_record();
  members.policy.guests = false;
  AccountRecord banned = account(5, Role::Member);
  banned.banned_until = WallTime{ms(FakeClock().wall()) + 1};
  AccountRecord was_banned = banned;
  was_banned.banned_until = FakeClock().wall();
  AccountRecord imported = account(6, Role::Member);
  imported.kind = AccountKind::Imported;

  CHECK(reason(canvas_record(), nullptr) == Refusal::NotSignedIn);
  CHECK(reason(canvas_record(), &banned) == Refusal::Banned);
  CHECK(reason(canvas_record(), &was_banned) == std::nullopt);
  CHECK(reason(canvas_record(), &imported) == Refusal::Forbidden);
  CHECK(reason(members, &ann) == Refusal::Forbidden);
  CHECK(reason(members, &staff) == std::nullopt);
  CHECK(reason(paused, &ann) == Refusal::Paused);
  CHECK(reason(paused, &staff) == std::nullopt);
}

TEST_CASE("Room: a role's own limits stand in place of the canvas's") {
  CanvasRecord record = limited({.per_second = 1, .burst = 1, .per_minute = std::nullopt, .cooldown_ms = 0});
  record.policy.roles[static_cast<std::size_t>(Role::Moderator)] = no_limits;
  RoomFixture f(record);
  f.place(ann, 1, row(10));
  f.place(staff, 2, row(10));
  CHECK(f.flush()->placements.size() == 11);
}

TEST_CASE("Room: when idle the first placement flushes at once, under load one flush per interval") {
  RoomFixture f(limited(no_limits));
  CHECK_FALSE(f.room.flush_due());
  f.place(ann, 1, row(1));
  REQUIRE(f.room.flush_due());
  CHECK(*f.room.flush_due() <= f.clock.now());
  const auto first = f.room.flush(f.clock.moment(), f.flushed);
  REQUIRE(first);
  f.clock.advance(2ms);
  f.place(ann, 2, row(1));
  f.commit(first);
  CHECK_FALSE(f.room.flush(f.clock.moment(), f.flushed));
  CHECK(*f.room.flush_due() == f.clock.now() + 31ms);
  f.clock.advance(31ms);
  const auto second = f.room.flush(f.clock.moment(), f.flushed);
  REQUIRE(second);
  f.commit(second);
  f.clock.advance(33ms);
  f.place(ann, 3, row(1));
  CHECK(f.room.flush(f.clock.moment(), f.flushed));
}

TEST_CASE("Room: one batch is in flight, what arrives meanwhile joins the next") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(2));
  const auto first = f.flush();
  for (std::uint64_t request = 2; request <= 4; ++request) f.place(ann, request, row(3));
  f.clock.advance(1s);
  CHECK_FALSE(f.room.flush_due());
  CHECK_FALSE(f.room.flush(f.clock.moment(), f.flushed));
  f.commit(first);
  const auto second = f.flush();
  REQUIRE(second);
  CHECK(second->placements.size() == 9);
  CHECK(second->placements.front().seq == 3);
  CHECK(second->placements.back().seq == 11);
  CHECK(second->outcomes.size() == 3);
  CHECK(second->outcomes[1].first_seq == 6);
}

TEST_CASE("Room: a clean failure refuses the batch as busy, gives charges back and uses the numbers again") {
  RoomFixture f(limited({.per_second = 1, .burst = 5, .per_minute = 10, .cooldown_ms = 0}));
  f.place(ann, 1, {{0, 0, 1}, {2'000, 0, 1}, {1, 0, 1}});
  f.store.next(CoreStore::Next::RefuseCleanly);
  const auto lost = f.flush();
  f.place(ben, 2, {{9, 9, 9}});  // gathered meanwhile: not concerned
  const RoomEvents events = f.commit(lost);
  REQUIRE(events.size() == 1);
  const PlaceResult& result = result_of(events[0]);
  CHECK(result.accepted == 0);
  CHECK(result.first_seq == 0);
  CHECK(result.rejected ==
        std::vector<Rejection>{{0, Refusal::Busy, 500}, {1, Refusal::OutOfBounds, 0}, {2, Refusal::Busy, 500}});
  CHECK(result.charges.charges == 5);
  CHECK(f.room.tiles().at({0, 0}) == empty_color);
  const RoomEvents next = f.flush_and_commit();
  CHECK(result_of(next.at(1)).first_seq == 1);
  CHECK(f.store.journal(CanvasId{1}).size() == 1);
}

TEST_CASE("Room: an unknown outcome is settled by the store's last seq, either way") {
  for (const auto how : {CoreStore::Next::LoseThenUnknown, CoreStore::Next::StoreThenUnknown}) {
    RoomFixture f(limited(no_limits));
    f.place(ann, 1, row(3));
    f.flush_and_commit();
    f.place(ann, 2, row(4));
    f.store.next(how);
    const RoomEvents events = f.flush_and_commit();
    const bool stored = how == CoreStore::Next::StoreThenUnknown;
    CHECK(result_of(events.back()).accepted == (stored ? 4 : 0));
    CHECK(f.room.seq() == (stored ? 7 : 3));
    CHECK(f.store.journal(CanvasId{1}).size() == f.room.seq());
  }
}

TEST_CASE("Room: a store that cannot be opened anew settles nothing and says why") {
  CoreStore store;
  store.next(CoreStore::Next::StoreThenUnknown);
  store.break_reopen();
  const CommitResult result = settled_commit(store, {});
  CHECK(result.outcome == CommitOutcome::Unknown);
  CHECK(result.message == "input/output error; opening the store anew failed: the disk is gone");
}

TEST_CASE("Room: stored time never runs backwards, whatever the wall clock does") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(1));
  const WallTime first = f.flush()->placements[0].time;
  RoomFixture g(limited(no_limits));
  g.place(ann, 1, row(1));
  const auto batch = g.flush();
  g.commit(batch);
  g.clock.set_wall(WallTime{ms(first) - 3'600'000});
  g.place(ann, 2, row(1));
  CHECK(g.flush()->placements[0].time == batch->placements[0].time);

  Room later(canvas_record(), 10, WallTime{ms(first) + 9'000}, {}, f.counters);
  RoomEvents events;
  later.place(Asker{1}, &ann, Place{RequestId{1}, row(1)}, f.clock.moment(), events);
  const auto next = later.flush(f.clock.moment(), f.flushed);
  CHECK(next->placements[0].time == WallTime{ms(first) + 9'000});
  CHECK(next->placements[0].seq == 11);
}

TEST_CASE("Room: the same request sent again gets the old answer and is not stored twice") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, {{0, 0, 1}, {5'000, 0, 1}});
  const RoomEvents first = f.flush_and_commit();
  const RoomEvents again = f.place(ann, 1, {{9, 9, 9}}, 2);
  REQUIRE(again.size() == 1);
  CHECK(result_of(again[0]) == result_of(first[1]));
  CHECK(asker_of(again[0]) == Asker{2});
  CHECK_FALSE(f.flush());
  CHECK(f.place(ben, 1, row(1)).empty());  // another account's request of the same number
}

TEST_CASE("Room: a request sent again while its batch is open or in flight waits for it, and is stored once") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(2));
  CHECK(f.place(ann, 1, row(2), 2).empty());
  const auto batch = f.flush();
  CHECK(f.place(ann, 1, row(2), 3).empty());
  CHECK(f.ask(ann, 1, 4).empty());
  CHECK(f.ask(ann, 1, 4).empty());
  const RoomEvents events = f.commit(batch);
  REQUIRE(events.size() == 5);
  CHECK(is_published(events[0]));
  std::set<Asker> told;
  for (std::size_t i = 1; i < events.size(); ++i) {
    CHECK(result_of(events[i]).accepted == 2);
    told.insert(asker_of(events[i]));
  }
  CHECK(told.size() == 4);
  CHECK(f.room.seq() == 2);
}

TEST_CASE("Room: a refused request sent again is refused again, even when it could now be stored") {
  RoomFixture f(limited({.per_second = 1, .burst = 1, .per_minute = std::nullopt, .cooldown_ms = 0}));
  f.place(ann, 1, row(1));
  f.place(ann, 2, row(1));
  f.clock.advance(1h - 55min);
  const RoomEvents again = f.place(ann, 2, row(1));
  REQUIRE(again.size() == 1);
  CHECK(result_of(again[0]).rejected.front().reason == Refusal::TooSoon);
}

TEST_CASE("Room: a request answered as unknown is never stored, should it arrive later") {
  RoomFixture f(limited(no_limits));
  const RoomEvents asked = f.ask(ann, 1);
  REQUIRE(asked.size() == 1);
  CHECK(result_of(asked[0]).outcome == Outcome::Unknown);
  const RoomEvents late = f.place(ann, 1, row(3));
  REQUIRE(late.size() == 1);
  CHECK(result_of(late[0]).outcome == Outcome::Unknown);
  CHECK(f.room.idle());
  CHECK(result_of(f.ask(ann, 1)[0]).outcome == Outcome::Unknown);
}

TEST_CASE("Room: after a restart the stored outcomes answer again") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, {{0, 0, 1}, {5'000, 0, 1}});
  const auto batch = f.flush();
  const RoomEvents first = f.commit(batch);
  RoomFixture later(limited(no_limits));
  later.clock.advance(9min);
  later.room.remember(batch->outcomes[0], later.clock.moment());
  const RoomEvents again = later.ask(ann, 1);
  CHECK(result_of(again[0]).first_seq == 1);
  CHECK(result_of(again[0]).rejected == result_of(first[1]).rejected);
  later.clock.advance(2min);
  CHECK(result_of(later.ask(ann, 1)[0]).outcome == Outcome::Unknown);
}

TEST_CASE("Room: requests without a number are never remembered") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 0, row(1));
  f.place(ann, 0, row(1));
  const auto batch = f.flush();
  CHECK(batch->placements.size() == 2);
  CHECK(batch->outcomes.empty());
  CHECK(f.commit(batch).size() == 3);
}

TEST_CASE("Room: a writer that cannot follow makes placements busy, it does not pile them up") {
  RoomSettings settings;
  settings.max_open = 10;
  RoomFixture f(limited(no_limits), settings);
  f.place(ann, 1, row(6));
  const auto batch = f.flush();
  f.place(ann, 2, row(6));
  const RoomEvents busy = f.place(ann, 3, row(5));
  REQUIRE(busy.size() == 1);
  CHECK(std::get<PlaceAnswer>(busy[0]).refused == Refusal::Busy);
  CHECK(result_of(busy[0]).rejected.size() == 5);
  CHECK(result_of(busy[0]).rejected[0] == Rejection{0, Refusal::Busy, 500});
  CHECK(f.place(ann, 4, row(4)).empty());
  f.commit(batch);
  CHECK(f.flush()->placements.size() == 10);
}

TEST_CASE("Room: a commit that takes too long makes placements busy until it is done") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(6));
  const auto batch = f.flush();
  f.clock.advance(5s);
  CHECK(f.place(ann, 2, row(1)).empty());
  f.clock.advance(1us);
  CHECK(std::get<PlaceAnswer>(f.place(ann, 3, row(1)).at(0)).refused == Refusal::Busy);
  f.commit(batch);
  CHECK(f.place(ann, 4, row(1)).empty());
}

TEST_CASE("Room: a request that cannot be looked at is busy, but a known one still gets its answer") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(2));
  f.flush_and_commit();
  RoomEvents events;
  f.room.refuse_busy(Asker{1}, &ann, RequestId{1}, 2, f.clock.moment(), events);
  f.room.refuse_busy(Asker{1}, &ann, RequestId{2}, 3, f.clock.moment(), events);
  CHECK(result_of(events[0]).accepted == 2);
  CHECK(result_of(events[1]).rejected.size() == 3);
}

TEST_CASE("Room: once it stops it refuses as busy, and flushes what it accepted at once") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, row(1));
  f.commit(f.flush());
  f.place(ann, 2, row(1));
  f.room.stop();
  CHECK(std::get<PlaceAnswer>(f.place(ann, 3, row(1)).at(0)).refused == Refusal::Busy);
  const auto batch = f.room.flush(f.clock.moment(), f.flushed);
  REQUIRE(batch);
  f.commit(batch);
  CHECK(f.room.idle());
}

TEST_CASE("Room: slow charges are saved with the batch that changed them") {
  RoomFixture f(limited({.per_second = 1.0 / 300, .burst = 5, .per_minute = std::nullopt, .cooldown_ms = 0}));
  f.place(ann, 1, row(2));
  f.place(ann, 2, row(1));
  f.place(ben, 3, row(1));
  const auto batch = f.flush();
  REQUIRE(batch->charges.size() == 2);
  CHECK(batch->charges[0].account == ann.id);
  CHECK(batch->charges[0].tokens_micro == 2'000'000);
  CHECK(batch->charges[1].tokens_micro == 4'000'000);
}

TEST_CASE("Room: a tile's checksum is that of its confirmed bytes, at every seq") {
  RoomFixture f(limited(no_limits));
  Tile expected;
  CHECK(f.room.tiles().checksum({0, 0}) == crc32c(expected.bytes()));
  for (std::uint16_t i = 0; i < 5; ++i) {
    f.place(ann, i + 1u, {{i, i, static_cast<ColorIndex>(i)}});
    f.flush_and_commit();
    expected[offset_of({i, i})] = static_cast<ColorIndex>(i);
    CHECK(f.room.tiles().checksum({0, 0}) == crc32c(expected.bytes()));
    CHECK(f.room.tiles().is_current({{0, 0}, i + 1u, crc32c(expected.bytes())}));
    CHECK_FALSE(f.room.tiles().is_current({{0, 0}, i, crc32c(expected.bytes())}));
    CHECK_FALSE(f.room.tiles().is_current({{0, 0}, i + 1u, 0}));
  }
}

TEST_CASE("Room: hashes go round the tiles that changed, and stop when all were told") {
  RoomFixture f(limited(no_limits));
  f.place(ann, 1, {{0, 0, 1}, {300, 0, 1}, {0, 0, 2}});
  f.flush_and_commit();
  RoomTiles& tiles = f.room.tiles();
  const auto first = tiles.next_hash();
  const auto second = tiles.next_hash();
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->tile.tile != second->tile.tile);
  CHECK(second->tile.crc == tiles.checksum(second->tile.tile));
  CHECK(second->tile.seq == tiles.seq(second->tile.tile));
  CHECK_FALSE(tiles.next_hash());
}

TEST_CASE("Room: a snapshot is shared until its tile changes, and stays as it was captured") {
  RoomFixture f(limited(no_limits));
  RoomTiles& tiles = f.room.tiles();
  f.place(ann, 1, {{1, 0, 1}});
  f.flush_and_commit();
  const auto first = tiles.snapshot({0, 0});
  CHECK(first.freshness == RoomTiles::Freshness::JustMade);
  CHECK(tiles.snapshot({0, 0}).snapshot == first.snapshot);
  CHECK(tiles.snapshot({0, 0}).freshness == RoomTiles::Freshness::Shared);
  f.place(ann, 2, {{1, 0, 2}});
  f.flush_and_commit();
  const auto second = tiles.snapshot({0, 0});
  CHECK(second.snapshot != first.snapshot);
  CHECK(first.snapshot->seq == 1);
  CHECK((*first.snapshot->picture)[1] == 1);
  CHECK((*second.snapshot->picture)[1] == 2);
}

TEST_CASE("Room: a tile is due for a checkpoint after so many placements, or so long after the first") {
  RoomSettings settings;
  settings.checkpoints = {.placements = 100, .age = 5min};
  RoomFixture f(limited(no_limits), settings);
  RoomTiles& tiles = f.room.tiles();
  f.place(ann, 1, row(99));
  f.place(ann, 2, {{300, 300, 1}});
  f.flush_and_commit();
  CHECK_FALSE(tiles.any_due());
  f.place(ann, 3, row(1));
  f.flush_and_commit();
  REQUIRE(tiles.any_due());
  auto taken = tiles.take_due(8);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].tile == TileIndex{0, 0});
  CHECK(taken[0].seq == 101);
  CHECK((*taken[0].picture)[98] == 5);
  tiles.checkpointed(taken[0]);
  CHECK_FALSE(tiles.any_due());
  f.clock.advance(5min);
  f.room.sweep(f.clock.now());
  taken = tiles.take_due(8);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].tile == TileIndex{1, 1});
  CHECK(taken[0].seq == 100);
  tiles.checkpoint_failed(taken[0], f.clock.now());
  CHECK_FALSE(tiles.any_due());
  f.clock.advance(5min);
  f.room.sweep(f.clock.now());
  CHECK(tiles.take_due(8).size() == 1);
}

TEST_CASE("Room: a loaded tile goes on from its seq, one beyond the edge stays hidden") {
  RoomFixture f(canvas_record({300, 200}));
  auto tile = std::make_shared<Tile>();
  (*tile)[7] = 9;
  f.room.tiles().load({{0, 0}, 41, tile});
  f.room.tiles().load({{3, 2}, 40, tile});
  CHECK(f.room.tiles().at({7, 0}) == 9);
  CHECK(f.room.tiles().seq({0, 0}) == 41);
  CHECK(f.room.tiles().seq({3, 2}) == 40);
  CHECK_FALSE(f.room.tiles().contains({3, 2}));
  CHECK((*tile)[7] == 9);
  f.place(ann, 1, {{7, 0, 3}, {299, 199, 3}});
  f.flush_and_commit();
  CHECK(f.room.tiles().at({7, 0}) == 3);
  CHECK((*tile)[7] == 9);  // what was loaded is shared: copied, not written
}

}  // namespace tessera
