#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

/// The cell on the screen.
Box box_of(const Model& model, Cell cell) {
  const ScreenPoint from = model.viewport.to_screen({double(cell.x), double(cell.y)}),
                    to = model.viewport.to_screen({cell.x + 1.0, cell.y + 1.0});
  return {{static_cast<float>(from.x), static_cast<float>(from.y)}, {static_cast<float>(to.x), static_cast<float>(to.y)}};
}

}  // namespace

bool over_marker(const Brush& brush, const Model& model, const Box& box) {
  if (!model.marker.cell) return false;
  const Box cell = box_of(model, *model.marker.cell);
  const float room = brush.px(8);
  return cell.min.x < box.max.x + room && cell.max.x > box.min.x - room && cell.min.y < box.max.y + room && cell.max.y > box.min.y - room;
}

void tip_at(const Brush& brush, const Model& model, Cell cell, std::string_view text, std::string_view more) {
  const Box at = box_of(model, cell);
  const float pad = brush.px(10), gap = brush.px(8), line = line_height(brush, Type::Small);
  const float most = std::min(brush.px(480), brush.screen.x - 2 * brush.edge()) - 2 * pad;
  const std::string shown = cut(brush, text, Type::Small, most), second = more.empty() ? std::string() : cut(brush, more, Type::Small, most);
  const float width = std::max(text_width(brush, shown, Type::Small), text_width(brush, second, Type::Small)) + 2 * pad;
  const float height = brush.px(12) + (second.empty() ? 1.0f : 2.0f) * line;
  const auto palette = panel_box("palette");
  const float lowest = palette && brush.phone ? palette->min.y : brush.screen.y, middle = at.centre().x;
  if (middle < 0 || middle > brush.screen.x || at.min.y < 0 || at.max.y > lowest) return;
  const float x = std::round(std::clamp(middle - width / 2, brush.edge(), std::max(brush.edge(), brush.screen.x - brush.edge() - width)));
  float y = at.min.y - gap - height;
  if (y < brush.edge() + brush.target() + brush.px(16)) y = at.max.y + gap;
  y = std::round(y);
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  const float radius = brush.px(measure::control_radius);
  list.AddRectFilled({x, y}, {x + width, y + height}, ink(brush.colors.panel), radius);
  list.AddRect({x, y}, {x + width, y + height}, ink(brush.colors.line), radius, 0, brush.hair());
  const float top = y + brush.px(6);
  draw_centred(brush, list, {x, top}, {x + width, top + line}, shown, Type::Small, ink(brush.colors.text));
  if (!second.empty()) draw_centred(brush, list, {x, top + line}, {x + width, top + 2 * line}, second, Type::Small, ink(brush.colors.soft));
}

/// Over what a rollback would change: how much that is.
void forecast_tip(const Brush& brush, const Model& model) {
  const auto& forecast = model.staff.rollbacks.forecast;
  if (model.drawer != Drawer::Staff || model.staff.tab != StaffTab::Rollbacks || !forecast || forecast->cells == 0) return;
  const Cell top{static_cast<std::uint16_t>(forecast->area.x + forecast->area.width / 2), static_cast<std::uint16_t>(forecast->area.y)};
  const auto& account = model.staff.rollbacks.account;
  tip_at(brush, model, top, brush.text(plural(brush.language, forecast->cells, Text::RollbackTipOne, Text::RollbackTipMany)), account ? account->account.name : std::string());
}

void lock_tip(const Brush& brush, const Model& model) {
  forecast_tip(brush, model);
  if (!model.marker.cell) return;
  const Cell cell = *model.marker.cell;
  if (const auto frame = lock_frame(model)) return tip_at(brush, model, cell, area_text(brush, *frame), {});
  // A phone's marker has a tip of its own, and the cell's drawer says all of it.
  if (brush.phone || model.pointer.gesture == Gesture::Pan || model.drawer == Drawer::Lock) return;
  const LockInfo* lock = lock_at(model, cell);
  if (lock == nullptr) return;
  const bool open = may_draw_in(model, *lock);
  if (open && model.tool.tool == Tool::Pencil) return;
  std::string by = lock->maker.name.empty() ? std::string() : brush.text({Text::LockBy, {lock->maker.name}});
  if (open) by += (by.empty() ? "" : " · ") + std::string(brush.text(Text::LockOpenToYou));
  tip_at(brush, model, cell, brush.text(explain(model, *lock)), by);
}

}  // namespace tessera
