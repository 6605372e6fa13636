#include "shared/base/geometry.h"

#include <doctest/doctest.h>

namespace tessera {

TEST_CASE("Geometry: a cell's tile and offset lead back to the cell") {
  constexpr std::uint16_t places[] = {0, 1, 255, 256, 1000, 65'534};
  for (std::uint16_t x : places)
    for (std::uint16_t y : places) {
      const Cell cell{x, y};
      CHECK(cell_at(tile_of(cell), offset_of(cell)) == cell);
      CHECK(TileIndex::from_key(tile_of(cell).key()) == tile_of(cell));
    }
  CHECK(tile_of({256, 511}) == TileIndex{1, 1});
  CHECK(offset_of({257, 2}) == 2 * 256 + 1);
}

TEST_CASE("Geometry: a size holds the cells before its sides, and counts its tiles up") {
  const Size size{257, 256};
  CHECK(size.contains({256, 255}));
  CHECK_FALSE(size.contains({257, 0}));
  CHECK_FALSE(size.contains({0, 256}));
  CHECK(size.tile_columns() == 2);
  CHECK(size.tile_rows() == 1);
  CHECK(Size{max_canvas_side, max_canvas_side}.cells() == 4'294'836'225u);
  CHECK(Size{max_canvas_side, max_canvas_side}.tile_columns() == 256);
}

TEST_CASE("Geometry: rectangles meet and join") {
  const Rect a{10, 10, 5, 5}, b{12, 8, 10, 4}, apart{100, 100, 1, 1};
  CHECK(a.intersect(b) == Rect{12, 10, 3, 2});
  CHECK(a.unite(b) == Rect{10, 8, 12, 7});
  CHECK(a.intersect(apart).empty());
  CHECK(a.unite({}) == a);
  CHECK(Rect{}.unite(a) == a);
  CHECK(a.contains({14, 14}));
  CHECK_FALSE(a.contains({15, 14}));
  CHECK_FALSE(a.contains({9, 10}));
}

}  // namespace tessera
