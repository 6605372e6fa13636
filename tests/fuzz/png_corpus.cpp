#include "shared/base/random.h"
#include "shared/canvas/png.h"
#include "tests/fuzz/corpus.h"
#include "tests/support/png_builder.h"

namespace tessera::fuzz {

void add_png_seeds(Corpus& corpus) {
  SeededRandom random(1);
  for (std::uint32_t side : {1u, 7u, 20u}) {
    std::vector<ColorIndex> indices(side * side);
    random.fill(indices);
    corpus.add(*write_png(indices, {side, side}, Palette::r_place_2022(), 1, zlib_compressor(6)));
    for (ColorIndex& index : indices) index = index % 32;
    corpus.add(*write_png(indices, {side, side}, Palette::r_place_2022(), 2, zlib_compressor(1)));
  }
  // 8×8 of every kind, with enough bytes for each; interlaced ones too.
  constexpr struct {
    std::uint8_t type, depth;
  } kinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16},
               {3, 1}, {3, 2}, {3, 4}, {3, 8}, {4, 8},  {6, 8}};
  for (const auto [type, depth] : kinds)
    for (const std::uint8_t interlace : {std::uint8_t{0}, std::uint8_t{1}}) {
      const unsigned channels = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
      const std::size_t row = 1 + depth * channels;  // 8 dots take as many bytes as one takes bits
      Bytes rows(interlace == 1 ? 15 + 8 * row : 8 * row);
      test::PngBuilder builder;
      builder.header(8, 8, depth, type, interlace);
      if (type == 3) builder.chunk("PLTE", Bytes(3u << depth)).chunk("tRNS", Bytes(1));
      corpus.add(builder.picture(rows).end());
    }
}

}  // namespace tessera::fuzz
