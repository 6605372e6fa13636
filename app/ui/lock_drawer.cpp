#include <array>

#include "app/ui/panels.h"
#include "app/ui/staff_conflict.h"
#include "assets/icons.h"

namespace tessera {
namespace {

Text field_name(StaffField field) {
  switch (field) {
    case StaffField::Area:
      return Text::LockArea;
    case StaffField::Reason:
      return Text::LockReason;
    case StaffField::Until:
      return Text::Until;
    default:
      return Text::LockAllowed;
  }
}

std::string allowed_text(const Brush& brush, Role allowed) {
  if (allowed == Role::Member) return brush.text(Text::LockMembers);
  if (allowed == Role::Moderator) return brush.text(Text::LockStaff);
  return brush.text({Text::LockAllowedFrom, {brush.text(role_name(allowed))}});
}

std::string value_text(const Brush& brush, const Model& model, StaffField field, const LockWish& wish) {
  switch (field) {
    case StaffField::Area:
      return area_text(brush, wish.area);
    case StaffField::Reason:
      return wish.reason.empty() ? std::string("–") : wish.reason;
    case StaffField::Until:
      return until_text(brush, model, wish.until);
    default:
      return allowed_text(brush, wish.allowed);
  }
}

void conflict(const Brush& brush, const Model& model, float width, Actions& out) {
  const auto value = [&](StaffField field, const LockWish& wish) { return value_text(brush, model, field, wish); };
  staff_conflict(brush, model.lock_editor, width, field_name, value, out);
}

void allowed_choice(const Brush& brush, const LockEditor& editor, LockForm& form, float width) {
  caption(brush, Text::LockAllowed);
  const std::array<std::string, 2> names{brush.text(Text::LockStaff), brush.text(Text::LockMembers)};
  const int now = form.allowed == Role::Moderator ? 0 : form.allowed == Role::Member ? 1 : -1;
  const int chosen = segments(brush, "allowed", names, now, width);
  if (chosen != now) form.allowed = chosen == 0 ? Role::Moderator : Role::Member;
  if (now < 0) {
    space(brush, 4);
    label(brush, allowed_text(brush, form.allowed), Type::Small, Tone::Soft, width);
  }
  if (!editor.base || editor.base->accounts.empty()) return;
  space(brush, 4);
  const Phrase named = plural(brush.language, editor.base->accounts.size(), Text::LockNamedOne, Text::LockNamedMany);
  label(brush, brush.text(named), Type::Small, Tone::Soft, width);
}

AreaTexts texts_of(LockForm& form) { return {form.x, form.y, form.width, form.height}; }

void buttons(const Brush& brush, const LockEditor& editor, LockForm& form, float width, Actions& out) {
  const std::uint64_t cells = cells_of(texts_of(form));
  const std::string save = editor.base ? brush.text(Text::Save) : brush.text(plural(brush.language, cells, Text::LockNowOne, Text::LockNowMany));
  const bool ready = !editor.busy && cells > 0;
  if (button(brush, "save", save, {.kind = ButtonKind::Main, .icon = icons::lock, .width = width, .height = brush.target(), .enabled = ready}))
    out.push_back(action::SubmitLock{});
  if (!editor.base) return;
  // Apart from the rest, and with what it does in words.
  space(brush, 20);
  divider(brush, width);
  space(brush, 16);
  const Phrase lift = plural(brush.language, std::uint64_t{editor.base->width} * editor.base->height, Text::LockLiftOne, Text::LockLiftMany);
  if (button(brush, "lift", brush.text(lift),
             {.kind = ButtonKind::Danger, .icon = icons::unlock, .width = width, .height = brush.target(), .enabled = !editor.busy}))
    out.push_back(action::LiftLock{});
}

}  // namespace

void lock_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  const LockEditor& editor = model.lock_editor;
  if (editor.theirs) return conflict(brush, model, width, out);
  LockForm form = editor.form;
  if (editor.error) {
    paragraph(brush, brush.text(*editor.error), width, Type::Small, Tone::Bad, 4);
    space(brush, 12);
  }
  area_fields(brush, texts_of(form), width);
  space(brush, 12);
  form_field(brush, "reason", Text::LockReason, form.reason, {.icon = icons::comment, .hint = brush.text(Text::LockReasonHint), .width = width});
  space(brush, 12);
  until_field(brush, form.until, width);
  space(brush, 12);
  allowed_choice(brush, editor, form, width);
  space(brush, 20);
  buttons(brush, editor, form, width, out);
  if (!(form == editor.form)) out.push_back(action::EditLockForm{form});
}

void lock_card(const Brush& brush, const Model& model, float width, Actions& out) {
  const LockInfo* lock = lock_at(model, model.cell.cell);
  if (lock == nullptr) return;
  const float indent = brush.px(28), inner = width - indent;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, icons::lock, ink(brush.colors.warn));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
  ImGui::BeginGroup();
  paragraph(brush, brush.text(explain(model, *lock)), inner, Type::Text, Tone::Text, 4);
  std::string by = lock->maker.name.empty() ? std::string() : brush.text({Text::LockBy, {lock->maker.name}});
  if (may_draw_in(model, *lock)) by += (by.empty() ? "" : " · ") + std::string(brush.text(Text::LockOpenToYou));
  if (!by.empty()) label(brush, by, Type::Small, Tone::Soft, inner);
  ImGui::EndGroup();
  if (is_moderator(model)) {
    space(brush, 8);
    if (button(brush, "lock", brush.text(Text::Edit), {.icon = icons::lock, .width = width})) out.push_back(action::EditLock{lock->id});
  }
  space(brush, 12);
  divider(brush, width);
  space(brush, 12);
}

}  // namespace tessera
