#include "app/ui/controls.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <imgui_internal.h>

namespace tessera {
namespace {

constexpr float icon_room = measure::icon + 8, segment_inset = 3;

float button_padding(const Brush& brush, ButtonKind kind) { return brush.px(kind == ButtonKind::Quiet ? 8 : 16); }

struct ButtonColors {
  ImU32 ground = 0, words = 0, line = 0;
};

ButtonColors button_colors(const Brush& brush, ButtonKind kind, const Press& press, bool enabled) {
  const Colors& c = brush.colors;
  const double strength = enabled ? 1 : 0.4;
  const bool lit = enabled && (press.hovered || press.held);
  const Tint raised = !lit ? c.raised : press.held ? c.held : c.hovered;
  switch (kind) {
    case ButtonKind::Main:
      return {ink(lit ? c.accent_hovered : c.accent, strength), ink(c.on_accent, enabled ? 1 : 0.6), 0};
    case ButtonKind::Raised:
      return {ink(raised, strength), ink(c.text, strength), ink(c.line, strength)};
    case ButtonKind::Quiet:
      return {lit ? ink(raised) : 0, ink(lit ? c.text : c.soft, strength), 0};
    case ButtonKind::Danger:
      if (lit) return {ink(c.bad), ink(c.on_bad), ink(c.bad)};
      return {0, ink(c.bad, strength), ink(c.bad, 0.6 * strength)};
  }
  return {};
}

/// All alike; where a word needs more and all of them together have it, as wide as each needs and an even share of the rest.
std::vector<float> segment_widths(const Brush& brush, std::span<const std::string> words, float width) {
  std::vector<float> widths;
  for (const std::string& word : words) widths.push_back(text_width(brush, word, Type::Strong) + brush.px(2 * segment_inset + 6));
  const float count = static_cast<float>(widths.size()), all = std::accumulate(widths.begin(), widths.end(), 0.0f);
  const bool fits_alike = *std::max_element(widths.begin(), widths.end()) <= width / count;
  for (float& each : widths) each = fits_alike || all > width ? width / count : each + (width - all) / count;
  return widths;
}

}  // namespace

Press press(const Brush& brush, const char* id, ImVec2 size, bool enabled, Reach reach) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  size = {std::max(1.0f, std::round(size.x)), std::max(1.0f, std::round(size.y))};
  ImGui::BeginDisabled(!enabled);
  Press result{.box = {at, {at.x + size.x, at.y + size.y}}};
  result.used = ImGui::InvisibleButton(id, size);
  result.hovered = ImGui::IsItemHovered();
  result.held = ImGui::IsItemActive();
  result.tip = ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort | ImGuiHoveredFlags_AllowWhenDisabled);
  if (enabled && reach == Reach::MouseAndKeyboard) {
    const ImGuiID own = ImGui::GetItemID();
    result.focused = brush.state.focus.visit(own);
    if (brush.state.focus.arrived(own)) ImGui::ScrollToItem(ImGuiScrollFlags_KeepVisibleEdgeY);
    result.used |= result.focused && use_key_pressed();
  }
  ImGui::EndDisabled();
  return result;
}

void focus_ring(const Brush& brush, const Box& box, float radius) {
  const float gap = brush.px(2);
  ImGui::GetWindowDrawList()->AddRect({box.min.x - gap, box.min.y - gap}, {box.max.x + gap, box.max.y + gap},
                                      ink(brush.colors.info), radius + gap, 0, brush.px(2));
}

void hint(const Brush& brush, const Press& press, std::string_view text) {
  if (press.focused)
    tooltip_below(brush, text, press.box);
  else if (press.tip)
    tooltip(brush, text);
}

float button_width(const Brush& brush, std::string_view words, const ButtonLook& look) {
  const float icon = look.icon != nullptr ? brush.px(icon_room) : 0;
  return text_width(brush, words, look.size) + icon + 2 * button_padding(brush, look.kind);
}

