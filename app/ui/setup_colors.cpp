#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// A colour that is no longer offered has a line through it.
void strike(const Brush& brush, ImVec2 min, ImVec2 max) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float inset = brush.px(6);
  const ImVec2 from{min.x + inset, max.y - inset}, to{max.x - inset, min.y + inset};
  list.AddLine(from, to, ink(Rgb{0, 0, 0}), brush.px(4));
  list.AddLine(from, to, ink(Rgb{255, 255, 255}), brush.px(2));
}

std::string shown_name(const ColorForm& entry) { return entry.name.empty() ? entry.color : entry.name; }

void grid(const Brush& brush, const SetupPanel& setup, const SetupForm& form, float width, Actions& out) {
  const float side = brush.px(brush.touch ? 40 : 32), gap = brush.px(4);
  const int columns = std::max(1, static_cast<int>((width + gap) / (side + gap)));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(gap, gap));
  for (std::size_t i = 0; i < form.colors.size(); ++i) {
    const ColorForm& entry = form.colors[i];
    const int index = static_cast<int>(i);
    if (index % columns != 0) ImGui::SameLine(0, gap);
    ImGui::PushID(index);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const auto color = parse_color(entry.color);
    // Each is reached by Tab, as each is a thing to edit.
    const Press pressed = press(brush, "color", {side, side});
    const ImVec2 min{at.x + brush.px(2), at.y + brush.px(2)}, max{at.x + side - brush.px(2), at.y + side - brush.px(2)};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float radius = brush.px(measure::swatch_radius);
    if (color) color_block(brush, list, min, max, *color, radius);
    else list.AddRect(min, max, ink(brush.colors.bad), radius, 0, brush.hair());
    if (entry.retired) strike(brush, min, max);
    if (index == setup.color) list.AddRect(at, {at.x + side, at.y + side}, ink(brush.colors.accent), radius, 0, brush.px(2));
    if (pressed.focused) focus_ring(brush, pressed.box, radius);
    hint(brush, pressed, entry.retired ? shown_name(entry) + " · " + brush.text(Text::ColorRetired) : shown_name(entry));
    if (pressed.used) out.push_back(action::EditColor{index == setup.color ? -1 : index});
    ImGui::PopID();
  }
  ImGui::PopStyleVar();
}

void editor(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out) {
  const auto index = static_cast<std::size_t>(setup.color);
  ColorForm& entry = form.colors[index];
  const bool drawn = index < setup.base.palette.size();
  const float gap = brush.px(measure::gap_wide), code = brush.px(112);
  ImGui::PushID(setup.color);
  ImGui::BeginGroup();
  form_field(brush, "code", Text::ColorCode, entry.color, {.width = code, .enabled = !drawn, .fixed = drawn});
  ImGui::EndGroup();
  ImGui::SameLine(0, gap);
  ImGui::BeginGroup();
  form_field(brush, "name", Text::ColorName, entry.name, {.width = width - code - gap});
  ImGui::EndGroup();
  space(brush, 8);
  if (drawn) {
    if (toggle(brush, "retired", brush.text(Text::ColorRetired), entry.retired, width)) entry.retired = !entry.retired;
    paragraph(brush, brush.text(Text::ColorRetiredHint), width, Type::Small);
  } else if (button(brush, "remove", brush.text(Text::ColorRemove), {.icon = icons::trash, .width = width})) {
    form.colors.erase(form.colors.begin() + setup.color);
    out.push_back(action::EditColor{-1});
  }
  ImGui::PopID();
}

std::string count(const Brush& brush, const SetupForm& form) {
  const auto retired = std::count_if(form.colors.begin(), form.colors.end(), [](const ColorForm& entry) { return entry.retired; });
  const std::string all = format_number(brush.language, form.colors.size());
  if (retired == 0) return brush.text({Text::ColorsCount, {all}});
  return brush.text({Text::ColorsCountRetired, {all, format_number(brush.language, static_cast<std::uint64_t>(retired))}});
}

}  // namespace

void setup_colors(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out) {
  label(brush, count(brush, form), Type::Small, Tone::Soft, width);
  space(brush, 8);
  grid(brush, setup, form, width, out);
  space(brush, 12);
  const bool chosen = setup.color >= 0 && static_cast<std::size_t>(setup.color) < form.colors.size();
  if (chosen) editor(brush, setup, form, width, out);
  else paragraph(brush, brush.text(Text::ColorsHint), width, Type::Small);
  space(brush, 12);
  const bool room = form.colors.size() < Palette::max_colors;
  if (button(brush, "add", brush.text(Text::ColorAdd), {.icon = icons::plus, .width = width, .enabled = room && !setup.busy}))
    out.push_back(action::AddColor{});
}

}  // namespace tessera
