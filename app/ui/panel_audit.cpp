#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

std::string actor_text(const StaffPage& page, const AuditRow& row) { return row.actor && !row.actor->name.empty() ? row.actor->name : std::string(page.text(Text::ServerItself)); }

/// `lock:12 · main`
std::string target_text(const AuditRow& row) {
  if (row.target.empty()) return row.canvas;
  return row.canvas.empty() ? row.target : row.target + " · " + row.canvas;
}

void draw_cell(const StaffPage& page, const AuditRow& row, std::size_t column, const Box& box) {
  const Brush& brush = page.brush;
  if (column == 0) return cell_text(brush, box, moment_text(page, row.time), Tone::Soft, Type::Small);
  if (column == 1) return cell_text(brush, box, actor_text(page, row), Tone::Text, Type::Strong);
  if (column == 2) return cell_text(brush, box, action_text(brush, row.action));
  cell_text(brush, box, target_text(row), Tone::Soft);
}

const AuditRow* chosen_row(const StaffPage& page) {
  const StaffPanel& staff = page.staff();
  const auto of_id = [&](const std::vector<AuditRow>& rows) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const AuditRow& row) { return row.id == staff.audit.chosen; });
    return found == rows.end() ? nullptr : &*found;
  };
  if (const AuditRow* row = of_id(staff.audit.list.rows)) return row;
  return staff.people.profile ? of_id(staff.people.profile->history) : nullptr;
}

/// The entry in full.
void entry(const StaffPage& page, const AuditRow& row) {
  const Brush& brush = page.brush;
  if (back_button(page, Text::Back)) page.out.push_back(action::OpenEntry{0});
  section(page, action_text(brush, row.action), format_date_time(brush.language, row.time, page.model.device.utc_offset));
  fact(page, Text::ColumnWho, actor_text(page, row));
  fact(page, Text::ColumnAction, row.action, Tone::Soft);
  if (!row.target.empty()) fact(page, Text::ColumnTarget, row.target);
  if (!row.canvas.empty()) fact(page, Text::ColumnCanvas, row.canvas);
  fact(page, Text::ColumnNumber, page.count(row.id));
  for (const auto& [name, value] : row.detail) {
    label(brush, name, Type::Small, Tone::Soft, page.width);
    paragraph(brush, value.empty() ? "–" : value, page.width, Type::Text, Tone::Text, 12);
    space(brush, 8);
  }
  label(brush, page.text(Text::ColumnHash), Type::Small, Tone::Soft, page.width);
  paragraph(brush, row.hash, page.width, Type::Small, Tone::Soft);
}

void search_fields(const StaffPage& page) {
  const Brush& brush = page.brush;
  AuditForm form = page.staff().audit.form;
  const float gap = brush.px(8), half = std::floor((page.width - gap) / 2), third = std::floor((page.width - 2 * gap) / 3);
  text_field(brush, "text", form.text, {.icon = icons::search, .hint = page.text(Text::AuditText), .width = page.width});
  space(brush, 8);
  text_field(brush, "actor", form.actor, {.icon = icons::user, .hint = page.text(Text::AuditActor), .width = brush.phone ? half : third});
  ImGui::SameLine(0, gap);
  text_field(brush, "action", form.action, {.icon = icons::filter, .hint = page.text(Text::AuditAction), .width = brush.phone ? half : third});
  if (brush.phone) space(brush, 8);
  else ImGui::SameLine(0, gap);
  text_field(brush, "target", form.target, {.icon = icons::crosshairs, .hint = page.text(Text::AuditTarget), .width = brush.phone ? page.width : page.width - 2 * (third + gap)});
  space(brush, 8);
  text_field(brush, "since", form.since, {.icon = icons::clock, .hint = page.text(Text::AuditSince), .width = half});
  ImGui::SameLine(0, gap);
  text_field(brush, "until", form.until, {.icon = icons::clock, .hint = page.text(Text::AuditUntil), .width = page.width - half - gap});
  if (!(form == page.staff().audit.form)) page.out.push_back(action::EditAudit{form});
}

void log_buttons(const StaffPage& page) {
  const Brush& brush = page.brush;
  const AuditTab& audit = page.staff().audit;
  if (button(brush, "verify", page.text(Text::AuditVerify), {.icon = icons::shield, .enabled = audit.verdict_asked == unasked})) page.out.push_back(action::VerifyLog{});
  same_line(brush, 8);
  const bool free = audit.export_asked == unasked;
  if (button(brush, "csv", "CSV", {.icon = icons::download, .enabled = free})) page.out.push_back(action::ExportAudit{true});
  same_line(brush, 8);
  if (button(brush, "ndjson", "NDJSON", {.icon = icons::download, .enabled = free})) page.out.push_back(action::ExportAudit{false});
  if (!audit.verdict) return;
  space(brush, 8);
  const AuditVerdict& verdict = *audit.verdict;
  if (verdict.ok) {
    label(brush, page.text(Phrase{Text::AuditOk, {page.count(verdict.entries), verdict.head.substr(0, 16)}}), Type::Small, Tone::Good, page.width);
  } else {
    const std::string where = verdict.bad ? page.text(Phrase{Text::AuditBadAt, {page.count(*verdict.bad)}}) : std::string(page.text(Text::LogBroken));
    paragraph(brush, verdict.detail.empty() ? where : where + " " + verdict.detail, page.width, Type::Small, Tone::Bad, 4);
  }
}

}  // namespace

void audit_rows(const StaffPage& page, const char* id, const std::vector<AuditRow>& rows, bool more, bool waits, float height) {
  const Brush& brush = page.brush;
  const std::array<Column, 4> columns{Column{Text::ColumnWhen, brush.phone ? 56.0f : 112.0f}, Column{Text::ColumnWho, 96}, Column{Text::ColumnWhat}, Column{Text::ColumnTarget, 128}};
  const TableLook look{.id = id, .columns = std::span(columns).first(brush.phone ? 3 : 4), .rows = rows.size(), .width = page.width, .height = height, .more = more, .waits = waits, .empty = Text::NothingFound};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) { draw_cell(page, rows[row], column, box); });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (!use.opened) return;
  // In the overview it opens where it belongs.
  if (page.staff().tab == StaffTab::Overview) page.out.push_back(action::OpenStaff{StaffTab::Audit});
  page.out.push_back(action::OpenEntry{rows[*use.opened].id});
}

void audit_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const AuditTab& audit = page.staff().audit;
  if (const AuditRow* row = audit.chosen == 0 ? nullptr : chosen_row(page)) return entry(page, *row);
  search_fields(page);
  space(brush, 12);
  problem_line(page, audit.form_error ? audit.form_error : audit.list.error);
  log_buttons(page);
  space(brush, 12);
  if (audit.list.error && audit.list.rows.empty()) return;
  audit_rows(page, "entries", audit.list.rows, !audit.list.next.empty(), audit.list.asked != unasked && (audit.list.adding || !audit.list.loaded), page.rest(240));
}

}  // namespace tessera
