#pragma once

#include <atomic>

#include "shared/base/bytes.h"

namespace tessera {

/// For files that are compressed once and sent often: the smallest these formats give. Empty on failure.
Bytes gzip_compress(ByteSpan bytes);
/// Takes seconds for a large file: gives up where `stop` becomes true.
Bytes brotli_compress(ByteSpan bytes, const std::atomic<bool>& stop);

}  // namespace tessera
