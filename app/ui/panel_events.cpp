#include <array>
#include <cmath>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

Text action_name(ScheduledAction action) {
  switch (action) {
    case ScheduledAction::Pause:
      return Text::EventPause;
    case ScheduledAction::Resume:
      return Text::EventResume;
    case ScheduledAction::Resize:
      return Text::EventResize;
    case ScheduledAction::Palette:
      return Text::EventPalette;
    case ScheduledAction::Policy:
      return Text::EventPolicy;
    case ScheduledAction::Announce:
      return Text::EventAnnounce;
    case ScheduledAction::Reset:
      break;
  }
  return Text::EventReset;
}

/// Those that the form can make; new palettes are scheduled by the API.
constexpr std::array<ScheduledAction, 6> offered{ScheduledAction::Pause, ScheduledAction::Resume, ScheduledAction::Resize,
                                                 ScheduledAction::Policy, ScheduledAction::Announce, ScheduledAction::Reset};

void action_choice(const StaffPage& page, ScheduleForm& form) {
  const Brush& brush = page.brush;
  std::array<std::string, offered.size()> names;
  for (std::size_t i = 0; i < offered.size(); ++i) names[i] = page.text(action_name(offered[i]));
  int now = 0;
  while (offered[static_cast<std::size_t>(now)] != form.action) ++now;
  const int upper = segments(brush, "actions", std::span(names).first(3), now < 3 ? now : -1, page.width);
  space(brush, 4);
  const int lower = segments(brush, "more actions", std::span(names).last(3), now < 3 ? -1 : now - 3, page.width);
  if (upper >= 0 && upper != now) form.action = offered[static_cast<std::size_t>(upper)];
  else if (lower >= 0 && lower + 3 != now) form.action = offered[static_cast<std::size_t>(lower) + 3];
}

/// White, or any other: from then on nothing else may be drawn.
void only_color_choice(const StaffPage& page, ScheduleForm& form) {
  const Brush& brush = page.brush;
  caption(brush, Text::EventOnlyColor);
  const Palette& palette = page.model.palette;
  const float side = brush.px(32);
  const auto in_row = static_cast<std::size_t>(std::max(1.0f, std::floor(page.width / side)));
  const ImVec2 start = ImGui::GetCursorPos();
  std::size_t shown = 0;
  for (std::size_t i = 0; i < palette.size(); ++i) {
    const auto color = static_cast<ColorIndex>(i);
    if (!palette.allows(color)) continue;
    ImGui::SetCursorPos({start.x + static_cast<float>(shown % in_row) * side, start.y + static_cast<float>(shown / in_row) * side});
    ImGui::PushID(static_cast<int>(i));
    const bool chosen = form.only_color == static_cast<int>(i);
    if (swatch(brush, "only", palette[color].color, chosen, {side, side}, palette[color].name).used)
      form.only_color = form.only_color == static_cast<int>(i) ? -1 : static_cast<int>(i);
    ImGui::PopID();
    ++shown;
  }
  ImGui::SetCursorPos({start.x, start.y + static_cast<float>((shown + in_row - 1) / in_row) * side});
  space(brush, 4);
  paragraph(brush, page.text(form.only_color < 0 ? Text::EventAllColors : Text::EventOnlyHint), page.width, Type::Small);
}

void action_fields(const StaffPage& page, ScheduleForm& form) {
  const Brush& brush = page.brush;
  const float gap = brush.px(8), half = std::floor((page.width - gap) / 2);
  switch (form.action) {
    case ScheduledAction::Pause:
      text_field(brush, "text", form.text, {.icon = icons::comment, .hint = page.text(Text::PauseHint), .width = page.width});
      return;
    case ScheduledAction::Resize:
      text_field(brush, "width", form.width, {.hint = page.text(Text::SetupWidth), .width = half, .digits = true});
      ImGui::SameLine(0, gap);
      text_field(brush, "height", form.height, {.hint = page.text(Text::SetupHeight), .width = page.width - half - gap, .digits = true});
      return;
    case ScheduledAction::Policy:
      return only_color_choice(page, form);
    case ScheduledAction::Announce:
      text_field(brush, "text", form.text, {.icon = icons::bullhorn, .hint = page.text(Text::AnnouncementHint), .width = page.width});
      space(brush, 8);
      if (toggle(brush, "pinned", page.text(Text::AnnouncementPinned), form.pinned, page.width)) form.pinned = !form.pinned;
      return;
    case ScheduledAction::Reset:
      return paragraph(brush, page.text(Text::EventResetHint), page.width, Type::Small);
    case ScheduledAction::Resume:
    case ScheduledAction::Palette:
      return;
  }
}

