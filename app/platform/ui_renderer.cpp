#include "app/platform/ui_renderer.h"

#include <imgui.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace tessera {
namespace {

constexpr const char* vertex_source = R"(#version 300 es
precision highp float;
layout (location = 0) in vec2 position;
layout (location = 1) in vec2 at;
layout (location = 2) in vec4 tint;
uniform vec2 scale;
out vec2 place;
out vec4 color;
void main() {
  place = at;
  color = tint;
  gl_Position = vec4(position * scale + vec2(-1.0, 1.0), 0.0, 1.0);
}
)";

constexpr const char* fragment_source = R"(#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 place;
in vec4 color;
out vec4 result;
void main() { result = color * texture(picture, place); }
)";

constexpr GLenum index_type = sizeof(ImDrawIdx) == 2 ? GL_UNSIGNED_SHORT : GL_UNSIGNED_INT;

void attribute(GLuint location, GLint count, GLenum type, GLboolean normalized, std::size_t offset) {
  glEnableVertexAttribArray(location);
  glVertexAttribPointer(location, count, type, normalized, sizeof(ImDrawVert), reinterpret_cast<const void*>(offset));
}

template <typename Item>
void fill(GLenum target, const ImVector<Item>& items) {
  glBufferData(target, static_cast<GLsizeiptr>(items.size_in_bytes()), items.Data, GL_STREAM_DRAW);
}

void draw_command(const ImDrawCmd& command, float height) {
  const ImVec4& clip = command.ClipRect;
  if (clip.z <= clip.x || clip.w <= clip.y) return;
  const auto whole = [](float value) { return static_cast<GLint>(std::lround(value)); };
  glScissor(whole(clip.x), whole(height - clip.w), whole(clip.z - clip.x), whole(clip.w - clip.y));
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(reinterpret_cast<std::uintptr_t>(command.GetTexID())));
  glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount), index_type,
                 reinterpret_cast<const void*>(command.IdxOffset * sizeof(ImDrawIdx)));
}

}  // namespace

Result<std::unique_ptr<UiRenderer>> UiRenderer::make() {
  const auto program = link_program(vertex_source, fragment_source);
  if (!program) return program.error();
  return std::unique_ptr<UiRenderer>(new UiRenderer(*program));
}

UiRenderer::UiRenderer(GLuint program) : program_(program), scale_place_(glGetUniformLocation(program, "scale")) {
  glUseProgram(program_);
  glUniform1i(glGetUniformLocation(program_, "picture"), 0);
  glGenVertexArrays(1, &layout_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindVertexArray(layout_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, pos));
  attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(ImDrawVert, uv));
  attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(ImDrawVert, col));
  glBindVertexArray(0);
}

UiRenderer::~UiRenderer() {
  glDeleteProgram(program_);
  glDeleteVertexArrays(1, &layout_);
  glDeleteBuffers(1, &vertices_);
  glDeleteBuffers(1, &indices_);
}

void UiRenderer::renew_fonts() {
  unsigned char* pixels = nullptr;
  int width = 0, height = 0;
  ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  fonts_ = Texture();
  fonts_.bind(GL_TEXTURE0);
  set_sampling(GL_LINEAR, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  ImGui::GetIO().Fonts->SetTexID(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(fonts_.name())));
}

void UiRenderer::set_state(const ImDrawData& data) const {
  glViewport(0, 0, static_cast<GLsizei>(data.DisplaySize.x), static_cast<GLsizei>(data.DisplaySize.y));
  glEnable(GL_SCISSOR_TEST);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glUseProgram(program_);
  glUniform2f(scale_place_, 2 / data.DisplaySize.x, -2 / data.DisplaySize.y);
  glActiveTexture(GL_TEXTURE0);
  glBindVertexArray(layout_);
  // The place for vertices belongs to no layout.
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
}

void UiRenderer::draw(const ImDrawData& data) {
  if (data.DisplaySize.x <= 0 || data.DisplaySize.y <= 0) return;
  set_state(data);
  for (const ImDrawList* list : data.CmdLists) {
    fill(GL_ARRAY_BUFFER, list->VtxBuffer);
    fill(GL_ELEMENT_ARRAY_BUFFER, list->IdxBuffer);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback == nullptr) draw_command(command, data.DisplaySize.y);
    }
  }
  glBindVertexArray(0);
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace tessera
