#include "app/ui/surfaces.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

namespace tessera {
namespace {

constexpr int panel_style_vars = 6, panel_style_colors = 3;
/// Kept around scrolling content, so that no focus ring is cut; at the sides so much that the scrollbar lies there too.
constexpr float room_beside = 16, room_above = 4;

void soft_shadow(const Brush& brush, const Box& box, float radius) {
  constexpr int layers = 12;
  const float reach = brush.px(20), drop = brush.px(6);
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  for (int i = layers; i >= 1; --i) {
    const float out = reach * static_cast<float>(i) / layers;
    list.AddRectFilled({box.min.x - out, box.min.y - out + drop}, {box.max.x + out, box.max.y + out + drop},
                       ink(brush.colors.shadow, 0.08), radius + out);
  }
}

float padding_of(const Brush& brush, const PanelLook& look) {
  if (look.padding >= 0) return brush.px(look.padding);
  switch (look.kind) {
    case PanelKind::Bar:
      return brush.px(4);
    case PanelKind::Dialog:
      return brush.px(24);
    case PanelKind::Card:
    case PanelKind::Sheet:
      break;
  }
  return brush.px(measure::padding);
}

Box box_of(const ImGuiWindow& window) {
  return {window.Pos, {window.Pos.x + window.Size.x, window.Pos.y + window.Size.y}};
}

bool begin_window(const PanelLook& look) {
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                           ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNavInputs;
  if (look.size.x <= 0 || look.size.y <= 0) flags |= ImGuiWindowFlags_AlwaysAutoResize;
  if (look.kind != PanelKind::Dialog) return ImGui::Begin(look.id, nullptr, flags);
  if (!ImGui::IsPopupOpen(look.id)) ImGui::OpenPopup(look.id);
  return ImGui::BeginPopupModal(look.id, nullptr, flags & ~ImGuiWindowFlags_NoFocusOnAppearing);
}

ImVec4 color(Tint tint, double opacity = 1) { return ImGui::ColorConvertU32ToFloat4(style_ink(tint, opacity)); }

void fill_tooltip(const Brush& brush, std::string_view text) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(brush.px(10), brush.px(6)));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, brush.px(measure::control_radius));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, brush.hair());
  ImGui::PushStyleColor(ImGuiCol_PopupBg, style_ink({brush.colors.panel.rgb, 1}));
  ImGui::PushStyleColor(ImGuiCol_Border, style_ink(brush.colors.line));
  ImGui::PushStyleColor(ImGuiCol_Text, style_ink(brush.colors.text));
  if (ImGui::BeginTooltip()) {
    constexpr std::size_t most = 512;
    ImGui::PushFont(brush.fonts.small);
    ImGui::PushTextWrapPos(std::min(brush.px(320), brush.screen.x - brush.px(2 * measure::edge)));
    ImGui::TextUnformatted(text.data(), text.data() + std::min(text.size(), most));
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::EndTooltip();
  }
  ImGui::PopStyleColor(3);
  ImGui::PopStyleVar(3);
}

}  // namespace

float Brush::px(float units) const { return std::round(units * scale); }
float Brush::hair() const { return std::max(1.0f, std::floor(scale)); }

ImU32 ink(Tint tint, double opacity) { return style_ink(tint, opacity * ImGui::GetStyle().Alpha); }
ImU32 ink(Rgb rgb) { return ink(Tint{rgb, 1}); }
ImU32 style_ink(Tint tint, double opacity) {
  const double alpha = std::clamp(tint.opacity * opacity, 0.0, 1.0);
  return IM_COL32(tint.rgb.r, tint.rgb.g, tint.rgb.b, static_cast<int>(std::lround(alpha * 255)));
}

void apply_style(const Brush& brush) {
  ImGuiStyle& style = ImGui::GetStyle();
  const Colors& c = brush.colors;
  style.Alpha = 1;
  style.DisabledAlpha = 1;
  style.ScrollbarSize = brush.px(8);
  style.ScrollbarRounding = brush.px(4);
  style.HoverDelayShort = 0.12f;
  style.CircleTessellationMaxError = 0.2f;
  style.Colors[ImGuiCol_Text] = color(c.text);
  style.Colors[ImGuiCol_ChildBg] = color(c.panel, 0);
  style.Colors[ImGuiCol_ScrollbarBg] = color(c.panel, 0);
  style.Colors[ImGuiCol_ScrollbarGrab] = color(c.soft, 0.35);
  style.Colors[ImGuiCol_ScrollbarGrabHovered] = color(c.soft, 0.6);
  style.Colors[ImGuiCol_ScrollbarGrabActive] = color(c.soft, 0.8);
  style.Colors[ImGuiCol_ModalWindowDimBg] = ImVec4(0, 0, 0, 0.5f);
}

