#include <algorithm>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

Text kind_words(AccountKind kind) {
  switch (kind) {
    case AccountKind::Guest:
      return Text::KindGuest;
    case AccountKind::Discord:
      return Text::KindDiscord;
    case AccountKind::Service:
      return Text::KindService;
    case AccountKind::Imported:
      break;
  }
  return Text::KindImported;
}

Tone role_tone(Role role) {
  if (role >= Role::Admin) return Tone::Accent;
  return role == Role::Moderator ? Tone::Info : Tone::Soft;
}

void signed_in_as(const Brush& brush, const Model& model, float width) {
  const float side = brush.px(40), gap = brush.px(measure::gap_wide);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  avatar(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, side / 2, model.account.name);
  const std::string role = brush.text(role_name(model.account.role));
  const float badge = badge_width(brush, role);
  ImGui::SetCursorPos({start.x + side + gap, start.y});
  label(brush, model.account.name, Type::Strong, Tone::Text, width - side - 2 * gap - badge, brush.px(22));
  ImGui::SetCursorPos({start.x + width - badge, start.y + brush.px(1)});
  badge_label(brush, role, role_tone(model.account.role));
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(22)});
  const std::string line = std::string(brush.text(kind_words(model.account.kind))) + " · " + server_name(brush, model.connection.server);
  label(brush, line, Type::Small, Tone::Soft, width - side - gap);
  ImGui::SetCursorPos({start.x, start.y + side});
  ImGui::Dummy({width, 1});
}

/// Why one may not place, and until when.
void ban_card(const Brush& brush, const Model& model, float width) {
  if (!model.ban) return;
  const float padding = brush.px(12), inner = width - 2 * padding - brush.px(24);
  const auto end = ban_end(model);
  const std::string until =
      end ? brush.text({Text::BannedUntil, {format_date_time(brush.language, *end, model.device.utc_offset)}})
          : std::string(brush.text(Text::BannedForGood));
  const int reason_lines = model.ban->reason.empty() ? 0 : count_lines(brush, model.ban->reason, inner, Type::Small);
  const int title_lines = count_lines(brush, brush.text(Text::BannedTitle), inner, Type::Strong, 2);
  const float height = 2 * padding + static_cast<float>(title_lines) * line_height(brush, Type::Strong) + line_height(brush, Type::Small) +
                       static_cast<float>(reason_lines) * line_height(brush, Type::Small) + brush.px(4);
  space(brush, 12);
  const ImVec2 at = ImGui::GetCursorScreenPos(), start = ImGui::GetCursorPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius);
  list.AddRectFilled(at, {at.x + width, at.y + height}, ink(brush.colors.bad, 0.12), radius);
  list.AddRect(at, {at.x + width, at.y + height}, ink(brush.colors.bad, 0.6), radius, 0, brush.hair());
  draw_icon(brush, list, {at.x + padding + brush.px(8), at.y + padding + line_height(brush, Type::Strong) / 2}, icons::ban, ink(brush.colors.bad));
  const float x = start.x + padding + brush.px(24);
  ImGui::SetCursorPos({x, start.y + padding});
  ImGui::BeginGroup();
  paragraph(brush, brush.text(Text::BannedTitle), inner, Type::Strong, Tone::Text, 2);
  label(brush, until, Type::Small, Tone::Text, inner);
  if (reason_lines > 0) {
    space(brush, 4);
    paragraph(brush, model.ban->reason, inner, Type::Small, Tone::Text);
  }
  ImGui::EndGroup();
  ImGui::SetCursorPos({start.x, start.y + height});
  ImGui::Dummy({width, 1});
}

void signed_out(const Brush& brush, const Model& model, float width, Actions& out) {
  label(brush, brush.text(Text::NotSignedIn), Type::Strong, Tone::Text, width);
  if (model.server.guests_allowed) {
    space(brush, 4);
    paragraph(brush, brush.text(Text::NicknameAsked), width);
  }
  space(brush, 16);
  if (model.screen != Screen::Canvas) return;
  const ButtonLook look{.kind = ButtonKind::Main, .icon = icons::sign_in, .width = width, .height = brush.target()};
  if (button(brush, "in", brush.text(Text::SignIn), look)) out.push_back(action::OpenSignIn{});
  space(brush, 8);
}

}  // namespace

void account_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  if (!signed_in(model)) {
    signed_out(brush, model, width, out);
  } else {
    signed_in_as(brush, model, width);
    ban_card(brush, model, width);
    space(brush, 16);
    if (model.account.kind == AccountKind::Guest && model.ways.discord) {
      if (button(brush, "discord", brush.text(Text::Discord), {.icon = icons::comment, .width = width}))
        out.push_back(action::ContinueWithDiscord{});
      space(brush, 4);
      paragraph(brush, brush.text(Text::DiscordKeeps), width, Type::Small);
      space(brush, 16);
    }
    if (model.screen == Screen::Canvas) {
      if (button(brush, "reports", brush.text(Text::OwnReports), {.icon = icons::flag, .width = width})) out.push_back(action::ShowOwnReports{});
      space(brush, 16);
    }
    device_list(brush, model, width, out);
    divider(brush, width);
    space(brush, 16);
    if (button(brush, "out", brush.text(Text::SignOut), {.icon = icons::sign_out, .width = width}))
      out.push_back(action::SignOut{});
    space(brush, 8);
  }
  if (button(brush, "leave", brush.text(Text::LeaveCanvas), {.icon = icons::home, .width = width}))
    out.push_back(action::Leave{});
}

}  // namespace tessera
