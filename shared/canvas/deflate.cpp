#include "shared/canvas/deflate.h"

#include <zlib.h>

namespace tessera {

Bytes compress_tile(const Tile& tile, int level) {
  uLongf size = compressBound(tile_cells);
  Bytes out(size);
  if (compress2(out.data(), &size, tile.cells.data(), tile_cells, level) != Z_OK) return {};
  out.resize(size);
  return out;
}

Result<Tile> inflate_tile(ByteSpan zlib) {
  Tile tile;
  uLongf size = tile_cells;
  uLong used = static_cast<uLong>(zlib.size());
  switch (uncompress2(tile.cells.data(), &size, zlib.data(), &used)) {
    case Z_OK:
      break;
    case Z_BUF_ERROR:
      return Error{"compressed tile: longer than 65,536 bytes once inflated"};
    case Z_MEM_ERROR:
      return Error{"compressed tile: no memory to inflate it"};
    default:
      return Error{"compressed tile: damaged or cut short"};
  }
  if (size != tile_cells) return Error{"compressed tile: " + std::to_string(size) + " bytes once inflated, not 65,536"};
  if (used != zlib.size())
    return Error{"compressed tile: " + std::to_string(zlib.size() - used) + " bytes too many at its end"};
  return tile;
}

}  // namespace tessera
