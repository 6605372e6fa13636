#include "app/model/panel_work.h"
#include "shared/base/text.h"

/// Events: the schedule, snapshots, and what changes a whole canvas at once.
namespace tessera {
namespace {

ask::ListSchedule schedule_question(const Turn& turn, const std::string& after = {}) { return {turn.model.canvas.name, after}; }
ask::ListSnapshots snapshots_question(const Turn& turn, const std::string& after = {}) { return {turn.model.canvas.name, after}; }

std::uint32_t side_of(const std::string& text) { return static_cast<std::uint32_t>(parse_number(text, max_canvas_side).value_or(0)); }

Result<ScheduleWish, Phrase> read_form(const Model& model, const ScheduleForm& form) {
  ScheduleWish wish;
  wish.action = form.action;
  const auto at = read_instant(model, form.at, Nearest::Ahead);
  if (!at) return at.error();
  if (!*at) return Phrase{Text::UntilWrong, {}};
  if (**at <= server_now(model)) return Phrase{Text::UntilOver, {}};
  wish.at = **at;
  wish.width = side_of(form.width);
  wish.height = side_of(form.height);
  wish.text = form.text;
  wish.pinned = form.pinned;
  if (form.only_color >= 0) wish.only_color = static_cast<ColorIndex>(form.only_color);
  const bool sides = (form.width.empty() || wish.width != 0) && (form.height.empty() || wish.height != 0) && (wish.width != 0 || wish.height != 0);
  if (form.action == ScheduledAction::Resize && !sides) return Phrase{Text::SizeWrong, {format_number(language(model), max_canvas_side)}};
  if (form.action == ScheduledAction::Announce && form.text.find_first_not_of(' ') == std::string::npos) return Phrase{Text::AnnouncementEmpty, {}};
  if (form.text.size() > limits::text_bytes) return Phrase{Text::StaffTextLong, {}};
  return wish;
}

}  // namespace

void read_events(Turn& turn) {
  EventsTab& events = turn.model.staff.events;
  if (events.schedule.asked == unasked) read_list(turn, events.schedule, schedule_question(turn));
  if (events.snapshots.asked == unasked) read_list(turn, events.snapshots, snapshots_question(turn));
}

void read_more_events(Turn& turn) {
  EventsTab& events = turn.model.staff.events;
  if (events.part == EventsPart::Schedule) read_more(turn, events.schedule, [&](const std::string& after) { return schedule_question(turn, after); });
  if (events.part == EventsPart::Snapshots) read_more(turn, events.snapshots, [&](const std::string& after) { return snapshots_question(turn, after); });
}

bool events_answered(Turn& turn, const action::Answered& a) {
  EventsTab& events = turn.model.staff.events;
  if (list_answered(turn, events.schedule, a) || list_answered(turn, events.snapshots, a)) return true;
  return task_answered(turn, events.task, a, [&] {
    turn.tell(Level::Good, {events.doing, {}});
    events.form = {};
    events.snapshot_name.clear();
    events.confirming = false;
    events.typed_name.clear();
    events.reason.clear();
    staff_changed(turn);
  });
}

void act(Turn& turn, const action::ShowEvents& a) {
  turn.model.staff.events.part = a.part;
  turn.model.staff.events.task.error.reset();
}

void act(Turn& turn, const action::EditSchedule& a) {
  EventsTab& events = turn.model.staff.events;
  events.form = a.form;
  events.task.error.reset();
}

void act(Turn& turn, const action::SubmitSchedule&) {
  EventsTab& events = turn.model.staff.events;
  const auto wish = read_form(turn.model, events.form);
  if (!wish) {
    events.task.error = wish.error();
    return;
  }
  if (begin_task(turn, events.task, ask::MakeSchedule{canvas_of(turn), *wish})) events.doing = Text::Scheduled;
}

void act(Turn& turn, const action::ChooseScheduled& a) {
  EventsTab& events = turn.model.staff.events;
  events.chosen = events.chosen == a.id ? ScheduleId{} : a.id;
}

void act(Turn& turn, const action::RemoveScheduled& a) {
  EventsTab& events = turn.model.staff.events;
  if (begin_task(turn, events.task, ask::RemoveSchedule{canvas_of(turn), a.id})) events.doing = Text::ScheduleRemoved;
}

void act(Turn& turn, const action::EditSnapshot& a) { turn.model.staff.events.snapshot_name = a.name; }

void act(Turn& turn, const action::TakeSnapshot&) {
  EventsTab& events = turn.model.staff.events;
  if (events.snapshot_name.empty()) return;
  if (begin_task(turn, events.task, ask::MakeSnapshot{canvas_of(turn), events.snapshot_name})) events.doing = Text::SnapshotTaken;
}

void act(Turn& turn, const action::BeginRestore& a) {
  EventsTab& events = turn.model.staff.events;
  events.confirming = true;
  events.restoring = a.snapshot;
  events.typed_name.clear();
  events.reason.clear();
  events.task.error.reset();
}

void act(Turn& turn, const action::EditRestore& a) {
  EventsTab& events = turn.model.staff.events;
  events.typed_name = a.name;
  events.reason = a.reason;
}

void act(Turn& turn, const action::SubmitRestore&) {
  EventsTab& events = turn.model.staff.events;
  if (!events.confirming || events.typed_name != canvas_of(turn)) return;
  const ask::Restore restore{canvas_of(turn), events.restoring, events.typed_name, events.reason};
  if (begin_task(turn, events.task, restore)) events.doing = events.restoring ? Text::SnapshotRestored : Text::CanvasReset;
}

void act(Turn& turn, const action::CancelRestore&) { turn.model.staff.events.confirming = false; }

}  // namespace tessera
