#include <optional>

#include <doctest/doctest.h>

#include "tests/server/storage/every_store.h"

/// What every store must do, run over each of them.
namespace tessera {
namespace {

using sample::Drawing;
using sample::main_canvas;

std::vector<Placement> draw(Store& store, Drawing& drawing, std::initializer_list<std::size_t> batches) {
  std::vector<Placement> all;
  for (std::size_t count : batches) {
    const auto batch = drawing.batch(count);
    REQUIRE(stored(store, sample::with(batch)));
    all.insert(all.end(), batch->placements.begin(), batch->placements.end());
  }
  return all;
}

TEST_CASE_TEMPLATE("Store: a new one is empty", Fixture, InMemory, InSqlite) {
  Fixture store;
  const auto contents = store->contents(WallTime{0});
  REQUIRE(contents.ok());
  CHECK(contents->canvases.empty());
  CHECK(contents->accounts.empty());
  CHECK(contents->sessions.empty());
  CHECK(contents->joins.empty());
  CHECK(contents->invites.empty());
  CHECK(contents->locks.empty());
  CHECK(contents->grants.empty());
  CHECK(contents->seen.empty());
  CHECK(contents->settings.empty());
  CHECK(contents->announcements.empty());
  CHECK(contents->rollbacks.empty());
  CHECK(contents->reports.empty());
  CHECK(contents->outcomes.empty());
  CHECK(contents->charges.empty());
}

TEST_CASE_TEMPLATE("Store: records come back as they were written, and as they were last changed", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.sessions.push_back(sample::session(1, 1, WallTime{5'000}));
  set.sessions.push_back(sample::session(2, 2, WallTime{9'000}));
  set.sessions.push_back(sample::session(3, 3, WallTime{9'000}));
  REQUIRE(stored(*store, set));

  CanvasRecord changed = sample::canvas();
  changed.paused = true;
  changed.version = 2;
  AccountRecord renamed = sample::account(2, "bea");
  WriteSet change;
  change.canvases.push_back(changed);
  change.events.emplace_back(main_canvas, CanvasEvent{0, WallTime{4'000}, changed});
  change.accounts.push_back(renamed);
  change.ended_sessions.push_back(sample::session(3, 3, WallTime{}).hash);
  REQUIRE(stored(*store, change));

  const auto contents = store->contents(WallTime{6'000});
  REQUIRE(contents.ok());
  REQUIRE(contents->canvases.size() == 1);
  CHECK(contents->canvases[0].record == changed);
  CHECK(contents->canvases[0].last_seq == 0);
  CHECK(contents->canvases[0].last_time == WallTime{4'000});
  REQUIRE(contents->accounts.size() == 4);
  CHECK(contents->accounts[0] == set.accounts[0]);
  CHECK(contents->accounts[1] == renamed);
  CHECK(contents->sessions == std::vector{set.sessions[1]});

  auto reader = reader_of(*store);
  const auto events = reader->events(main_canvas);
  REQUIRE(events.ok());
  CHECK(*events == std::vector{change.events[0].second});
  const std::vector<AccountId> asked{AccountId{2}, AccountId{77}, AccountId{1}};
  const auto names = reader->names(asked);
  REQUIRE(names.ok());
  CHECK(*names == std::vector<ShownName>{{AccountId{2}, "bea"}, {AccountId{77}, ""}, {AccountId{1}, "player 1"}});
}

TEST_CASE_TEMPLATE("Store: joins and invitations stay, invitations until they are ended", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.joins = {{main_canvas, AccountId{3}}, {main_canvas, AccountId{1}}};
  set.invites = {sample::invite(1), sample::invite(2), sample::invite(3)};
  REQUIRE(stored(*store, set));
  InviteRecord used = sample::invite(1);
  used.uses = 2;
  WriteSet change;
  change.joins.push_back({main_canvas, AccountId{3}});
  change.invites.push_back(used);
  change.ended_invites.push_back(InviteId{3});
  REQUIRE(stored(*store, change));

  const auto contents = store->contents(WallTime{6'000});
  REQUIRE(contents.ok());
  CHECK(contents->joins == std::vector<JoinRecord>{{main_canvas, AccountId{1}}, {main_canvas, AccountId{3}}});
  CHECK(contents->invites == std::vector{used, sample::invite(2)});
}

TEST_CASE_TEMPLATE("Store: an alias is shown by the name and number of the account that it stands for", Fixture,
                   InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.accounts[1].alias_of = AccountId{3};
  REQUIRE(stored(*store, set));
  const std::vector<AccountId> asked{AccountId{2}, AccountId{3}};
  const auto names = reader_of(*store)->names(asked);
  REQUIRE(names.ok());
  CHECK(*names == std::vector<ShownName>{{AccountId{3}, "player 3"}, {AccountId{3}, "player 3"}});
}

TEST_CASE_TEMPLATE("Store: placements come back in seq order, page by page, across tiles", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(2);
  const auto all = draw(*store, drawing, {1, 1, 500, 3, 40, 2'000});
  auto reader = reader_of(*store);
  CHECK(*store->last_seq(main_canvas) == all.size());
  for (std::size_t limit : {1u, 7u, 1'000u, 10'000u}) {
    std::vector<Placement> read;
    for (Seq since = 0; since < all.size(); since = read.back().seq) {
      const auto page = reader->placements(main_canvas, since, limit);
      REQUIRE(page.ok());
      REQUIRE_FALSE(page->empty());
      REQUIRE(page->size() <= limit);
      read.insert(read.end(), page->begin(), page->end());
      if (limit == 1 && read.size() == 20) break;
    }
    if (limit > 1) CHECK(read == all);
  }
  CHECK(reader->placements(main_canvas, all.size(), 5)->empty());
  CHECK(reader->placements(main_canvas, all.size() + 9, 5)->empty());
  CHECK(reader->placements(main_canvas, 3, 0)->empty());
  CHECK(reader->placements(CanvasId{9}, 0, 5)->empty());
}

TEST_CASE_TEMPLATE("Store: the history of a cell is its placements, newest first", Fixture, InMemory, InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(3, 20);
  const auto all = draw(*store, drawing, {300, 1, 900, 5});
  auto reader = reader_of(*store);
  const Cell cell = all[700].cell;
  std::vector<Placement> expected;
  for (auto placement = all.rbegin(); placement != all.rend(); ++placement)
    if (placement->cell == cell) expected.push_back(*placement);
  REQUIRE(expected.size() >= 2);
  CHECK(*reader->history(main_canvas, cell, 100) == expected);
  CHECK(*reader->history(main_canvas, cell, 1) == std::vector{expected[0]});
  CHECK(*reader->history(main_canvas, cell, 100, expected[0].seq) == std::vector(expected.begin() + 1, expected.end()));
  CHECK(reader->history(main_canvas, cell, 0)->empty());
  CHECK(reader->history(main_canvas, {900, 900}, 100)->empty());
}

TEST_CASE_TEMPLATE("Store: a tile can be had as of every seq, whatever checkpoints and merges there were", Fixture,
                   InMemory, InSqlite) {
  Fixture store;
  WriteSet first = sample::beginning();
  auto base = std::make_shared<Tile>();
  for (std::size_t i = 0; i < tile_cells; ++i) base->cells[i] = static_cast<ColorIndex>(i % 7);
  first.checkpoints.push_back({main_canvas, {0, 0}, 0, base, true});
  REQUIRE(stored(*store, first));
  Drawing drawing(4);
  auto all = draw(*store, drawing, {5, 1, 1, 200, 1, 1, 30});
  const TileIndex tile{0, 0};
  const auto expected = [&](Seq at) { return sample::replay(all, tile, at, *base); };
  const auto with_checkpoint = [&](Seq at) {
    WriteSet set;
    set.checkpoints.push_back(
        {main_canvas, tile, sample::last_on(all, tile, at), std::make_shared<const Tile>(expected(at)), false});
    REQUIRE(stored(*store, set));
  };
  const auto check_all = [&] {
    auto reader = reader_of(*store);
    for (Seq at = 0; at <= all.size(); at += 3) {
      const auto found = reader->tile_at(main_canvas, tile, at);
      REQUIRE(found.ok());
      CHECK(*found->picture == expected(at));
      CHECK(found->seq == sample::last_on(all, tile, at));
    }
  };
  check_all();
  with_checkpoint(210);
  check_all();
  const auto more = draw(*store, drawing, {1, 1, 1, 1, 1, 1, 1, 300});
  all.insert(all.end(), more.begin(), more.end());
  with_checkpoint(242);
  check_all();
  with_checkpoint(all.size());
  check_all();
  CHECK(reader_of(*store)->placements(main_canvas, 0, 100'000).value() == all);

  const auto tiles = reader_of(*store)->load_tiles(main_canvas);
  REQUIRE(tiles.ok());
  CHECK(tiles->size() == 9);
  for (const TileAt& loaded : *tiles) {
    CHECK(*loaded.picture == sample::replay(all, loaded.tile, UINT64_MAX, loaded.tile == tile ? *base : Tile{}));
    CHECK(loaded.seq == sample::last_on(all, loaded.tile));
  }
}

TEST_CASE_TEMPLATE("Store: a tile of nothing but its base has seq 0", Fixture, InMemory, InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  auto base = std::make_shared<Tile>();
  base->cells[5] = 3;
  set.checkpoints.push_back({main_canvas, {2, 1}, 0, base, true});
  REQUIRE(stored(*store, set));
  const auto tiles = reader_of(*store)->load_tiles(main_canvas);
  REQUIRE(tiles.ok());
  REQUIRE(tiles->size() == 1);
  CHECK((*tiles)[0].tile == TileIndex{2, 1});
  CHECK((*tiles)[0].seq == 0);
  CHECK(*(*tiles)[0].picture == *base);
  const auto untouched = reader_of(*store)->tile_at(main_canvas, {0, 0}, 50);
  REQUIRE(untouched.ok());
  CHECK(*untouched->picture == Tile{});
}

TEST_CASE_TEMPLATE("Store: a time gives the last seq that is not after it", Fixture, InMemory, InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  CHECK(*reader_of(*store)->seq_at(main_canvas, WallTime{5}) == 0);
  Drawing drawing(5);
  const auto all = draw(*store, drawing, {100, 1, 1, 700, 20});
  auto reader = reader_of(*store);
  CHECK(*reader->seq_at(main_canvas, WallTime{ms(all.front().time) - 1}) == 0);
  CHECK(*reader->seq_at(main_canvas, WallTime{ms(all.back().time) + 99}) == all.size());
  for (std::int64_t time = ms(all.front().time); time <= ms(all.back().time); time += 5) {
    Seq expected = 0;
    for (const Placement& placement : all)
      if (ms(placement.time) <= time) expected = placement.seq;
    CHECK(*reader->seq_at(main_canvas, WallTime{time}) == expected);
  }
}

TEST_CASE_TEMPLATE("Store: outcomes are kept ten minutes, charges until they change", Fixture, InMemory, InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(6);
  const auto commit = [&](std::uint64_t request, std::int64_t time, std::uint64_t tokens) {
    auto batch = drawing.batch(1);
    RequestOutcome outcome;
    outcome.account = AccountId{1};
    outcome.request = RequestId{request};
    outcome.time = WallTime{time};
    outcome.first_seq = batch->placements[0].seq;
    outcome.accepted = 1;
    outcome.rejected.push_back({1, Refusal::Locked, 0});
    batch->outcomes.push_back(outcome);
    batch->charges.push_back({main_canvas, AccountId{1}, WallTime{time}, tokens, WallTime{time - 1}});
    REQUIRE(stored(*store, sample::with(batch)));
    return outcome;
  };
  constexpr std::int64_t minute = 60'000;
  commit(1, 100 * minute, 5);
  const auto second = commit(2, 105 * minute, 6);
  const auto third = commit(3, 111 * minute, 7);
  const auto contents = store->contents(WallTime{112 * minute});
  REQUIRE(contents.ok());
  REQUIRE(contents->outcomes.size() == 2);
  CHECK(contents->outcomes[0] == std::pair{main_canvas, second});
  CHECK(contents->outcomes[1] == std::pair{main_canvas, third});
  REQUIRE(contents->charges.size() == 1);
  CHECK(contents->charges[0] ==
        SavedCharges{main_canvas, AccountId{1}, WallTime{111 * minute}, 7, WallTime{111 * minute - 1}});
  CHECK(store->contents(WallTime{200 * minute})->outcomes.empty());
}

TEST_CASE_TEMPLATE("Store: several canvases share one commit and know nothing of each other", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  set.canvases.push_back(sample::canvas(CanvasId{300}, "second"));
  Drawing here(7), there(8, 600, CanvasId{300});
  set.batches = {here.batch(50), there.batch(20), here.batch(30)};
  REQUIRE(stored(*store, set));
  CHECK(*store->last_seq(main_canvas) == 80);
  CHECK(*store->last_seq(CanvasId{300}) == 20);
  CHECK_FALSE(store->last_seq(CanvasId{7}).ok());
  auto reader = reader_of(*store);
  CHECK(*reader->placements(CanvasId{300}, 0, 100) == set.batches[1]->placements);
  CHECK(reader->placements(main_canvas, 0, 100)->size() == 80);
}

TEST_CASE_TEMPLATE("Store: what does not follow is refused, and nothing of its write is stored", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(9);
  const auto all = draw(*store, drawing, {10});
  const auto refused = [&](const std::shared_ptr<Batch>& batch) {
    WriteSet set = sample::with(batch);
    set.accounts.push_back(sample::account(50, "nobody"));
    const CommitResult result = store->commit(set);
    CHECK(result.outcome == CommitOutcome::Refused);
    CHECK_FALSE(result.message.empty());
    CHECK(*store->last_seq(main_canvas) == 10);
    CHECK(store->contents(WallTime{0})->accounts.size() == 4);
  };
  auto gap = drawing.batch(2);
  gap->placements.erase(gap->placements.begin());
  refused(gap);
  auto older = std::make_shared<Batch>();
  older->canvas = main_canvas;
  older->placements.push_back(all.back());
  older->placements.back().seq = 11;
  older->placements.back().time = WallTime{ms(all.back().time) - 1};
  refused(older);
  auto nowhere = std::make_shared<Batch>(*older);
  nowhere->canvas = CanvasId{99};
  refused(nowhere);
  older->placements.back().time = all.back().time;
  CHECK(stored(*store, sample::with(older)));  // the same seq, used again
}

TEST_CASE_TEMPLATE("Store: a base picture stays when later checkpoints come, even at its own seq", Fixture, InMemory,
                   InSqlite) {
  Fixture store;
  WriteSet set = sample::beginning();
  auto base = std::make_shared<Tile>();
  base->cells[1] = 9;
  set.checkpoints.push_back({main_canvas, {0, 0}, 0, base, true});
  REQUIRE(stored(*store, set));
  Drawing drawing(10, 200);
  const auto all = draw(*store, drawing, {40});
  for (Seq at : {Seq{20}, Seq{40}}) {
    WriteSet later;
    later.checkpoints.push_back(
        {main_canvas, {0, 0}, at, std::make_shared<const Tile>(sample::replay(all, {0, 0}, at, *base)), false});
    REQUIRE(stored(*store, later));
  }
  CHECK(*reader_of(*store)->tile_at(main_canvas, {0, 0}, 0)->picture == *base);
  CHECK(*reader_of(*store)->tile_at(main_canvas, {0, 0}, 10)->picture == sample::replay(all, {0, 0}, 10, *base));
}

TEST_CASE_TEMPLATE("Store: a checkpoint merges rows of one kind and reference only, and changes no placement", Fixture,
                   InMemory, InSqlite) {
  Fixture store;
  REQUIRE(stored(*store, sample::beginning()));
  Drawing drawing(11, 250);
  std::vector<Placement> all;
  for (int i = 0; i < 300; ++i) {
    const auto kind = i % 10 == 9 ? PlacementKind::Undo : PlacementKind::Place;
    const auto batch = drawing.batch(1, kind, kind == PlacementKind::Undo ? static_cast<std::uint64_t>(i) : 0);
    REQUIRE(stored(*store, sample::with(batch)));
    all.insert(all.end(), batch->placements.begin(), batch->placements.end());
  }
  REQUIRE(stored(*store, checkpoint_of(all, {0, 0}, 300)));
  CHECK(*reader_of(*store)->placements(main_canvas, 0, 1'000) == all);
}

}  // namespace
}  // namespace tessera
