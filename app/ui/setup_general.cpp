#include <array>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

Text access_hint(Access access) {
  switch (access) {
    case Access::Open:
      return Text::AccessOpenHint;
    case Access::Code:
      return Text::AccessCodeHint;
    case Access::Members:
      return Text::AccessMembersHint;
    case Access::Invited:
      break;
  }
  return Text::AccessInvitedHint;
}

void size_fields(const Brush& brush, SetupForm& form, float width) {
  const float gap = brush.px(measure::gap_wide), half = std::floor((width - gap) / 2);
  ImGui::BeginGroup();
  form_field(brush, "width", Text::SetupWidth, form.width, {.width = half, .digits = true});
  ImGui::EndGroup();
  ImGui::SameLine(0, gap);
  ImGui::BeginGroup();
  form_field(brush, "height", Text::SetupHeight, form.height, {.width = half, .digits = true});
  ImGui::EndGroup();
  const auto across = parse_number(form.width, max_canvas_side), down = parse_number(form.height, max_canvas_side);
  space(brush, 4);
  const std::string cells = across && down ? brush.text({Text::SetupCells, {format_number(brush.language, *across * *down)}}) : " ";
  label(brush, cells, Type::Small, Tone::Soft, width);
}

/// Two rows of two: their words are long in either language.
void access_choice(const Brush& brush, SetupForm& form, float width) {
  caption(brush, Text::SetupAccess);
  const std::array<std::string, access_count> names{brush.text(Text::AccessOpen), brush.text(Text::AccessCode), brush.text(Text::AccessMembers), brush.text(Text::AccessInvited)};
  const int now = static_cast<int>(form.access);
  const int upper = segments(brush, "open", std::span(names).first(2), now < 2 ? now : -1, width);
  space(brush, 4);
  const int lower = segments(brush, "closed", std::span(names).last(2), now < 2 ? -1 : now - 2, width);
  if (upper >= 0 && upper != now) form.access = static_cast<Access>(upper);
  else if (lower >= 0 && lower + 2 != now) form.access = static_cast<Access>(lower + 2);
  space(brush, 4);
  paragraph(brush, brush.text(access_hint(form.access)), width, Type::Small);
}

void code_fields(const Brush& brush, SetupForm& form, float width, Actions& out) {
  space(brush, 8);
  form_field(brush, "code", Text::CodeField, form.code, {.icon = icons::key, .width = width});
  space(brush, 8);
  if (button(brush, "draw", brush.text(Text::CodeDraw), {.icon = icons::refresh, .width = width}))
    out.push_back(action::DrawCode{});
}

}  // namespace

void setup_general(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out) {
  if (setup.creating) {
    form_field(brush, "name", Text::SetupName, form.name, {.hint = brush.text(Text::SetupNameHint), .width = width});
    space(brush, 12);
  }
  size_fields(brush, form, width);
  space(brush, 12);
  access_choice(brush, form, width);
  if (form.access == Access::Code) code_fields(brush, form, width, out);
}

}  // namespace tessera
