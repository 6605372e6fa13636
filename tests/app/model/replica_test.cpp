#include "app/model/replica.h"

#include <array>
#include <map>

#include <doctest/doctest.h>

#include "shared/base/crc32c.h"
#include "shared/base/random.h"
#include "shared/canvas/deflate.h"
#include "tests/support/model_fixture.h"

using namespace tessera;

namespace {

constexpr TileIndex first{0, 0}, second{1, 0};
constexpr ColorIndex red = 2, blue = 12, white = 31;

Tile with(TileOffset offset, ColorIndex color) {
  Tile tile;
  tile[offset] = color;
  return tile;
}

/// A replica of 512×512 cells that watches the first tile, empty at seq 0 unless said.
struct ReplicaFixture {
  Replica replica;
  Replica::Out out;

  ReplicaFixture() { replica.enter({512, 512}, Epoch{1}, 0); }
  void want(std::vector<TileIndex> tiles) { replica.want(tiles, out); }
  void snapshot(TileIndex tile, const Tile& content, Seq seq) {
    replica.receive(TileSnapshot{tile, seq, compress_tile(content, 1)}, out);
  }
  void live(const Tile& content = {}, Seq seq = 0) {
    want({first});
    snapshot(first, content, seq);
    out.clear();
    replica.take_dirty();
  }
  void deltas(TileIndex tile, Seq from, std::vector<std::pair<TileOffset, ColorIndex>> cells) {
    replica.receive(deltas_of(tile, from, std::move(cells)), out);
  }
  std::vector<Watch> watches() {
    std::vector<Watch> found;
    for (const ClientMessage& message : out) {
      if (const Watch* watch = std::get_if<Watch>(&message)) found.push_back(*watch);
    }
    out.clear();
    return found;
  }
  Settled answer(RequestId request, Seq first_seq, std::uint32_t accepted, std::vector<Rejection> rejected = {}) {
    return replica.receive(PlaceResult{request, Outcome::Answered, first_seq, accepted, std::move(rejected), {}});
  }
};

}  // namespace

TEST_CASE("Replica: a tile comes as silence, a snapshot, then deltas that join it") {
  ReplicaFixture f;
  f.want({first});
  const auto watches = f.watches();
  REQUIRE(watches.size() == 1);
  CHECK(watches[0].add == std::vector<TileState>{{first, 0, 0}});
  CHECK_FALSE(f.replica.loaded(first));
  CHECK_FALSE(f.replica.complete());

  f.snapshot(first, with(5, red), 9);
  CHECK(f.replica.loaded(first));
  CHECK(f.replica.complete());
  CHECK(f.replica.shown({5, 0}) == red);
  f.deltas(first, 9, {{6, blue}, {5, white}});
  CHECK(f.replica.shown({6, 0}) == blue);
  CHECK(f.replica.shown({5, 0}) == white);
  CHECK(f.replica.tile_seq(first) == 11);
  CHECK(f.replica.seq() == 11);
  CHECK(f.out.empty());
}

TEST_CASE("Replica: deltas of tiles that nobody watches are ignored") {
  ReplicaFixture f;
  f.live();
  f.deltas(second, 0, {{1, red}});
  CHECK(f.replica.confirmed({257, 0}) == empty_color);
  CHECK(f.out.empty());
  CHECK(f.replica.seq() == 1);
}

TEST_CASE("Replica: a gap is asked about once, and what follows waits for the answer") {
  ReplicaFixture f;
  f.live(with(1, red), 3);
  f.deltas(first, 5, {{2, blue}});
  auto watches = f.watches();
  REQUIRE(watches.size() == 1);
  CHECK(watches[0].add == std::vector<TileState>{{first, 3, crc32c(with(1, red).bytes())}});
  CHECK(f.replica.confirmed({2, 0}) == empty_color);

  f.deltas(first, 6, {{3, blue}});
  CHECK(f.watches().empty());
  f.snapshot(first, with(2, blue), 7);
  f.deltas(first, 7, {{3, blue}});
  CHECK(f.replica.tile_seq(first) == 8);
  CHECK(f.replica.confirmed({2, 0}) == blue);
  CHECK(f.replica.confirmed({3, 0}) == blue);
  CHECK(f.watches().empty());
}

