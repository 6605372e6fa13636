#include "shared/canvas/canvas.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "shared/base/crc32c.h"

namespace tessera {
namespace {

const std::shared_ptr<Tile>& empty_tile() {
  static const std::shared_ptr<Tile> tile = std::make_shared<Tile>();
  return tile;
}

}  // namespace

Canvas::Canvas(Size size) { resize(size); }

void Canvas::resize(Size size) {
  assert(size.width <= max_canvas_side && size.height <= max_canvas_side);
  const std::uint32_t rows = columns_ == 0 ? 0 : static_cast<std::uint32_t>(slots_.size() / columns_);
  const std::uint32_t new_columns = std::max(columns_, size.tile_columns());
  const std::uint32_t new_rows = std::max(rows, size.tile_rows());
  size_ = size;
  if (new_columns == columns_ && new_rows == rows) return;
  std::vector<Slot> slots(std::size_t{new_columns} * new_rows);
  for (std::size_t row = 0; row < rows; ++row)
    std::move(slots_.begin() + static_cast<std::ptrdiff_t>(row * columns_),
              slots_.begin() + static_cast<std::ptrdiff_t>((row + 1) * columns_),
              slots.begin() + static_cast<std::ptrdiff_t>(row * new_columns));
  slots_ = std::move(slots);
  columns_ = new_columns;
}

Canvas::Slot& Canvas::slot(TileIndex tile) {
  const std::size_t at = std::size_t{tile.ty} * columns_ + tile.tx;
  assert(tile.tx < columns_ && at < slots_.size());
  return slots_[at];
}

const Tile& Canvas::tile(TileIndex tile) const {
  const std::size_t at = std::size_t{tile.ty} * columns_ + tile.tx;
  if (tile.tx >= columns_ || at >= slots_.size() || !slots_[at].tile) return *empty_tile();
  return *slots_[at].tile;
}

ColorIndex Canvas::at(Cell cell) const { return tile(tile_of(cell))[offset_of(cell)]; }

void Canvas::set(Cell cell, ColorIndex color) { set(tile_of(cell), offset_of(cell), color); }

void Canvas::set(TileIndex tile, TileOffset offset, ColorIndex color) {
  Slot& slot = this->slot(tile);
  if (!slot.tile) {
    slot.tile = std::make_shared<Tile>();
  } else if (slot.shared) {
    slot.tile = std::make_shared<Tile>(*slot.tile);
  }
  slot.shared = false;
  (*slot.tile)[offset] = color;
}

TilePicture Canvas::picture(TileIndex tile) {
  const std::size_t at = std::size_t{tile.ty} * columns_ + tile.tx;
  if (tile.tx >= columns_ || at >= slots_.size() || !slots_[at].tile) return empty_tile();
  slots_[at].shared = true;
  return slots_[at].tile;
}

void Canvas::replace(TileIndex tile, TilePicture picture) {
  // 'shared' keeps the promise that nobody writes through this pointer.
  slot(tile) = {std::const_pointer_cast<Tile>(std::move(picture)), true};
}

std::uint32_t Canvas::checksum(TileIndex tile) const { return crc32c(this->tile(tile).bytes()); }

ColorIndex Picture::at(Cell cell) const {
  const TilePicture& picture = tile(tile_of(cell));
  return picture ? (*picture)[offset_of(cell)] : empty_color;
}

void Picture::copy_row(std::uint32_t x, std::uint32_t y, std::uint32_t width, ColorIndex* out) const {
  assert(y < size_.height && x <= size_.width && width <= size_.width - x);
  while (width > 0) {
    const std::uint32_t within = x % tile_side;
    const std::uint32_t count = std::min(width, tile_side - within);
    const TilePicture& picture = tiles_[std::size_t{y / tile_side} * size_.tile_columns() + x / tile_side];
    if (picture)
      std::memcpy(out, picture->cells.data() + y % tile_side * tile_side + within, count);
    else
      std::memset(out, empty_color, count);
    out += count;
    x += count;
    width -= count;
  }
}

std::vector<ColorIndex> Picture::indices(Rect region) const {
  std::vector<ColorIndex> out(std::size_t{region.width} * region.height);
  for (std::uint32_t row = 0; row < region.height; ++row)
    copy_row(region.x, region.y + row, region.width, out.data() + std::size_t{row} * region.width);
  return out;
}

}  // namespace tessera