bool button(const Brush& brush, const char* id, std::string_view words, const ButtonLook& look) {
  const float height = look.height > 0 ? look.height : brush.control();
  const float width = look.width > 0 ? look.width : button_width(brush, words, look);
  const Press pressed = press(brush, id, {width, height}, look.enabled);
  const ButtonColors colors = button_colors(brush, look.kind, pressed, look.enabled);
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius);
  if (colors.ground != 0) list.AddRectFilled(box.min, box.max, colors.ground, radius);
  if (colors.line != 0) list.AddRect(box.min, box.max, colors.line, radius, 0, brush.hair());
  const float icon = look.icon != nullptr ? brush.px(icon_room) : 0;
  const std::string shown = cut(brush, words, look.size, width - icon - brush.px(16));
  float x = box.min.x + (width - text_width(brush, shown, look.size) - icon) / 2;
  if (look.icon != nullptr) {
    draw_icon(brush, list, {x + brush.px(measure::icon) / 2, box.centre().y}, look.icon, colors.words);
    x += icon;
  }
  draw_text(brush, list, {x, box.centre().y - line_height(brush, look.size) / 2}, shown, look.size, colors.words);
  if (pressed.focused) focus_ring(brush, box, radius);
  if (shown != words) hint(brush, pressed, words);
  return pressed.used;
}

bool icon_button(const Brush& brush, const char* id, const char* icon, std::string_view name, const IconLook& look) {
  const ImVec2 size = look.size.x > 0 ? look.size : ImVec2(brush.target(), brush.target());
  const Press pressed = press(brush, id, size, look.enabled);
  const ButtonColors colors = button_colors(brush, look.on ? ButtonKind::Main : look.kind, pressed, look.enabled);
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius);
  if (colors.ground != 0) list.AddRectFilled(box.min, box.max, colors.ground, radius);
  if (colors.line != 0) list.AddRect(box.min, box.max, colors.line, radius, 0, brush.hair());
  draw_icon(brush, list, box.centre(), icon, colors.words);
  if (pressed.focused) focus_ring(brush, box, radius);
  hint(brush, pressed, name);
  return pressed.used;
}

bool toggle(const Brush& brush, const char* id, std::string_view words, bool on, float width) {
  const float height = brush.control(), knob_width = brush.px(36), knob_height = brush.px(20);
  const Colors& c = brush.colors;
  const Press pressed = press(brush, id, {width, height});
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string shown = cut(brush, words, Type::Text, width - knob_width - brush.px(measure::gap_wide));
  draw_text(brush, list, {box.min.x, box.centre().y - line_height(brush, Type::Text) / 2}, shown, Type::Text,
            ink(c.text));
  const float top = std::round(box.centre().y - knob_height / 2);
  const Box knob{{box.max.x - knob_width, top}, {box.max.x, top + knob_height}};
  const bool lit = pressed.hovered || pressed.held;
  list.AddRectFilled(knob.min, knob.max, on ? ink(lit ? c.accent_hovered : c.accent) : ink(lit ? c.held : c.raised),
                     knob_height / 2);
  if (!on) list.AddRect(knob.min, knob.max, ink(c.faint), knob_height / 2, 0, brush.hair());
  const float x = on ? knob.max.x - knob_height / 2 : knob.min.x + knob_height / 2;
  list.AddCircleFilled({x, knob.centre().y}, knob_height / 2 - brush.px(4), on ? ink(c.on_accent) : ink(c.soft));
  if (pressed.focused) focus_ring(brush, knob, knob_height / 2);
  if (shown != words) hint(brush, pressed, words);
  return pressed.used;
}

