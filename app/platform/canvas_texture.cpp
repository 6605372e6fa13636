#include "app/platform/canvas_texture.h"

#include <algorithm>

namespace tessera {
namespace {

/// Uploads `area` of a picture whose rows are `stride` long.
void upload(GLint level, const Rect& area, std::uint32_t stride, GLenum format, GLenum type, const void* corner) {
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(stride));
  glTexSubImage2D(GL_TEXTURE_2D, level, static_cast<GLint>(area.x), static_cast<GLint>(area.y), static_cast<GLsizei>(area.width),
                  static_cast<GLsizei>(area.height), format, type, corner);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

int overview_level_for(Size size) {
  int level = 1;
  while (level < TilePyramid::levels - 1 && ((std::max(size.width, size.height) - 1) >> level) + 1 > CanvasTexture::overview_side) ++level;
  return level;
}

}  // namespace

CanvasTexture::CanvasTexture() : palette_(Palette::r_place_2022()), paper_{255, 255, 255}, scratch_(tile_cells) {
  colors_texture_.bind(GL_TEXTURE0);
  set_sampling(GL_NEAREST, GL_NEAREST);
  glTexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA8, 256, 1);
  no_indices_.bind(GL_TEXTURE0);
  set_sampling(GL_NEAREST, GL_NEAREST);
  glTexStorage2D(GL_TEXTURE_2D, 1, GL_R8UI, 1, 1);
  overview_texture_.bind(GL_TEXTURE0);
  set_sampling(GL_LINEAR, GL_LINEAR);
  glTexStorage2D(GL_TEXTURE_2D, 1, GL_RGBA8, overview_side, overview_side);
  set_colors(Palette(palette_), {254, 254, 254});
}

void CanvasTexture::set_colors(const Palette& palette, Rgb paper) {
  if (palette == palette_ && paper == paper_) return;
  palette_ = palette;
  paper_ = paper;
  screen_ = ScreenColors(palette, paper);
  colors_texture_.bind(GL_TEXTURE0);
  upload(0, {0, 0, 256, 1}, 256, GL_RGBA, GL_UNSIGNED_BYTE, screen_.shown.data());
  clear_overview();
  for (auto& [index, tile] : tiles_) {
    tile->pyramid.recolor(screen_);
    touch_overview(index, *tile, {0, 0, tile_side, tile_side});
  }
}

void CanvasTexture::clear_overview() {
  // Transparent: what has not been seen is not paper.
  const std::vector<Texel> blank(std::size_t{overview_side} * overview_side, Texel{paper_.r, paper_.g, paper_.b, 0});
  overview_texture_.bind(GL_TEXTURE0);
  upload(0, {0, 0, overview_side, overview_side}, overview_side, GL_RGBA, GL_UNSIGNED_BYTE, blank.data());
  overview_stale_.clear();
}

void CanvasTexture::fit(TileIndex index, TilePyramid& pyramid) {
  pyramid.set_extent(std::min(tile_side, size_.width - index.tx * tile_side), std::min(tile_side, size_.height - index.ty * tile_side));
}

void CanvasTexture::resize(Size size) {
  size_ = {std::max(1u, size.width), std::max(1u, size.height)};
  overview_level_ = overview_level_for(size_);
  clear_overview();
  std::erase_if(tiles_, [&](const auto& entry) {
    return entry.first.tx >= size_.tile_columns() || entry.first.ty >= size_.tile_rows();
  });
  for (auto& [index, tile] : tiles_) {
    fit(index, tile->pyramid);
    tile->pyramid.recolor(screen_);
    touch_overview(index, *tile, {0, 0, tile_side, tile_side});
  }
}

/// The minimap takes what it lacks first, since tiles may go here.
void CanvasTexture::update(Replica& replica) {
  overview();
  for (const TileIndex index : replica.take_released()) tiles_.erase(index);
  if (replica.epoch() != epoch_) {
    epoch_ = replica.epoch();
    clear_overview();
  }
  if (replica.size() != size_ && replica.size().cells() > 0) resize(replica.size());
  for (const DirtyTile& dirty : replica.take_dirty()) {
    if (!replica.holds(dirty.tile) || dirty.tile.tx >= size_.tile_columns() || dirty.tile.ty >= size_.tile_rows()) continue;
    Tile& tile = tile_at(dirty.tile);
    tile.loaded = replica.loaded(dirty.tile);
    replica.copy_shown(dirty.tile, dirty.area, scratch_.data());
    touch_overview(dirty.tile, tile, tile.pyramid.update(dirty.area, scratch_.data(), screen_));
  }
}

