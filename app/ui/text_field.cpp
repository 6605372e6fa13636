#include <algorithm>
#include <cmath>

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include "app/ui/controls.h"

namespace tessera {
namespace {

/// Longer input is no link and no name; the model says so of what is too long, which this still lets through.
constexpr int most_bytes = 4'096;

int limit_length(ImGuiInputTextCallbackData* data) {
  if (data->BufTextLen > most_bytes) data->DeleteChars(most_bytes, data->BufTextLen - most_bytes);
  return 0;
}

void push_field_style(const Brush& brush, float height) {
  const Colors& c = brush.colors;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      ImVec2(0, std::max(0.0f, std::floor((height - brush.fonts.text->FontSize) / 2))));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0.0f);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushStyleColor(ImGuiCol_Text, style_ink(c.text));
  ImGui::PushStyleColor(ImGuiCol_TextDisabled, style_ink(c.soft));
  ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, style_ink(c.info, 0.4));
}

void pop_field_style() {
  ImGui::PopStyleColor(4);
  ImGui::PopStyleVar(2);
}

ImGuiInputTextFlags flags_of(const FieldLook& look) {
  ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackEdit;
  if (look.fixed) flags |= ImGuiInputTextFlags_ReadOnly | ImGuiInputTextFlags_AutoSelectAll;
  if (look.wrong) flags |= ImGuiInputTextFlags_AutoSelectAll;  // what is typed next takes its place
  if (look.digits) flags |= ImGuiInputTextFlags_CharsDecimal;
  return flags;
}

}  // namespace

FieldUse text_field(const Brush& brush, const char* id, std::string& text, const FieldLook& look) {
  const Colors& c = brush.colors;
  Focus& focus = brush.state.focus;
  const float height = look.height > 0 ? look.height : brush.control(), radius = brush.px(measure::control_radius);
  const float before = brush.px(look.icon != nullptr ? 40 : 12);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  const Box box{at, {at.x + look.width, at.y + height}};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, ink(c.raised), radius);
  if (look.icon != nullptr) draw_icon(brush, list, {at.x + brush.px(20), box.centre().y}, look.icon, ink(c.faint));
  push_field_style(brush, height);
  ImGui::SetCursorScreenPos({at.x + before, at.y});
  ImGui::SetNextItemWidth(std::max(1.0f, look.width - before - brush.px(12) - look.room_right));
  ImGui::PushID(id);
  const ImGuiID own = ImGui::GetID("##field");
  const bool was_active = ImGui::GetActiveID() == own;
  const bool reached = look.enabled && focus.visit(own);
  if (look.focus || (reached && (focus.arrived(own) || (!was_active && use_key_pressed())))) {
    // ImGui only moves within the window that it takes for the one in use.
    ImGui::FocusWindow(ImGui::GetCurrentWindow());
    ImGui::SetKeyboardFocusHere();
  }
  ImGui::BeginDisabled(!look.enabled);
  FieldUse use;
  const std::string was = text;
  use.enter = ImGui::InputTextWithHint("##field", look.hint, &text, flags_of(look), limit_length);
  use.changed = text != was;
  ImGui::EndDisabled();
  ImGui::PopID();
  pop_field_style();
  const bool active = ImGui::GetActiveID() == own;
  if (active) focus.follow(own);
  const Tint line = look.wrong ? c.bad : active ? c.info : c.line;
  list.AddRect(box.min, box.max, ink(line), radius, 0, look.wrong || active ? brush.px(2) : brush.hair());
  if (reached && !active) focus_ring(brush, box, radius);
  ImGui::SetCursorPos(start);
  ImGui::Dummy({look.width, height});
  return use;
}

}  // namespace tessera
