#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

void block(const Brush& brush, const Model& model, ColorIndex color, float side, float radius) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), far{at.x + side, at.y + side};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (model.palette.contains(color))
    color_block(brush, list, at, far, model.palette[color].color, radius);
  else
    list.AddRect(at, far, ink(brush.colors.faint), radius, 0, brush.hair());
  ImGui::Dummy({side, side});
}

std::string color_name(const Brush& brush, const Model& model, ColorIndex color) {
  if (!model.palette.contains(color)) return brush.text(Text::EmptyCell);
  const PaletteColor& entry = model.palette[color];
  return entry.name.empty() ? format_color(entry.color) : entry.name;
}

std::string when(const Brush& brush, const Model& model, const HistoryItem& item) {
  return format_ago(brush.language, WallTime{static_cast<std::int64_t>(item.time_ms)}, model.wall);
}

std::string placed(const Brush& brush, const Model& model) {
  if (model.cell.items.empty())
    return brush.text(model.cell.color == empty_color ? Text::NeverDrawn : Text::PlacedByNobody);
  const HistoryItem& newest = model.cell.items.front();
  if (newest.account == nobody) return brush.text(Text::PlacedByNobody);
  return brush.text({Text::PlacedBy, {when(brush, model, newest), newest.name}});
}

void summary(const Brush& brush, const Model& model, float width) {
  const float side = brush.px(40), gap = brush.px(measure::gap_wide);
  const ImVec2 start = ImGui::GetCursorPos();
  block(brush, model, model.cell.color, side, brush.px(measure::swatch_radius));
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(2)});
  label(brush, color_name(brush, model, model.cell.color), Type::Strong, Tone::Text, width - side - gap);
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(22)});
  label(brush, placed(brush, model), Type::Small, Tone::Soft, width - side - gap);
  ImGui::SetCursorPos({start.x, start.y + side});
  ImGui::Dummy({width, 1});
}

void history(const Brush& brush, const Model& model, float width) {
  label(brush, brush.text(Text::History), Type::Small, Tone::Soft);
  space(brush, 4);
  const float row = brush.px(32), side = brush.px(16), gap = brush.px(measure::gap_wide);
  for (const HistoryItem& item : model.cell.items) {
    const ImVec2 start = ImGui::GetCursorPos();
    const bool base = item.account == nobody;  // has neither author nor time
    const std::string ago = base ? std::string() : when(brush, model, item);
    const float ago_width = text_width(brush, ago, Type::Small);
    ImGui::SetCursorPosY(start.y + (row - side) / 2);
    block(brush, model, item.color, side, brush.px(4));
    ImGui::SetCursorPos({start.x + side + gap, start.y});
    label(brush, base ? std::string_view(brush.text(Text::PlacedByNobody)) : item.name, Type::Text,
          base ? Tone::Soft : Tone::Text, std::max(1.0f, width - side - ago_width - 2 * gap), row);
    ImGui::SetCursorPos({start.x + width - ago_width, start.y});
    label(brush, ago, Type::Small, Tone::Soft, 0, row);
  }
}

}  // namespace

void cell_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  lock_card(brush, model, width, out);
  if (model.cell.failed) {
    paragraph(brush, brush.text(Text::InspectFailed), width);
    space(brush, 12);
    if (button(brush, "retry", brush.text(Text::Retry), {.icon = icons::refresh}))
      out.push_back(action::Inspect{model.cell.cell});
    return;
  }
  if (model.cell.loading && model.cell.items.empty()) {
    const float side = brush.px(40);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    spinner(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, brush.px(10), brush.colors.soft);
    ImGui::Dummy({width, side});
    return;
  }
  summary(brush, model, width);
  if (may_report(model)) {
    space(brush, 12);
    if (button(brush, "report", brush.text(Text::ReportThis), {.icon = icons::flag, .width = width})) out.push_back(action::ReportCell{model.cell.cell});
  }
  if (model.cell.items.empty()) return;
  space(brush, 16);
  history(brush, model, width);
}

}  // namespace tessera
