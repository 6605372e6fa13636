#include "app/platform/window.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

// Last: X11's headers define words such as Status.
#include <SDL_syswm.h>

namespace tessera {
namespace {

constexpr double plain_dpi = 96;

/// X11 says how large things should be by the resource `Xft.dpi` and keeps one pixel one unit; 1 where it says nothing.
double desktop_scale(SDL_Window* window) {
  SDL_SysWMinfo info;
  SDL_VERSION(&info.version);
  if (SDL_GetWindowWMInfo(window, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11) return 1;
  // SDL has loaded it already: this asks for the same one, without linking the app to X11.
  void* library = SDL_LoadObject("libX11.so.6");
  if (library == nullptr) return 1;
  using Default = char* (*)(void*, const char*, const char*);
  const auto x_default = reinterpret_cast<Default>(SDL_LoadFunction(library, "XGetDefault"));
  const char* dpi = x_default ? x_default(info.info.x11.display, "Xft", "dpi") : nullptr;
  const double scale = dpi ? std::atof(dpi) / plain_dpi : 1;
  SDL_UnloadObject(library);
  return std::clamp(std::round(scale * 8) / 8, 1.0, 4.0);
}

}  // namespace

void prepare_video() {}

void adopt_window(SDL_Window* window) {
  const double scale = desktop_scale(window);
  if (scale == 1) return;
  SDL_Rect room{0, 0, 1280, 800};
  SDL_GetDisplayUsableBounds(std::max(0, SDL_GetWindowDisplayIndex(window)), &room);
  const SDL_Point size = first_size();
  SDL_SetWindowSize(window, std::min(room.w, static_cast<int>(size.x * scale)), std::min(room.h, static_cast<int>(size.y * scale)));
  SDL_SetWindowPosition(window, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
}

FrameSize measure_window(SDL_Window* window) {
  static const double scale = desktop_scale(window);
  FrameSize size;
  SDL_GL_GetDrawableSize(window, &size.width, &size.height);
  size.width = std::max(1, size.width);
  size.height = std::max(1, size.height);
  size.pixel_ratio = std::max(scale, window_unit(window));
  return size;
}

double window_unit(SDL_Window* window) {
  int units = 0, pixels = 0;
  SDL_GetWindowSize(window, &units, nullptr);
  SDL_GL_GetDrawableSize(window, &pixels, nullptr);
  return units > 0 && pixels > 0 ? static_cast<double>(pixels) / units : 1;
}

void follow_typing(SDL_Window*, bool typing) {
  if (typing == (SDL_IsTextInputActive() == SDL_TRUE)) return;
  if (typing) SDL_StartTextInput();
  else SDL_StopTextInput();
}

SDL_Point first_size() { return {1280, 800}; }

}  // namespace tessera
