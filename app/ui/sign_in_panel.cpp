#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr const char* id = "sign_in";

void heading(const Brush& brush, Text title, Text words, float width) {
  paragraph(brush, brush.text(title), width, Type::Heading, Tone::Text);
  space(brush, 4);
  paragraph(brush, brush.text(words), width);
}

void error_line(const Brush& brush, const SignInPanel& panel, float width) {
  if (!panel.error) return;
  space(brush, 8);
  paragraph(brush, brush.text(*panel.error), width, Type::Small, Tone::Bad, 4);
}

/// A field that takes the keyboard at once, as long as nothing else has been touched.
FieldUse first_field(const Brush& brush, const SignInPanel& panel, std::string& text, const char* icon, Text hint,
                     float width) {
  const bool untouched = ImGui::IsWindowAppearing() || (!ImGui::IsAnyItemActive() && !brush.state.focus.shown() &&
                                                        !ImGui::IsMouseDown(ImGuiMouseButton_Left));
  return text_field(brush, "name", text,
                    {.icon = icon,
                     .hint = brush.text(hint),
                     .width = width,
                     .height = brush.px(measure::touch_target),
                     .focus = untouched && !panel.busy,
                     .enabled = !panel.busy,
                     .wrong = panel.error.has_value()});
}

bool cancel_button(const Brush& brush, float width) {
  const bool pressed = button(brush, "cancel", brush.text(Text::Cancel), {.width = width, .height = brush.target()});
  return pressed || ImGui::IsKeyPressed(ImGuiKey_Escape, false);
}

/// 'Cancel' and the one that goes on; true: that one.
bool buttons(const Brush& brush, const char* words, bool ready, float width, Actions& out) {
  const float gap = brush.px(measure::gap);
  const float cancel = std::min(std::round(width * 0.4f), button_width(brush, brush.text(Text::Cancel)));
  if (cancel_button(brush, cancel)) out.push_back(action::CloseSignIn{});
  ImGui::SameLine(0, gap);
  return button(
      brush, "start", words,
      {.kind = ButtonKind::Main, .width = width - cancel - gap, .height = brush.target(), .enabled = ready});
}

/// What a link has brought along, which is why one is asked.
void errand_line(const Brush& brush, const Model& model, float width) {
  if (model.errand.empty() || model.errand.server != model.connection.server) return;
  space(brush, 8);
  paragraph(brush, brush.text(model.errand.owner.empty() ? Text::SignInInvite : Text::SignInOwner), width, Type::Text,
            Tone::Text);
}

void or_line(const Brush& brush, float width) {
  const char* word = brush.text(Text::SignInOr);
  const float height = brush.px(20), words = text_width(brush, word, Type::Small), gap = brush.px(12);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float middle = std::round(at.y + height / 2), left = std::round(at.x + (width - words) / 2);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({at.x, middle}, {left - gap, middle + brush.hair()}, ink(brush.colors.line));
  list.AddRectFilled({left + words + gap, middle}, {at.x + width, middle + brush.hair()}, ink(brush.colors.line));
  draw_centred(brush, list, at, {at.x + width, at.y + height}, word, Type::Small, ink(brush.colors.soft));
  ImGui::Dummy({width, height});
}

void choose(const Brush& brush, const Model& model, float width, Actions& out) {
  const SignInPanel& panel = model.sign_in;
  const bool guest = model.server.guests_allowed && !signed_in(model), discord = model.ways.discord;
  if (guest && !discord) heading(brush, Text::NicknameTitle, Text::NicknameHint, width);
  else if (signed_in(model)) heading(brush, Text::Discord, Text::DiscordKeeps, width);
  else heading(brush, Text::SignInTitle, guest || discord ? Text::SignInHint : Text::SignInNoWay, width);
  errand_line(brush, model, width);
  space(brush, 16);
  if (discord) {
    const ButtonLook look{.kind = guest ? ButtonKind::Raised : ButtonKind::Main,
                          .icon = icons::comment,
                          .width = width,
                          .height = brush.px(measure::touch_target),
                          .enabled = !panel.busy};
    if (button(brush, "discord", brush.text(Text::Discord), look)) out.push_back(action::ContinueWithDiscord{});
    space(brush, 12);
  }
  if (!guest) {
    error_line(brush, panel, width);
    if (cancel_button(brush, width)) out.push_back(action::CloseSignIn{});
    return;
  }
  if (discord) {
    or_line(brush, width);
    space(brush, 12);
  }
  std::string text = panel.text;
  const FieldUse use = first_field(brush, panel, text, icons::user, Text::Nickname, width);
  if (use.changed) out.push_back(action::EditNickname{text});
  error_line(brush, panel, width);
  space(brush, 16);
  const bool ready = !panel.busy && !text.empty();
  if ((buttons(brush, brush.text(Text::NicknameStart), ready, width, out) || use.enter) && ready)
    out.push_back(action::SubmitNickname{});
}

