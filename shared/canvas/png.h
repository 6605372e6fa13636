#pragma once

#include <functional>
#include <span>

#include "shared/base/bytes.h"
#include "shared/base/geometry.h"
#include "shared/base/result.h"
#include "shared/canvas/palette.h"

namespace tessera {

/// Compresses to a zlib stream (RFC 1950); empty on failure. The server passes libdeflate, others zlib.
using ZlibCompressor = std::function<Bytes(ByteSpan)>;
/// zlib at `level` (1 … 9).
ZlibCompressor zlib_compressor(int level);

/// An 8-bit palette PNG (PNG specification, 11.2.2 and 11.3.2) of `indices`, `size.cells()` of them, row by row, each
/// cell drawn as `scale`×`scale` dots (1 … 64). Index 255, or any outside the palette, is transparent. stb_image_write
/// makes the picture; its header is then turned from grey into palette.
Result<Bytes> write_png(std::span<const ColorIndex> indices, Size size, const Palette& palette, std::uint32_t scale,
                        const ZlibCompressor& compress);

struct PngLimits {
  std::uint32_t max_side = max_canvas_side;
  std::uint64_t max_cells = 64u << 20;  ///< width × height
};

/// A picture as read: RGBA, four bytes a dot, row by row, and the palette order of the file where it had one.
struct RgbaImage {
  Size size;
  Bytes rgba;
  std::vector<Rgb> file_palette;
};

/// Reads a PNG by stb_image. Header, sizes and chunk lengths are checked against `limits` before anything is allocated,
/// and inflating stops where the data passes what the header promised.
Result<RgbaImage> read_png(ByteSpan file, const PngLimits& limits);

/// The colours of a picture as a palette (r/place 2022's where that has them all, else the file's own order, else as
/// first seen), and each dot's index; dots less than half opaque are empty. An error where there are more than 255
/// colours.
struct IndexedImage {
  Size size;
  Palette palette;
  std::vector<ColorIndex> indices;
};
Result<IndexedImage> to_indexed(const RgbaImage& image);
/// The same by a given palette; a colour that is not in it is an error that names the colour and the place.
Result<IndexedImage> to_indexed(const RgbaImage& image, const Palette& palette);

}  // namespace tessera
