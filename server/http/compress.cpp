#include "server/http/compress.h"

#include <memory>

#include <libdeflate.h>

namespace tessera {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

/// A compressor of the level for this thread: making one costs as much as compressing a tile.
libdeflate_compressor* compressor_of(int level) {
  thread_local std::unique_ptr<libdeflate_compressor, FreeCompressor> compressors[13];
  auto& compressor = compressors[level];
  if (!compressor) compressor.reset(libdeflate_alloc_compressor(level));
  return compressor.get();
}

Bytes compress(ByteSpan bytes, int level, auto bound, auto run) {
  libdeflate_compressor* compressor = compressor_of(level);
  if (!compressor) return {};
  Bytes out(bound(compressor, bytes.size()));
  out.resize(run(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

}  // namespace

Bytes gzip(ByteSpan bytes, int level) {
  return compress(bytes, level, libdeflate_gzip_compress_bound, libdeflate_gzip_compress);
}

ZlibCompressor deflate_compressor(int level) {
  return [level](ByteSpan bytes) {
    return compress(bytes, level, libdeflate_zlib_compress_bound, libdeflate_zlib_compress);
  };
}

}  // namespace tessera
