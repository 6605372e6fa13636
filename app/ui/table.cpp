#include "app/ui/table.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <imgui_internal.h>

#include "app/ui/controls.h"
#include "app/ui/drawings.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr float names_units = 32, cell_gap = 12;
/// With fewer rows than this left below what is seen, the next page is asked for.
constexpr std::size_t rows_ahead = 40;

std::vector<float> widths_of(const Brush& brush, const TableLook& look) {
  std::vector<float> widths;
  float fixed = 0;
  int flexible = 0;
  for (const Column& column : look.columns) {
    fixed += brush.px(column.width);
    flexible += column.width == 0 ? 1 : 0;
  }
  const float gaps = brush.px(cell_gap) * static_cast<float>(look.columns.size() - 1);
  const float each = std::max(brush.px(60), (look.width - fixed - gaps) / static_cast<float>(std::max(1, flexible)));
  for (const Column& column : look.columns) widths.push_back(column.width == 0 ? std::floor(each) : brush.px(column.width));
  return widths;
}

/// A column's name, with which way it is sorted by.
void column_name(const Brush& brush, const TableLook& look, const Column& column, const Box& box, TableUse& use) {
  const bool by_it = column.sort >= 0 && column.sort == look.sort;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float mark = by_it ? brush.px(16) : 0;
  const std::string words = cut(brush, brush.text(column.name), Type::Small, box.width() - mark);
  const float width = text_width(brush, words, Type::Small);
  const float x = column.right ? box.max.x - width - mark : box.min.x;
  bool lit = false;
  if (column.sort >= 0) {
    ImGui::SetCursorScreenPos(box.min);
    ImGui::PushID(column.sort);
    const Press pressed = press(brush, "sort", {box.width(), box.height()});
    ImGui::PopID();
    lit = pressed.hovered;
    if (pressed.focused) focus_ring(brush, {{box.min.x, box.min.y + brush.px(4)}, {box.max.x, box.max.y - brush.px(4)}}, brush.px(4));
    if (pressed.used) use.sorted = column.sort;
  }
  draw_text(brush, list, {x, box.centre().y - line_height(brush, Type::Small) / 2}, words, Type::Small, ink(by_it || lit ? brush.colors.text : brush.colors.soft));
  if (by_it) draw_icon(brush, list, {x + width + brush.px(9), box.centre().y}, look.rising ? icons::chevron_up : icons::chevron_down, ink(brush.colors.text), Type::Small);
}

void column_names(const Brush& brush, const TableLook& look, const std::vector<float>& widths, TableUse& use) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), start = ImGui::GetCursorPos();
  const float height = brush.px(names_units);
  float x = at.x;
  for (std::size_t i = 0; i < look.columns.size(); ++i) {
    column_name(brush, look, look.columns[i], {{x, at.y}, {x + widths[i], at.y + height}}, use);
    x += widths[i] + brush.px(cell_gap);
  }
  ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + height - brush.hair()}, {at.x + look.width, at.y + height}, ink(brush.colors.line));
  ImGui::SetCursorPos({start.x, start.y + height});
}

/// Which row the keyboard is on, after this frame's keys; `page`: how many are in sight.
std::size_t step_row(std::size_t row, std::size_t rows, std::size_t page) {
  const auto back = [&](std::size_t by) { return row - std::min(row, by); };
  const auto ahead = [&](std::size_t by) { return std::min(rows - 1, row + by); };
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) return back(1);
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) return ahead(1);
  if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) return back(page);
  if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) return ahead(page);
  if (ImGui::IsKeyPressed(ImGuiKey_Home)) return 0;
  if (ImGui::IsKeyPressed(ImGuiKey_End)) return rows - 1;
  return std::min(row, rows - 1);
}

struct Rows {
  const Brush& brush;
  const TableLook& look;
  const std::vector<float>& widths;
  const DrawCell& draw;
  float height;       // of a row
  float scroll;       // how far it is scrolled
  ImVec2 at;          // of what is seen
  float seen_height;

  /// In doubles: with a hundred thousand rows a float would put them half a pixel off.
  Box box(std::size_t row) const {
    const auto top = static_cast<float>(double{at.y} + double(row) * double{height} - double{scroll});
    return {{at.x, std::round(top)}, {at.x + look.width, std::round(top + height)}};
  }
  void paint(std::size_t row, bool hovered, bool on) const {
    const Box whole = box(row);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float radius = brush.px(measure::control_radius), out = brush.px(8);
    const Box lit{{whole.min.x - out, whole.min.y + brush.px(1)}, {whole.max.x + out, whole.max.y - brush.px(1)}};
    if (hovered || on) list.AddRectFilled(lit.min, lit.max, ink(hovered ? brush.colors.hovered : brush.colors.raised), radius);
    list.AddRectFilled({whole.min.x, whole.max.y - brush.hair()}, whole.max, ink(brush.colors.line, 0.6));
    float x = whole.min.x;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      draw(row, column, {{x, whole.min.y}, {x + widths[column], whole.max.y}});
      x += widths[column] + brush.px(cell_gap);
    }
    if (on) list.AddRect(lit.min, lit.max, ink(brush.colors.info), radius, 0, brush.px(2));
  }
};

