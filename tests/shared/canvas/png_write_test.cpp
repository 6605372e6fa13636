#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "shared/canvas/png.h"

namespace tessera {
namespace {

std::vector<ColorIndex> random_indices(Size size, std::uint64_t colors, std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<ColorIndex> indices(std::size_t{size.width} * size.height);
  for (ColorIndex& index : indices) index = static_cast<ColorIndex>(random.below(colors));
  return indices;
}

Bytes written(const std::vector<ColorIndex>& indices, Size size, const Palette& palette, std::uint32_t scale = 1) {
  return write_png(indices, size, palette, scale, zlib_compressor(6)).value();
}

IndexedImage read_back(const Bytes& png) { return to_indexed(read_png(png, {}).value()).value(); }

}  // namespace

TEST_CASE("PNG: what is written is read back, cell for cell") {
  for (const Size size : {Size{1, 1}, Size{7, 3}, Size{256, 256}, Size{1, 1000}, Size{1000, 1}}) {
    std::vector<ColorIndex> indices = random_indices(size, 32, size.cells());
    CHECK(read_back(written(indices, size, Palette::r_place_2022())).indices == indices);
    indices.back() = empty_color;
    CHECK(read_back(written(indices, size, Palette::r_place_2022())).indices == indices);
  }
}

TEST_CASE("PNG: a palette of 255 colours and empty cells come back with their order") {
  std::vector<PaletteColor> colors;
  for (int i = 0; i < 255; ++i)
    colors.push_back({{static_cast<std::uint8_t>(255 - i), 7, static_cast<std::uint8_t>(i)}, ""});
  const Palette palette = Palette::make(colors).value();
  const Size size{64, 64};
  const std::vector<ColorIndex> indices = random_indices(size, 256, 4);
  const IndexedImage image = read_back(written(indices, size, palette));
  CHECK(image.indices == indices);
  CHECK(image.palette == palette);
}

TEST_CASE("PNG: an index outside the palette is transparent, whichever it is") {
  const IndexedImage image = read_back(written({0, 32, 200, 255}, {4, 1}, Palette::r_place_2022()));
  CHECK(image.indices == std::vector<ColorIndex>{0, empty_color, empty_color, empty_color});
}

TEST_CASE("PNG: a scale repeats each cell in both directions") {
  const Size size{5, 4};
  const std::vector<ColorIndex> indices = random_indices(size, 32, 9);
  for (std::uint32_t scale : {2u, 3u, 64u}) {
    const IndexedImage image = read_back(written(indices, size, Palette::r_place_2022(), scale));
    REQUIRE(image.size == Size{size.width * scale, size.height * scale});
    for (std::uint32_t y = 0; y < image.size.height; ++y)
      for (std::uint32_t x = 0; x < image.size.width; ++x)
        REQUIRE(image.indices[y * image.size.width + x] == indices[y / scale * size.width + x / scale]);
  }
}

TEST_CASE("PNG: the caller's compressor is used, and its failure is an error") {
  int calls = 0;
  const auto count = [&](ByteSpan bytes) {
    ++calls;
    return zlib_compressor(1)(bytes);
  };
  CHECK(write_png(std::vector<ColorIndex>{1}, {1, 1}, Palette::r_place_2022(), 1, count));
  CHECK(calls == 1);
  CHECK_FALSE(
      write_png(std::vector<ColorIndex>{1}, {1, 1}, Palette::r_place_2022(), 1, [](ByteSpan) { return Bytes{}; }));
}

TEST_CASE("PNG: sizes and scales that cannot be written are refused") {
  const std::vector<ColorIndex> none, row(60'000, 1);
  const Palette palette = Palette::r_place_2022();
  CHECK(write_png(none, {0, 5}, palette, 1, zlib_compressor(1)).error().message == "picture: it has no cells");
  CHECK_FALSE(write_png(row, {60'000, 1}, palette, 0, zlib_compressor(1)));
  CHECK_FALSE(write_png(row, {60'000, 1}, palette, 65, zlib_compressor(1)));
  CHECK_FALSE(write_png(std::vector<ColorIndex>(600'000), {60'000, 10}, palette, 64, zlib_compressor(1)));
}

}  // namespace tessera
