#include "app/platform/window.h"

#include <imgui.h>
#include <imgui_impl_sdl2.h>
#include <imgui_internal.h>

#include <cmath>
#include <string>

#include "app/platform/logo.h"

namespace tessera {
namespace {

constexpr int least_width = 320, least_height = 400;
// WebGL has no GL_RENDERER worth asking; the text is for people, so SDL's own words do.
Error graphics_error() {
  return {std::string("No window with OpenGL ES 3 could be opened: ") + SDL_GetError() +
          "\nIs there a display, and a graphics driver (on Debian: libgl1-mesa-dri, libegl1, libgles2)?"};
}

int scaled(Sint32 value, double unit) { return static_cast<int>(std::lround(value * unit)); }

}  // namespace

Result<std::unique_ptr<Window>> Window::open() {
  std::unique_ptr<Window> window(new Window);
  if (auto started = window->start(); !started) return started.error();
  return window;
}

Status Window::start() {
  SDL_SetHint(SDL_HINT_APP_NAME, "Tessera");
  SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  prepare_video();
  if (SDL_Init(SDL_INIT_VIDEO) != 0) return graphics_error();
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);

  const SDL_Point size = first_size();
  window_ = SDL_CreateWindow("Tessera", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, size.x, size.y,
                             SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  if (window_ == nullptr) return graphics_error();
  context_ = SDL_GL_CreateContext(window_);
  if (context_ == nullptr) return graphics_error();
  SDL_GL_SetSwapInterval(1);
  SDL_SetWindowMinimumSize(window_, least_width, least_height);
  set_window_icon(window_);

  ImGui::CreateContext();
  imgui_ = true;
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().LogFilename = nullptr;
  if (!ImGui_ImplSDL2_InitForOpenGL(window_, context_)) return graphics_error();
  auto renderer = UiRenderer::make();
  if (!renderer) return renderer.error();
  renderer_ = std::move(*renderer);
  adopt_window(window_);
  return {};
}

Window::~Window() {
  renderer_.reset();
  if (imgui_) {
    if (ImGui::GetIO().BackendPlatformUserData != nullptr) ImGui_ImplSDL2_Shutdown();
    ImGui::DestroyContext();
  }
  if (context_ != nullptr) SDL_GL_DeleteContext(context_);
  if (window_ != nullptr) SDL_DestroyWindow(window_);
  SDL_Quit();
}

FrameSize Window::size() const { return measure_window(window_); }

bool Window::next_event(SDL_Event& event) {
  if (SDL_PollEvent(&event) == 0) return false;
  const double unit = window_unit(window_);
  switch (event.type) {
    case SDL_MOUSEMOTION:
      event.motion.x = scaled(event.motion.x, unit);
      event.motion.y = scaled(event.motion.y, unit);
      break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
      event.button.x = scaled(event.button.x, unit);
      event.button.y = scaled(event.button.y, unit);
      // A click without a move before it: ImGui takes the place from moves alone.
      ImGui::GetIO().AddMousePosEvent(static_cast<float>(event.button.x), static_cast<float>(event.button.y));
      break;
    case SDL_MOUSEWHEEL:
      event.wheel.mouseX = scaled(event.wheel.mouseX, unit);
      event.wheel.mouseY = scaled(event.wheel.mouseY, unit);
      break;
    default: break;
  }
  ImGui_ImplSDL2_ProcessEvent(&event);
  // Where a finger was lifted nothing stays lit.
  if (event.type == SDL_MOUSEBUTTONUP && event.button.which == SDL_TOUCH_MOUSEID) ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  return true;
}

bool Window::covered(ScreenPoint point) const {
  if (ImGui::GetTopMostPopupModal() != nullptr) return true;
  const ImVec2 at(static_cast<float>(point.x), static_cast<float>(point.y));
  for (const ImGuiWindow* panel : ImGui::GetCurrentContext()->Windows) {
    const bool there = panel->Active && !panel->Hidden && (panel->Flags & ImGuiWindowFlags_NoMouseInputs) == 0;
    if (there && panel->OuterRectClipped.Contains(at)) return true;
  }
  return false;
}

bool Window::typing() const { return ImGui::GetIO().WantTextInput; }

bool Window::takes_keys() const { return ImGui::GetIO().WantTextInput || ImGui::GetIO().WantCaptureKeyboard; }

bool Window::holding() const { return ImGui::IsAnyItemActive(); }

bool Window::visible() const { return (SDL_GetWindowFlags(window_) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) == 0; }

void Window::begin_frame() {
  ImGui_ImplSDL2_NewFrame();
  const FrameSize frame = size();
  ImGui::GetIO().DisplaySize = ImVec2(static_cast<float>(frame.width), static_cast<float>(frame.height));
  ImGui::GetIO().DisplayFramebufferScale = ImVec2(1, 1);
  ImGui::NewFrame();
}

void Window::end_frame() {
  ImGui::Render();
  renderer_->draw(*ImGui::GetDrawData());
  SDL_GL_SwapWindow(window_);
  follow_typing(window_, typing());
}

void Window::renew_fonts() { renderer_->renew_fonts(); }

}  // namespace tessera
