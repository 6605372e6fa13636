#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "shared/base/ids.h"

namespace tessera {

/// Cells along a tile's side; a tile is the unit of loading, watching, sending and storing.
inline constexpr std::uint32_t tile_side = 256;
inline constexpr std::uint32_t tile_cells = tile_side * tile_side;
/// Longest side of a canvas, in cells.
inline constexpr std::uint32_t max_canvas_side = 65'535;

/// A position on a canvas: (0, 0) is top left, x grows right, y grows down.
struct Cell {
  std::uint16_t x = 0;
  std::uint16_t y = 0;
  auto operator<=>(const Cell&) const = default;
};

/// A tile's column and row.
struct TileIndex {
  std::uint8_t tx = 0;
  std::uint8_t ty = 0;
  auto operator<=>(const TileIndex&) const = default;
  /// Row by row over the largest canvas: fits 16 bits and orders as tiles are stored.
  constexpr std::uint16_t key() const { return static_cast<std::uint16_t>(ty << 8 | tx); }
  static constexpr TileIndex from_key(std::uint16_t key) {
    return {static_cast<std::uint8_t>(key & 255), static_cast<std::uint8_t>(key >> 8)};
  }
};

/// Position of a cell within its tile: (y mod 256) · 256 + (x mod 256).
using TileOffset = std::uint16_t;

constexpr TileIndex tile_of(Cell cell) {
  return {static_cast<std::uint8_t>(cell.x >> 8), static_cast<std::uint8_t>(cell.y >> 8)};
}
constexpr TileOffset offset_of(Cell cell) { return static_cast<TileOffset>((cell.y & 255) << 8 | (cell.x & 255)); }
constexpr Cell cell_at(TileIndex tile, TileOffset offset) {
  return {static_cast<std::uint16_t>(tile.tx << 8 | (offset & 255)),
          static_cast<std::uint16_t>(tile.ty << 8 | offset >> 8)};
}

/// Width and height in cells.
struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  auto operator<=>(const Size&) const = default;
  constexpr bool contains(Cell cell) const { return cell.x < width && cell.y < height; }
  constexpr std::uint64_t cells() const { return std::uint64_t{width} * height; }
  constexpr std::uint32_t tile_columns() const { return (width + tile_side - 1) / tile_side; }
  constexpr std::uint32_t tile_rows() const { return (height + tile_side - 1) / tile_side; }
};

/// Cells x … x+width-1, y … y+height-1; empty where a side is 0.
struct Rect {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  auto operator<=>(const Rect&) const = default;

  constexpr bool empty() const { return width == 0 || height == 0; }
  constexpr std::uint32_t right() const { return x + width; }
  constexpr std::uint32_t bottom() const { return y + height; }
  constexpr bool contains(Cell cell) const {
    return cell.x >= x && cell.y >= y && cell.x - x < width && cell.y - y < height;
  }
  constexpr Rect intersect(const Rect& other) const {
    const std::uint32_t left = std::max(x, other.x), top = std::max(y, other.y);
    const std::uint32_t far_x = std::min(right(), other.right()), far_y = std::min(bottom(), other.bottom());
    if (left >= far_x || top >= far_y) return {};
    return {left, top, far_x - left, far_y - top};
  }
  /// The smallest rectangle that holds both.
  constexpr Rect unite(const Rect& other) const {
    if (empty()) return other;
    if (other.empty()) return *this;
    const std::uint32_t left = std::min(x, other.x), top = std::min(y, other.y);
    return {left, top, std::max(right(), other.right()) - left, std::max(bottom(), other.bottom()) - top};
  }
};

/// A cell and the colour it is to have, or has.
struct CellColor {
  Cell cell;
  ColorIndex color = empty_color;
  auto operator<=>(const CellColor&) const = default;
};

}  // namespace tessera
