#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/base/geometry.h"
#include "shared/canvas/dirty.h"
#include "shared/canvas/palette.h"
#include "shared/canvas/tile.h"

namespace tessera {

/// A colour as a texture holds it; `a` is the part of its cells that was ever drawn.
struct Texel {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  bool operator==(const Texel&) const = default;
};

/// The 256 colours that a cell's index may mean on screen: palette, and paper wherever there is none. Also in linear
/// light, in which colours are averaged: a checkerboard seen from afar is as bright as seen from near.
struct ScreenColors {
  std::array<Texel, 256> shown{};
  std::array<std::array<std::uint16_t, 3>, 256> linear{};

  ScreenColors() : ScreenColors(Palette::r_place_2022(), {255, 255, 255}) {}
  ScreenColors(const Palette& palette, Rgb paper);
};

/// One tile as it is drawn: its indices, and each level above them half as wide, its colours averaged (level 8 is one
/// texel). Keeps what changed in each level until it is taken for an upload. Main thread; knows no textures.
class TilePyramid {
 public:
  static constexpr int levels = 9;  ///< 0: the indices
  static constexpr std::uint32_t side(int level) { return tile_side >> level; }

  TilePyramid() : averages_(start(levels)) { dirty_[0].add(Rect{0, 0, tile_side, tile_side}); }
  /// The part of the tile that lies on the canvas; what lies beyond takes no part in averages, which are out of date then.
  void set_extent(std::uint32_t width, std::uint32_t height);
  /// `area` now holds `cells`, row by row. Compares, and answers what really changed: only that is averaged and taken again.
  Rect update(const Rect& area, const ColorIndex* cells, const ScreenColors& colors);
  /// Averages everything anew: other colours or another extent for the same indices.
  void recolor(const ScreenColors& colors);

  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }
  /// 256×256 rows.
  const ColorIndex* indices() const { return cells_.cells.data(); }
  /// `side(level)` rows of as many, level ≥ 1.
  const Texel* texels(int level) const { return averages_.data() + start(level); }
  /// What changed in `level` since it was last taken.
  Rect take_dirty(int level) { return dirty_[static_cast<std::size_t>(level)].take(); }

 private:
  /// More changed cells than this: averaging whole levels is cheaper than one column of texels for each.
  static constexpr std::size_t few_cells = 512;
  static constexpr std::size_t start(int level) {
    std::size_t at = 0;
    for (int i = 1; i < level; ++i) at += std::size_t{side(i)} * side(i);
    return at;
  }
  Texel average(int level, std::uint32_t x, std::uint32_t y, const ScreenColors& colors) const;
  void renew(int level, const Rect& area, const ScreenColors& colors);
  void renew_few(const ScreenColors& colors);
  void renew_above(const Rect& area, const ScreenColors& colors);

  Tile cells_;
  std::vector<Texel> averages_;
  std::array<DirtyRect, levels> dirty_;
  std::vector<TileOffset> changed_;
  std::uint32_t width_ = tile_side;
  std::uint32_t height_ = tile_side;
  bool averaged_ = false;
};

}  // namespace tessera
