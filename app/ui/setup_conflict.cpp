#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

Text field_name(SetupField field) {
  switch (field) {
    case SetupField::Width:
      return Text::SetupWidth;
    case SetupField::Height:
      return Text::SetupHeight;
    case SetupField::Palette:
      return Text::SetupColors;
    case SetupField::PerSecond:
      return Text::RulePerSecond;
    case SetupField::Burst:
      return Text::RuleBurst;
    case SetupField::PerMinute:
      return Text::RulePerMinute;
    case SetupField::Cooldown:
      return Text::RuleCooldown;
    case SetupField::Guests:
      return Text::RuleGuests;
    case SetupField::Roles:
      return Text::RulesPerRole;
    case SetupField::Access:
      return Text::SetupAccess;
    case SetupField::Code:
      return Text::CodeField;
    case SetupField::Paused:
    case SetupField::Message:
    case SetupField::Archived:
      break;
  }
  return Text::SetupGeneral;
}

Text access_name(Access access) {
  switch (access) {
    case Access::Open:
      return Text::AccessOpen;
    case Access::Code:
      return Text::AccessCode;
    case Access::Members:
      return Text::AccessMembers;
    case Access::Invited:
      break;
  }
  return Text::AccessInvited;
}

std::string short_rules(const Brush& brush, const PlacingRules& rules) {
  const char* none = "∞";
  const auto number = [&](std::uint64_t value) { return format_number(brush.language, value); };
  return brush.text({Text::RulesShort,
                     {rules.per_second ? format_decimal(brush.language, *rules.per_second) : none,
                      rules.per_second ? number(rules.burst) : none, rules.per_minute ? number(*rules.per_minute) : none,
                      format_decimal(brush.language, rules.cooldown_ms / 1'000.0)}});
}

std::string roles_text(const Brush& brush, const CanvasSetup& setup) {
  std::string text;
  for (std::size_t role = 0; role < role_count; ++role) {
    if (!setup.roles[role]) continue;
    if (!text.empty()) text += "; ";
    text += brush.text({Text::RulesOf, {brush.text(role_name(static_cast<Role>(role))), short_rules(brush, *setup.roles[role])}});
  }
  return text.empty() ? std::string("–") : text;
}

/// The colours of `setup` that are not as in `other`, in words.
std::string colors_text(const Brush& brush, const CanvasSetup& setup, const CanvasSetup& other) {
  std::string text = brush.text({Text::ColorsCount, {format_number(brush.language, setup.palette.size())}});
  for (std::size_t i = 0; i < setup.palette.size(); ++i) {
    const PaletteColor& entry = setup.palette[i];
    if (i < other.palette.size() && other.palette[i] == entry) continue;
    text += " · " + (entry.name.empty() ? format_color(entry.color) : entry.name);
    if (entry.retired) text += " (" + std::string(brush.text(Text::ColorRetired)) + ")";
  }
  return text;
}

std::string value_text(const Brush& brush, SetupField field, const CanvasSetup& setup, const CanvasSetup& other) {
  const auto number = [&](std::uint64_t value) { return format_number(brush.language, value); };
  const char* none = brush.text(Text::RuleNone);
  switch (field) {
    case SetupField::Width:
      return number(setup.width);
    case SetupField::Height:
      return number(setup.height);
    case SetupField::Palette:
      return colors_text(brush, setup, other);
    case SetupField::PerSecond:
      return setup.rules.per_second ? format_decimal(brush.language, *setup.rules.per_second) : none;
    case SetupField::Burst:
      return setup.rules.per_second ? number(setup.rules.burst) : none;
    case SetupField::PerMinute:
      return setup.rules.per_minute ? number(*setup.rules.per_minute) : none;
    case SetupField::Cooldown:
      return brush.text({Text::RuleSecondsWait, {format_decimal(brush.language, setup.rules.cooldown_ms / 1'000.0)}});
    case SetupField::Guests:
      return brush.text(setup.guests ? Text::Yes : Text::No);
    case SetupField::Roles:
      return roles_text(brush, setup);
    case SetupField::Access:
      return brush.text(access_name(setup.access));
    case SetupField::Code:
      return setup.code.empty() ? std::string("–") : setup.code;
    case SetupField::Paused:
    case SetupField::Message:
    case SetupField::Archived:
      break;
  }
  return {};
}

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

void choice(const Brush& brush, const SetupPanel& setup, const SetupConflict& conflict, float width, Actions& out) {
  caption(brush, field_name(conflict.field));
  const std::string mine = value_text(brush, conflict.field, *setup.mine, *setup.theirs),
                    theirs = value_text(brush, conflict.field, *setup.theirs, *setup.mine);
  const float gap = brush.px(measure::gap), half = std::floor((width - gap) / 2), inner = half - brush.px(24);
  const int lines = std::max(count_lines(brush, mine, inner, Type::Strong, value_lines),
                             count_lines(brush, theirs, inner, Type::Strong, value_lines));
  const ImVec2 size{half, brush.px(24) + line_height(brush, Type::Small) +
                              static_cast<float>(lines) * line_height(brush, Type::Strong)};
  const ImVec2 start = ImGui::GetCursorPos();
  if (side_card(brush, "mine", Text::ConflictMine, mine, conflict.side == Side::Mine, size))
    out.push_back(action::ChooseSide{conflict.field, Side::Mine});
  ImGui::SetCursorPos({start.x + half + gap, start.y});
  if (side_card(brush, "theirs", Text::ConflictTheirs, theirs, conflict.side == Side::Theirs, size))
    out.push_back(action::ChooseSide{conflict.field, Side::Theirs});
  ImGui::SetCursorPos({start.x, start.y + size.y});
  ImGui::Dummy({width, brush.px(12)});
}

}  // namespace

void setup_conflict(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  paragraph(brush, brush.text(Text::ConflictTitle), width, Type::Heading, Tone::Text);
  space(brush, 4);
  paragraph(brush, brush.text(Text::ConflictHint), width);
  space(brush, 16);
  for (std::size_t i = 0; i < setup.conflicts.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    choice(brush, setup, setup.conflicts[i], width, out);
    ImGui::PopID();
  }
  space(brush, 4);
  if (button(brush, "save", brush.text(Text::ConflictSave),
             {.kind = ButtonKind::Main, .width = width, .height = brush.target(), .enabled = !setup.busy}))
    out.push_back(action::ResolveConflict{});
  space(brush, 8);
  if (button(brush, "back", brush.text(Text::Back), {.width = width, .height = brush.target()}))
    out.push_back(action::DropConflict{});
}

}  // namespace tessera
