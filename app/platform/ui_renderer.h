#pragma once

#include <memory>

#include "app/platform/gl.h"
#include "shared/base/result.h"

struct ImDrawData;

namespace tessera {

/// Draws what ImGui has gathered. Unlike ImGui's own backend it neither saves nor asks for GL's state: in a browser each
/// question waits until all drawing is done. Main thread, with the GL context; whoever draws next sets what it needs.
class UiRenderer {
 public:
  static Result<std::unique_ptr<UiRenderer>> make();
  ~UiRenderer();
  UiRenderer(const UiRenderer&) = delete;
  UiRenderer& operator=(const UiRenderer&) = delete;

  /// Makes the texture of ImGui's font atlas anew.
  void renew_fonts();
  void draw(const ImDrawData& data);

 private:
  explicit UiRenderer(GLuint program);
  void set_state(const ImDrawData& data) const;

  GLuint program_;
  GLint scale_place_;
  GLuint layout_ = 0;
  GLuint vertices_ = 0;
  GLuint indices_ = 0;
  Texture fonts_;
};

}  // namespace tessera
