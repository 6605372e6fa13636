#pragma once

#include "shared/base/bytes.h"
#include "shared/canvas/png.h"

namespace tessera {

/// A gzip stream (RFC 1952) by libdeflate at `level` (1 … 12); empty where memory is short.
Bytes gzip(ByteSpan bytes, int level);

/// zlib streams (RFC 1950) by libdeflate at `level`; may be called from any thread.
ZlibCompressor deflate_compressor(int level);

}  // namespace tessera
