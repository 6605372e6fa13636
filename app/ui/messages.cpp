#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

struct LevelLook {
  const char* icon;
  Tone tone;
};

LevelLook level_look(Level level) {
  switch (level) {
    case Level::Good:
      return {icons::check, Tone::Good};
    case Level::Warn:
      return {icons::warning, Tone::Warn};
    case Level::Bad:
      return {icons::warning, Tone::Bad};
    case Level::Info:
      break;
  }
  return {icons::info, Tone::Info};
}

constexpr LevelLook lock_look{icons::lock, Tone::Warn};

constexpr float line_inset = 12, line_icon = 16, line_gap = 8;
float line_width(const Brush& brush, float words) { return words + brush.px(2 * line_inset + line_icon + line_gap); }

/// An icon and a text, of as few lines as go into `width`, at most three.
struct Message {
  LevelLook look;
  std::string text;
  float words = 0;  ///< the lines' width
  int lines = 1;

  Message(const Brush& brush, LevelLook of_look, const Phrase& phrase, float width)
      : look(of_look), text(brush.text(phrase)) {
    words = std::min(text_width(brush, text, Type::Text), std::max(1.0f, width - line_width(brush, 0)));
    lines = count_lines(brush, text, words, Type::Text, 3);
  }
  float height(const Brush& brush, float one_line) const {
    return std::max(one_line, static_cast<float>(lines) * line_height(brush, Type::Text) + brush.px(16));
  }
};

void draw_message(const Brush& brush, const Message& message, float one_line) {
  const float height = message.height(brush, one_line),
              block = static_cast<float>(message.lines) * line_height(brush, Type::Text);
  const ImVec2 at = ImGui::GetCursorScreenPos(), start = ImGui::GetCursorPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(line_inset + line_icon / 2), at.y + height / 2},
            message.look.icon, tone_ink(brush, message.look.tone));
  const float before = brush.px(line_inset + line_icon + line_gap);
  ImGui::SetCursorPos({start.x + before, start.y + std::round((height - block) / 2)});
  paragraph(brush, message.text, message.words, Type::Text, Tone::Text, message.lines);
  ImGui::SetCursorPos({start.x + before + message.words, start.y});
  ImGui::Dummy({brush.px(line_inset), height});
}

}  // namespace

void banner_line(const Brush& brush, const Model& model, Actions& out) {
  const auto now = banner(model);
  if (!now) return;
  const std::string retry = brush.text(Text::RetryNow);
  const float height = brush.target(), gap = brush.px(measure::gap_wide);
  const float button_room = now->can_retry ? button_width(brush, retry) : 0, around = button_room + brush.px(8);
  const float most = std::min(free_width(brush, model) - 2 * brush.edge(), brush.px(640));
  const Message message(brush, now->locked ? lock_look : level_look(now->level), now->phrase, most - around);
  // Between the two bars where there is room, else beneath them.
  const auto left = panel_box("canvas"), right = panel_box("account");
  const float middle = std::round(free_width(brush, model) / 2), width = line_width(brush, message.words) + around;
  const float half_room = left && right ? std::min(middle - left->max.x, right->min.x - middle) - gap : 0;
  const bool between = !brush.phone && message.lines == 1 && width / 2 <= half_room;
  const float top = brush.edge() + (between ? 0 : brush.target() + brush.px(8) + gap);
  const float half = width / 2 + brush.px(4);
  const Box place{{middle - half, top}, {middle + half, top + message.height(brush, height) + brush.px(8)}};
  if (now->locked && over_marker(brush, model, place)) return;
  const PanelLook look{
      .id = "banner", .at = {middle, top}, .pivot = {0.5f, 0}, .kind = PanelKind::Bar, .from = {0, -8}};
  if (const Panel panel(brush, look); panel) {
    draw_message(brush, message, height);
    if (!now->can_retry) return;
    same_line(brush);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (message.height(brush, height) - height) / 2);
    if (button(brush, "retry", retry, {.height = height})) out.push_back(action::RetryNow{});
  }
}

void toast_stack(const Brush& brush, const Model& model, Actions& out) {
  const float one_line = brush.px(measure::control_height), gap = brush.px(measure::gap_wide),
              middle = std::round(free_width(brush, model) / 2);
  float most = std::min(free_width(brush, model) - 2 * brush.edge(), brush.px(560)), bottom = brush.screen.y - brush.edge();
  const bool canvas = model.screen == Screen::Canvas;
  const float highest = brush.edge() + (canvas ? brush.target() + brush.px(8) + gap : 0);
  if (const auto palette = panel_box("palette"); palette && canvas) {
    bottom = palette->min.y - gap;
    if (const auto undo = panel_box("undo"); undo && brush.phone) bottom = undo->min.y - gap;
    // Beside what stands on the palette, or above it too.
    const auto zoom = panel_box("zoom");
    if (zoom && !brush.phone && zoom->max.y <= palette->min.y) {
      const float beside = 2 * (zoom->min.x - gap - middle);
      if (beside < brush.px(360))
        bottom = zoom->min.y - gap;
      else
        most = std::min(most, beside);
    }
  }
  for (auto toast = model.toasts.rbegin(); toast != model.toasts.rend(); ++toast) {
    const Message message(brush, level_look(toast->level), toast->phrase, most - brush.px(8));
    const float height = message.height(brush, one_line) + brush.px(8);
    // Where there is no room for more, the newest are the ones that count.
    if (bottom - height < highest) return;
    const std::string id = "toast" + std::to_string(toast->id);
    const PanelLook look{
        .id = id.c_str(), .at = {middle, bottom}, .pivot = {0.5f, 1}, .kind = PanelKind::Bar, .from = {0, 12}};
    if (const Panel panel(brush, look); panel) {
      draw_message(brush, message, one_line);
      if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
        out.push_back(action::DismissToast{toast->id});
    }
    bottom -= height + brush.px(measure::gap);
  }
}

void marker_tip(const Brush& brush, const Model& model) {
  if (!model.marker.cell || model.tool.tool == Tool::Hand || model.drawer != Drawer::None) return;
  if (lock_frame(model)) return;  // which has a tip of its own
  const Cell cell = *model.marker.cell;
  std::string text = brush.text({Text::Coordinates, {std::to_string(cell.x), std::to_string(cell.y)}});
  if (const auto obstacle = may_place(model, cell); obstacle && model.tool.tool == Tool::Pencil)
    text += " · " + brush.text(explain(model, *obstacle, cell));
  tip_at(brush, model, cell, text, {});
}

}  // namespace tessera
