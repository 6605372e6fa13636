#include "app/model/panel_work.h"

/// Reports: the queue, one of them with its pictures, and what becomes of it.
namespace tessera {
namespace {

ask::ListReports question(const Turn& turn, const std::string& after = {}) {
  return {turn.model.canvas.name, turn.model.staff.reports.state, after};
}

/// What is around it tells what it was part of.
Rect with_surroundings(const Rect& region, Size canvas) {
  constexpr std::uint32_t margin = 12;
  const std::uint32_t x = region.x - std::min(region.x, margin), y = region.y - std::min(region.y, margin);
  return Rect{x, y, region.right() + margin - x, region.bottom() + margin - y}.intersect({0, 0, canvas.width, canvas.height});
}

void read_report(Turn& turn) {
  ReportsTab& reports = turn.model.staff.reports;
  reports.report_asked = ask_question(turn, PanelQuestion{ask::ReadReport{canvas_of(turn), reports.chosen}});
}

void report_came(Turn& turn, const ReportRow& report) {
  ReportsTab& reports = turn.model.staff.reports;
  if (report.id != reports.chosen) return;
  const bool first = !reports.report;
  reports.report = report;
  for (ReportRow& row : reports.list.rows)
    if (row.id == report.id) row = report;
  if (!first) return;
  reports.outcome = report.outcome;
  const Rect area = with_surroundings(report.region, turn.model.replica.size());
  ask_image(turn, reports.then, ask::ReadRegion{canvas_of(turn), area, report.seq});
  ask_image(turn, reports.now, ask::ReadRegion{canvas_of(turn), area, {}});
}

}  // namespace

void read_reports(Turn& turn) {
  ReportsTab& reports = turn.model.staff.reports;
  if (reports.list.asked == unasked) read_list(turn, reports.list, question(turn));
  if (reports.chosen != ReportId{} && reports.report_asked == unasked && !reports.task.busy()) read_report(turn);
}

void read_more_reports(Turn& turn) {
  read_more(turn, turn.model.staff.reports.list, [&](const std::string& after) { return question(turn, after); });
}

bool reports_answered(Turn& turn, const action::Answered& a) {
  ReportsTab& reports = turn.model.staff.reports;
  if (list_answered(turn, reports.list, a) || image_answered(turn, reports.then, a) || image_answered(turn, reports.now, a)) return true;
  if (a.id == reports.report_asked) {
    reports.report_asked = unasked;
    const auto* report = panel_answer<ReportRow>(a.answer);
    reports.report_error.reset();
    if (report) report_came(turn, *report);
    else reports.report_error = staff_failure(turn.model, a.response);
    return true;
  }
  const bool own = reports.task.busy() && a.id == reports.task.asked;
  // Somebody else was quicker: what there is now is shown.
  if (own && a.response.code == "claimed") {
    reports.task.asked = unasked;
    reports.task.error = Phrase{Text::ReportClaimed, {}};
    reports.claimed_by_other = true;
    read_report(turn);
    return true;
  }
  if (own && a.response.status == 412) read_report(turn);
  return task_answered(turn, reports.task, a, [&] {
    reports.claimed_by_other = false;
    if (const auto* report = panel_answer<ReportRow>(a.answer)) report_came(turn, *report);
    turn.tell(Level::Good, {Text::ReportSaved, {}});
    staff_changed(turn);
  });
}

void act(Turn& turn, const action::ShowReports& a) {
  ReportsTab& reports = turn.model.staff.reports;
  if (reports.state == a.state && reports.list.loaded) return;
  reports.state = a.state;
  reports.list = {};
  read_list(turn, reports.list, question(turn));
}

void act(Turn& turn, const action::OpenReport& a) {
  StaffPanel& staff = turn.model.staff;
  ReportsTab& reports = staff.reports;
  reports.chosen = a.id;
  reports.report.reset();
  reports.report_error.reset();
  reports.then = reports.now = {};
  reports.task = {};
  reports.claimed_by_other = false;
  reports.also = true;
  if (a.id != ReportId{}) read_report(turn);
}

void act(Turn& turn, const action::EditReport& a) {
  ReportsTab& reports = turn.model.staff.reports;
  reports.outcome = a.outcome;
  reports.also = a.also;
}

void act(Turn& turn, const action::MoveReport& a) {
  ReportsTab& reports = turn.model.staff.reports;
  if (!reports.report) return;
  const bool ends = a.state == ReportState::Resolved || a.state == ReportState::Dismissed;
  ask::ChangeReport change{canvas_of(turn), reports.report->id, a.state, ends ? reports.outcome : std::string(), {}, a.take_over, reports.report->version};
  if (ends && reports.also) change.also = reports.report->similar;
  begin_task(turn, reports.task, std::move(change));
}

}  // namespace tessera
