#include "app/ui/panels.h"

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

void choice(const Brush& brush, const SetupPanel& setup, const SetupConflict& conflict, float width, Actions& out) {
  const std::string mine = value_text(brush, conflict.field, *setup.mine, *setup.theirs),
                    theirs = value_text(brush, conflict.field, *setup.theirs, *setup.mine);
  if (const auto side = conflict_choice(brush, field_name(conflict.field), mine, theirs, conflict.side, width))
    out.push_back(action::ChooseSide{conflict.field, *side});
}

}  // namespace

void setup_conflict(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  conflict_title(brush, width);
  for (std::size_t i = 0; i < setup.conflicts.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    choice(brush, setup, setup.conflicts[i], width, out);
    ImGui::PopID();
  }
  const ConflictUse use = conflict_buttons(brush, setup.busy, width);
  if (use.save) out.push_back(action::ResolveConflict{});
  if (use.back) out.push_back(action::DropConflict{});
}

}  // namespace tessera
