#include "shared/canvas/palette.h"

#include <string>

#include <doctest/doctest.h>

namespace tessera {
namespace {

std::string refusal_of(std::vector<PaletteColor> colors) {
  const Result<Palette> palette = Palette::make(std::move(colors));
  return palette ? "accepted" : palette.error().message;
}

}  // namespace

TEST_CASE("Palette: r/place 2022 has its 32 colours in the dataset's order") {
  const char* const expected[] = {"#6D001A", "#BE0039", "#FF4500", "#FFA800", "#FFD635", "#FFF8B8", "#00A368",
                                  "#00CC78", "#7EED56", "#00756F", "#009EAA", "#00CCC0", "#2450A4", "#3690EA",
                                  "#51E9F4", "#493AC1", "#6A5CFF", "#94B3FF", "#811E9F", "#B44AC0", "#E4ABFF",
                                  "#DE107F", "#FF3881", "#FF99AA", "#6D482F", "#9C6926", "#FFB470", "#000000",
                                  "#515252", "#898D90", "#D4D7D9", "#FFFFFF"};
  const Palette palette = Palette::r_place_2022();
  REQUIRE(palette.size() == 32);
  for (std::size_t i = 0; i < 32; ++i) {
    CHECK(format_color(palette.colors()[i].color) == expected[i]);
    CHECK_FALSE(palette.colors()[i].name.empty());
  }
  CHECK(palette[2].name == "Orange red");
  CHECK(palette.allows(31));
  CHECK_FALSE(palette.allows(32));
  CHECK_FALSE(palette.contains(empty_color));
}

TEST_CASE("Palette: colours are written and read as #RRGGBB") {
  CHECK(parse_color("#ff4500") == Rgb{255, 69, 0});
  CHECK(parse_color("#FF4500") == Rgb{255, 69, 0});
  for (std::string_view bad : {"", "#", "FF4500", "#FF450", "#FF45000", "#GG4500", "# F4500"})
    CHECK_FALSE(parse_color(bad));
}

TEST_CASE("Palette: every colour finds itself, and is its own nearest") {
  const Palette palette = Palette::r_place_2022();
  for (std::size_t i = 0; i < palette.size(); ++i) {
    CHECK(palette.find(palette.colors()[i].color) == static_cast<ColorIndex>(i));
    CHECK(palette.nearest(palette.colors()[i].color) == i);
  }
  CHECK_FALSE(palette.find({1, 2, 3}));
}

TEST_CASE("Palette: the nearest colour is the one that looks nearest, and not a retired one") {
  const Palette palette = Palette::r_place_2022();
  CHECK(palette[palette.nearest({250, 250, 250})].name == "White");
  CHECK(palette[palette.nearest({10, 8, 12})].name == "Black");
  CHECK(palette[palette.nearest({255, 80, 20})].name == "Orange red");
  CHECK(palette[palette.nearest({40, 80, 170})].name == "Dark blue");

  const Palette some =
      Palette::make({{{255, 0, 0}, "Red", true}, {{200, 0, 0}, "Dark"}, {{0, 0, 255}, "Blue"}}).value();
  CHECK(some.nearest({255, 0, 0}) == 1);
  CHECK_FALSE(some.allows(0));
  CHECK(some.contains(0));
  CHECK(Palette::make({{{255, 0, 0}, "Red", true}}).value().nearest({255, 0, 0}) == empty_color);
}

TEST_CASE("Palette: what is wrong with a list of colours is said") {
  CHECK(refusal_of({}) == "palette: at least one colour is needed");
  CHECK(refusal_of({{{1, 2, 3}, "a"}, {{4, 5, 6}, "b"}, {{1, 2, 3}, "c"}}) ==
        "palette: colour 2 (#010203) is the same as colour 0");
  CHECK(refusal_of({{{1, 2, 3}, "a\xFF"}}).find("not UTF-8") != std::string::npos);
  CHECK(refusal_of({{{1, 2, 3}, std::string(33, 'a')}}).find("longer than 32") != std::string::npos);

  std::vector<PaletteColor> many;
  for (int i = 0; i < 255; ++i) many.push_back({{static_cast<std::uint8_t>(i), 0, 0}, ""});
  CHECK(refusal_of(many) == "accepted");
  CHECK(Palette::make(many).value()[254].name == "#FE0000");
  many.push_back({{0, 1, 0}, ""});
  CHECK(refusal_of(many) == "palette: 256 colours; at most 255 are possible");
}

}  // namespace tessera
