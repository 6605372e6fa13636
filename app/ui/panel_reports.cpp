#include <array>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

struct StateLook {
  Text name;
  Tone tone;
};
StateLook look_of(ReportState state) {
  switch (state) {
    case ReportState::Open:
      return {Text::ReportIsOpen, Tone::Warn};
    case ReportState::Claimed:
      return {Text::ReportIsClaimed, Tone::Info};
    case ReportState::Resolved:
      return {Text::ReportIsResolved, Tone::Good};
    case ReportState::Dismissed:
      break;
  }
  return {Text::ReportIsDismissed, Tone::Soft};
}

void state_choice(const StaffPage& page) {
  const std::array<std::string, 5> names{page.text(Text::ReportOpen), page.text(Text::ReportClaimedState), page.text(Text::ReportResolved), page.text(Text::ReportDismissed),
                                         page.text(Text::PeopleAll)};
  const auto& state = page.staff().reports.state;
  const int now = state ? static_cast<int>(*state) : 4;
  const int use = segments(page.brush, "state", names, now, page.width);
  if (use != now) page.out.push_back(action::ShowReports{use == 4 ? std::nullopt : std::optional(static_cast<ReportState>(use))});
}

void draw_cell(const StaffPage& page, const ReportRow& row, std::size_t column, const Box& box) {
  const Brush& brush = page.brush;
  if (column == 0) {
    const float half = box.height() / 2;
    cell_text(brush, {{box.min.x, box.min.y + brush.px(4)}, {box.max.x, box.min.y + half + brush.px(2)}}, row.reason);
    std::string line = area_text(page, row.region);
    if (!row.similar.empty()) line += " · " + page.text(plural(brush.language, row.similar.size(), Text::SimilarOne, Text::SimilarMany));
    return cell_text(brush, {{box.min.x, box.min.y + half}, {box.max.x, box.max.y - brush.px(4)}}, line, Tone::Soft, Type::Small);
  }
  if (column == 1) return cell_text(brush, box, row.reporter.name, Tone::Soft);
  if (column == 2) return cell_text(brush, box, ago_text(page, row.created), Tone::Soft, Type::Small);
  const StateLook state = look_of(row.state);
  cell_text(brush, box, row.handler && row.state == ReportState::Claimed ? row.handler->name : std::string(page.text(state.name)), state.tone, Type::Small);
}

void queue(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PagedList<ReportRow>& list = page.staff().reports.list;
  state_choice(page);
  space(brush, 8);
  problem_line(page, list.error);
  if (list.error && list.rows.empty()) return;
  const std::array<Column, 4> columns{Column{Text::ColumnWhat}, Column{Text::ColumnBy, 96}, Column{Text::ColumnWhen, 88}, Column{Text::ColumnState, 80}};
  const std::array<Column, 2> narrow{columns[0], columns[2]};
  const bool phone = brush.phone;
  const TableLook look{.id = "reports", .columns = phone ? std::span<const Column>(narrow) : std::span<const Column>(columns), .rows = list.rows.size(), .width = page.width,
                       .height = page.rest(240), .more = !list.next.empty(), .waits = list.asked != unasked && (list.adding || !list.loaded),
                       .empty = Text::ReportsNone, .row_units = 52};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) { draw_cell(page, list.rows[row], phone && column == 1 ? 2 : column, box); });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (!use.opened) return;
  page.out.push_back(action::LookAt{list.rows[*use.opened].region});
  page.out.push_back(action::OpenReport{list.rows[*use.opened].id});
}

/// Who placed there until then: one click from each to its profile, or to taking it back.
void drawn_by(const StaffPage& page, const ReportRow& report) {
  const Brush& brush = page.brush;
  if (report.drawn_by.empty()) return;
  space(brush, 16);
  section(page, page.text(Text::DrawnBy), report.drawn_by_complete ? std::string_view() : std::string_view(page.text(Text::DrawnByMore)));
  const std::array<Column, 2> columns{Column{Text::ColumnName}, Column{Text::ColumnPlacements, 112, true}};
  const TableLook look{.id = "drawn", .columns = columns, .rows = report.drawn_by.size(), .width = page.width, .height = brush.px(232), .row_units = 36};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const PlacerRow& each = report.drawn_by[row];
    if (column == 0) cell_text(brush, box, each.name, Tone::Text, Type::Strong);
    else cell_text(brush, box, page.count(each.placements), Tone::Text, Type::Text, true);
  });
  if (use.opened) page.out.push_back(action::OpenProfile{report.drawn_by[*use.opened].account});
}

