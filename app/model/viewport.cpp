#include "app/model/viewport.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace tessera {
namespace {

/// Zooms where every cell has the same size on screen; below 1, their inverses.
constexpr std::array<int, 16> ladder = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256};
constexpr double fit_margin = 0.94;
constexpr double nearly = 1e-6;

double next_closer(double zoom) {
  for (auto step = ladder.rbegin(); step != ladder.rend(); ++step) {
    if (1.0 / *step > zoom * (1 + nearly)) return 1.0 / *step;
  }
  for (const int step : ladder) {
    if (step > zoom * (1 + nearly)) return step;
  }
  return zoom;
}

double next_farther(double zoom) {
  for (auto step = ladder.rbegin(); step != ladder.rend(); ++step) {
    if (*step < zoom * (1 - nearly)) return *step;
  }
  for (const int step : ladder) {
    if (1.0 / step < zoom * (1 - nearly)) return 1.0 / step;
  }
  return zoom / 2;
}

bool whole(double value) { return std::abs(value - std::round(value)) < nearly; }

double ease_out(double t) { return 1 - (1 - t) * (1 - t) * (1 - t); }

}  // namespace

void Viewport::resize(double width, double height, double pixel_ratio) {
  width_ = std::max(1.0, width);
  height_ = std::max(1.0, height);
  pixel_ratio_ = std::clamp(pixel_ratio, 0.25, 8.0);
  now_ = clamped(now_);
  to_ = clamped(to_);
}

void Viewport::set_canvas(Size size) {
  canvas_ = size;
  now_ = clamped(now_);
  to_ = clamped(to_);
}

double Viewport::fit_zoom() const {
  if (canvas_.cells() == 0) return 1;
  const double zoom = std::min(width_ * fit_margin / canvas_.width, height_ * fit_margin / canvas_.height);
  return zoom < 1 ? zoom : std::min(std::floor(zoom), max_zoom);
}

double Viewport::min_zoom() const { return std::min(1.0, fit_zoom()); }

Viewport::Place Viewport::clamped(Place place) const {
  if (!std::isfinite(place.zoom) || !std::isfinite(place.centre.x) || !std::isfinite(place.centre.y)) return now_;
  return {{std::clamp(place.centre.x, 0.0, static_cast<double>(canvas_.width)),
           std::clamp(place.centre.y, 0.0, static_cast<double>(canvas_.height))},
          std::clamp(place.zoom, min_zoom(), max_zoom)};
}

ScreenPoint Viewport::origin() const {
  ScreenPoint origin{width_ / 2 - now_.centre.x * now_.zoom, height_ / 2 - now_.centre.y * now_.zoom};
  if (!moving_ && whole(now_.zoom)) origin = {std::round(origin.x), std::round(origin.y)};
  return origin;
}

CanvasPoint Viewport::to_canvas(ScreenPoint point) const {
  const ScreenPoint zero = origin();
  return {(point.x - zero.x) / now_.zoom, (point.y - zero.y) / now_.zoom};
}

ScreenPoint Viewport::to_screen(CanvasPoint point) const {
  const ScreenPoint zero = origin();
  return {zero.x + point.x * now_.zoom, zero.y + point.y * now_.zoom};
}

std::optional<Cell> Viewport::cell_at(ScreenPoint point) const {
  const CanvasPoint at = to_canvas(point);
  if (!(at.x >= 0 && at.y >= 0 && at.x < canvas_.width && at.y < canvas_.height)) return std::nullopt;
  return Cell{static_cast<std::uint16_t>(at.x), static_cast<std::uint16_t>(at.y)};
}

Rect Viewport::visible_cells() const {
  const CanvasPoint first = to_canvas({0, 0}), last = to_canvas({width_, height_});
  const auto clip = [](double value, std::uint32_t most) {
    return static_cast<std::uint32_t>(std::clamp(value, 0.0, static_cast<double>(most)));
  };
  const std::uint32_t left = clip(std::floor(first.x), canvas_.width), right = clip(std::ceil(last.x), canvas_.width);
  const std::uint32_t top = clip(std::floor(first.y), canvas_.height), bottom = clip(std::ceil(last.y), canvas_.height);
  if (left >= right || top >= bottom) return {};
  return {left, top, right - left, bottom - top};
}