int segments(const Brush& brush, const char* id, std::span<const std::string> words, int chosen, float width) {
  const Colors& c = brush.colors;
  const float height = brush.control(), inset = brush.px(segment_inset), radius = brush.px(measure::control_radius);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, ink(c.raised), radius);
  list.AddRect(at, {at.x + width, at.y + height}, ink(c.line), radius, 0, brush.hair());
  const int count = static_cast<int>(words.size());
  const std::vector<float> widths = segment_widths(brush, words, width);
  float begin = at.x;
  int now = chosen;
  ImGui::PushID(id);
  for (int i = 0; i < count; ++i) {
    const float left = std::round(begin), right = std::round(begin += widths[static_cast<std::size_t>(i)]);
    ImGui::SetCursorScreenPos({left, at.y});
    ImGui::PushID(i);
    const Press pressed =
        press(brush, "segment", {right - left, height}, true,
              i == std::max(0, chosen) ? Reach::MouseAndKeyboard : Reach::Mouse);
    ImGui::PopID();
    if (pressed.used) now = i;
    const Box inner{{left + inset, at.y + inset}, {right - inset, at.y + height - inset}};
    if (i == chosen)
      list.AddRectFilled(inner.min, inner.max, ink(c.held), radius - inset);
    else if (pressed.hovered)
      list.AddRectFilled(inner.min, inner.max, ink(c.hovered), radius - inset);
    const std::string& word = words[static_cast<std::size_t>(i)];
    const std::string shown = cut(brush, word, i == chosen ? Type::Strong : Type::Text, inner.width() - brush.px(4));
    draw_centred(brush, list, inner.min, inner.max, shown, i == chosen ? Type::Strong : Type::Text,
                 ink(i == chosen || pressed.hovered ? c.text : c.soft));
    if (shown != word) hint(brush, pressed, word);
    if (!pressed.focused) continue;
    focus_ring(brush, {at, {at.x + width, at.y + height}}, radius);
    if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) now = std::max(0, chosen - 1);
    if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) now = std::min(count - 1, chosen + 1);
  }
  // The keyboard stays on what it has chosen.
  if (now != chosen && brush.state.focus.shown()) {
    ImGui::PushID(now);
    brush.state.focus.move(ImGui::GetID("segment"));
    ImGui::PopID();
  }
  ImGui::PopID();
  return now;
}

SwatchUse swatch(const Brush& brush, const char* id, Rgb color, bool chosen, ImVec2 size, std::string_view name) {
  const Press pressed = press(brush, id, size, true, chosen ? Reach::MouseAndKeyboard : Reach::Mouse);
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::swatch_radius), inset = size.x < brush.px(28) ? brush.px(1) : brush.px(2);
  const ImVec2 min{box.min.x + inset, box.min.y + inset}, max{box.max.x - inset, box.max.y - inset};
  list.AddRectFilled(min, max, ink(color), radius);
  // A faint line keeps a swatch of the panel's own colour visible.
  list.AddRect(min, max, ink(brush.colors.text, pressed.hovered ? 0.7 : 0.18), radius, 0, brush.hair());
  if (chosen) {
    list.AddRect(min, max, ink({brush.colors.panel.rgb, 1}), radius, 0, brush.px(2));
    const float out = brush.px(1);
    list.AddRect({box.min.x - out + inset, box.min.y - out + inset}, {box.max.x + out - inset, box.max.y + out - inset},
                 ink(brush.colors.accent), radius + out, 0, brush.px(2));
  }
  if (pressed.focused) focus_ring(brush, box, radius + inset);
  hint(brush, pressed, name);
  return {pressed.used, pressed.focused};
}

float badge_width(const Brush& brush, std::string_view words) {
  return text_width(brush, words, Type::Small) + brush.px(16);
}

void badge_label(const Brush& brush, std::string_view words, Tone tone) {
  const float width = badge_width(brush, words), height = brush.px(20);
  const ImVec2 at = ImGui::GetCursorScreenPos(), far{at.x + width, at.y + height};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, far, ink(brush.colors.raised), height / 2);
  list.AddRect(at, far, tone_ink(brush, tone), height / 2, 0, brush.hair());
  draw_centred(brush, list, at, far, words, Type::Small, tone_ink(brush, tone));
  ImGui::Dummy({width, height});
}

void caption(const Brush& brush, Text words) {
  label(brush, brush.text(words), Type::Small, Tone::Soft);
  space(brush, 4);
}

float keycap_width(const Brush& brush, std::string_view key) {
  return std::max(brush.px(22), text_width(brush, key, Type::Small) + brush.px(12));
}

void keycap(const Brush& brush, std::string_view key, float height) {
  const float side = brush.px(22), width = keycap_width(brush, key);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 min{at.x, at.y + std::round((height - side) / 2)}, max{at.x + width, min.y + side};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, ink(brush.colors.raised), brush.px(5));
  list.AddRect(min, max, ink(brush.colors.line), brush.px(5), 0, brush.hair());
  draw_centred(brush, list, min, max, key, Type::Small, ink(brush.colors.text));
  ImGui::Dummy({width, height});
}

}  // namespace tessera
