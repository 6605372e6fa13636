#include "server/net/compress.h"

#include <algorithm>
#include <memory>

#include <brotli/encode.h>
#include <libdeflate.h>

namespace tessera {
namespace {

constexpr std::size_t piece = 64u << 10;

}  // namespace

Bytes gzip_compress(ByteSpan bytes) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(9), libdeflate_free_compressor);
  if (!compressor) return {};
  Bytes out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()));
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

Bytes brotli_compress(ByteSpan bytes, const std::atomic<bool>& stop) {
  const std::unique_ptr<BrotliEncoderState, void (*)(BrotliEncoderState*)> encoder(
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), BrotliEncoderDestroyInstance);
  if (!encoder) return {};
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY);
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS);
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_SIZE_HINT, static_cast<std::uint32_t>(bytes.size()));
  Bytes out;
  std::size_t left = 0;
  const std::uint8_t* next = bytes.data();
  for (std::size_t given = 0; !BrotliEncoderIsFinished(encoder.get());) {
    if (stop) return {};
    if (left == 0 && given < bytes.size()) {
      left = std::min(piece, bytes.size() - given);
      given += left;
    }
    const BrotliEncoderOperation step = given < bytes.size() ? BROTLI_OPERATION_PROCESS : BROTLI_OPERATION_FINISH;
    std::size_t room = 0;
    if (!BrotliEncoderCompressStream(encoder.get(), step, &left, &next, &room, nullptr, nullptr)) return {};
    std::size_t size = 0;
    const std::uint8_t* made = BrotliEncoderTakeOutput(encoder.get(), &size);
    out.insert(out.end(), made, made + size);
  }
  return out;
}

}  // namespace tessera