CanvasTexture::Tile& CanvasTexture::tile_at(TileIndex index) {
  auto& tile = tiles_[index];
  if (tile) return *tile;
  tile = std::make_unique<Tile>();
  fit(index, tile->pyramid);
  return *tile;
}

const CanvasTexture::Tile* CanvasTexture::prepare(TileIndex index, int first_level, int last_level) {
  const auto found = tiles_.find(index);
  if (found == tiles_.end() || !found->second->loaded) return nullptr;
  Tile& tile = *found->second;
  if (first_level == 0) upload_indices(tile);
  for (int level = std::max(1, first_level); level <= last_level; ++level) upload_level(tile, level);
  return &tile;
}

void CanvasTexture::upload_indices(Tile& tile) {
  const Rect area = tile.pyramid.take_dirty(0);
  if (area.empty()) return;
  tile.indices.bind(GL_TEXTURE0);
  if (!tile.has_indices) {
    set_sampling(GL_NEAREST, GL_NEAREST);
    glTexStorage2D(GL_TEXTURE_2D, 1, GL_R8UI, tile_side, tile_side);
    tile.has_indices = true;
  }
  upload(0, area, tile_side, GL_RED_INTEGER, GL_UNSIGNED_BYTE, tile.pyramid.indices() + area.y * tile_side + area.x);
}

void CanvasTexture::upload_level(Tile& tile, int level) {
  const Rect area = tile.pyramid.take_dirty(level);
  if (area.empty()) return;
  tile.averages.bind(GL_TEXTURE0);
  if (!tile.has_averages) {
    set_sampling(GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR);
    glTexStorage2D(GL_TEXTURE_2D, TilePyramid::levels - 1, GL_RGBA8, tile_side / 2, tile_side / 2);
    tile.has_averages = true;
  }
  const std::uint32_t stride = TilePyramid::side(level);
  upload(level - 1, area, stride, GL_RGBA, GL_UNSIGNED_BYTE, tile.pyramid.texels(level) + area.y * stride + area.x);
}

void CanvasTexture::touch_overview(TileIndex index, Tile& tile, const Rect& area) {
  if (area.empty()) return;
  if (tile.overview.empty()) overview_stale_.push_back(index);
  tile.overview.add(area);
}

const Texture& CanvasTexture::overview() {
  for (const TileIndex index : overview_stale_) {
    const auto found = tiles_.find(index);
    if (found != tiles_.end() && found->second->loaded) upload_overview(index, *found->second);
  }
  overview_stale_.clear();
  return overview_texture_;
}

void CanvasTexture::upload_overview(TileIndex index, Tile& tile) {
  const Rect cells = tile.overview.take().intersect({0, 0, tile.pyramid.width(), tile.pyramid.height()});
  if (cells.empty()) return;
  const int level = overview_level_;
  const std::uint32_t x = cells.x >> level, y = cells.y >> level;
  const Rect texels{x, y, ((cells.right() - 1) >> level) - x + 1, ((cells.bottom() - 1) >> level) - y + 1};
  const std::uint32_t side = TilePyramid::side(level);
  texel_scratch_.clear();
  for (std::uint32_t row = texels.y; row < texels.bottom(); ++row) {
    const Texel* from = tile.pyramid.texels(level) + row * side + texels.x;
    // Opaque: what shows it would blend paper with what lies behind.
    for (std::uint32_t i = 0; i < texels.width; ++i) texel_scratch_.push_back({from[i].r, from[i].g, from[i].b, 255});
  }
  overview_texture_.bind(GL_TEXTURE0);
  upload(0, {index.tx * side + texels.x, index.ty * side + texels.y, texels.width, texels.height}, texels.width, GL_RGBA,
         GL_UNSIGNED_BYTE, texel_scratch_.data());
}

}  // namespace tessera