void schedule_form(const StaffPage& page) {
  const Brush& brush = page.brush;
  const EventsTab& events = page.staff().events;
  ScheduleForm form = events.form;
  if (!form.open) {
    form.open = button(brush, "plan", page.text(Text::EventNew), {.icon = icons::plus, .width = page.width});
    if (form.open) page.out.push_back(action::EditSchedule{form});
    return;
  }
  caption(brush, Text::EventWhat);
  action_choice(page, form);
  space(brush, 12);
  form_field(brush, "at", Text::EventAt, form.at, {.icon = icons::clock, .hint = page.text(Text::UntilHint), .width = page.width});
  space(brush, 12);
  action_fields(page, form);
  space(brush, 12);
  if (button(brush, "save", page.text(Text::EventPlan), {.kind = ButtonKind::Main, .icon = icons::clock, .enabled = !events.task.busy() && !form.at.empty()}))
    page.out.push_back(action::SubmitSchedule{});
  same_line(brush, 8);
  if (button(brush, "leave", page.text(Text::Cancel))) form = {};
  if (!(form == events.form)) page.out.push_back(action::EditSchedule{form});
}

void schedule_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const EventsTab& events = page.staff().events;
  const bool may = is_admin(page.model);
  problem_line(page, events.task.error);
  if (may) schedule_form(page);
  space(brush, 12);
  const PagedList<ScheduleRow>& list = events.schedule;
  const std::array<Column, 4> columns{Column{Text::ColumnWhen, 120}, Column{Text::ColumnWhat, 136}, Column{Text::ColumnHow}, Column{Text::ColumnBy, 80}};
  const TableLook look{.id = "schedule", .columns = std::span(columns).first(brush.phone ? 2 : 4), .rows = list.rows.size(), .width = page.width, .height = page.rest(200),
                       .more = !list.next.empty(), .waits = list.asked != unasked && (list.adding || !list.loaded), .empty = Text::ScheduleNone};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const ScheduleRow& each = list.rows[row];
    if (column == 0) cell_text(brush, box, moment_text(page, each.at));
    else if (column == 1) cell_text(brush, box, page.text(action_name(each.action)), Tone::Text, Type::Strong);
    else if (column == 2) cell_text(brush, box, each.params, Tone::Soft, Type::Small);
    else cell_text(brush, box, each.maker.name, Tone::Soft);
  });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (use.opened && may) page.out.push_back(action::ChooseScheduled{list.rows[*use.opened].id});
  for (const ScheduleRow& row : list.rows) {
    if (row.id != events.chosen) continue;
    space(brush, 12);
    const Phrase words{Text::EventRemove, {page.text(action_name(row.action)), moment_text(page, row.at)}};
    if (button(brush, "remove", page.text(words), {.kind = ButtonKind::Danger, .icon = icons::trash, .enabled = !events.task.busy()})) page.out.push_back(action::RemoveScheduled{row.id});
  }
}