std::vector<TileIndex> Viewport::visible_tiles(std::size_t limit) const {
  const Rect cells = visible_cells();
  std::vector<TileIndex> tiles;
  if (cells.empty()) return tiles;
  for (std::uint32_t ty = cells.y / tile_side; ty * tile_side < cells.bottom(); ++ty) {
    for (std::uint32_t tx = cells.x / tile_side; tx * tile_side < cells.right(); ++tx) {
      tiles.push_back({static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)});
    }
  }
  const auto distance = [this](TileIndex tile) {
    const double dx = (tile.tx + 0.5) * tile_side - now_.centre.x, dy = (tile.ty + 0.5) * tile_side - now_.centre.y;
    return dx * dx + dy * dy;
  };
  std::stable_sort(tiles.begin(), tiles.end(), [&](TileIndex a, TileIndex b) { return distance(a) < distance(b); });
  if (tiles.size() > limit) tiles.resize(limit);
  return tiles;
}

void Viewport::pan(double dx, double dy) {
  moving_ = false;
  now_ = clamped({{now_.centre.x - dx / now_.zoom, now_.centre.y - dy / now_.zoom}, now_.zoom});
  to_ = now_;
}

Viewport::Place Viewport::zoomed(double zoom, ScreenPoint anchor) const {
  const double to = std::clamp(zoom, min_zoom(), max_zoom);
  const double dx = anchor.x - width_ / 2, dy = anchor.y - height_ / 2;
  return {{now_.centre.x + dx / now_.zoom - dx / to, now_.centre.y + dy / now_.zoom - dy / to}, to};
}

void Viewport::move(Place target, Motion motion, TimePoint now) {
  to_ = clamped(target);
  from_ = now_;
  started_ = now;
  moving_ = motion == Motion::Smooth;
  if (!moving_) now_ = to_;
}

void Viewport::zoom_step(int steps, ScreenPoint anchor, Motion motion, TimePoint now) {
  double zoom = to_.zoom;
  for (int i = 0; i < std::min(steps, 32); ++i) zoom = next_closer(zoom);
  for (int i = 0; i < std::min(-steps, 32); ++i) zoom = next_farther(zoom);
  move(zoomed(zoom, anchor), motion, now);
}

void Viewport::zoom_by(double factor, ScreenPoint anchor) {
  if (!(factor > 0)) return;
  moving_ = false;
  now_ = clamped(zoomed(now_.zoom * factor, anchor));
  to_ = now_;
}

void Viewport::settle(ScreenPoint anchor, Motion motion, TimePoint now) {
  if (to_.zoom < 1) return;
  move(zoomed(std::round(to_.zoom), anchor), motion, now);
}

void Viewport::fit(Motion motion, TimePoint now) {
  go_to({canvas_.width / 2.0, canvas_.height / 2.0}, fit_zoom(), motion, now);
}

void Viewport::go_to(CanvasPoint centre, double zoom, Motion motion, TimePoint now) {
  move({centre, zoom}, motion, now);
}

void Viewport::reveal(Cell cell, double margin, Motion motion, TimePoint now) {
  Place place = to_;
  const auto shift = [margin](double centre, double cell_middle, double zoom, double extent) {
    const double room = std::max(0.0, extent / 2 - margin) / zoom;
    return std::clamp(centre, cell_middle - room, cell_middle + room);
  };
  place.centre.x = shift(place.centre.x, cell.x + 0.5, place.zoom, width_);
  place.centre.y = shift(place.centre.y, cell.y + 0.5, place.zoom, height_);
  if (place.centre == to_.centre) return;
  move(place, motion, now);
}

bool Viewport::advance(TimePoint now) {
  if (!moving_) return false;
  const double t = std::chrono::duration<double>(now - started_) / std::chrono::duration<double>(motion_time);
  if (t >= 1) {
    now_ = to_;
    moving_ = false;
    return true;
  }
  const double eased = ease_out(std::max(0.0, t));
  const double zoom = from_.zoom * std::pow(to_.zoom / from_.zoom, eased);
  // The centre follows 1/zoom, so that the point under the pointer stays there during the motion too.
  const double span = 1 / from_.zoom - 1 / to_.zoom;
  const double part = std::abs(to_.zoom / from_.zoom - 1) < nearly ? eased : (1 / from_.zoom - 1 / zoom) / span;
  now_ = {{from_.centre.x + (to_.centre.x - from_.centre.x) * part,
           from_.centre.y + (to_.centre.y - from_.centre.y) * part},
          zoom};
  return true;
}

}  // namespace tessera
