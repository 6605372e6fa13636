#pragma once

#include <map>
#include <memory>
#include <vector>

#include "app/model/replica.h"
#include "app/platform/gl.h"
#include "app/platform/tile_pyramid.h"

namespace tessera {

/// The canvas in textures: for each tile that the replica holds one of palette indices, one byte a cell, and one of
/// averaged colours for the zooms below 1; and a small picture of the whole canvas for the minimap, which remembers tiles
/// let go. An update uploads what changed, and only in the levels that are looked at. Main thread, with the GL context.
class CanvasTexture {
 public:
  struct Tile {
    TilePyramid pyramid;
    Texture indices;
    Texture averages;
    DirtyRect overview;  ///< cells that the minimap does not show yet
    bool has_indices = false;
    bool has_averages = false;
    bool loaded = false;
  };
  static constexpr std::uint32_t overview_side = 512;

  CanvasTexture();
  /// Takes over what changed in the replica.
  void update(Replica& replica);
  /// Other colours, or another canvas: what is held is drawn anew.
  void set_colors(const Palette& palette, Rgb paper);

  /// The tile ready to be drawn at these levels (0: indices); nothing where it has not come.
  const Tile* prepare(TileIndex tile, int first_level, int last_level);
  /// The 256×1 palette with paper, as RGBA.
  const Texture& colors() const { return colors_texture_; }
  /// For the shader's place of indices where there are none: WebGL checks the kind of each texture.
  const Texture& no_indices() const { return no_indices_; }
  /// The whole canvas, `overview_width × overview_height` texels used of `overview_side` squared.
  const Texture& overview();
  std::uint32_t overview_width() const { return ((size_.width - 1) >> overview_level_) + 1; }
  std::uint32_t overview_height() const { return ((size_.height - 1) >> overview_level_) + 1; }
  Size size() const { return size_; }

 private:
  Tile& tile_at(TileIndex index);
  void resize(Size size);
  void fit(TileIndex index, TilePyramid& pyramid);
  void upload_indices(Tile& tile);
  void upload_level(Tile& tile, int level);
  void upload_overview(TileIndex index, Tile& tile);
  void clear_overview();
  void touch_overview(TileIndex index, Tile& tile, const Rect& area);

  Size size_{1, 1};
  Epoch epoch_{};
  Palette palette_;
  Rgb paper_;
  ScreenColors screen_;
  std::map<TileIndex, std::unique_ptr<Tile>> tiles_;
  std::vector<TileIndex> overview_stale_;
  Texture colors_texture_;
  Texture no_indices_;
  Texture overview_texture_;
  int overview_level_ = 1;
  std::vector<ColorIndex> scratch_;
  std::vector<Texel> texel_scratch_;
};

}  // namespace tessera
