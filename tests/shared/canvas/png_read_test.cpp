#include <string>

#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "shared/canvas/png.h"
#include "tests/support/png_builder.h"

namespace tessera {
namespace {

using test::PngBuilder;

const Bytes two_colors{255, 0, 0, 0, 255, 0};

std::string refusal_of(const Bytes& file, const PngLimits& limits = {}) {
  const Result<RgbaImage> image = read_png(file, limits);
  return image ? "accepted" : image.error().message;
}

bool says(const std::string& message, std::string_view what) {
  if (message.find(what) != std::string::npos) return true;
  MESSAGE(message);
  return false;
}

Bytes small_picture() {
  return PngBuilder().header(2, 2, 8, 3).chunk("PLTE", two_colors).picture({0, 0, 1, 0, 1, 0}).end();
}

}  // namespace

TEST_CASE("PNG: palette pictures of 1, 2, 4 and 8 bits are read with their palette's order") {
  const Bytes one = PngBuilder().header(3, 1, 1, 3).chunk("PLTE", two_colors).picture({0, 0b01000000}).end();
  const Bytes two = PngBuilder().header(3, 1, 2, 3).chunk("PLTE", two_colors).picture({0, 0b00010000}).end();
  const Bytes four = PngBuilder().header(3, 1, 4, 3).chunk("PLTE", two_colors).picture({0, 0x01, 0x00}).end();
  const Bytes eight = PngBuilder().header(3, 1, 8, 3).chunk("PLTE", two_colors).picture({0, 0, 1, 0}).end();
  for (const Bytes& file : {one, two, four, eight}) {
    const Result<RgbaImage> image = read_png(file, {});
    REQUIRE(image);
    CHECK(image->size == Size{3, 1});
    CHECK(image->rgba == Bytes{255, 0, 0, 255, 0, 255, 0, 255, 255, 0, 0, 255});
    CHECK(image->file_palette == std::vector<Rgb>{{255, 0, 0}, {0, 255, 0}});
  }
}

TEST_CASE("PNG: grey, RGB, with alpha and of 16 bits are read as RGBA") {
  CHECK(read_png(PngBuilder().header(1, 1, 8, 0).picture({0, 77}).end(), {})->rgba == Bytes{77, 77, 77, 255});
  CHECK(read_png(PngBuilder().header(1, 1, 8, 2).picture({0, 1, 2, 3}).end(), {})->rgba == Bytes{1, 2, 3, 255});
  CHECK(read_png(PngBuilder().header(1, 1, 8, 4).picture({0, 77, 9}).end(), {})->rgba == Bytes{77, 77, 77, 9});
  CHECK(read_png(PngBuilder().header(1, 1, 8, 6).picture({0, 1, 2, 3, 4}).end(), {})->rgba == Bytes{1, 2, 3, 4});
  CHECK(read_png(PngBuilder().header(1, 1, 16, 2).picture({0, 1, 0, 2, 0, 3, 0}).end(), {})->rgba ==
        Bytes{1, 2, 3, 255});
  CHECK(read_png(PngBuilder().header(1, 1, 8, 2).chunk("tRNS", {0, 1, 0, 2, 0, 3}).picture({0, 1, 2, 3}).end(), {})
            ->rgba == Bytes{1, 2, 3, 0});
}

TEST_CASE("PNG: an interlaced picture of any small size is the same picture") {
  for (std::uint32_t side = 1; side <= 9; ++side) {
    Bytes rows;  // every dot alike, so the passes need no sorting out
    struct Pass {
      std::uint32_t x, y, step_x, step_y;
    };
    for (const Pass pass :
         {Pass{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}) {
      if (pass.x >= side) continue;
      const std::uint32_t columns = (side - pass.x + pass.step_x - 1) / pass.step_x;
      for (std::uint32_t y = pass.y; y < side; y += pass.step_y) {
        rows.push_back(0);
        rows.insert(rows.end(), (columns + 7) / 8, 255);
      }
    }
    const Result<RgbaImage> image =
        read_png(PngBuilder().header(side, side, 1, 3, 1).chunk("PLTE", two_colors).picture(rows).end(), {});
    REQUIRE(image);
    const IndexedImage indexed = to_indexed(*image).value();
    CHECK(indexed.indices == std::vector<ColorIndex>(side * side, 1));
  }
}

TEST_CASE("PNG: a size that lies is refused before anything is made of it") {
  const Bytes nothing = PngBuilder::deflated(Bytes(10));
  CHECK(says(refusal_of(PngBuilder().header(0, 5, 8, 0).chunk("IDAT", nothing).end()), "which is nothing"));
  CHECK(says(refusal_of(PngBuilder().header(UINT32_MAX, UINT32_MAX, 8, 6).chunk("IDAT", nothing).end()),
             "at most 65535 a side"));
  CHECK(says(refusal_of(PngBuilder().header(65'535, 65'535, 8, 6).chunk("IDAT", nothing).end()), "dots are read"));
  CHECK(
      says(refusal_of(PngBuilder().header(8'000, 8'000, 8, 6).chunk("IDAT", nothing).end()), "too short for its size"));
  CHECK(says(refusal_of(small_picture(), {1, 100}), "at most 1 a side"));
  CHECK(says(refusal_of(small_picture(), {100, 3}), "at most 3 dots"));
}

TEST_CASE("PNG: data that go on past the promised size stop the reader there") {
  const Bytes bomb = PngBuilder::deflated(Bytes(50'000'000));
  CHECK(says(refusal_of(PngBuilder().header(100, 100, 8, 0).chunk("IDAT", bomb).end()),
             "longer than its header promises"));
  CHECK(says(refusal_of(PngBuilder().header(100, 100, 8, 3).chunk("PLTE", two_colors).chunk("IDAT", bomb).end()),
             "longer than its header promises"));
  CHECK(says(refusal_of(PngBuilder().header(100, 100, 16, 6, 1).chunk("IDAT", bomb).end()),
             "longer than its header promises"));
}

TEST_CASE("PNG: too little or damaged data are refused") {
  CHECK(says(refusal_of(PngBuilder().header(10, 10, 8, 0).picture(Bytes(109)).end()), "damaged or cut short"));
  CHECK(says(refusal_of(PngBuilder().header(2, 2, 8, 0).chunk("IDAT", {1, 2, 3, 4, 5, 6, 7, 8}).end()),
             "damaged or cut short"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0).picture({9, 0}).end()), "damaged or cut short"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0).end()), "no picture data"));
}

