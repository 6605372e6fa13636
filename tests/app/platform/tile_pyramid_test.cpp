#include "app/platform/tile_pyramid.h"

#include <doctest/doctest.h>

#include <vector>

#include "shared/base/random.h"

using namespace tessera;

namespace {

constexpr Rect whole{0, 0, tile_side, tile_side};

Palette black_and_white() { return Palette::make({{{0, 0, 0}, "black"}, {{255, 255, 255}, "white"}}).value(); }

std::vector<ColorIndex> filled(ColorIndex color) { return std::vector<ColorIndex>(tile_cells, color); }

/// Like one that was given all its cells at once.
bool same_averages(const TilePyramid& a, const TilePyramid& b) {
  for (int level = 1; level < TilePyramid::levels; ++level)
    for (std::uint32_t y = 0; y <= (a.height() - 1) >> level; ++y)
      for (std::uint32_t x = 0; x <= (a.width() - 1) >> level; ++x)
        if (a.texels(level)[y * TilePyramid::side(level) + x] != b.texels(level)[y * TilePyramid::side(level) + x]) return false;
  return true;
}

}  // namespace

TEST_CASE("TilePyramid: one colour stays itself at every level") {
  const ScreenColors colors(Palette::r_place_2022(), {240, 240, 240});
  TilePyramid pyramid;
  pyramid.update(whole, filled(4).data(), colors);
  for (int level = 1; level < TilePyramid::levels; ++level) CHECK(pyramid.texels(level)[0] == colors.shown[4]);
}

TEST_CASE("TilePyramid: a checkerboard is as bright from afar as from near") {
  const ScreenColors colors(black_and_white(), {255, 255, 255});
  std::vector<ColorIndex> cells(tile_cells);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<ColorIndex>((i + i / tile_side) % 2);
  TilePyramid pyramid;
  pyramid.update(whole, cells.data(), colors);
  // Half the light of white is 188 in sRGB; averaging the numbers would say 128.
  for (int level = 1; level < TilePyramid::levels; ++level) {
    CHECK(std::abs(pyramid.texels(level)[0].r - 188) <= 1);
    CHECK(pyramid.texels(level)[0].a == 255);
  }
}

TEST_CASE("TilePyramid: changing cells one by one, or many at once, gives what all at once gives") {
  const ScreenColors colors(Palette::r_place_2022(), {243, 242, 238});
  SeededRandom random(7);
  for (const std::size_t changes : {std::size_t{1}, std::size_t{40}, std::size_t{3'000}}) {
    std::vector<ColorIndex> cells(tile_cells);
    for (ColorIndex& cell : cells) cell = static_cast<ColorIndex>(random.below(32));
    TilePyramid pyramid;
    pyramid.set_extent(200, 131);
    pyramid.update(whole, cells.data(), colors);
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = random.below(tile_side) * tile_side + 3 + random.below(tile_side - 3);
      cells[at] = random.below(8) == 0 ? empty_color : static_cast<ColorIndex>(random.below(32));
    }
    std::vector<ColorIndex> right_of_three;
    for (std::size_t row = 0; row < tile_side; ++row)
      right_of_three.insert(right_of_three.end(), &cells[row * tile_side] + 3, &cells[row * tile_side] + tile_side);
    pyramid.update({3, 0, tile_side - 3, tile_side}, right_of_three.data(), colors);
    TilePyramid anew;
    anew.set_extent(200, 131);
    anew.update(whole, cells.data(), colors);
    CHECK(same_averages(pyramid, anew));
  }
}

TEST_CASE("TilePyramid: what lies beyond the canvas's edge takes no part") {
  const ScreenColors colors(black_and_white(), {255, 255, 255});
  std::vector<ColorIndex> cells = filled(1);
  for (std::size_t row = 0; row < tile_side; ++row) std::fill_n(&cells[row * tile_side], 131, ColorIndex{0});
  TilePyramid pyramid;
  pyramid.set_extent(131, 256);
  pyramid.update(whole, cells.data(), colors);
  for (int level = 1; level < TilePyramid::levels; ++level) {
    const std::uint32_t last = 130u >> level, stride = TilePyramid::side(level);
    CHECK(pyramid.texels(level)[last] == colors.shown[0]);
    // One more texel repeats the edge: blending there must fetch nothing foreign.
    if (last + 1 < stride) CHECK(pyramid.texels(level)[last + 1] == colors.shown[0]);
  }
}

TEST_CASE("TilePyramid: only what changed is to be uploaded, and once") {
  const ScreenColors colors(black_and_white(), {255, 255, 255});
  TilePyramid pyramid;
  pyramid.update(whole, filled(0).data(), colors);
  for (int level = 0; level < TilePyramid::levels; ++level) CHECK(pyramid.take_dirty(level) == Rect{0, 0, TilePyramid::side(level), TilePyramid::side(level)});

  const ColorIndex one_changed[] = {0, 0, 1, 0};
  CHECK(pyramid.update({100, 60, 4, 1}, one_changed, colors) == Rect{102, 60, 1, 1});
  CHECK(pyramid.take_dirty(0) == Rect{102, 60, 1, 1});
  CHECK(pyramid.take_dirty(3) == Rect{12, 7, 1, 1});
  CHECK(pyramid.take_dirty(3).empty());
  CHECK(pyramid.update({100, 60, 4, 1}, one_changed, colors).empty());
  CHECK(pyramid.take_dirty(0).empty());
}

TEST_CASE("TilePyramid: the part never drawn is known at every level") {
  const ScreenColors colors(black_and_white(), {200, 200, 200});
  std::vector<ColorIndex> cells = filled(empty_color);
  for (std::size_t i = 0; i < tile_cells / 2; ++i) cells[i] = 0;
  TilePyramid pyramid;
  pyramid.update(whole, cells.data(), colors);
  CHECK(pyramid.texels(4)[0].a == 255);
  CHECK(pyramid.texels(4)[15 * 16].a == 0);
  CHECK(pyramid.texels(4)[15 * 16].r == 200);
  CHECK(std::abs(pyramid.texels(8)[0].a - 127) <= 1);
}
