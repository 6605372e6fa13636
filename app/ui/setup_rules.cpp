#include <array>
#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

/// Two and two: how fast, and how many.
void rules_fields(const Brush& brush, RulesForm& rules, float width) {
  const float gap = brush.px(measure::gap_wide), half = std::floor((width - gap) / 2);
  const auto pair = [&](const char* id, Text words, std::string& text, const char* hint, bool first) {
    ImGui::BeginGroup();
    form_field(brush, id, words, text, {.hint = hint, .width = half, .digits = true});
    ImGui::EndGroup();
    if (first) ImGui::SameLine(0, gap);
  };
  const char* none = brush.text(Text::RuleNone);
  pair("rate", Text::RulePerSecond, rules.per_second, none, true);
  pair("burst", Text::RuleBurst, rules.burst, rules.per_second.empty() ? none : "", false);
  space(brush, 8);
  pair("minute", Text::RulePerMinute, rules.per_minute, none, true);
  pair("cooldown", Text::RuleCooldown, rules.cooldown, "0", false);
}

}  // namespace

void setup_rules(const Brush& brush, const SetupPanel&, SetupForm& form, float width, Actions&) {
  label(brush, brush.text(Text::RulesAll), Type::Strong, Tone::Text, width);
  space(brush, 8);
  ImGui::PushID("all");
  rules_fields(brush, form.rules, width);
  ImGui::PopID();
  space(brush, 8);
  if (toggle(brush, "guests", brush.text(Text::RuleGuests), form.guests, width)) form.guests = !form.guests;
  space(brush, 8);
  divider(brush, width);
  space(brush, 8);
  for (std::size_t i = 0; i < role_count; ++i) {
    auto& own = form.roles[i];
    ImGui::PushID(static_cast<int>(i));
    const std::string words = brush.text({Text::RulesOwn, {brush.text(role_name(static_cast<Role>(i)))}});
    if (toggle(brush, "own", words, own.has_value(), width)) {
      if (own) own.reset();
      else own = form.rules;
    }
    if (own) {
      space(brush, 4);
      rules_fields(brush, *own, width);
      space(brush, 8);
    }
    ImGui::PopID();
  }
}

}  // namespace tessera
