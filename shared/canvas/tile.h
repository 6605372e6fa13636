#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "shared/base/bytes.h"
#include "shared/base/geometry.h"

namespace tessera {

/// 256×256 colour indices, row by row; cells beyond the canvas's edge are kept too, clients clip.
struct Tile {
  std::array<ColorIndex, tile_cells> cells;

  Tile() { cells.fill(empty_color); }
  ColorIndex operator[](TileOffset offset) const { return cells[offset]; }
  ColorIndex& operator[](TileOffset offset) { return cells[offset]; }
  ByteSpan bytes() const { return cells; }
  bool operator==(const Tile&) const = default;
};

/// A tile as others may hold it: never changes.
using TilePicture = std::shared_ptr<const Tile>;

}  // namespace tessera