TEST_CASE("Replica: what was heard before the snapshot was taken is not applied over it") {
  ReplicaFixture f;
  f.want({first});
  f.deltas(first, 3, {{1, red}});
  f.deltas(first, 4, {{1, blue}});
  f.snapshot(first, with(1, white), 5);
  CHECK(f.replica.confirmed({1, 0}) == white);
  CHECK(f.replica.tile_seq(first) == 5);
}

TEST_CASE("Replica: a delta heard twice, or lying about its seqs, changes nothing") {
  ReplicaFixture f;
  f.live();
  f.deltas(first, 0, {{1, red}});
  f.deltas(first, 0, {{1, blue}});
  CHECK(f.replica.confirmed({1, 0}) == red);
  f.replica.receive(Deltas{5, 5, {{first, 1, 1, {{1, blue}}}}}, f.out);
  f.replica.receive(Deltas{5, 5, {{first, 5, 1, {{1, blue}}}}}, f.out);
  CHECK(f.replica.confirmed({1, 0}) == red);
  CHECK(f.out.empty());
}

TEST_CASE("Replica: after a cut a tile that did not change costs no snapshot") {
  ReplicaFixture f;
  f.live(with(1, red), 3);
  f.replica.disconnected();
  CHECK(f.replica.shown({1, 0}) == red);
  CHECK_FALSE(f.replica.complete());
  f.replica.enter({512, 512}, Epoch{1}, 3);
  f.want({first});
  const auto watches = f.watches();
  REQUIRE(watches.size() == 1);
  CHECK(watches[0].add == std::vector<TileState>{{first, 3, crc32c(with(1, red).bytes())}});
  f.replica.receive(TileCurrent{first, 3}, f.out);
  CHECK(f.replica.complete());
  f.deltas(first, 3, {{1, blue}});
  CHECK(f.replica.confirmed({1, 0}) == blue);
}

TEST_CASE("Replica: 'current' at another seq than one's own is not believed") {
  ReplicaFixture f;
  f.live(with(1, red), 3);
  f.replica.disconnected();
  f.want({first});
  f.watches();
  f.replica.receive(TileCurrent{first, 4}, f.out);
  CHECK(f.watches().size() == 1);
  CHECK_FALSE(f.replica.complete());
}

TEST_CASE("Replica: another epoch drops every tile and every pending cell") {
  ReplicaFixture f;
  f.live(with(1, red), 900);
  const std::vector<CellColor> cells{{{2, 0}, blue}};
  f.replica.place(RequestId{5}, cells);
  f.replica.enter({512, 512}, Epoch{2}, 4);
  CHECK_FALSE(f.replica.holds(first));
  CHECK(f.replica.shown({1, 0}) == empty_color);
  CHECK(f.replica.shown({2, 0}) == empty_color);
  CHECK(f.replica.seq() == 4);
  CHECK(f.replica.take_released() == std::vector<TileIndex>{first});
  CHECK(f.replica.take_dirty().empty());
  CHECK(f.replica.unanswered().size() == 1);
  f.want({first});
  CHECK(f.watches()[0].add[0] == TileState{first, 0, 0});
}

TEST_CASE("Replica: a checksum that differs is reported, and the tile repaired") {
  ReplicaFixture f;
  f.live(with(1, red), 3);
  f.replica.receive(TileHash{{first, 3, crc32c(with(1, red).bytes())}}, f.out);
  CHECK(f.out.empty());
  f.replica.receive(TileHash{{first, 3, 12345}}, f.out);
  REQUIRE(f.out.size() == 1);
  REQUIRE(std::holds_alternative<Mismatch>(f.out[0]));
  CHECK(std::get<Mismatch>(f.out[0]).tile == TileState{first, 3, crc32c(with(1, red).bytes())});
  f.out.clear();
  f.replica.receive(TileHash{{first, 3, 12345}}, f.out);
  CHECK(f.out.empty());
  f.snapshot(first, with(1, blue), 3);
  CHECK(f.replica.shown({1, 0}) == blue);
  CHECK(f.replica.complete());
}

