#include "app/platform/canvas_renderer.h"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr double grid_from_zoom = 8;
constexpr float grid_strength = 0.14f;
/// Paper is two shades in blocks of 8×8 cells; from afar, where they would only shimmer, they melt together.
constexpr double paper_block = 8;
constexpr float paper_contrast = 0.035f;

constexpr const char* vertex_source = R"(#version 300 es
precision highp float;
uniform vec4 area;     // left, top, right, bottom in pixels of the window
uniform vec2 window;
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 at = mix(area.xy, area.zw, corner);
  gl_Position = vec4(at.x / window.x * 2.0 - 1.0, 1.0 - at.y / window.y * 2.0, 0.0, 1.0);
}
)";

constexpr const char* fragment_source = R"(#version 300 es
precision highp float;
precision highp int;
uniform highp usampler2D cells;
uniform sampler2D colors;
uniform sampler2D averages;
uniform vec2 window;
uniform vec2 origin;          // of the tile, in pixels
uniform float zoom;           // pixels a cell
uniform float detail;         // 0: cells; 1: averages of 2x2; 2: of 4x4 ...
uniform ivec2 extent;         // cells of the tile that lie on the canvas
uniform vec2 first_cell;
uniform vec2 grid;            // width of a line in pixels, strength
uniform float paper_contrast;
uniform bool loaded;
uniform vec3 paper;
out vec4 result;

vec4 color_of(ivec2 cell) {
  uint index = texelFetch(cells, clamp(cell, ivec2(0), extent - 1), 0).r;
  return texelFetch(colors, ivec2(int(index), 0), 0);
}

// Each cell a square with edges one pixel soft, so that odd zooms are even and whole ones exact.
vec4 sharp(vec2 at) {
  vec2 between = at - 0.5;
  ivec2 cell = ivec2(floor(between));
  vec2 far = clamp((fract(between) - 0.5) * zoom + 0.5, 0.0, 1.0);
  vec4 top = mix(color_of(cell), color_of(cell + ivec2(1, 0)), far.x);
  vec4 bottom = mix(color_of(cell + ivec2(0, 1)), color_of(cell + ivec2(1, 1)), far.x);
  return mix(top, bottom, far.y);
}

void main() {
  vec2 pixel = vec2(gl_FragCoord.x, window.y - gl_FragCoord.y) - origin;
  vec2 at = pixel / zoom;
  vec4 color = vec4(paper, 0.0);
  if (loaded && detail >= 1.0) color = textureLod(averages, at / 256.0, detail - 1.0);
  else if (loaded && detail > 0.0) color = mix(sharp(at), textureLod(averages, at / 256.0, 0.0), detail);
  else if (loaded) color = sharp(at);

  vec2 block = floor((first_cell + at) / 8.0);
  float shade = mod(block.x + block.y, 2.0) * paper_contrast * (1.0 - color.a);
  color.rgb *= 1.0 - shade;

  vec2 inside = fract(at + 0.5 / 65536.0) * zoom;
  if (min(inside.x, inside.y) < grid.x) {
    float light = dot(color.rgb, vec3(0.299, 0.587, 0.114));
    color.rgb = mix(color.rgb, vec3(light > 0.5 ? 0.0 : 1.0), grid.y);
  }
  result = vec4(color.rgb, 1.0);
}
)";

void set(GLint place, Rgb color) {
  glUniform3f(place, static_cast<float>(color.r) / 255, static_cast<float>(color.g) / 255, static_cast<float>(color.b) / 255);
}

}  // namespace

Result<std::unique_ptr<CanvasRenderer>> CanvasRenderer::make() {
  const auto program = link_program(vertex_source, fragment_source);
  if (!program) return program.error();
  GLuint vertices = 0;
  glGenVertexArrays(1, &vertices);
  return std::unique_ptr<CanvasRenderer>(new CanvasRenderer(*program, vertices));
}