void end_buttons(const StaffPage& page, const ReportRow& report) {
  const Brush& brush = page.brush;
  const ReportsTab& tab = page.staff().reports;
  const bool free = !tab.task.busy(), others = tab.claimed_by_other;
  std::string outcome = tab.outcome;
  bool also = tab.also;
  form_field(brush, "outcome", Text::ReportOutcomeWords, outcome, {.icon = icons::comment, .hint = page.text(Text::ReportOutcomeHint), .width = page.width});
  if (!report.similar.empty()) {
    space(brush, 4);
    const Phrase words = plural(brush.language, report.similar.size(), Text::AlsoOne, Text::AlsoMany);
    if (toggle(brush, "also", page.text(words), also, page.width)) also = !also;
  }
  if (outcome != tab.outcome || also != tab.also) page.out.push_back(action::EditReport{outcome, also});
  space(brush, 12);
  if (button(brush, "resolve", page.text(Text::ReportResolve), {.kind = ButtonKind::Main, .icon = icons::check, .enabled = free}))
    page.out.push_back(action::MoveReport{ReportState::Resolved, others});
  same_line(brush, 8);
  if (button(brush, "dismiss", page.text(Text::ReportDismiss), {.enabled = free})) page.out.push_back(action::MoveReport{ReportState::Dismissed, others});
}

void steps(const StaffPage& page, const ReportRow& report) {
  const Brush& brush = page.brush;
  const ReportsTab& tab = page.staff().reports;
  const bool free = !tab.task.busy();
  if (report.state == ReportState::Resolved || report.state == ReportState::Dismissed) {
    if (!report.outcome.empty()) paragraph(brush, report.outcome, page.width, Type::Text, Tone::Text, 6);
    space(brush, 8);
    if (button(brush, "reopen", page.text(Text::ReportReopen), {.icon = icons::undo, .enabled = free})) page.out.push_back(action::MoveReport{ReportState::Open, false});
    return;
  }
  const bool mine = report.handler && report.handler->id == page.model.account.id;
  const bool claimable = report.state == ReportState::Open || !mine;
  if (claimable) {
    const char* words = page.text(report.state == ReportState::Open ? Text::ReportClaim : Text::ReportTakeOver);
    if (button(brush, "claim", words, {.icon = icons::hand, .enabled = free})) page.out.push_back(action::MoveReport{ReportState::Claimed, report.state != ReportState::Open});
    same_line(brush, 8);
  }
  if (button(brush, "roll back", page.text(Text::RollBackHere), {.icon = icons::history})) {
    RollbackForm form;
    if (report.drawn_by.size() == 1) form.account = std::to_string(static_cast<std::uint32_t>(report.drawn_by.front().account));
    form.x = std::to_string(report.region.x), form.y = std::to_string(report.region.y);
    form.width = std::to_string(report.region.width), form.height = std::to_string(report.region.height);
    form.reason = report.reason;
    page.out.push_back(action::BeginRollback{form});
  }
  space(brush, 12);
  end_buttons(page, report);
}

void report_page(const StaffPage& page) {
  const Brush& brush = page.brush;
  const ReportsTab& tab = page.staff().reports;
  if (back_button(page, Text::BackToReports)) page.out.push_back(action::OpenReport{});
  problem_line(page, tab.report_error);
  if (!tab.report) {
    if (!tab.report_error) spinner_line(page);
    return;
  }
  const ReportRow& report = *tab.report;
  const StateLook state = look_of(report.state);
  const std::string words = page.text(state.name);
  const float badge = badge_width(brush, words);
  const ImVec2 start = ImGui::GetCursorPos();
  paragraph(brush, report.reason, page.width - badge - brush.px(12), Type::Strong, Tone::Text, 8);
  const ImVec2 end = ImGui::GetCursorPos();
  ImGui::SetCursorPos({start.x + page.width - badge, start.y});
  badge_label(brush, words, state.tone);
  ImGui::SetCursorPos(end);
  space(brush, 4);
  std::string by = page.text(Phrase{Text::ReportBy, {report.reporter.name, ago_text(page, report.created), area_text(page, report.region)}});
  label(brush, by, Type::Small, Tone::Soft, page.width);
  // Who reports for nothing is seen here.
  const bool often = report.reporter_dismissed >= 3 && report.reporter_dismissed * 2 > report.reporter_reports;
  label(brush, page.text(Phrase{Text::ReporterRecord, {report.reporter.name, page.count(report.reporter_reports), page.count(report.reporter_dismissed)}}), Type::Small, often ? Tone::Warn : Tone::Soft, page.width);
  if (report.handler) label(brush, page.text(Phrase{Text::ReportHandledBy, {report.handler->name}}), Type::Small, Tone::Soft, page.width);
  space(brush, 12);
  image_pair(page, {Text::ImageThen, Text::ImageNow}, {ImageSlot::Then, ImageSlot::Now}, tab.then, tab.now);
  drawn_by(page, report);
  space(brush, 16);
  problem_line(page, tab.task.error);
  steps(page, report);
  space(brush, 8);
}

}  // namespace

void reports_tab(const StaffPage& page) {
  if (page.staff().reports.chosen != ReportId{}) report_page(page);
  else queue(page);
}

}  // namespace tessera
