#include "server/core/opening.h"

#include <doctest/doctest.h>

#include "server/core/limiter.h"
#include "tests/support/core_store.h"
#include "tests/support/fake_clock.h"

namespace tessera {
namespace {

struct Fixture {
  CoreStore store;
  FakeClock clock;
  SeededRandom random{1};
  OpeningSettings settings;

  Result<Opening> open() { return open_canvases(store, settings, random, clock.moment()); }
  std::vector<std::string> names() {
    const auto opening = open();
    std::vector<std::string> found;
    for (const auto& canvas : opening->canvases) found.push_back(canvas.stored.record.name);
    return found;
  }
  std::string error() {
    const auto opening = open();
    return opening ? "" : opening.error().message;
  }
  void place(CanvasId canvas, std::size_t count, WallTime time) {
    auto batch = std::make_shared<Batch>();
    batch->canvas = canvas;
    const Seq last = *store.last_seq(canvas);
    for (std::size_t i = 1; i <= count; ++i) {
      batch->placements.push_back({.seq = last + i, .time = time, .account = AccountId{7}, .cell = {5, 6}, .color = 3});
    }
    WriteSet set;
    set.batches.push_back(batch);
    store.commit(set);
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Opening: an empty store gets 'main', once") {
  Fixture f;
  CHECK(f.names() == Names{"main"});
  CHECK(f.names() == Names{"main"});
  const auto opening = f.open();
  const CanvasRecord& record = opening->canvases[0].stored.record;
  CHECK(record.size == Size{1'000, 1'000});
  CHECK(record.epoch != Epoch{});
  CHECK(record.palette == Palette::r_place_2022());
  CHECK(f.store.writes().size() == 1);
  CHECK(f.store.writes()[0].events.size() == 1);
}

TEST_CASE("Opening: what is named and missing is created, what is stored is served as it is") {
  Fixture f;
  f.settings.named = {{"one", {10, 20}}, {"two", {300, 300}}};
  CHECK(f.names() == Names{"one", "two"});
  f.settings.named = {{"two", {5, 5}}, {"three", {7, 7}}};
  CHECK(f.names() == Names{"two", "one", "three"});
  const auto opening = f.open();
  CHECK(opening->canvases[0].stored.record.size == Size{300, 300});
  CHECK(opening->canvases[0].stored.record.id != opening->canvases[2].stored.record.id);
}

TEST_CASE("Opening: the default canvas is the first named, else main, else the oldest") {
  Fixture f;
  f.settings.named = {{"old", {10, 10}}};
  REQUIRE(f.open());
  f.clock.advance(std::chrono::seconds{1});
  f.settings.named = {{"new", {10, 10}}};
  REQUIRE(f.open());
  f.settings.named.clear();
  CHECK(f.names().front() == "old");
  f.settings.named = {{"main", {10, 10}}};
  REQUIRE(f.open());
  f.settings.named.clear();
  CHECK(f.names().front() == "main");
}

TEST_CASE("Opening: a name or a size that cannot be is refused, and nothing is created") {
  Fixture f;
  f.settings.named = {{"good", {10, 10}}, {"Bad Name", {10, 10}}};
  CHECK(f.error() == "canvas 'Bad Name': a name is 1 to 64 of a-z, 0-9, - and _, and starts with a letter or a digit");
  f.settings.named = {{"a", {0, 10}}};
  CHECK(f.error() == "canvas 'a': 0x10 is no size: each side is 1 to 65535 cells");
  f.settings.named = {{"a", {70'000, 1}}};
  CHECK(f.error().find("70000x1 is no size") != std::string::npos);
  f.settings.named = {{"a", {5'000, 5'000}}};
  CHECK(f.error().find("--max-cells") != std::string::npos);
  CHECK(f.store.writes().empty());
  CHECK_FALSE(is_canvas_name(std::string(65, 'a')));
  CHECK_FALSE(is_canvas_name("-a"));
  CHECK_FALSE(is_canvas_name(""));
  CHECK(is_canvas_name("a-b_c9"));
}

TEST_CASE("Opening: a store that refuses the new canvas is an error that says so") {
  Fixture f;
  f.store.next(CoreStore::Next::RefuseCleanly);
  CHECK(f.error() == "a new canvas could not be stored: the disk is full");
}

TEST_CASE("Opening: tiles, last seq and the placements that charges depend on are loaded") {
  Fixture f;
  const CanvasId canvas = f.open()->canvases[0].stored.record.id;
  f.place(canvas, 10, WallTime{ms(f.clock.wall()) - 70'000});
  f.place(canvas, 20, WallTime{ms(f.clock.wall()) - 60'000});
  const auto opening = f.open();
  CHECK(opening->canvases[0].stored.last_seq == 30);
  CHECK(opening->canvases[0].recent.size() == 20);
  REQUIRE(opening->canvases[0].tiles.size() == 1);
  CHECK(opening->canvases[0].tiles[0].seq == 30);
  f.clock.advance(std::chrono::seconds{6});
  CHECK(f.open()->canvases[0].recent.empty());
}

TEST_CASE("Opening: placements from a wall clock that was ahead count as new") {
  Fixture f;
  const CanvasId canvas = f.open()->canvases[0].stored.record.id;
  f.place(canvas, 10, WallTime{ms(f.clock.wall()) + 3'600'000 - 70'000});
  f.place(canvas, 20, WallTime{ms(f.clock.wall()) + 3'600'000});
  CHECK(f.open()->canvases[0].recent.size() == 20);
}

}  // namespace tessera
