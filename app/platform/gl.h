#pragma once

#include <GLES3/gl3.h>

#include <string>
#include <utility>

#include "shared/base/result.h"

namespace tessera {

/// A texture that is given back with its owner. Main thread, with the GL context current.
class Texture {
 public:
  Texture() { glGenTextures(1, &name_); }
  ~Texture() {
    if (name_ != 0) glDeleteTextures(1, &name_);
  }
  Texture(Texture&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  Texture& operator=(Texture&& other) noexcept {
    std::swap(name_, other.name_);
    return *this;
  }
  GLuint name() const { return name_; }
  void bind(GLenum unit) const {
    glActiveTexture(unit);
    glBindTexture(GL_TEXTURE_2D, name_);
  }

 private:
  GLuint name_ = 0;
};

/// Vertex and fragment shader of GLSL ES 3.00 linked; an error is the driver's own log.
Result<GLuint> link_program(const char* vertex, const char* fragment);

/// Sets both wraps to the edge and both filters.
void set_sampling(GLint minify, GLint magnify);

}  // namespace tessera