void ask_code(const Brush& brush, const Model& model, float width, Actions& out) {
  const SignInPanel& panel = model.sign_in;
  heading(brush, Text::CodeTitle, Text::CodeHint, width);
  space(brush, 16);
  std::string text = panel.code;
  const FieldUse use = first_field(brush, panel, text, icons::key, Text::Code, width);
  if (use.changed) out.push_back(action::EditCode{text});
  error_line(brush, panel, width);
  space(brush, 16);
  const bool ready = !panel.busy && !text.empty();
  if ((buttons(brush, brush.text(Text::CodeEnter), ready, width, out) || use.enter) && ready)
    out.push_back(action::SubmitCode{});
}

/// The code large, on ground of its own.
void user_code(const Brush& brush, const std::string& code, float width) {
  const float height = brush.px(72);
  const ImVec2 at = ImGui::GetCursorScreenPos(), far{at.x + width, at.y + height};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, far, ink(brush.colors.raised), brush.px(measure::control_radius));
  draw_centred(brush, list, at, far, cut(brush, code, Type::Title, width - brush.px(16)), Type::Title,
               ink(brush.colors.text));
  ImGui::Dummy({width, height});
}

void waiting_line(const Brush& brush, const Model& model, float width) {
  const DeviceGrant& device = model.sign_in.device;
  const float side = brush.px(20);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, brush.px(7), brush.colors.soft);
  ImGui::Dummy({side, side});
  same_line(brush, 8);
  const Duration left = std::max(Duration::zero(), device.expires_at - model.now);
  const std::string words =
      device.user_code.empty()
          ? brush.text(Text::DeviceAsking)
          : brush.text({Text::DeviceWaiting, {format_duration(brush.language, std::chrono::ceil<std::chrono::seconds>(left))}});
  label(brush, words, Type::Small, Tone::Soft, width - side - brush.px(8), side);
}

void device_step(const Brush& brush, const Model& model, float width, Actions& out) {
  const DeviceGrant& device = model.sign_in.device;
  heading(brush, Text::DeviceTitle, Text::DeviceHint, width);
  space(brush, 16);
  const bool over = device.over && !model.sign_in.busy;
  if (!device.user_code.empty()) {
    user_code(brush, device.user_code, width);
    space(brush, 8);
    paragraph(brush, device.address, width, Type::Small, Tone::Soft, 2);
    space(brush, 12);
  }
  if (over) {
    error_line(brush, model.sign_in, width);
    space(brush, 16);
    if (buttons(brush, brush.text(Text::DeviceNewCode), true, width, out)) out.push_back(action::ContinueWithDiscord{});
    return;
  }
  waiting_line(brush, model, width);
  space(brush, 16);
  if (!device.user_code.empty()) {
    if (button(brush, "copy", brush.text(Text::CopyCode),
               {.icon = icons::copy, .width = width, .height = brush.target()}))
      out.push_back(action::CopyUserCode{});
    space(brush, 8);
  }
  if (buttons(brush, brush.text(Text::OpenBrowser), !device.user_code.empty(), width, out))
    out.push_back(action::OpenVerification{});
}

}  // namespace

void sign_in_panel(const Brush& brush, const Model& model, Actions& out) {
  // Said by the model: another window has been signed in, say.
  if (!model.sign_in.open) return close_dialog(id);
  const float outer = std::min(brush.px(400), brush.screen.x - 2 * brush.edge()), width = outer - brush.px(48);
  // High up on phones, where the keyboard takes the lower half.
  const bool high = brush.phone && brush.screen.y > brush.px(600);
  const ImVec2 at{brush.screen.x / 2, high ? brush.px(72) : brush.screen.y / 2};
  const PanelLook look{.id = id,
                       .at = at,
                       .pivot = {0.5f, high ? 0.0f : 0.5f},
                       .most = {0, brush.screen.y - 2 * brush.edge()},
                       .kind = PanelKind::Dialog,
                       .from = {0, 12}};
  if (const Panel panel(brush, look); panel) {
    begin_scrolling(brush, "asked", width, brush.screen.y - 2 * brush.edge() - brush.px(56));
    switch (model.sign_in.step) {
      case SignInStep::Choose:
        choose(brush, model, width, out);
        break;
      case SignInStep::Device:
        device_step(brush, model, width, out);
        break;
      case SignInStep::Code:
        ask_code(brush, model, width, out);
        break;
    }
    end_scrolling(brush);
  }
}

}  // namespace tessera
