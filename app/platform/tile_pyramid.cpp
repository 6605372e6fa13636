#include "app/platform/tile_pyramid.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tessera {
namespace {

/// sRGB (IEC 61966-2-1) to linear light of 16 bits, and back from its upper 12.
struct Light {
  std::array<std::uint16_t, 256> linear;
  std::array<std::uint8_t, 4096> shown;

  Light() {
    for (std::size_t i = 0; i < 256; ++i) {
      const double c = static_cast<double>(i) / 255;
      linear[i] = static_cast<std::uint16_t>(std::lround(65'535 * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4))));
    }
    for (std::size_t i = 0; i < 4096; ++i) {
      const double c = (static_cast<double>(i) + 0.5) / 4096;
      shown[i] = static_cast<std::uint8_t>(std::lround(255 * (c <= 0.0031308 ? c * 12.92 : 1.055 * std::pow(c, 1 / 2.4) - 0.055)));
    }
  }
};

const Light& light() {
  static const Light table;
  return table;
}

/// The mean of up to four texels.
class Mean {
 public:
  void add(const std::array<std::uint16_t, 3>& color, std::uint8_t drawn) {
    r_ += color[0], g_ += color[1], b_ += color[2], a_ += drawn, ++count_;
  }
  Texel texel() const {
    if (count_ == 0) return {};
    const auto& shown = light().shown;
    return {shown[r_ / count_ >> 4], shown[g_ / count_ >> 4], shown[b_ / count_ >> 4], static_cast<std::uint8_t>(a_ / count_)};
  }

 private:
  std::uint32_t r_ = 0, g_ = 0, b_ = 0, a_ = 0, count_ = 0;
};

}  // namespace

ScreenColors::ScreenColors(const Palette& palette, Rgb paper) {
  for (std::size_t i = 0; i < 256; ++i) {
    const bool drawn = i < palette.size();
    const Rgb color = drawn ? palette[static_cast<ColorIndex>(i)].color : paper;
    shown[i] = {color.r, color.g, color.b, static_cast<std::uint8_t>(drawn ? 255 : 0)};
    linear[i] = {light().linear[color.r], light().linear[color.g], light().linear[color.b]};
  }
}

void TilePyramid::set_extent(std::uint32_t width, std::uint32_t height) {
  width_ = width;
  height_ = height;
  averaged_ = false;
}

void TilePyramid::recolor(const ScreenColors& colors) {
  renew_above({0, 0, tile_side, tile_side}, colors);
  averaged_ = true;
}

Rect TilePyramid::update(const Rect& area, const ColorIndex* cells, const ScreenColors& colors) {
  changed_.clear();
  Rect changed;
  for (std::uint32_t row = 0; row < area.height; ++row) {
    ColorIndex* mine = &cells_.cells[(area.y + row) * tile_side + area.x];
    const ColorIndex* theirs = cells + std::size_t{row} * area.width;
    if (std::memcmp(mine, theirs, area.width) == 0) continue;
    for (std::uint32_t column = 0; column < area.width; ++column) {
      if (mine[column] == theirs[column]) continue;
      mine[column] = theirs[column];
      const std::uint32_t x = area.x + column, y = area.y + row;
      changed = changed.unite({x, y, 1, 1});
      if (changed_.size() <= few_cells) changed_.push_back(static_cast<TileOffset>(y << 8 | x));
    }
  }
  dirty_[0].add(changed);
  if (!averaged_) {
    recolor(colors);
    return {0, 0, tile_side, tile_side};
  }
  if (changed_.size() > few_cells) renew_above(changed, colors);
  else renew_few(colors);
  return changed;
}

void TilePyramid::renew_few(const ScreenColors& colors) {
  for (int level = 1; level < levels; ++level) {
    for (const TileOffset offset : changed_) {
      const auto x = static_cast<std::uint32_t>(offset & 255) >> level, y = static_cast<std::uint32_t>(offset >> 8) >> level;
      renew(level, {x, y, 1, 1}, colors);
    }
  }
}

void TilePyramid::renew_above(const Rect& area, const ScreenColors& colors) {
  for (int level = 1; level < levels; ++level) {
    const std::uint32_t x = area.x >> level, y = area.y >> level;
    renew(level, {x, y, ((area.right() - 1) >> level) - x + 1, ((area.bottom() - 1) >> level) - y + 1}, colors);
  }
}

/// Also one texel beyond the canvas's edge repeats the last one on it, so that blending there fetches nothing foreign.
void TilePyramid::renew(int level, const Rect& area, const ScreenColors& colors) {
  const std::uint32_t columns = ((width_ - 1) >> level) + 1, rows = ((height_ - 1) >> level) + 1, stride = side(level);
  const std::uint32_t right = std::min(area.right(), columns), bottom = std::min(area.bottom(), rows);
  if (area.x >= right || area.y >= bottom) return;
  Texel* texels = averages_.data() + start(level);
  for (std::uint32_t y = area.y; y < bottom; ++y)
    for (std::uint32_t x = area.x; x < right; ++x) texels[y * stride + x] = average(level, x, y, colors);

  Rect written{area.x, area.y, right - area.x, bottom - area.y};
  if (right == columns && columns < stride) {
    for (std::uint32_t y = area.y; y < bottom; ++y) texels[y * stride + columns] = texels[y * stride + columns - 1];
    ++written.width;
  }
  if (bottom == rows && rows < stride) {
    std::copy_n(texels + (rows - 1) * stride + written.x, written.width, texels + rows * stride + written.x);
    ++written.height;
  }
  dirty_[static_cast<std::size_t>(level)].add(written);
}

Texel TilePyramid::average(int level, std::uint32_t x, std::uint32_t y, const ScreenColors& colors) const {
  const std::uint32_t below_columns = ((width_ - 1) >> (level - 1)) + 1, below_rows = ((height_ - 1) >> (level - 1)) + 1;
  const std::uint32_t right = std::min(2 * x + 2, below_columns), bottom = std::min(2 * y + 2, below_rows);
  Mean mean;
  if (level == 1) {
    for (std::uint32_t row = 2 * y; row < bottom; ++row) {
      for (std::uint32_t column = 2 * x; column < right; ++column) {
        const ColorIndex index = cells_.cells[row * tile_side + column];
        mean.add(colors.linear[index], colors.shown[index].a);
      }
    }
    return mean.texel();
  }
  const Texel* below = texels(level - 1);
  for (std::uint32_t row = 2 * y; row < bottom; ++row) {
    for (std::uint32_t column = 2 * x; column < right; ++column) {
      const Texel& texel = below[row * side(level - 1) + column];
      mean.add({light().linear[texel.r], light().linear[texel.g], light().linear[texel.b]}, texel.a);
    }
  }
  return mean.texel();
}

}  // namespace tessera
