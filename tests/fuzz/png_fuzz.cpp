#include <cstdlib>

#include <zlib.h>

#include "shared/canvas/png.h"

namespace {

using namespace tessera;

constexpr PngLimits limits{2'000, 1u << 16};

/// Makes every checksum right, so that damage reaches what lies behind them.
Bytes with_right_checksums(ByteSpan file) {
  Bytes out(file.begin(), file.end());
  for (std::size_t at = 8; out.size() - std::min(at, out.size()) >= 12;) {
    const std::size_t length = std::size_t{out[at]} << 24 | std::size_t{out[at + 1]} << 16 |
                               std::size_t{out[at + 2]} << 8 | std::size_t{out[at + 3]};
    if (length > out.size() - at - 12) break;
    const auto crc = ::crc32(0, out.data() + at + 4, static_cast<uInt>(4 + length));
    for (std::size_t i = 0; i < 4; ++i) out[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    at += 12 + length;
  }
  return out;
}

void check(ByteSpan file) {
  const Result<RgbaImage> image = read_png(file, limits);
  if (!image) {
    if (image.error().message.empty()) std::abort();
    return;
  }
  if (image->size.cells() > limits.max_cells || image->rgba.size() != image->size.cells() * 4) std::abort();
  const Result<IndexedImage> indexed = to_indexed(*image);
  if (!indexed) return;
  const Result<Bytes> written = write_png(indexed->indices, indexed->size, indexed->palette, 1, zlib_compressor(1));
  if (!written) std::abort();
  const Result<RgbaImage> again = read_png(*written, limits);
  if (!again || to_indexed(*again, indexed->palette)->indices != indexed->indices) std::abort();
}

}  // namespace

// Any bytes are an error or a picture within the limits, and a picture with few colours survives being written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(with_right_checksums({data, size}));
  return 0;
}