TEST_CASE("Replica: a checksum of another seq shows that something was missed") {
  ReplicaFixture f;
  f.live({}, 3);
  f.replica.receive(TileHash{{first, 8, 1}}, f.out);
  CHECK(f.watches().size() == 1);
}

TEST_CASE("Replica: a pending cell covers the confirmed one until its tile has reached its seq") {
  ReplicaFixture f;
  f.live();
  const std::vector<CellColor> cells{{{7, 0}, red}};
  f.replica.place(RequestId{1}, cells);
  CHECK(f.replica.shown({7, 0}) == red);
  CHECK(f.replica.pending({7, 0}));
  CHECK(f.replica.confirmed({7, 0}) == empty_color);

  SUBCASE("the answer after the deltas") {
    f.deltas(first, 0, {{7, red}, {7, blue}});
    CHECK(f.replica.shown({7, 0}) == red);
    f.answer(RequestId{1}, 1, 1);
  }
  SUBCASE("the answer before a tile that lags") {
    f.answer(RequestId{1}, 1, 1);
    CHECK(f.replica.pending({7, 0}));
    f.deltas(first, 0, {{7, red}, {7, blue}});
  }
  SUBCASE("a snapshot in place of the deltas") {
    f.answer(RequestId{1}, 1, 1);
    f.snapshot(first, with(7, blue), 2);
  }
  CHECK_FALSE(f.replica.pending({7, 0}));
  CHECK(f.replica.shown({7, 0}) == blue);
}

TEST_CASE("Replica: refused cells are taken back alone, and the others get their seqs in order") {
  ReplicaFixture f;
  f.live();
  const std::vector<CellColor> cells{{{1, 0}, red}, {{2, 0}, red}, {{3, 0}, red}};
  f.replica.place(RequestId{1}, cells);
  const Settled settled = f.answer(RequestId{1}, 41, 2, {{1, Refusal::Locked, 0}});
  CHECK(settled.known_request);
  CHECK(settled.stored == std::vector<CellColor>{cells[0], cells[2]});
  REQUIRE(settled.taken_back.size() == 1);
  CHECK(settled.taken_back[0].placement == cells[1]);
  CHECK(settled.taken_back[0].reason == Refusal::Locked);
  CHECK(f.replica.shown({1, 0}) == red);
  CHECK(f.replica.shown({2, 0}) == empty_color);
  CHECK(f.replica.unanswered().empty());
  f.snapshot(first, with(1, red), 41);
  CHECK_FALSE(f.replica.pending({1, 0}));
  CHECK(f.replica.pending({3, 0}));
  f.snapshot(first, with(3, red), 42);
  CHECK_FALSE(f.replica.pending({3, 0}));
}

TEST_CASE("Replica: pending cells of one place are a stack") {
  ReplicaFixture f;
  f.live();
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const std::vector<CellColor> cells{{{1, 1}, static_cast<ColorIndex>(i)}};
    f.replica.place(RequestId{i}, cells);
  }
  CHECK(f.replica.shown({1, 1}) == 3);
  f.answer(RequestId{3}, 0, 0, {{0, Refusal::TooSoon, 5}});
  CHECK(f.replica.shown({1, 1}) == 2);
  f.answer(RequestId{1}, 0, 0, {{0, Refusal::TooSoon, 5}});
  CHECK(f.replica.shown({1, 1}) == 2);
  f.answer(RequestId{2}, 0, 0, {{0, Refusal::TooSoon, 5}});
  CHECK(f.replica.shown({1, 1}) == empty_color);
}

TEST_CASE("Replica: a request that the server never had is taken back whole") {
  ReplicaFixture f;
  f.live();
  const std::vector<CellColor> cells{{{1, 0}, red}, {{300, 0}, red}};
  f.replica.place(RequestId{1}, cells);
  const Settled settled = f.replica.receive(PlaceResult{RequestId{1}, Outcome::Unknown, 0, 0, {}, {}});
  CHECK(settled.unknown);
  CHECK(settled.taken_back.size() == 2);
  CHECK(f.replica.shown({1, 0}) == empty_color);
}