Panel::Panel(const Brush& brush, const PanelLook& look) : brush_(brush), dialog_(look.kind == PanelKind::Dialog) {
  const Colors& c = brush.colors;
  const float come = brush.state.transitions.entered(ImHashStr(look.id), brush.time, brush.still);
  const bool comes = look.from.x != 0 || look.from.y != 0;
  const float padding = padding_of(brush, look), radius = brush.px(measure::panel_radius), away = comes ? 1 - come : 0;
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, comes ? std::max(come, 0.02f) : 1.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, radius);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(padding, padding));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, brush.hair());
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, style_ink({c.panel.rgb, c.panel.opacity}));
  ImGui::PushStyleColor(ImGuiCol_PopupBg, style_ink({c.panel.rgb, 1}));
  ImGui::PushStyleColor(ImGuiCol_Border, style_ink(c.line));
  const ImVec2 at{std::round(look.at.x + brush.scale * look.from.x * away),
                  std::round(look.at.y + brush.scale * look.from.y * away)};
  ImGui::SetNextWindowPos(at, ImGuiCond_Always, look.pivot);
  if (look.size.x > 0 || look.size.y > 0) ImGui::SetNextWindowSize(look.size, ImGuiCond_Always);
  if (look.most.x > 0 || look.most.y > 0)
    ImGui::SetNextWindowSizeConstraints(
        {1, 1}, {look.most.x > 0 ? look.most.x : FLT_MAX, look.most.y > 0 ? look.most.y : FLT_MAX});
  open_ = begin_window(look);
  if (dialog_ || !open_) return;
  const ImGuiWindow& window = *ImGui::GetCurrentWindowRead();
  if (!window.Hidden) soft_shadow(brush, box_of(window), radius);
}

Panel::~Panel() {
  // A dialog that is not open has been ended already; other windows always want it.
  if (open_ || !dialog_) {
    const ImGuiWindow& window = *ImGui::GetCurrentWindowRead();
    const ImVec2 wanted{window.DC.CursorMaxPos.x - window.DC.CursorStartPos.x,
                        window.DC.CursorMaxPos.y - window.DC.CursorStartPos.y};
    const bool settled = std::abs(wanted.x - window.ContentSize.x) < 1 && std::abs(wanted.y - window.ContentSize.y) < 1;
    if (!settled) brush_.state.transitions.unsettled();
    if (dialog_)
      ImGui::EndPopup();
    else
      ImGui::End();
  }
  ImGui::PopStyleColor(panel_style_colors);
  ImGui::PopStyleVar(panel_style_vars);
}

void close_dialog(const char* id) {
  if (!ImGui::IsPopupOpen(id)) return;
  if (!ImGui::BeginPopupModal(id, nullptr, ImGuiWindowFlags_NoDecoration)) return;
  ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

std::optional<Box> panel_box(const char* id) {
  const ImGuiWindow* window = ImGui::FindWindowByName(id);
  if (window == nullptr || !(window->Active || window->WasActive)) return std::nullopt;
  return box_of(*window);
}

void begin_scrolling(const Brush& brush, const char* id, float width, float most) {
  const ImVec2 room{brush.px(room_beside), brush.px(room_above)};
  const ImVec2 at = ImGui::GetCursorPos();
  ImGui::SetCursorPos({at.x - room.x, at.y - room.y});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, room);
  ImGui::PushStyleVar(ImGuiStyleVar_ChildBorderSize, 0.0f);
  const float outer = width + 2 * room.x;
  ImGui::SetNextWindowSizeConstraints({outer, 1}, {outer, std::max(1.0f, most + 2 * room.y)});
  constexpr ImGuiChildFlags flags =
      ImGuiChildFlags_AutoResizeY | ImGuiChildFlags_AlwaysAutoResize | ImGuiChildFlags_AlwaysUseWindowPadding;
  ImGui::BeginChild(id, {outer, 0}, flags, ImGuiWindowFlags_NoNavInputs);
}

void end_scrolling(const Brush& brush) {
  const ImGuiWindow& window = *ImGui::GetCurrentWindowRead();
  const float wanted = window.DC.CursorMaxPos.y - window.DC.CursorStartPos.y;
  if (std::abs(wanted - window.ContentSize.y) >= 1) brush.state.transitions.unsettled();
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  // The room around it counts for nothing outside.
  const ImVec2 room{brush.px(room_beside), brush.px(room_above)};
  ImGuiWindowTempData& parent = ImGui::GetCurrentWindow()->DC;
  const ImVec2 far = ImGui::GetItemRectMax();
  if (parent.CursorMaxPos.x == far.x) parent.CursorMaxPos.x -= room.x;
  if (parent.CursorMaxPos.y == far.y) parent.CursorMaxPos.y -= room.y;
  parent.CursorPosPrevLine = {parent.CursorPosPrevLine.x - room.x, parent.CursorPosPrevLine.y + room.y};
  parent.CursorPos.y -= room.y;
}

void divider(const Brush& brush, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + brush.hair()}, ink(brush.colors.line));
  ImGui::Dummy({width, brush.hair()});
}

void bar_divider(const Brush& brush, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float margin = brush.px(8);
  ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + margin}, {at.x + brush.hair(), at.y + height - margin},
                                            ink(brush.colors.line));
  ImGui::Dummy({brush.hair(), height});
}

void same_line(const Brush& brush, float units) { ImGui::SameLine(0, brush.px(units)); }

void tooltip(const Brush& brush, std::string_view text) {
  if (!text.empty() && !brush.touch) fill_tooltip(brush, text);
}

void tooltip_below(const Brush& brush, std::string_view text, const Box& box) {
  if (text.empty()) return;
  // Within the window, wherever the control is.
  const float x = std::clamp(box.centre().x, brush.px(80), std::max(brush.px(80), brush.screen.x - brush.px(80)));
  const bool low = box.max.y > brush.screen.y - brush.px(48);
  ImGui::SetNextWindowPos({std::round(x), low ? box.min.y - brush.px(8) : box.max.y + brush.px(8)}, ImGuiCond_Always,
                          {0.5f, low ? 1.0f : 0.0f});
  fill_tooltip(brush, text);
}

}  // namespace tessera
