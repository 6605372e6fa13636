#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <zlib.h>

#include "shared/canvas/png.h"

namespace {

// The compressor of the write_png() that runs in this thread: stb's hook has no argument to pass it by.
thread_local const tessera::ZlibCompressor* compressor = nullptr;

unsigned char* compress_for_stb(unsigned char* data, int size, int* out_size, int) {
  const tessera::Bytes compressed = (*compressor)({data, static_cast<std::size_t>(size)});
  if (compressed.empty() || compressed.size() > INT32_MAX) return nullptr;
  auto* out = static_cast<unsigned char*>(std::malloc(compressed.size()));
  if (out == nullptr) return nullptr;
  std::memcpy(out, compressed.data(), compressed.size());
  *out_size = static_cast<int>(compressed.size());
  return out;
}

}  // namespace

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS compress_for_stb
#include <stb/stb_image_write.h>

namespace tessera {
namespace {

/// Most dots of a picture: beyond it stb's sizes pass an int.
constexpr std::uint64_t max_dots = 1u << 28;

// Offsets in what stb writes: 8 bytes of signature, then IHDR with its 13 bytes of data and 12 around them.
constexpr std::size_t header_at = 8;
constexpr std::size_t color_type_at = header_at + 8 + 9;
constexpr std::size_t header_crc_at = header_at + 8 + 13;
constexpr std::size_t header_end = header_crc_at + 4;

void big_endian(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t crc32_of(ByteSpan bytes) {
  return static_cast<std::uint32_t>(::crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

void append_chunk(Bytes& out, std::string_view type, const Bytes& data) {
  big_endian(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = out.size();
  ByteWriter writer(out);
  writer.raw(as_bytes(type));
  writer.raw(data);
  big_endian(out, crc32_of(ByteSpan(out).subspan(start)));
}

/// The chunks that a palette picture has between its header and its cells. Where a cell lies outside the palette the
/// table goes up to index 255, so that every index keeps its meaning, and what is not a colour is transparent.
Bytes palette_chunks(const Palette& palette, bool transparency) {
  Bytes colors, alpha;
  for (const PaletteColor& entry : palette.colors())
    colors.insert(colors.end(), {entry.color.r, entry.color.g, entry.color.b});
  Bytes out;
  if (transparency) {
    colors.resize(256 * 3);
    alpha.assign(256, 0);
    std::fill_n(alpha.begin(), palette.size(), std::uint8_t{255});
  }
  append_chunk(out, "PLTE", colors);
  if (transparency) append_chunk(out, "tRNS", alpha);
  return out;
}

std::vector<ColorIndex> enlarge(std::span<const ColorIndex> indices, Size size, std::uint32_t scale) {
  const std::size_t width = std::size_t{size.width} * scale;
  std::vector<ColorIndex> out(width * size.height * scale);
  ColorIndex* to = out.data();
  for (std::size_t y = 0; y < size.height; ++y) {
    const ColorIndex* row = to;
    for (ColorIndex index : indices.subspan(y * size.width, size.width)) to = std::fill_n(to, scale, index);
    for (std::uint32_t again = 1; again < scale; ++again) to = std::copy_n(row, width, to);
  }
  return out;
}

struct Free {
  void operator()(unsigned char* memory) const { std::free(memory); }
};

/// An 8-bit grey PNG.
Result<Bytes> write_grey(std::span<const std::uint8_t> dots, Size size, const ZlibCompressor& compress) {
  // Row filters only hurt where values are indices. Set once: other threads may be writing.
  [[maybe_unused]] static const int no_filter = stbi_write_force_png_filter = 0;
  compressor = &compress;
  int length = 0;
  const std::unique_ptr<unsigned char, Free> png(
      stbi_write_png_to_mem(dots.data(), 0, static_cast<int>(size.width), static_cast<int>(size.height), 1, &length));
  compressor = nullptr;
  if (!png) return Error{"picture: no memory, or its compressor failed"};
  return Bytes(png.get(), png.get() + length);
}

}  // namespace

ZlibCompressor zlib_compressor(int level) {
  return [level](ByteSpan bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    Bytes out(size);
    if (compress2(out.data(), &size, bytes.data(), static_cast<uLong>(bytes.size()), level) != Z_OK) return Bytes{};
    out.resize(size);
    return out;
  };
}

Result<Bytes> write_png(std::span<const ColorIndex> indices, Size size, const Palette& palette, std::uint32_t scale,
                        const ZlibCompressor& compress) {
  assert(indices.size() == size.cells());
  if (size.cells() == 0) return Error{"picture: it has no cells"};
  if (scale < 1 || scale > 64) return Error{"picture: a scale of " + std::to_string(scale) + "; 1 to 64 are possible"};
  const Size dots{size.width * scale, size.height * scale};
  if (dots.cells() > max_dots)
    return Error{"picture: " + std::to_string(dots.width) + "×" + std::to_string(dots.height) +
                 " dots are too many; ask for a smaller region or scale"};

  const bool transparency =
      std::any_of(indices.begin(), indices.end(), [&](ColorIndex i) { return !palette.contains(i); });
  std::vector<ColorIndex> enlarged;
  if (scale > 1) {
    enlarged = enlarge(indices, size, scale);
    indices = enlarged;
  }
  Result<Bytes> png = write_grey(indices, dots, compress);
  if (!png) return png;

  (*png)[color_type_at] = 3;
  Bytes crc;
  big_endian(crc, crc32_of(ByteSpan(*png).subspan(header_at + 4, 4 + 13)));
  std::copy(crc.begin(), crc.end(), png->begin() + header_crc_at);
  const Bytes chunks = palette_chunks(palette, transparency);
  png->insert(png->begin() + header_end, chunks.begin(), chunks.end());
  return png;
}

}  // namespace tessera