TEST_CASE("PNG: an index outside the palette is refused with its place") {
  const Bytes file = PngBuilder().header(2, 2, 8, 3).chunk("PLTE", two_colors).picture({0, 0, 1, 0, 1, 9}).end();
  CHECK(says(refusal_of(file), "index 9 at (1, 1) is outside its palette of 2"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 4, 3).chunk("PLTE", two_colors).picture({0, 0xF0}).end()),
             "index 15 at (0, 0)"));
}

TEST_CASE("PNG: parts that are wrong, missing, twice or out of order are refused") {
  const Bytes picture = PngBuilder::deflated({0, 0});
  CHECK(says(refusal_of({}), "not a PNG"));
  CHECK(says(refusal_of(Bytes(1000, 'x')), "not a PNG"));
  CHECK(says(refusal_of(PngBuilder().picture({0, 0}).end()), "does not begin with its header"));
  CHECK(says(refusal_of(PngBuilder().chunk("IHDR", Bytes(12)).end()), "12 bytes long"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0).header(1, 1, 8, 0).end()), "two headers"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 3, 0).end()), "no picture has colour type 0 and 3 bits"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 5).end()), "no picture has"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0, 2).end()), "interlace method"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 3).chunk("IDAT", picture).end()), "palette is missing"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 3).chunk("PLTE", Bytes(4)).end()), "palette is 4 bytes"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 3).chunk("PLTE", Bytes(257 * 3)).end()), "palette is 771 bytes"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 3).chunk("PLTE", two_colors).chunk("tRNS", Bytes(3)).end()),
             "transparency"));
  CHECK(says(
      refusal_of(PngBuilder().header(1, 1, 8, 0).chunk("IDAT", picture).chunk("tEXt", {}).chunk("IDAT", picture).end()),
      "apart"));
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0).chunk("CgBI", Bytes(4)).end()), "newer programs"));
  CHECK(refusal_of(PngBuilder().header(1, 1, 8, 0).chunk("tIME", Bytes(7)).chunk("IDAT", picture).end()) == "accepted");
}

TEST_CASE("PNG: a wrong checksum is refused, wherever it is") {
  CHECK(says(refusal_of(PngBuilder().header(1, 1, 8, 0).chunk("IDAT", PngBuilder::deflated({0, 0}), 1).end()),
             "checksum"));
  Bytes file = small_picture();
  file[20] ^= 1;
  CHECK(says(refusal_of(file), "checksum of its part at byte 8"));
}

TEST_CASE("PNG: every truncation is refused, and no flipped byte goes unnoticed") {
  const Bytes file = small_picture();
  for (std::size_t size = 0; size < file.size(); ++size)
    REQUIRE(refusal_of(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))) != "accepted");
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = file;
      damaged[at] ^= static_cast<std::uint8_t>(1 << bit);
      REQUIRE(refusal_of(damaged) != "accepted");
    }
}

TEST_CASE("PNG: random rows under right checksums give a picture or an error") {
  SeededRandom random(12);
  const auto pick = [&](std::uint32_t bound) { return static_cast<std::uint32_t>(random.below(bound)); };
  constexpr std::uint8_t types[] = {0, 2, 3, 4, 6}, depths[] = {1, 2, 4, 8, 16};
  for (int round = 0; round < 3000; ++round) {
    Bytes data(pick(200)), colors(3 * (1 + pick(256)));
    random.fill(data);
    random.fill(colors);
    const std::uint32_t width = 1 + pick(20), height = 1 + pick(20);
    const std::uint8_t depth = depths[pick(5)], type = types[pick(5)];
    PngBuilder builder;
    builder.header(width, height, depth, type, static_cast<std::uint8_t>(pick(2))).chunk("PLTE", colors);
    if (pick(2) == 0)
      builder.picture(data);
    else
      builder.chunk("IDAT", data);
    const Result<RgbaImage> image = read_png(builder.end(), {});
    if (image) REQUIRE(image->rgba.size() == image->size.cells() * 4);
  }
}

}  // namespace tessera
