#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "shared/canvas/tile.h"

namespace tessera {

/// The cells of one canvas, in tiles that are copied when written after having been shared. Tiles never drawn on take
/// no memory. One thread owns it; the pictures it gives out may go to any. Knows nothing of seqs, accounts or rules.
class Canvas {
 public:
  explicit Canvas(Size size);

  Size size() const { return size_; }
  /// Sizes change only at the right and the bottom; cells beyond the new edge are kept, hidden.
  void resize(Size size);

  bool contains(Cell cell) const { return size_.contains(cell); }
  ColorIndex at(Cell cell) const;
  /// `cell` may lie beyond the size but must lie in one of its tiles or a hidden one.
  void set(Cell cell, ColorIndex color);
  void set(TileIndex tile, TileOffset offset, ColorIndex color);

  /// The tile as it is now; later writes leave it as it is. One shared empty tile where nothing was drawn.
  TilePicture picture(TileIndex tile);
  void replace(TileIndex tile, TilePicture picture);
  /// CRC-32C of the tile's 65,536 bytes.
  std::uint32_t checksum(TileIndex tile) const;

 private:
  struct Slot {
    std::shared_ptr<Tile> tile;  // null: never drawn
    bool shared = false;         // a picture is out: copy before writing
  };
  Slot& slot(TileIndex tile);
  const Tile& tile(TileIndex tile) const;

  Size size_;
  std::uint32_t columns_ = 0;  // of slots_, which never shrinks
  std::vector<Slot> slots_;
};

/// W×H indices gathered from tiles, row by row: what pictures and bitmaps are made of. Immutable tiles: any thread.
class Picture {
 public:
  /// `tiles` row by row, `size.tile_columns() × size.tile_rows()` of them; null means empty.
  Picture(Size size, std::vector<TilePicture> tiles) : size_(size), tiles_(std::move(tiles)) {}

  Size size() const { return size_; }
  const TilePicture& tile(TileIndex index) const { return tiles_[index.ty * size_.tile_columns() + index.tx]; }
  ColorIndex at(Cell cell) const;
  /// `width` indices of row `y` from column `x` into `out`.
  void copy_row(std::uint32_t x, std::uint32_t y, std::uint32_t width, ColorIndex* out) const;
  /// The cells of `region` (within size), row by row.
  std::vector<ColorIndex> indices(Rect region) const;

 private:
  Size size_;
  std::vector<TilePicture> tiles_;
};

}  // namespace tessera