/// What it does in words, and the canvas's name to be typed.
void confirm_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const EventsTab& events = page.staff().events;
  std::string name = events.typed_name, reason = events.reason;
  const std::string& canvas = page.model.canvas.name;
  section(page, page.text(Phrase{events.restoring ? Text::RestoreTitle : Text::ResetTitle, {canvas}}));
  paragraph(brush, page.text(events.restoring ? Text::RestoreHint : Text::ResetHint), page.width);
  space(brush, 12);
  text_field(brush, "reason", reason, {.icon = icons::comment, .hint = page.text(Text::RollbackReason), .width = page.width});
  space(brush, 8);
  label(brush, page.text(Phrase{Text::TypeName, {canvas}}), Type::Small, Tone::Soft, page.width);
  space(brush, 4);
  text_field(brush, "name", name, {.icon = icons::keyboard, .hint = canvas.c_str(), .width = page.width});
  if (name != events.typed_name || reason != events.reason) page.out.push_back(action::EditRestore{name, reason});
  space(brush, 12);
  problem_line(page, events.task.error);
  const char* words = page.text(events.restoring ? Text::RestoreNow : Text::ResetNow);
  if (button(brush, "now", words, {.kind = ButtonKind::Danger, .icon = icons::history, .enabled = !events.task.busy() && events.typed_name == canvas})) page.out.push_back(action::SubmitRestore{});
  same_line(brush, 8);
  if (button(brush, "leave", page.text(Text::Cancel))) page.out.push_back(action::CancelRestore{});
}

void snapshots_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const EventsTab& events = page.staff().events;
  if (events.confirming) return confirm_part(page);
  problem_line(page, events.task.error);
  const bool may = is_admin(page.model);
  if (may) {
    std::string name = events.snapshot_name;
    const char* words = page.text(Text::SnapshotTake);
    const float side = button_width(brush, words, {.icon = icons::picture}) + brush.px(8);
    text_field(brush, "snapshot", name, {.hint = page.text(Text::SnapshotName), .width = page.width - side});
    if (name != events.snapshot_name) page.out.push_back(action::EditSnapshot{name});
    same_line(brush, 8);
    if (button(brush, "take", words, {.icon = icons::picture, .enabled = !events.task.busy() && !events.snapshot_name.empty()})) page.out.push_back(action::TakeSnapshot{});
    space(brush, 12);
  }
  const PagedList<SnapshotRow>& list = events.snapshots;
  const std::array<Column, 3> columns{Column{Text::ColumnName}, Column{Text::ColumnWhen, 128}, Column{Text::ColumnBy, 96}};
  const float foot = may ? brush.px(88) : 0;
  const TableLook look{.id = "snapshots", .columns = std::span(columns).first(brush.phone ? 2 : 3), .rows = list.rows.size(), .width = page.width,
                       .height = std::max(brush.px(160), page.rest(240) - foot), .more = !list.next.empty(), .waits = list.asked != unasked && (list.adding || !list.loaded), .empty = Text::SnapshotsNone};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const SnapshotRow& each = list.rows[row];
    if (column == 0) cell_text(brush, box, each.name, Tone::Text, Type::Strong);
    else if (column == 1) cell_text(brush, box, moment_text(page, each.created), Tone::Soft, Type::Small);
    else cell_text(brush, box, each.maker.name, Tone::Soft);
  });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (!may) return;
  if (use.opened) page.out.push_back(action::BeginRestore{list.rows[*use.opened].id});
  // Apart from the rest.
  space(brush, 24);
  divider(brush, page.width);
  space(brush, 16);
  if (button(brush, "reset", page.text(Text::ResetBegin), {.kind = ButtonKind::Danger, .icon = icons::history})) page.out.push_back(action::BeginRestore{});
}

}  // namespace

void events_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const EventsTab& events = page.staff().events;
  const std::array<std::string, events_part_count> names{page.text(Text::EventsSchedule), page.text(Text::Announcements), page.text(Text::EventsSnapshots)};
  const int now = static_cast<int>(events.part), use = segments(brush, "part", names, now, page.width);
  if (use != now) page.out.push_back(action::ShowEvents{static_cast<EventsPart>(use)});
  space(brush, 16);
  switch (events.part) {
    case EventsPart::Schedule:
      return schedule_part(page);
    case EventsPart::Announcements:
      return announcements_drawer(brush, page.model, page.width, page.out);
    case EventsPart::Snapshots:
      return snapshots_part(page);
  }
}

}  // namespace tessera