TEST_CASE("Replica: an answer to nothing, a second one, or one with lies in it does no harm") {
  ReplicaFixture f;
  f.live();
  CHECK_FALSE(f.answer(RequestId{9}, 1, 1).known_request);
  const std::vector<CellColor> cells{{{1, 0}, red}};
  f.replica.place(RequestId{1}, cells);
  const Settled settled = f.answer(RequestId{1}, 0, 4'000, {{4'000, Refusal::Locked, 0}});
  CHECK(settled.taken_back.size() == 1);
  CHECK_FALSE(f.answer(RequestId{1}, 5, 1).known_request);
  CHECK(f.replica.shown({1, 0}) == empty_color);
}

TEST_CASE("Replica: pending cells outlast a cut, but not the watching of their tile") {
  ReplicaFixture f;
  f.live();
  const std::vector<CellColor> cells{{{1, 0}, red}};
  f.replica.place(RequestId{1}, cells);
  f.replica.disconnected();
  CHECK(f.replica.shown({1, 0}) == red);
  CHECK(f.replica.unanswered() == std::vector<WireRequest>{{RequestId{1}}});
  f.want({first});
  CHECK(f.replica.shown({1, 0}) == red);
  f.want({second});
  CHECK(f.replica.shown({1, 0}) == empty_color);
  CHECK(f.replica.cells_unanswered() == 1);
}

TEST_CASE("Replica: only wanted tiles and a few remembered ones are held") {
  ReplicaFixture f;
  f.replica.enter({65'535, 65'535}, Epoch{1}, 0);
  for (std::uint8_t i = 0; i < 100; ++i) {
    f.want({{i, 0}});
    f.snapshot({i, 0}, with(1, red), 1);
  }
  CHECK(f.replica.held().size() == 1 + Replica::remembered_tiles);
  CHECK_FALSE(f.replica.holds({0, 0}));
  CHECK(f.replica.holds({98, 0}));
  CHECK(f.replica.take_released().size() == 100 - 1 - Replica::remembered_tiles);
  const auto watches = f.watches();
  CHECK(watches.back().drop == std::vector<WireTile>{{{98, 0}}});

  f.want({{98, 0}});
  CHECK(f.watches().back().add == std::vector<TileState>{{{98, 0}, 1, crc32c(with(1, red).bytes())}});
}

TEST_CASE("Replica: tiles that never came are not remembered, and at most so many are watched") {
  ReplicaFixture f;
  f.replica.enter({65'535, 65'535}, Epoch{1}, 0);
  f.want({first});
  f.want({second});
  CHECK_FALSE(f.replica.holds(first));
  std::vector<TileIndex> all;
  for (int ty = 0; ty < 256; ++ty) {
    for (int tx = 0; tx < 16; ++tx) all.push_back({static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)});
  }
  f.want(all);
  CHECK(f.replica.held().size() == Replica::watched_tiles);
}

TEST_CASE("Replica: an answer that comes after the tile was let go and asked for anew is taken as it stands") {
  ReplicaFixture f;
  f.want({first});
  f.want({second});
  f.want({first});
  f.snapshot(first, with(1, red), 4);
  f.deltas(first, 4, {{2, blue}});
  f.snapshot(first, with(1, white), 4);  // the second answer, captured before the delta
  CHECK(f.replica.confirmed({2, 0}) == blue);
  CHECK(f.replica.tile_seq(first) == 5);
}

TEST_CASE("Replica: at rest nothing is watched, and coming back costs checksums only") {
  ReplicaFixture f;
  f.live(with(1, red), 3);
  const std::vector<CellColor> cells{{{2, 0}, blue}};
  f.replica.place(RequestId{1}, cells);
  f.replica.rest(f.out);
  auto watches = f.watches();
  REQUIRE(watches.size() == 1);
  CHECK(watches[0].drop == std::vector<WireTile>{{first}});
  CHECK(f.replica.shown({1, 0}) == red);
  CHECK(f.replica.shown({2, 0}) == empty_color);
  f.deltas(first, 3, {{1, blue}});
  CHECK(f.replica.shown({1, 0}) == red);
  f.want({first});
  CHECK(f.watches()[0].add[0] == TileState{first, 3, crc32c(with(1, red).bytes())});
}

