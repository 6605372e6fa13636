#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "shared/canvas/canvas.h"

namespace tessera {
namespace {

Picture picture_of(Canvas& canvas) {
  std::vector<TilePicture> tiles;
  for (std::uint32_t ty = 0; ty < canvas.size().tile_rows(); ++ty)
    for (std::uint32_t tx = 0; tx < canvas.size().tile_columns(); ++tx)
      tiles.push_back(canvas.picture({static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)}));
  return {canvas.size(), std::move(tiles)};
}

}  // namespace

TEST_CASE("Picture: rows and regions gather the same cells as looking at each") {
  Canvas canvas({700, 530});
  SeededRandom random(5);
  for (int i = 0; i < 5000; ++i)
    canvas.set({static_cast<std::uint16_t>(random.below(700)), static_cast<std::uint16_t>(random.below(530))},
               static_cast<ColorIndex>(random.below(32)));
  const Picture picture = picture_of(canvas);
  for (const Rect region :
       {Rect{0, 0, 700, 530}, Rect{250, 250, 20, 20}, Rect{255, 0, 1, 530}, Rect{256, 529, 444, 1}, Rect{5, 5, 0, 3}}) {
    const std::vector<ColorIndex> indices = picture.indices(region);
    REQUIRE(indices.size() == std::size_t{region.width} * region.height);
    for (std::uint32_t y = 0; y < region.height; ++y)
      for (std::uint32_t x = 0; x < region.width; ++x) {
        const Cell cell{static_cast<std::uint16_t>(region.x + x), static_cast<std::uint16_t>(region.y + y)};
        REQUIRE(indices[y * region.width + x] == canvas.at(cell));
        REQUIRE(picture.at(cell) == canvas.at(cell));
      }
  }
}

TEST_CASE("Picture: a missing tile is empty") {
  const Picture picture({300, 10}, {nullptr, nullptr});
  CHECK(picture.at({299, 9}) == empty_color);
  CHECK(picture.indices({250, 0, 50, 1}) == std::vector<ColorIndex>(50, empty_color));
}

}  // namespace tessera
