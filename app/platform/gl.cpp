#include "app/platform/gl.h"

namespace tessera {
namespace {

std::string shader_log(GLuint shader) {
  char log[1024] = "";
  glGetShaderInfoLog(shader, sizeof log, nullptr, log);
  return log;
}

Result<GLuint> compile(GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  GLint compiled = GL_FALSE;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (compiled == GL_TRUE) return shader;
  Error error{"The graphics driver does not take a shader: " + shader_log(shader)};
  glDeleteShader(shader);
  return error;
}

}  // namespace

Result<GLuint> link_program(const char* vertex, const char* fragment) {
  const auto vertex_shader = compile(GL_VERTEX_SHADER, vertex);
  if (!vertex_shader) return vertex_shader.error();
  const auto fragment_shader = compile(GL_FRAGMENT_SHADER, fragment);
  if (!fragment_shader) return fragment_shader.error();
  const GLuint program = glCreateProgram();
  glAttachShader(program, *vertex_shader);
  glAttachShader(program, *fragment_shader);
  glLinkProgram(program);
  glDeleteShader(*vertex_shader);
  glDeleteShader(*fragment_shader);
  GLint linked = GL_FALSE;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  if (linked == GL_TRUE) return program;
  char log[1024] = "";
  glGetProgramInfoLog(program, sizeof log, nullptr, log);
  return Error{std::string("The graphics driver does not link the shaders: ") + log};
}

void set_sampling(GLint minify, GLint magnify) {
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, minify);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, magnify);
}

}  // namespace tessera