void scroll_to(const Rows& rows, std::size_t row) {
  const double top = double(row) * double{rows.height}, bottom = top + double{rows.height};
  if (top < double{rows.scroll}) ImGui::SetScrollY(static_cast<float>(top));
  else if (bottom > double{rows.scroll} + double{rows.seen_height}) ImGui::SetScrollY(static_cast<float>(bottom - double{rows.seen_height}));
}

void draw_rows(const Brush& brush, const Rows& rows, TableUse& use) {
  const TableLook& look = rows.look;
  const auto first = static_cast<std::size_t>(rows.scroll / rows.height);
  const auto page = static_cast<std::size_t>(std::max(1.0f, rows.seen_height / rows.height));
  const std::size_t last = std::min(look.rows, first + page + 2);
  // One control for all rows: Tab comes here once.
  std::size_t& cursor = brush.state.table_rows[ImGui::GetID("rows")];
  ImGui::SetCursorScreenPos(rows.at);
  const Press pressed = press(brush, "rows", {look.width, rows.seen_height});
  if (pressed.focused) {
    const std::size_t to = step_row(cursor, look.rows, page);
    if (to != cursor) scroll_to(rows, to);
    cursor = to;
  }
  const float y = ImGui::GetIO().MousePos.y;
  for (std::size_t row = first; row < last; ++row) {
    const Box box = rows.box(row);
    const bool hovered = pressed.hovered && y >= box.min.y && y < box.max.y;
    rows.paint(row, hovered, pressed.focused && row == cursor);
    if (!pressed.used) continue;
    const bool by_key = pressed.focused && !pressed.hovered && row == cursor;
    if (hovered || by_key) use.opened = row;
  }
  if (use.opened) cursor = *use.opened;
  use.wants_more = look.more && !look.waits && last + rows_ahead >= look.rows;
}

void waiting(const Brush& brush, const Box& box) {
  spinner(brush, *ImGui::GetWindowDrawList(), box.centre(), brush.px(10), brush.colors.soft);
}

}  // namespace

TableUse table(const Brush& brush, const TableLook& look, const DrawCell& draw) {
  TableUse use;
  ImGui::PushID(look.id);
  const std::vector<float> widths = widths_of(brush, look);
  const ImVec2 start = ImGui::GetCursorPos();
  if (look.names) column_names(brush, look, widths, use);
  const float names = look.names ? brush.px(names_units) : 0, height = brush.px(brush.touch ? std::max(look.row_units, measure::touch_target) : look.row_units);
  const float room = std::max(height, look.height - names), foot = look.waits || look.more ? height : 0;
  // As high as its rows are, where those are few.
  const double all = double(look.rows) * double{height} + double{foot};
  const float seen = static_cast<float>(std::min(all, double{room}));
  if (look.rows == 0 && !look.waits) {
    space(brush, 16);
    paragraph(brush, brush.text(look.empty), look.width);
    ImGui::PopID();
    return use;
  }
  // The rounded ground of a row reaches into the panel's padding.
  const float out = brush.px(12);
  ImGui::SetCursorPos({start.x - out, start.y + names});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, 0.0f);
  ImGui::BeginChild("list", {look.width + 2 * out, std::max(seen, height)}, 0, ImGuiWindowFlags_NoNavInputs);
  const ImVec2 at = ImGui::GetWindowPos();
  const Rows rows{brush, look, widths, draw, height, ImGui::GetScrollY(), {at.x + out, at.y}, std::max(seen, height)};
  if (look.rows > 0) draw_rows(brush, rows, use);
  if (look.waits && rows.scroll + rows.seen_height >= static_cast<float>(all) - foot) {
    const float top = static_cast<float>(double{at.y} + double(look.rows) * double{height} - double{rows.scroll});
    waiting(brush, {{at.x, top}, {at.x + look.width, top + height}});
  }
  ImGui::SetCursorPos({0, 0});
  ImGui::Dummy({1, static_cast<float>(all)});
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::SetCursorPos({start.x, start.y + names + std::max(seen, height)});
  ImGui::Dummy({look.width, 0});
  ImGui::PopID();
  return use;
}

void cell_text(const Brush& brush, const Box& box, std::string_view text, Tone tone, Type type, bool right) {
  const std::string shown = cut(brush, text, type, box.width());
  const float x = right ? box.max.x - text_width(brush, shown, type) : box.min.x;
  draw_text(brush, *ImGui::GetWindowDrawList(), {std::round(x), std::round(box.centre().y - line_height(brush, type) / 2)}, shown, type, tone_ink(brush, tone));
}

}  // namespace tessera
