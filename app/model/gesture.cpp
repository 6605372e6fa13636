#include <algorithm>
#include <cmath>

#include "app/model/turn.h"

/// The pointer: a click uses the tool, a drag pans, with Shift it paints; and the cell cursor of the keyboard.
namespace tessera {
namespace {

constexpr double click_distance = 4;  // of the screen's own units
constexpr double cursor_margin = 64;

/// The cells of a straight line, both ends included (Bresenham 1965).
std::vector<Cell> line(Cell from, Cell to) {
  const int dx = std::abs(to.x - from.x), dy = -std::abs(to.y - from.y);
  const int step_x = from.x < to.x ? 1 : -1, step_y = from.y < to.y ? 1 : -1;
  std::vector<Cell> cells;
  int x = from.x, y = from.y, error = dx + dy;
  while (true) {
    cells.push_back({static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)});
    if (x == to.x && y == to.y) return cells;
    const int twice = 2 * error;
    if (twice >= dy) error += dy, x += step_x;
    if (twice <= dx) error += dx, y += step_y;
  }
}

/// On a phone one moves the canvas under the middle, and the button acts there.
bool aims_at_middle(const Model& model) {
  return phone(model) && (model.tool.tool == Tool::Pencil || model.tool.tool == Tool::Lock || marks_report(model));
}

/// A drag that draws a rectangle rather than move the canvas.
bool frames(const Model& model) {
  const Pointer& pointer = model.pointer;
  return (model.tool.tool == Tool::Lock || marks_report(model)) && pointer.button == PointerButton::Left && !(pointer.touch && phone(model));
}

/// Only where a colour changes: a line drawn twice costs once.
void paint(Turn& turn, const std::vector<Cell>& cells) {
  Model& model = turn.model;
  std::vector<CellColor> placements;
  for (const Cell cell : cells) {
    if (model.replica.shown(cell) != model.tool.color) placements.push_back({cell, model.tool.color});
  }
  place_cells(turn, placements);
}

void paint_to(Turn& turn, ScreenPoint at) {
  Model& model = turn.model;
  const std::optional<Cell> cell = model.viewport.cell_at(at);
  if (!cell || model.pointer.painted == cell) return;
  std::vector<Cell> cells = line(model.pointer.painted.value_or(*cell), *cell);
  if (model.pointer.painted) cells.erase(cells.begin());
  model.pointer.painted = cell;
  paint(turn, cells);
}

void click(Turn& turn) {
  Model& model = turn.model;
  const Pointer& pointer = model.pointer;
  const std::optional<Cell> cell = model.viewport.cell_at(pointer.pressed_at);
  if (!cell) return;
  if (pointer.button == PointerButton::Right) return inspect(turn, *cell);
  const bool aims = pointer.touch && aims_at_middle(model);
  if (pointer.touch) model.marker = {cell, true};
  if (!aims) use_tool(turn, *cell);
}

}  // namespace

void follow_pointer(Turn& turn) {
  Model& model = turn.model;
  if (model.marker.stays) return;
  const ScreenPoint middle{model.viewport.width() / 2, model.viewport.height() / 2};
  const bool aims = aims_at_middle(model);
  model.marker.cell = model.pointer.inside ? model.viewport.cell_at(model.pointer.at)
                      : aims               ? model.viewport.cell_at(middle)
                                           : std::nullopt;
}

void pointer_moved(Turn& turn, ScreenPoint at, bool touch) {
  Model& model = turn.model;
  Pointer& pointer = model.pointer;
  const ScreenPoint before = pointer.at;
  pointer.at = at;
  pointer.touch = touch;
  pointer.inside = !touch;
  model.device.touch = touch;
  const double far = std::hypot(at.x - pointer.pressed_at.x, at.y - pointer.pressed_at.y);
  switch (pointer.gesture) {
    case Gesture::Press:
      if (far < click_distance * model.viewport.pixel_ratio()) break;
      if (frames(model)) {
        pointer.gesture = Gesture::Frame;
        begin_frame(turn, pointer.pressed_at);
        drag_frame(turn, at);
        break;
      }
      pointer.gesture = Gesture::Pan;
      model.viewport.pan(at.x - pointer.pressed_at.x, at.y - pointer.pressed_at.y);
      break;
    case Gesture::Pan:
      model.viewport.pan(at.x - before.x, at.y - before.y);
      break;
    case Gesture::Paint:
      paint_to(turn, at);
      break;
    case Gesture::Frame:
      drag_frame(turn, at);
      break;
    case Gesture::None:
      break;
  }
  if (!touch && at != before) model.marker.stays = false;
}

void pointer_left(Turn& turn) {
  turn.model.pointer.inside = false;
}

void pointer_pressed(Turn& turn, const action::PointerPressed& press) {
  Model& model = turn.model;
  Pointer& pointer = model.pointer;
  if (pointer.gesture != Gesture::None) return;
  pointer.button = press.button;
  pointer.touch = press.touch;
  pointer.inside = !press.touch;
  pointer.pressed_at = pointer.at = press.at;
  pointer.painted.reset();
  model.device.touch = press.touch;
  const bool left = press.button == PointerButton::Left, marks = marks_report(model);
  const bool pans = press.button == PointerButton::Middle || (left && (press.pan || (model.tool.tool == Tool::Hand && !marks)));
  const bool paints = left && press.paint && model.tool.tool == Tool::Pencil && !marks;
  pointer.gesture = pans ? Gesture::Pan : paints ? Gesture::Paint : Gesture::Press;
  if (!press.touch) model.marker.stays = false;
  if (pointer.gesture != Gesture::Paint) return;
  begin_stroke(model);
  paint_to(turn, press.at);
}

void pointer_released(Turn& turn, const action::PointerReleased& release) {
  Pointer& pointer = turn.model.pointer;
  if (pointer.gesture == Gesture::None || pointer.button != release.button) return;
  const Gesture gesture = std::exchange(pointer.gesture, Gesture::None);
  if (gesture == Gesture::Press) click(turn);
  if (gesture == Gesture::Frame) end_frame(turn);
}

void move_cursor(Turn& turn, int dx, int dy) {
  Model& model = turn.model;
  const Size size = model.replica.size();
  if (size.cells() == 0) return;
  const CanvasPoint middle = model.viewport.centre();
  Cell cell =
      model.marker.cell.value_or(Cell{static_cast<std::uint16_t>(std::min<double>(middle.x, size.width - 1.0)),
                                      static_cast<std::uint16_t>(std::min<double>(middle.y, size.height - 1.0))});
  if (model.marker.cell) {
    cell.x = static_cast<std::uint16_t>(std::clamp<int>(cell.x + dx, 0, static_cast<int>(size.width) - 1));
    cell.y = static_cast<std::uint16_t>(std::clamp<int>(cell.y + dy, 0, static_cast<int>(size.height) - 1));
  }
  model.marker = {cell, true};
  model.viewport.reveal(cell, cursor_margin * model.viewport.pixel_ratio(), motion(model), turn.now());
}

}  // namespace tessera
