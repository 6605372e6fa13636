#pragma once

#include <cstddef>
#include <memory>

#include "app/model/model.h"
#include "app/platform/canvas_texture.h"
#include "shared/base/result.h"

namespace tessera {

/// What surrounds the cells; the rest of the colours are the palette's.
struct CanvasColors {
  Rgb ground;
  Rgb paper;
  bool operator==(const CanvasColors&) const = default;
};

/// Draws the canvas below everything else: ground, tiles as the viewport shows them, grid lines. Main thread, with the GL
/// context; knows no input and no panels.
class CanvasRenderer {
 public:
  static Result<std::unique_ptr<CanvasRenderer>> make();
  ~CanvasRenderer();
  CanvasRenderer(const CanvasRenderer&) = delete;
  CanvasRenderer& operator=(const CanvasRenderer&) = delete;

  /// Into the whole window. Takes what changed from `model.replica`.
  void draw(Model& model, const CanvasColors& colors);
  CanvasTexture& texture() { return texture_; }

 private:
  struct Places {
    GLint area, window, origin, zoom, detail, extent, first_cell, grid, paper_contrast, loaded, paper;
  };
  CanvasRenderer(GLuint program, GLuint vertices);
  void draw_tile(const Model& model, TileIndex index, int first_level, int last_level);

  CanvasTexture texture_;
  GLuint program_;
  GLuint vertices_;
  Places places_{};
};

}  // namespace tessera
