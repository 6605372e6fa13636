#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <imgui.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <vector>

#include "app/platform/canvas_overlay.h"
#include "app/platform/canvas_renderer.h"
#include "app/platform/ui_renderer.h"
#include "app/ui/ui.h"
#include "tests/bench/server_process.h"
#include "tests/support/model_fixture.h"

// What the app itself does for a frame: taking in changes, averaging and uploading them, building the interface and telling GL what to
// draw. GL's own drawing, which here a processor does, is not the app's: it is waited for outside the measured time, and what of it
// happens within the calls that draw is taken off (the linker puts those here in their place).

using namespace tessera;

namespace {

constexpr Size canvas_size{2'000, 2'000};
constexpr int width = 1'440, height = 900;
constexpr int frames_a_second = 60, changes_a_second = 8'000, measured_frames = 300, warm_frames = 30;
constexpr double wanted_ms = 2;

/// A GL context without any window.
bool make_context() {
  const auto display_of = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  if (display_of == nullptr) return false;
  EGLDisplay display = display_of(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  if (eglInitialize(display, nullptr, nullptr) == EGL_FALSE || eglBindAPI(EGL_OPENGL_ES_API) == EGL_FALSE) return false;
  const EGLint wanted[] = {EGL_RENDERABLE_TYPE, EGL_OPENGL_ES3_BIT, EGL_SURFACE_TYPE, EGL_DONT_CARE, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(display, wanted, &config, 1, &count) == EGL_FALSE || count == 0) return false;
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_NONE};
  EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
  return context != EGL_NO_CONTEXT && eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE;
}

/// Something to draw into, since there is no window: only its corner, so that GL's own drawing does not take the time.
void make_target() {
  GLuint buffer = 0, color = 0;
  glGenRenderbuffers(1, &color);
  glBindRenderbuffer(GL_RENDERBUFFER, color);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, 64, 64);
  glGenFramebuffers(1, &buffer);
  glBindFramebuffer(GL_FRAMEBUFFER, buffer);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color);
}

/// Of this thread only: what GL's threads do meanwhile is theirs.
double thread_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double drawing_ms = 0;

template <typename Call>
void draw_apart(Call call) {
  const double begin = thread_ms();
  call();
  drawing_ms += thread_ms() - begin;
}

}  // namespace

extern "C" {
void __real_glDrawArrays(GLenum mode, GLint first, GLsizei count);
void __real_glDrawElements(GLenum mode, GLsizei count, GLenum type, const void* indices);
void __real_glClear(GLbitfield mask);
void __wrap_glDrawArrays(GLenum mode, GLint first, GLsizei count) {
  draw_apart([&] { __real_glDrawArrays(mode, first, count); });
}
void __wrap_glDrawElements(GLenum mode, GLsizei count, GLenum type, const void* indices) {
  draw_apart([&] { __real_glDrawElements(mode, count, type, indices); });
}
void __wrap_glClear(GLbitfield mask) {
  draw_apart([&] { __real_glClear(mask); });
}
}

namespace {

/// The app on a canvas full of noise, and the changes that come in.
class Bench {
 public:
  Bench(std::unique_ptr<CanvasRenderer> canvas, std::unique_ptr<UiRenderer> panels) : canvas_(std::move(canvas)), panels_(std::move(panels)) {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().DisplaySize = ImVec2(width, height);
    ImGui::GetIO().DeltaTime = 1.0f / frames_a_second;
    fonts_ = load_fonts(1);
    panels_->renew_fonts();

    fixture_.entered.canvas.width = canvas_size.width;
    fixture_.entered.canvas.height = canvas_size.height;
    fixture_.start();
    fixture_.act(action::WindowResized{width, height, 1});
    fixture_.go_live();
    fixture_.tick();
  }
  ~Bench() { ImGui::DestroyContext(); }

