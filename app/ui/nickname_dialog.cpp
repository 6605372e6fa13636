#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr const char* id = "nickname";

/// Said by the model: another window has been signed in, say.
void close() {
  if (!ImGui::IsPopupOpen(id)) return;
  if (!ImGui::BeginPopupModal(id, nullptr, ImGuiWindowFlags_NoDecoration)) return;
  ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

void buttons(const Brush& brush, const NicknameDialog& dialog, const std::string& text, bool enter, float width,
             Actions& out) {
  const float gap = brush.px(measure::gap), height = brush.target();
  const float cancel = std::min(std::round(width * 0.4f), button_width(brush, brush.text(Text::Cancel)));
  const bool ready = !dialog.busy && !text.empty();
  if (button(brush, "cancel", brush.text(Text::Cancel), {.width = cancel, .height = height}) ||
      ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    out.push_back(action::CancelNickname{});
  ImGui::SameLine(0, gap);
  const ButtonLook look{.kind = ButtonKind::Main, .width = width - cancel - gap, .height = height, .enabled = ready};
  const bool pressed = button(brush, "start", brush.text(Text::NicknameStart), look);
  if ((pressed || enter) && ready) out.push_back(action::SubmitNickname{});
}

}  // namespace

void nickname_dialog(const Brush& brush, const Model& model, Actions& out) {
  const NicknameDialog& dialog = model.nickname;
  if (!dialog.open) return close();
  const float outer = std::min(brush.px(400), brush.screen.x - 2 * brush.edge()), width = outer - brush.px(48);
  // High up on phones, where the keyboard takes the lower half.
  const ImVec2 at{brush.screen.x / 2, brush.phone ? brush.px(72) : brush.screen.y / 2};
  const PanelLook look{
      .id = id, .at = at, .pivot = {0.5f, brush.phone ? 0.0f : 0.5f}, .kind = PanelKind::Dialog, .from = {0, 12}};
  if (const Panel panel(brush, look); panel) {
    paragraph(brush, brush.text(Text::NicknameTitle), width, Type::Heading, Tone::Text);
    space(brush, 4);
    paragraph(brush, brush.text(Text::NicknameHint), width);
    space(brush, 16);
    std::string text = dialog.text;
    const bool untouched = ImGui::IsWindowAppearing() || (!ImGui::IsAnyItemActive() && !brush.state.focus.shown() &&
                                                          !ImGui::IsMouseDown(ImGuiMouseButton_Left));
    const FieldUse use = text_field(brush, "name", text,
                                    {.icon = icons::user,
                                     .hint = brush.text(Text::Nickname),
                                     .width = width,
                                     .height = brush.px(measure::touch_target),
                                     .focus = untouched && !dialog.busy,
                                     .enabled = !dialog.busy,
                                     .wrong = dialog.error.has_value()});
    if (use.changed) out.push_back(action::EditNickname{text});
    if (dialog.error) {
      space(brush, 8);
      paragraph(brush, brush.text(*dialog.error), width, Type::Small, Tone::Bad, 4);
    }
    space(brush, 16);
    buttons(brush, dialog, text, use.enter, width, out);
  }
}

}  // namespace tessera
