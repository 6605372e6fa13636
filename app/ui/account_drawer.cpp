#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

void signed_in_as(const Brush& brush, const Model& model, float width) {
  const float side = brush.px(40), gap = brush.px(measure::gap_wide);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  avatar(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, side / 2, model.account.name);
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(2)});
  label(brush, model.account.name, Type::Strong, Tone::Text, width - side - gap);
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(22)});
  label(brush, server_name(brush, model.connection.server), Type::Small, Tone::Soft, width - side - gap);
  ImGui::SetCursorPos({start.x, start.y + side});
  ImGui::Dummy({width, 1});
}

}  // namespace

void account_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  if (signed_in(model)) {
    signed_in_as(brush, model, width);
    space(brush, 16);
    if (button(brush, "out", brush.text(Text::SignOut), {.icon = icons::sign_out, .width = width}))
      out.push_back(action::SignOut{});
  } else {
    label(brush, brush.text(Text::NotSignedIn), Type::Strong, Tone::Text, width);
    if (model.server.guests_allowed) {
      space(brush, 4);
      paragraph(brush, brush.text(Text::NicknameAsked), width);
    }
    space(brush, 16);
  }
  if (signed_in(model)) space(brush, 8);
  if (button(brush, "leave", brush.text(Text::LeaveCanvas), {.icon = icons::home, .width = width}))
    out.push_back(action::Leave{});
}

}  // namespace tessera
