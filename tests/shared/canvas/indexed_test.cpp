#include <doctest/doctest.h>

#include "shared/canvas/png.h"

namespace tessera {
namespace {

RgbaImage image_of(Size size, const std::vector<std::array<std::uint8_t, 4>>& dots,
                   std::vector<Rgb> file_palette = {}) {
  RgbaImage image{size, {}, std::move(file_palette)};
  for (const auto& dot : dots) image.rgba.insert(image.rgba.end(), dot.begin(), dot.end());
  return image;
}

}  // namespace

TEST_CASE("Indexed: r/place's palette where it has all the colours") {
  const Result<IndexedImage> indexed =
      to_indexed(image_of({3, 1}, {{255, 255, 255, 255}, {0, 0, 0, 128}, {1, 2, 3, 127}}));
  REQUIRE(indexed);
  CHECK(indexed->palette == Palette::r_place_2022());
  CHECK(indexed->indices == std::vector<ColorIndex>{31, 27, empty_color});
}

TEST_CASE("Indexed: else the file's own order, each colour once, unused ones too") {
  const Result<IndexedImage> indexed =
      to_indexed(image_of({2, 1}, {{1, 1, 1, 255}, {9, 9, 9, 255}}, {{9, 9, 9}, {5, 5, 5}, {9, 9, 9}, {1, 1, 1}}));
  REQUIRE(indexed);
  REQUIRE(indexed->palette.size() == 3);
  CHECK(indexed->palette[1].color == Rgb{5, 5, 5});
  CHECK(indexed->indices == std::vector<ColorIndex>{2, 0});
}

TEST_CASE("Indexed: else the colours as first seen, named by their code unless r/place has a name") {
  const Result<IndexedImage> indexed =
      to_indexed(image_of({3, 1}, {{1, 2, 3, 255}, {255, 69, 0, 255}, {1, 2, 3, 255}}));
  REQUIRE(indexed);
  REQUIRE(indexed->palette.size() == 2);
  CHECK(indexed->palette[0].name == "#010203");
  CHECK(indexed->palette[1].name == "Orange red");
  CHECK(indexed->indices == std::vector<ColorIndex>{0, 1, 0});
}

TEST_CASE("Indexed: 255 colours fit, 256 do not") {
  std::vector<std::array<std::uint8_t, 4>> dots;
  for (int i = 0; i < 255; ++i) dots.push_back({static_cast<std::uint8_t>(i), 7, 7, 255});
  const Result<IndexedImage> indexed = to_indexed(image_of({255, 1}, dots));
  REQUIRE(indexed);
  CHECK(indexed->palette.size() == 255);
  CHECK(indexed->indices[254] == 254);
  dots.push_back({255, 7, 7, 255});
  CHECK(to_indexed(image_of({256, 1}, dots)).error().message.find("more than 255 colours") != std::string::npos);
}

TEST_CASE("Indexed: a file palette of 256 colours keeps those in use") {
  std::vector<Rgb> table;
  for (int i = 0; i < 256; ++i) table.push_back({static_cast<std::uint8_t>(i), 7, 7});
  const Result<IndexedImage> indexed = to_indexed(image_of({2, 1}, {{200, 7, 7, 255}, {100, 7, 7, 255}}, table));
  REQUIRE(indexed);
  CHECK(indexed->palette.size() == 2);
  CHECK(indexed->indices == std::vector<ColorIndex>{1, 0});
}

TEST_CASE("Indexed: a colour that a given palette lacks is named with its place") {
  const Palette palette = Palette::r_place_2022();
  const RgbaImage image = image_of({2, 2}, {{0, 0, 0, 255}, {0, 0, 0, 255}, {0, 0, 0, 255}, {1, 2, 3, 255}});
  CHECK(to_indexed(image, palette).error().message == "picture: #010203 at (1, 1) is not in the palette");
  CHECK(to_indexed(image_of({1, 1}, {{1, 2, 3, 0}}), palette)->indices == std::vector<ColorIndex>{empty_color});
}

TEST_CASE("Indexed: a picture without any colour gets r/place's palette") {
  const Result<IndexedImage> indexed = to_indexed(image_of({1, 1}, {{0, 0, 0, 0}}));
  REQUIRE(indexed);
  CHECK(indexed->palette.size() == 32);
  CHECK(indexed->indices == std::vector<ColorIndex>{empty_color});
}

}  // namespace tessera
