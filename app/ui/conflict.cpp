#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

constexpr int value_lines = 3;

/// One side of a choice; true where it was chosen.
bool side_card(const Brush& brush, const char* id, Text whose, const std::string& value, bool chosen, ImVec2 size) {
  const Press pressed = press(brush, id, size);
  const Box& box = pressed.box;
  const float radius = brush.px(measure::control_radius), padding = brush.px(12), dot = brush.px(8);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, ink(pressed.hovered ? brush.colors.hovered : brush.colors.raised), radius);
  list.AddRect(box.min, box.max, ink(chosen ? brush.colors.accent : brush.colors.line), radius, 0,
               chosen ? brush.px(2) : brush.hair());
  const ImVec2 centre{box.max.x - padding - dot / 2, box.min.y + padding + line_height(brush, Type::Small) / 2};
  list.AddCircle(centre, dot, ink(chosen ? brush.colors.accent : brush.colors.faint), 0, brush.px(2));
  if (chosen) list.AddCircleFilled(centre, dot / 2, ink(brush.colors.accent));
  draw_text(brush, list, {box.min.x + padding, box.min.y + padding}, brush.text(whose), Type::Small,
            ink(brush.colors.soft));
  const ImVec2 after = ImGui::GetCursorPos();
  ImGui::SetCursorScreenPos({box.min.x + padding, box.min.y + padding + line_height(brush, Type::Small)});
  paragraph(brush, value, size.x - 2 * padding, Type::Strong, Tone::Text, value_lines);
  ImGui::SetCursorPos(after);
  if (pressed.focused) focus_ring(brush, box, radius);
  hint(brush, pressed, value);
  return pressed.used;
}

}  // namespace

void conflict_title(const Brush& brush, float width) {
  paragraph(brush, brush.text(Text::ConflictTitle), width, Type::Heading, Tone::Text);
  space(brush, 4);
  paragraph(brush, brush.text(Text::ConflictHint), width);
  space(brush, 16);
}

std::optional<Side> conflict_choice(const Brush& brush, Text name, const std::string& mine, const std::string& theirs, Side side, float width) {
  caption(brush, name);
  const float gap = brush.px(measure::gap), half = std::floor((width - gap) / 2), inner = half - brush.px(24);
  const int lines = std::max(count_lines(brush, mine, inner, Type::Strong, value_lines),
                             count_lines(brush, theirs, inner, Type::Strong, value_lines));
  const ImVec2 size{half, brush.px(24) + line_height(brush, Type::Small) +
                              static_cast<float>(lines) * line_height(brush, Type::Strong)};
  const ImVec2 start = ImGui::GetCursorPos();
  std::optional<Side> chosen;
  if (side_card(brush, "mine", Text::ConflictMine, mine, side == Side::Mine, size)) chosen = Side::Mine;
  ImGui::SetCursorPos({start.x + half + gap, start.y});
  if (side_card(brush, "theirs", Text::ConflictTheirs, theirs, side == Side::Theirs, size)) chosen = Side::Theirs;
  ImGui::SetCursorPos({start.x, start.y + size.y});
  ImGui::Dummy({width, brush.px(12)});
  return chosen;
}

ConflictUse conflict_buttons(const Brush& brush, bool busy, float width) {
  ConflictUse use;
  space(brush, 4);
  use.save = button(brush, "save", brush.text(Text::ConflictSave),
                    {.kind = ButtonKind::Main, .width = width, .height = brush.target(), .enabled = !busy});
  space(brush, 8);
  use.back = button(brush, "back", brush.text(Text::Back), {.width = width, .height = brush.target()});
  return use;
}

}  // namespace tessera
