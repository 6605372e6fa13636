#include "app/platform/canvas_overlay.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/platform/lock_overlay.h"

namespace tessera {
namespace {

constexpr ImU32 black = IM_COL32(0, 0, 0, 255);
constexpr ImU32 white = IM_COL32(255, 255, 255, 255);
constexpr double pulse_seconds = 0.4;

struct Box {
  ImVec2 from, to;
  Box grown(float by) const { return {{from.x - by, from.y - by}, {to.x + by, to.y + by}}; }
};

ImU32 color_of(Rgb color, int alpha = 255) { return IM_COL32(color.r, color.g, color.b, alpha); }

Box box_of(const Viewport& view, Cell cell) {
  const ScreenPoint from = view.to_screen({double(cell.x), double(cell.y)}), to = view.to_screen({cell.x + 1.0, cell.y + 1.0});
  return {{static_cast<float>(from.x), static_cast<float>(from.y)}, {static_cast<float>(to.x), static_cast<float>(to.y)}};
}

/// A frame of `thickness` just outside the box; four filled bars, which lie on whole pixels where the box does.
void frame(ImDrawList& list, const Box& box, float thickness, ImU32 color) {
  const Box out = box.grown(thickness);
  list.AddRectFilled(out.from, {out.to.x, box.from.y}, color);
  list.AddRectFilled({out.from.x, box.to.y}, out.to, color);
  list.AddRectFilled({out.from.x, box.from.y}, {box.from.x, box.to.y}, color);
  list.AddRectFilled({box.to.x, box.from.y}, {out.to.x, box.to.y}, color);
}

void hatch(ImDrawList& list, const Box& box, float unit) {
  list.PushClipRect(box.from, box.to, true);
  const float side = box.to.x - box.from.x, gap = std::max(4 * unit, side / 4);
  for (float at = -side; at < side; at += gap) {
    const ImVec2 low{box.from.x + at, box.to.y}, high{box.from.x + at + side, box.from.y};
    list.AddLine(low, high, IM_COL32(0, 0, 0, 170), 2 * unit);
    list.AddLine({low.x + gap / 2, low.y}, {high.x + gap / 2, high.y}, IM_COL32(255, 255, 255, 170), 1.5f * unit);
  }
  list.PopClipRect();
}

void draw_marker(ImDrawList& list, const Model& model) {
  const MarkerLook look = marker_look(model);
  if (look == MarkerLook::Hidden || !model.marker.cell) return;
  const auto unit = static_cast<float>(std::max(1.0, std::floor(model.viewport.pixel_ratio())));
  Box box = box_of(model.viewport, *model.marker.cell);
  // Seen from afar a cell is less than a point; its marker stays one that can be seen.
  const float lacking = 6 * unit - (box.to.x - box.from.x);
  if (lacking > 0) box = box.grown(lacking / 2);
  if (look == MarkerLook::Filled && model.palette.contains(model.tool.color))
    list.AddRectFilled(box.from, box.to, color_of(model.palette[model.tool.color].color));
  if (look == MarkerLook::Hatched) hatch(list, box, unit);
  frame(list, box, unit, white);
  frame(list, box.grown(unit), unit, black);
}

void draw_pulse(ImDrawList& list, const Model& model, const Pulse& pulse) {
  const double age = std::chrono::duration<double>(model.now - pulse.since).count() / pulse_seconds;
  if (age < 0 || age >= 1 || reduced_motion(model)) return;
  const auto eased = static_cast<float>(1 - std::pow(1 - age, 3));
  const auto unit = static_cast<float>(model.viewport.pixel_ratio());
  const Box box = box_of(model.viewport, pulse.cell).grown(2 * unit + eased * 10 * unit);
  const int alpha = static_cast<int>(255 * (1 - age));
  frame(list, box, unit, IM_COL32(0, 0, 0, alpha / 2));
  list.AddRect(box.from, box.to, IM_COL32(255, 255, 255, alpha), 3 * unit * eased, 0, 2 * unit);
}

/// A line around the canvas, and a soft shadow that lifts it off the ground.
void draw_edge(ImDrawList& list, const Model& model) {
  const Viewport& view = model.viewport;
  const ScreenPoint from = view.origin(), to = view.to_screen({double(view.canvas().width), double(view.canvas().height)});
  // Far outside the window the exact place does not matter, and floats would lose it.
  const auto near = [](double value, double limit) { return static_cast<float>(std::clamp(value, -64.0, limit + 64)); };
  const Box box{{near(from.x, view.width()), near(from.y, view.height())}, {near(to.x, view.width()), near(to.y, view.height())}};
  const auto unit = static_cast<float>(std::max(1.0, std::floor(view.pixel_ratio())));
  constexpr int shadow_steps = 8;
  for (int i = shadow_steps; i > 0; --i) {
    const int alpha = 9 * (shadow_steps + 1 - i) / shadow_steps;
    list.AddRect(box.grown(static_cast<float>(i) * 2 * unit).from, box.grown(static_cast<float>(i) * 2 * unit).to,
                 IM_COL32(0, 0, 0, alpha), static_cast<float>(i) * 2 * unit, 0, 4 * unit);
  }
  frame(list, box, unit, dark(model) ? IM_COL32(0x2c, 0x32, 0x3b, 255) : IM_COL32(0xb4, 0xba, 0xc4, 255));
}

}  // namespace

void draw_canvas_overlay(ImDrawList& list, const Model& model) {
  if (model.screen != Screen::Canvas || model.viewport.canvas().cells() == 0) return;
  draw_edge(list, model);
  draw_locks(list, model);
  for (const Pulse& pulse : model.pulses) draw_pulse(list, model, pulse);
  draw_marker(list, model);
}

}  // namespace tessera
