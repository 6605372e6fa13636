#include <algorithm>
#include <cmath>
#include <utility>

#include <imgui_internal.h>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

std::vector<ColorIndex> shown_colors(const Palette& palette) {
  std::vector<ColorIndex> shown;
  for (std::size_t i = 0; i < palette.size(); ++i)
    if (!palette.colors()[i].retired) shown.push_back(static_cast<ColorIndex>(i));
  return shown;
}

/// Swatches row by row; those that do not fit into `rows_shown` are scrolled to.
struct Grid {
  std::vector<ColorIndex> colors;
  int columns = 1;
  int rows_shown = 1;
  ImVec2 each = {};
  float gap = 0;

  int rows() const { return (static_cast<int>(colors.size()) + columns - 1) / columns; }
  float height() const { return static_cast<float>(std::min(rows(), rows_shown)) * (each.y + gap) - gap; }
};

/// The arrow keys, while the keyboard is on the chosen swatch.
int arrow_step(int columns) {
  if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) return -1;
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) return 1;
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) return -columns;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) return columns;
  return 0;
}

void swatches(const Brush& brush, const Model& model, const Grid& grid, Actions& out) {
  const int count = static_cast<int>(grid.colors.size());
  const float across = static_cast<float>(grid.columns) * (grid.each.x + grid.gap) - grid.gap;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(grid.gap, grid.gap));
  begin_scrolling(brush, "colors", across, grid.height());
  // Where the chosen one cannot be placed any more, the keyboard still finds the first.
  const bool none_chosen = std::find(grid.colors.begin(), grid.colors.end(), model.tool.color) == grid.colors.end();
  for (int i = 0; i < count; ++i) {
    if (i % grid.columns != 0) ImGui::SameLine();
    const ColorIndex index = grid.colors[static_cast<std::size_t>(i)];
    const PaletteColor& color = model.palette[index];
    ImGui::PushID(i);
    const std::string name = color.name.empty() ? format_color(color.color) : color.name;
    const bool chosen = index == model.tool.color || (none_chosen && i == 0);
    const SwatchUse use = swatch(brush, "color", color.color, chosen, grid.each, name);
    ImGui::PopID();
    if (chosen && std::exchange(brush.state.color_seen, index) != index)
      ImGui::ScrollToItem(ImGuiScrollFlags_KeepVisibleCenterY);
    if (use.used) out.push_back(action::SelectColor{index});
    const int to = i + (use.focused ? arrow_step(grid.columns) : 0);
    if (to == i || to < 0 || to >= count) continue;
    out.push_back(action::SelectColor{grid.colors[static_cast<std::size_t>(to)]});
    ImGui::PushID(to);
    brush.state.focus.move(ImGui::GetID("color"));
    ImGui::PopID();
  }
  end_scrolling(brush);
  ImGui::PopStyleVar();
}

/// As few rows as look well: up to 8 in one, up to 32 in two, then as wide as the window lets.
int wanted_columns(int count) {
  if (count <= 8) return count;
  if (count <= 32) return (count + 1) / 2;
  return count <= 64 ? 16 : 32;
}

Grid bar_grid(const Brush& brush, const Model& model, float charges_room) {
  Grid grid{.colors = shown_colors(model.palette)};
  const int count = static_cast<int>(grid.colors.size());
  const float side = brush.px(count > 64 ? 24 : 32);
  grid.each = {side, side};
  grid.gap = brush.px(count > 64 ? 0 : 2);
  const float around = 2 * brush.edge() + brush.px(4 * measure::padding);
  const int fitting = static_cast<int>((free_width(brush, model) - around - charges_room) / (side + grid.gap));
  grid.columns = std::clamp(wanted_columns(count), 1, std::max(4, fitting));
  grid.rows_shown = std::max(2, static_cast<int>(brush.screen.y * 0.25f / (side + grid.gap)));
  return grid;
}

Grid sheet_grid(const Brush& brush, const Model& model) {
  Grid grid{.colors = shown_colors(model.palette)};
  const float width = brush.screen.x - brush.px(2 * measure::padding);
  grid.gap = brush.px(4);
  grid.columns = 8;
  grid.rows_shown = std::clamp(static_cast<int>(brush.screen.y * 0.3f / brush.px(measure::control_height + 4)), 1, 4);
  const float side = std::floor((width + grid.gap) / static_cast<float>(grid.columns)) - grid.gap;
  grid.each = {std::max(1.0f, side), brush.px(40)};
  return grid;
}

/// Who drew it, and the one large button.
void sheet_buttons(const Brush& brush, const Model& model, float left, float height, Actions& out) {
  const float place_width = std::min(brush.px(104), brush.screen.x - left - height - brush.px(40));
  const ImVec2 start = ImGui::GetCursorPos();
  ImGui::SetCursorPos(
      {brush.screen.x - brush.px(measure::padding) - place_width - brush.px(measure::gap) - height, start.y});
  const IconLook look{.enabled = model.marker.cell.has_value(), .size = {height, height}, .kind = ButtonKind::Raised};
  if (icon_button(brush, "inspect", icons::search, brush.text(Text::ToolInspect), look))
    out.push_back(action::InspectAtMarker{});
  same_line(brush, measure::gap);
  const bool may = model.marker.cell && !may_place(model, *model.marker.cell);
  if (button(brush, "place", brush.text(Text::Place),
             {.kind = ButtonKind::Main, .width = place_width, .height = height, .enabled = may, .size = Type::Heading}))
    out.push_back(action::PlaceAtMarker{});
}

}  // namespace

void palette_bar(const Brush& brush, const Model& model, Actions& out) {
  const ChargeTexts texts = charge_texts(brush, model);
  const Grid grid = bar_grid(brush, model, charges_width(brush, texts));
  const ImVec2 at{std::round(free_width(brush, model) / 2), brush.screen.y - brush.edge()};
  if (const Panel panel(brush, {.id = "palette", .at = at, .pivot = {0.5f, 1}}); panel) {
    const float ring_height = brush.px(44), height = std::max(grid.height(), ring_height);
    const ImVec2 start = ImGui::GetCursorPos();
    ImGui::SetCursorPosY(start.y + std::round((height - grid.height()) / 2));
    ImGui::BeginGroup();
    swatches(brush, model, grid, out);
    ImGui::EndGroup();
    ImGui::SameLine(0, brush.px(measure::padding));
    ImGui::SetCursorPosY(start.y);
    bar_divider(brush, height);
    ImGui::SameLine(0, brush.px(measure::padding));
    charges(brush, texts, height);
  }
}

void palette_sheet(const Brush& brush, const Model& model, Actions& out) {
  const Grid grid = sheet_grid(brush, model);
  const float padding = brush.px(measure::padding), bar = brush.px(52);
  const float height = padding + grid.height() + padding + bar + padding;
  // Its lower corners lie outside the window.
  const float below = brush.px(measure::panel_radius);
  const PanelLook look{.id = "palette",
                       .at = {0, brush.screen.y + below},
                       .pivot = {0, 1},
                       .size = {brush.screen.x, height + below},
                       .kind = PanelKind::Sheet};
  if (const Panel panel(brush, look); panel) {
    swatches(brush, model, grid, out);
    ImGui::SetCursorPos({padding, padding + grid.height() + padding});
    const float top = ImGui::GetCursorPosY();
    const ChargeTexts texts = charge_texts(brush, model);
    charges(brush, texts, bar);
    ImGui::SetCursorPos({padding, top});
    sheet_buttons(brush, model, padding + charges_width(brush, texts), bar, out);
  }
}

}  // namespace tessera
