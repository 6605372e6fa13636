#include "app/platform/logo.h"

#include <SDL.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace tessera {
namespace {

constexpr int side = 64;
constexpr double margin = 4, gap = 6, radius = 6;
constexpr double tile = (side - 2 * margin - gap) / 2;
// RGBA in the order of bytes: orange, blue, green, yellow.
constexpr std::array<std::array<std::uint8_t, 3>, 4> colors{{{0xff, 0x6b, 0x3d}, {0x5a, 0xa9, 0xff}, {0x3d, 0xdc, 0x97}, {0xff, 0xc2, 0x4b}}};

/// How much of the pixel at (x, y) lies in a rounded square at (left, top): 0 … 1.
double covers(double x, double y, double left, double top) {
  const double half = tile / 2;
  const double dx = std::max(std::abs(x - left - half) - half + radius, 0.0), dy = std::max(std::abs(y - top - half) - half + radius, 0.0);
  return std::clamp(radius - std::hypot(dx, dy) + 0.5, 0.0, 1.0);
}

}  // namespace

void set_window_icon(SDL_Window* window) {
  std::vector<std::uint8_t> pixels(std::size_t{4} * side * side);
  for (int i = 0; i < side * side; ++i) {
    for (std::size_t part = 0; part < colors.size(); ++part) {
      const double left = margin + static_cast<double>(part % 2) * (tile + gap), top = margin + static_cast<double>(part / 2) * (tile + gap);
      const double cover = covers(i % side + 0.5, i / side + 0.5, left, top);
      if (cover <= 0) continue;
      std::copy(colors[part].begin(), colors[part].end(), &pixels[static_cast<std::size_t>(4 * i)]);
      pixels[static_cast<std::size_t>(4 * i + 3)] = static_cast<std::uint8_t>(std::lround(255 * cover));
    }
  }
  SDL_Surface* icon = SDL_CreateRGBSurfaceWithFormatFrom(pixels.data(), side, side, 32, 4 * side, SDL_PIXELFORMAT_RGBA32);
  if (icon == nullptr) return;
  SDL_SetWindowIcon(window, icon);
  SDL_FreeSurface(icon);
}

}  // namespace tessera
