#include "shared/canvas/canvas.h"

#include <map>

#include <doctest/doctest.h>

#include "shared/base/crc32c.h"
#include "shared/base/random.h"

namespace tessera {

TEST_CASE("Canvas: cells never drawn are empty, those drawn are what was last set") {
  Canvas canvas({1000, 600});
  CHECK(canvas.at({0, 0}) == empty_color);
  canvas.set({999, 599}, 7);
  canvas.set({999, 599}, 8);
  CHECK(canvas.at({999, 599}) == 8);
  CHECK(canvas.at({998, 599}) == empty_color);
  CHECK(canvas.contains({999, 599}));
  CHECK_FALSE(canvas.contains({1000, 0}));
}

TEST_CASE("Canvas: a picture given out never changes") {
  Canvas canvas({512, 512});
  canvas.set({300, 300}, 1);
  const TilePicture before = canvas.picture({1, 1});
  const TileOffset offset = offset_of({300, 300});
  canvas.set({300, 300}, 2);
  const TilePicture after = canvas.picture({1, 1});
  canvas.set({1, 1}, offset, 3);
  CHECK((*before)[offset] == 1);
  CHECK((*after)[offset] == 2);
  CHECK(canvas.at({300, 300}) == 3);
}

TEST_CASE("Canvas: the picture of a tile never drawn stays empty") {
  Canvas canvas({512, 512});
  const TilePicture before = canvas.picture({0, 0});
  const TilePicture other = canvas.picture({1, 0});
  CHECK(before == other);  // one shared empty tile
  canvas.set({0, 0}, 5);
  CHECK(*before == Tile{});
  CHECK(canvas.at({0, 0}) == 5);
  CHECK(canvas.at({256, 0}) == empty_color);
}

TEST_CASE("Canvas: unwatched writes copy nothing, a write after a picture copies once") {
  Canvas canvas({256, 256});
  canvas.set({0, 0}, 1);
  const TilePicture first = canvas.picture({0, 0});
  canvas.set({0, 0}, 2);
  canvas.set({0, 1}, 2);
  const TilePicture second = canvas.picture({0, 0});
  CHECK(first != second);
  CHECK(canvas.picture({0, 0}) == second);
}

TEST_CASE("Canvas: a replaced tile is copied before it is written") {
  Canvas canvas({256, 256});
  auto tile = std::make_shared<Tile>();
  (*tile)[3] = 9;
  canvas.replace({0, 0}, tile);
  CHECK(canvas.at({3, 0}) == 9);
  canvas.set({3, 0}, 10);
  CHECK((*tile)[3] == 9);
  canvas.replace({0, 0}, nullptr);
  CHECK(canvas.at({3, 0}) == empty_color);
}

TEST_CASE("Canvas: a smaller size hides cells, a larger one shows them again") {
  Canvas canvas({700, 300});
  canvas.set({699, 299}, 1);
  canvas.set({10, 10}, 2);
  canvas.resize({100, 100});
  CHECK_FALSE(canvas.contains({699, 299}));
  CHECK(canvas.at({10, 10}) == 2);
  canvas.set({699, 298}, 3);  // an undo may reach a hidden cell
  canvas.resize({2000, 1000});
  CHECK(canvas.at({699, 299}) == 1);
  CHECK(canvas.at({699, 298}) == 3);
  CHECK(canvas.at({10, 10}) == 2);
  CHECK(canvas.at({1999, 999}) == empty_color);
}

TEST_CASE("Canvas: any row of resizes keeps every cell where it was") {
  SeededRandom random(11);
  Canvas canvas({1, 1});
  std::map<Cell, ColorIndex> drawn;
  for (int round = 0; round < 200; ++round) {
    const Size size{1 + static_cast<std::uint32_t>(random.below(3000)),
                    1 + static_cast<std::uint32_t>(random.below(3000))};
    canvas.resize(size);
    const Cell cell{static_cast<std::uint16_t>(random.below(size.width)),
                    static_cast<std::uint16_t>(random.below(size.height))};
    const auto color = static_cast<ColorIndex>(random.below(32));
    canvas.set(cell, color);
    drawn[cell] = color;
    for (const auto& [where, what] : drawn) REQUIRE(canvas.at(where) == what);
  }
}

TEST_CASE("Canvas: the largest size takes memory only where it is drawn on") {
  Canvas canvas({max_canvas_side, max_canvas_side});
  canvas.set({65'534, 65'534}, 4);
  canvas.set({0, 65'534}, 5);
  CHECK(canvas.at({65'534, 65'534}) == 4);
  CHECK(canvas.at({0, 65'534}) == 5);
  CHECK(canvas.at({65'534, 0}) == empty_color);
  CHECK((*canvas.picture({255, 255}))[offset_of({65'534, 65'534})] == 4);
}

TEST_CASE("Canvas: a checksum is that of the tile's 65,536 bytes") {
  Canvas canvas({256, 256});
  CHECK(canvas.checksum({0, 0}) == crc32c(Tile{}.bytes()));
  canvas.set({5, 5}, 0);
  CHECK(canvas.checksum({0, 0}) == crc32c(canvas.picture({0, 0})->bytes()));
  CHECK(canvas.checksum({0, 0}) != crc32c(Tile{}.bytes()));
}

}  // namespace tessera