TEST_CASE("Replica: a snapshot that cannot be read is asked for again, but not for ever") {
  ReplicaFixture f;
  f.want({first});
  f.out.clear();
  for (int i = 0; i < 10; ++i) f.replica.receive(TileSnapshot{first, 1, {1, 2, 3}}, f.out);
  CHECK(f.watches().size() == 3);
  CHECK_FALSE(f.replica.loaded(first));
}

TEST_CASE("Replica: what changed on screen is told once, as one rectangle a tile") {
  ReplicaFixture f;
  f.want({first});
  f.snapshot(first, Tile{}, 0);
  auto dirty = f.replica.take_dirty();
  REQUIRE(dirty.size() == 1);
  CHECK(dirty[0].area == Rect{0, 0, 256, 256});
  CHECK(f.replica.take_dirty().empty());

  f.deltas(first, 0, {{offset_of({3, 4}), red}, {offset_of({10, 6}), red}});
  dirty = f.replica.take_dirty();
  REQUIRE(dirty.size() == 1);
  CHECK(dirty[0].area == Rect{3, 4, 8, 3});

  const std::vector<CellColor> cells{{{20, 21}, blue}};
  f.replica.place(RequestId{1}, cells);
  CHECK(f.replica.take_dirty()[0].area == Rect{20, 21, 1, 1});
  f.answer(RequestId{1}, 0, 0, {{0, Refusal::Paused, 0}});
  CHECK(f.replica.take_dirty()[0].area == Rect{20, 21, 1, 1});

  Tile content;
  content[offset_of({3, 4})] = red;
  content[offset_of({10, 6})] = blue;
  f.snapshot(first, content, 9);
  CHECK(f.replica.take_dirty()[0].area == Rect{10, 6, 1, 1});
}

TEST_CASE("Replica: what is copied for the screen has the pending layer on top") {
  ReplicaFixture f;
  f.live(with(offset_of({4, 4}), red), 1);
  const std::vector<CellColor> cells{{{5, 4}, blue}, {{5, 4}, white}, {{40, 40}, blue}};
  f.replica.place(RequestId{1}, cells);
  std::array<ColorIndex, 6> area{};
  f.replica.copy_shown(first, {4, 3, 3, 2}, area.data());
  CHECK(area == std::array<ColorIndex, 6>{255, 255, 255, red, white, 255});
  f.replica.copy_shown(second, {0, 0, 3, 2}, area.data());
  CHECK(area == std::array<ColorIndex, 6>{255, 255, 255, 255, 255, 255});
}

TEST_CASE("Replica: however a stream is cut, delayed and asked for anew, the tile ends as the server has it") {
  SeededRandom random(11);
  for (int round = 0; round < 300; ++round) {
    ReplicaFixture f;
    Tile truth;
    Seq seq = 0;
    std::vector<Watch> asked;
    f.want({first});
    for (int step = 0; step < 60; ++step) {
      for (const Watch& watch : f.watches()) asked.push_back(watch);
      switch (random.below(5)) {
        case 0:
        case 1: {
          std::vector<std::pair<TileOffset, ColorIndex>> cells;
          const Seq from = seq;
          for (std::uint64_t i = 0; i <= random.below(3); ++i) {
            const auto offset = static_cast<TileOffset>(random.below(16));
            const auto color = static_cast<ColorIndex>(random.below(4));
            truth[offset] = color;
            cells.emplace_back(offset, color);
            ++seq;
          }
          if (random.below(4) != 0) f.deltas(first, from, cells);  // else: dropped on the way to a slow client
          break;
        }
        case 2:
          if (asked.empty()) break;
          asked.pop_back();
          f.snapshot(first, truth, seq);
          break;
        case 3:
          if (random.below(4) != 0) break;
          f.replica.disconnected();
          asked.clear();
          f.want({first});
          break;
        case 4:
          f.replica.receive(TileHash{{first, seq, crc32c(truth.bytes())}}, f.out);
          break;
      }
    }
    f.replica.receive(TileHash{{first, seq, crc32c(truth.bytes())}}, f.out);
    f.snapshot(first, truth, seq);
    for (int i = 0; i < 3 && !f.watches().empty(); ++i) f.snapshot(first, truth, seq);
    CHECK(f.replica.checksum(first) == crc32c(truth.bytes()));
    CHECK(f.replica.tile_seq(first) == seq);
  }
}
