#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"

namespace tessera {

/// A point of the window, in physical pixels from its top left.
struct ScreenPoint {
  double x = 0;
  double y = 0;
  bool operator==(const ScreenPoint&) const = default;
};

/// A point of the canvas, in cells: (0.5, 0.5) is the middle of cell (0, 0).
struct CanvasPoint {
  double x = 0;
  double y = 0;
  bool operator==(const CanvasPoint&) const = default;
};

/// Smooth: over 150 ms, ease-out. At once: tests, reduced motion, and what follows a finger.
enum class Motion : std::uint8_t { AtOnce, Smooth };

/// Which part of the canvas the window shows, and how large. Zoom is in physical pixels per cell, from 'the whole
/// canvas fits' (never above 1) to 64. The middle of the window always lies on the canvas. Main thread; knows no tiles'
/// contents.
class Viewport {
 public:
  static constexpr double max_zoom = 64;
  static constexpr Duration motion_time{150'000};

  /// The window's size in physical pixels and how many of those make one of the screen's own units (1 on plain
  /// displays).
  void resize(double width, double height, double pixel_ratio);
  /// Another canvas, or another size of it; keeps the place where that still is on the canvas.
  void set_canvas(Size size);

  double width() const { return width_; }
  double height() const { return height_; }
  double pixel_ratio() const { return pixel_ratio_; }
  Size canvas() const { return canvas_; }
  /// As it is drawn now, in the middle of a motion too.
  double zoom() const { return now_.zoom; }
  CanvasPoint centre() const { return now_.centre; }
  /// Where the motion under way will end; the same as now without one.
  double target_zoom() const { return to_.zoom; }
  bool moving() const { return moving_; }
  double min_zoom() const;
  /// The zoom at which the whole canvas is seen, with a margin.
  double fit_zoom() const;

  /// Where cell (0, 0)'s top left corner is drawn; on a whole pixel where the zoom is a whole number and nothing moves.
  ScreenPoint origin() const;
  CanvasPoint to_canvas(ScreenPoint point) const;
  ScreenPoint to_screen(CanvasPoint point) const;
  /// The cell under a point of the window; nothing beside the canvas.
  std::optional<Cell> cell_at(ScreenPoint point) const;
  /// The cells that can be seen, in part too.
  Rect visible_cells() const;
  /// Their tiles, those nearest the middle first, at most `limit`.
  std::vector<TileIndex> visible_tiles(std::size_t limit) const;

  /// Moves the canvas by so many pixels, as a hand would.
  void pan(double dx, double dy);
  /// To the next zoom of the ladder (… 1/3, 1/2, 1, 2, 3, 4, 6, 8, 12 … 64), `steps` times; > 0 is closer. What is
  /// under `anchor` stays there.
  void zoom_step(int steps, ScreenPoint anchor, Motion motion, TimePoint now);
  /// Any factor, for pinches and touch pads.
  void zoom_by(double factor, ScreenPoint anchor);
  /// After a pinch: to the nearest whole number, where sharp is.
  void settle(ScreenPoint anchor, Motion motion, TimePoint now);
  void fit(Motion motion, TimePoint now);
  void go_to(CanvasPoint centre, double zoom, Motion motion, TimePoint now);
  /// Pans as little as needed so that the cell is seen with `margin` pixels around it.
  void reveal(Cell cell, double margin, Motion motion, TimePoint now);
  /// Goes on with the motion; true where the picture changed.
  bool advance(TimePoint now);

 private:
  struct Place {
    CanvasPoint centre;
    double zoom = 1;
  };
  Place clamped(Place place) const;
  void move(Place target, Motion motion, TimePoint now);
  Place zoomed(double zoom, ScreenPoint anchor) const;

  Size canvas_;
  double width_ = 1;
  double height_ = 1;
  double pixel_ratio_ = 1;
  Place from_, now_, to_;
  TimePoint started_{};
  bool moving_ = false;
};

}  // namespace tessera
