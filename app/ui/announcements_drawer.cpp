#include <algorithm>

#include "app/ui/panels.h"
#include "app/ui/staff_conflict.h"
#include "assets/icons.h"

namespace tessera {
namespace {

Text field_name(StaffField field) {
  if (field == StaffField::Words) return Text::AnnouncementWords;
  return field == StaffField::Until ? Text::Until : Text::AnnouncementPinned;
}

std::string value_text(const Brush& brush, const Model& model, StaffField field, const AnnouncementWish& wish) {
  if (field == StaffField::Words) return wish.words;
  if (field == StaffField::Until) return until_text(brush, model, wish.until);
  return brush.text(wish.pinned ? Text::Yes : Text::No);
}

void conflict(const Brush& brush, const Model& model, float width, Actions& out) {
  const auto value = [&](StaffField field, const AnnouncementWish& wish) { return value_text(brush, model, field, wish); };
  staff_conflict(brush, model.announcements.editor, width, field_name, value, out);
}

void editor_form(const Brush& brush, const AnnouncementEditor& editor, float width, Actions& out) {
  AnnouncementForm form = editor.form;
  if (editor.error) {
    paragraph(brush, brush.text(*editor.error), width, Type::Small, Tone::Bad, 4);
    space(brush, 12);
  }
  form_field(brush, "words", Text::AnnouncementWords, form.words, {.icon = icons::bullhorn, .hint = brush.text(Text::AnnouncementHint), .width = width});
  space(brush, 12);
  until_field(brush, form.until, width);
  space(brush, 12);
  if (toggle(brush, "pinned", brush.text(Text::AnnouncementPinned), form.pinned, width)) form.pinned = !form.pinned;
  space(brush, 20);
  const ButtonLook main{.kind = ButtonKind::Main, .icon = icons::bullhorn, .width = width, .height = brush.target(), .enabled = !editor.busy && !form.words.empty()};
  if (button(brush, "save", brush.text(editor.base ? Text::Save : Text::AnnouncementNow), main)) out.push_back(action::SubmitAnnouncement{});
  space(brush, 8);
  if (button(brush, "back", brush.text(Text::Back), {.width = width, .height = brush.target(), .enabled = !editor.busy}))
    out.push_back(action::LeaveAnnouncement{});
  if (editor.base) {
    space(brush, 20);
    divider(brush, width);
    space(brush, 16);
    const ButtonLook danger{.kind = ButtonKind::Danger, .icon = icons::trash, .width = width, .height = brush.target(), .enabled = !editor.busy};
    if (button(brush, "withdraw", brush.text(Text::AnnouncementWithdraw), danger)) out.push_back(action::WithdrawAnnouncement{});
  }
  if (!(form == editor.form)) out.push_back(action::EditAnnouncementForm{form});
}

std::string about(const Brush& brush, const Model& model, const AnnouncementInfo& announcement) {
  std::string text = format_ago(brush.language, WallTime{static_cast<std::int64_t>(announcement.created_ms)}, server_now(model));
  if (!announcement.maker.name.empty()) text = announcement.maker.name + " · " + text;
  if (announcement.expires_ms != 0) {
    const WallTime until{static_cast<std::int64_t>(announcement.expires_ms)};
    const Duration offset = model.device.utc_offset;
    const bool soon = is_soon(until, server_now(model), offset);
    text += " · " + brush.text(soon ? Phrase{Text::AnnouncementUntil, {format_clock(until, offset)}}
                                    : Phrase{Text::AnnouncementUntilDay, {format_date_time(brush.language, until, offset)}});
  }
  if (announcement.pinned) text += " · " + std::string(brush.text(Text::AnnouncementPinnedShort));
  return text;
}

void item(const Brush& brush, const Model& model, const AnnouncementInfo& announcement, float width, Actions& out) {
  ImGui::PushID(static_cast<int>(announcement.id));
  const bool edits = is_moderator(model);
  const float side = edits ? brush.target() : 0, indent = brush.px(28), words = width - indent - side;
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, announcement.pinned ? icons::map_marker : icons::bullhorn,
            ink(announcement.pinned ? brush.colors.warn : brush.colors.info));
  ImGui::SetCursorPosX(start.x + indent);
  ImGui::BeginGroup();
  paragraph(brush, announcement.text, words, Type::Text, Tone::Text);
  label(brush, about(brush, model, announcement), Type::Small, Tone::Soft, words);
  ImGui::EndGroup();
  const float bottom = ImGui::GetCursorPosY();
  if (edits) {
    ImGui::SetCursorPos({start.x + width - side + brush.px(8), start.y - brush.px(8)});
    if (icon_button(brush, "edit", icons::pencil, brush.text(Text::Edit), {})) out.push_back(action::EditAnnouncement{announcement.id});
  }
  ImGui::SetCursorPos({start.x, std::max(bottom, start.y + side - brush.px(8))});
  ImGui::Dummy({width, brush.px(16)});
  ImGui::PopID();
}

}  // namespace

void announcements_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  const AnnouncementEditor& editor = model.announcements.editor;
  if (editor.open && editor.theirs) return conflict(brush, model, width, out);
  if (editor.open) return editor_form(brush, editor, width, out);
  if (is_moderator(model)) {
    if (button(brush, "write", brush.text(Text::AnnouncementNew), {.icon = icons::plus, .width = width, .height = brush.target()}))
      out.push_back(action::WriteAnnouncement{});
    space(brush, 16);
  }
  const auto all = announced(model, WhichAnnouncements::All);
  if (all.empty()) {
    paragraph(brush, brush.text(Text::AnnouncementsNone), width);
    space(brush, 16);
  }
  for (const AnnouncementInfo* each : all) item(brush, model, *each, width, out);
  schedule_list(brush, model, width, out);
}

}  // namespace tessera
