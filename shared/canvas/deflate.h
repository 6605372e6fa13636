#pragma once

#include "shared/base/bytes.h"
#include "shared/base/result.h"
#include "shared/canvas/tile.h"

namespace tessera {

/// zlib (RFC 1950) of a tile's 65,536 bytes at `level` (1 … 9).
Bytes compress_tile(const Tile& tile, int level);
/// Exactly 65,536 bytes once inflated, else an error; never inflates past them.
Result<Tile> inflate_tile(ByteSpan zlib);

}  // namespace tessera