  /// Of each frame, sorted.
  std::vector<double> measure() {
    std::vector<double> times;
    for (int i = 0; i < warm_frames + measured_frames; ++i) {
      const Deltas changes = next_changes();
      glFinish();
      drawing_ms = 0;
      const double begin = thread_ms();
      fixture_.hear(changes);
      fixture_.tick(std::chrono::milliseconds(1000 / frames_a_second));
      draw();
      if (i >= warm_frames) times.push_back(thread_ms() - begin - drawing_ms);
    }
    glFinish();
    std::sort(times.begin(), times.end());
    return times;
  }
  void look_closer() { fixture_.act(action::OpenLink{"http://localhost:7878/#canvas=main&x=1000&y=1000&zoom=1"}); }
  Model& model() { return fixture_.model; }

 private:
  /// As many placements as come in one frame's time, anywhere on the canvas: the worst case, nearly every tile changes.
  Deltas next_changes() {
    std::map<TileIndex, TileDelta> tiles;
    Deltas deltas;
    deltas.first_seq = seq_ + 1;
    for (int i = 0; i < changes_a_second / frames_a_second; ++i) {
      const Cell cell{static_cast<std::uint16_t>(random_.below(canvas_size.width)), static_cast<std::uint16_t>(random_.below(canvas_size.height))};
      TileDelta& delta = tiles[tile_of(cell)];
      delta.cells.push_back({offset_of(cell), static_cast<ColorIndex>(random_.below(32))});
      delta.to = ++seq_;
    }
    deltas.last_seq = seq_;
    for (auto& [tile, delta] : tiles) {
      delta.tile = tile;
      delta.from = fixture_.model.replica.tile_seq(tile);
      deltas.tiles.push_back(std::move(delta));
    }
    return deltas;
  }

  void draw() {
    canvas_->draw(fixture_.model, {{13, 15, 18}, {243, 242, 238}});
    ImGui::NewFrame();
    draw_canvas_overlay(*ImGui::GetBackgroundDrawList(), fixture_.model);
    CanvasTexture& texture = canvas_->texture();
    constexpr auto side = static_cast<float>(CanvasTexture::overview_side);
    const Overview overview{texture.overview().name(), static_cast<float>(texture.overview_width()) / side, static_cast<float>(texture.overview_height()) / side};
    draw_ui(fixture_.model, fonts_, 1, overview, ui_, actions_);
    ImGui::Render();
    panels_->draw(*ImGui::GetDrawData());
    actions_.clear();
  }

  ModelFixture fixture_;
  std::unique_ptr<CanvasRenderer> canvas_;
  std::unique_ptr<UiRenderer> panels_;
  Fonts fonts_;
  UiState ui_;
  Actions actions_;
  SeededRandom random_{11};
  Seq seq_ = 0;
};

void report(const char* where, const std::vector<double>& times) {
  double sum = 0;
  for (const double time : times) sum += time;
  const double mean = sum / static_cast<double>(times.size()), high = times[times.size() * 99 / 100];
  char measured[64], what[128];
  std::snprintf(measured, sizeof measured, "%.2f ms, p99 %.2f", mean, high);
  std::snprintf(what, sizeof what, "the app's own work per frame at 8,000 changes/s on 2,000×2,000, %s", where);
  bench::figure(what, measured, "≤ 2 ms", mean <= wanted_ms);
}

}  // namespace

int main() {
  if (!make_context()) {
    std::fputs("No OpenGL ES 3 without a window here (Debian: libegl1 libgl1-mesa-dri).\n", stderr);
    return 1;
  }
  make_target();
  auto canvas = CanvasRenderer::make();
  auto panels = UiRenderer::make();
  if (!canvas || !panels) {
    std::fprintf(stderr, "%s\n", (canvas ? panels.error() : canvas.error()).message.c_str());
    return 1;
  }
  Bench bench(std::move(*canvas), std::move(*panels));
  report("all of it in view", bench.measure());
  bench.look_closer();
  bench.measure();
  report("at 1×", bench.measure());
  return 0;
}