CanvasRenderer::CanvasRenderer(GLuint program, GLuint vertices) : program_(program), vertices_(vertices) {
  const auto place = [&](const char* name) { return glGetUniformLocation(program_, name); };
  places_ = {place("area"),       place("window"), place("origin"),         place("zoom"),   place("detail"), place("extent"),
             place("first_cell"), place("grid"),   place("paper_contrast"), place("loaded"), place("paper")};
  glUseProgram(program_);
  glUniform1i(place("cells"), 0);
  glUniform1i(place("colors"), 1);
  glUniform1i(place("averages"), 2);
}

CanvasRenderer::~CanvasRenderer() {
  glDeleteProgram(program_);
  glDeleteVertexArrays(1, &vertices_);
}

void CanvasRenderer::draw(Model& model, const CanvasColors& colors) {
  const Viewport& view = model.viewport;
  texture_.set_colors(model.palette, colors.paper);
  texture_.update(model.replica);

  glViewport(0, 0, static_cast<GLsizei>(view.width()), static_cast<GLsizei>(view.height()));
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_BLEND);
  glClearColor(static_cast<float>(colors.ground.r) / 255, static_cast<float>(colors.ground.g) / 255,
               static_cast<float>(colors.ground.b) / 255, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  if (model.screen != Screen::Canvas || view.canvas().cells() == 0) return;

  const double zoom = view.zoom();
  const double detail = std::clamp(-std::log2(zoom), 0.0, double{TilePyramid::levels - 1});
  const bool grid = model.settings.grid && zoom >= grid_from_zoom * view.pixel_ratio();
  glUseProgram(program_);
  glBindVertexArray(vertices_);
  texture_.colors().bind(GL_TEXTURE1);
  glUniform2f(places_.window, static_cast<float>(view.width()), static_cast<float>(view.height()));
  glUniform1f(places_.zoom, static_cast<float>(zoom));
  glUniform1f(places_.detail, static_cast<float>(detail));
  glUniform2f(places_.grid, grid ? std::max(1.0f, static_cast<float>(std::floor(view.pixel_ratio()))) : 0.0f, grid_strength);
  glUniform1f(places_.paper_contrast, paper_contrast * static_cast<float>(std::clamp((zoom * paper_block - 3) / 5, 0.0, 1.0)));
  set(places_.paper, colors.paper);

  const int first_level = static_cast<int>(std::floor(detail)), last_level = static_cast<int>(std::ceil(detail));
  const Rect cells = view.visible_cells();
  if (cells.empty()) return;
  for (std::uint32_t ty = cells.y / tile_side; ty <= (cells.bottom() - 1) / tile_side; ++ty)
    for (std::uint32_t tx = cells.x / tile_side; tx <= (cells.right() - 1) / tile_side; ++tx)
      draw_tile(model, {static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)}, first_level, last_level);
  glBindVertexArray(0);
  glActiveTexture(GL_TEXTURE0);
}

void CanvasRenderer::draw_tile(const Model& model, TileIndex index, int first_level, int last_level) {
  const Viewport& view = model.viewport;
  const Size size = view.canvas();
  const double zoom = view.zoom();
  const std::uint32_t x = index.tx * tile_side, y = index.ty * tile_side;
  const std::uint32_t columns = std::min(tile_side, size.width - x), rows = std::min(tile_side, size.height - y);
  const double left = view.origin().x + x * zoom, top = view.origin().y + y * zoom;

  const CanvasTexture::Tile* tile = texture_.prepare(index, first_level, last_level);
  (tile && tile->has_indices ? tile->indices : texture_.no_indices()).bind(GL_TEXTURE0);
  (tile && tile->has_averages ? tile->averages : texture_.colors()).bind(GL_TEXTURE2);
  glUniform1i(places_.loaded, tile != nullptr ? 1 : 0);
  glUniform2f(places_.origin, static_cast<float>(left), static_cast<float>(top));
  glUniform4f(places_.area, static_cast<float>(left), static_cast<float>(top), static_cast<float>(left + columns * zoom),
              static_cast<float>(top + rows * zoom));
  glUniform2i(places_.extent, static_cast<GLint>(columns), static_cast<GLint>(rows));
  glUniform2f(places_.first_cell, static_cast<float>(x), static_cast<float>(y));
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

}  // namespace tessera
