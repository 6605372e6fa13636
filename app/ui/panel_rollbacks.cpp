#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

struct StateLook {
  Text name;
  Tone tone;
};
StateLook look_of(RollbackStage state) {
  switch (state) {
    case RollbackStage::Applying:
      return {Text::RollbackApplying, Tone::Info};
    case RollbackStage::Applied:
      return {Text::RollbackApplied, Tone::Good};
    case RollbackStage::Undoing:
      return {Text::RollbackUndoing, Tone::Info};
    case RollbackStage::Undone:
      break;
  }
  return {Text::RollbackUndone, Tone::Soft};
}

void region_fields(const StaffPage& page, RollbackForm& form) {
  const Brush& brush = page.brush;
  const char* words = page.text(page.staff().picking ? Text::RegionDrag : Text::RegionPick);
  const float gap = brush.px(8), pick = button_width(brush, words, {.icon = icons::select}) + gap;
  const float room = brush.phone ? page.width : page.width - pick, each = std::floor((room - 3 * gap) / 4);
  const auto field = [&](const char* id, std::string& text, Text hint, bool last) {
    text_field(brush, id, text, {.hint = page.text(hint), .width = each, .digits = true});
    if (!last) ImGui::SameLine(0, gap);
  };
  field("x", form.x, Text::HintX, false);
  field("y", form.y, Text::HintY, false);
  field("width", form.width, Text::HintWidth, false);
  field("height", form.height, Text::HintHeight, true);
  if (brush.phone) space(brush, 8);
  else ImGui::SameLine(0, gap);
  if (button(brush, "pick", words, {.icon = icons::select, .width = brush.phone ? page.width : 0})) page.out.push_back(action::PickRegion{});
}

void time_fields(const StaffPage& page, RollbackForm& form) {
  const Brush& brush = page.brush;
  caption(brush, Text::RollbackSince);
  const std::array<std::string, since_choice_count> names{page.text(Text::SinceAlways), page.text(Text::SinceHour), page.text(Text::SinceDayChoice), page.text(Text::UntilTime)};
  form.since = static_cast<SinceChoice>(segments(brush, "since", names, static_cast<int>(form.since), page.width));
  if (form.since != SinceChoice::Time) {
    form.since_time.clear();
    form.until_time.clear();
    return;
  }
  space(brush, 8);
  const float gap = brush.px(8), half = std::floor((page.width - gap) / 2);
  text_field(brush, "from", form.since_time, {.icon = icons::clock, .hint = page.text(Text::AuditSince), .width = half});
  ImGui::SameLine(0, gap);
  text_field(brush, "to", form.until_time, {.icon = icons::clock, .hint = page.text(Text::AuditUntil), .width = page.width - half - gap});
}

bool form_fields(const StaffPage& page, RollbackForm& form) {
  const Brush& brush = page.brush;
  const RollbacksTab& tab = page.staff().rollbacks;
  std::string& whose = form.address.empty() ? form.account : form.address;
  caption(brush, Text::RollbackWhose);
  bool enter = text_field(brush, "account", whose, {.icon = form.address.empty() ? icons::user : icons::sitemap, .hint = page.text(Text::RollbackWhoseHint), .width = page.width}).enter;
  if (tab.account) {
    space(brush, 4);
    const AccountRow& row = *tab.account;
    const std::string line = row.account.name + " · " + page.text(role_name(row.account.role)) + " · " + page.text(plural(brush.language, row.placements, Text::PlacementsOne, Text::PlacementsMany));
    label(brush, line, Type::Small, Tone::Soft, page.width);
  }
  space(brush, 8);
  caption(brush, Text::RollbackWhere);
  region_fields(page, form);
  space(brush, 8);
  time_fields(page, form);
  space(brush, 8);
  enter |= text_field(brush, "reason", form.reason, {.icon = icons::comment, .hint = page.text(Text::RollbackReason), .width = page.width}).enter;
  return enter;
}

/// What it would come to, in numbers.
void forecast_line(const StaffPage& page, const RollbackForecast& forecast) {
  const Brush& brush = page.brush;
  const std::array<Phrase, 3> parts{plural(brush.language, forecast.cells, Text::ForecastCellsOne, Text::ForecastCellsMany),
                                    plural(brush.language, forecast.placements, Text::ForecastPlacementsOne, Text::ForecastPlacementsMany),
                                    plural(brush.language, forecast.accounts_touched, Text::ForecastPeopleOne, Text::ForecastPeopleMany)};
  std::string line;
  for (const Phrase& part : parts) {
    if (!line.empty()) line += " · ";
    line += page.text(part);
  }
  paragraph(brush, line, page.width, Type::Text, Tone::Text);
}

void forecast_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const RollbacksTab& tab = page.staff().rollbacks;
  const bool asking = tab.forecast_asked != unasked || tab.account_asked != unasked;
  if (!tab.forecast) {
    if (button(brush, "forecast", page.text(Text::RollbackLook), {.kind = ButtonKind::Main, .icon = icons::eye, .enabled = !asking && !tab.task.busy()}))
      page.out.push_back(action::ForecastNow{});
    return;
  }
  const RollbackForecast& forecast = *tab.forecast;
  if (forecast.cells == 0) return paragraph(brush, page.text(Text::RollbackNothing), page.width);
  image_pair(page, {Text::ImageNow, Text::ImageAfter}, {ImageSlot::Before, ImageSlot::After}, tab.before, tab.after);
  space(brush, 8);
  forecast_line(page, forecast);
  space(brush, 12);
  const bool free = !tab.task.busy();
  const Phrase words = plural(brush.language, forecast.cells, Text::RollBackOne, Text::RollBackMany);
  if (button(brush, "apply", page.text(words), {.kind = ButtonKind::Main, .enabled = free})) page.out.push_back(action::ApplyRollback{});
  const bool whole = tab.account && tab.wish && tab.wish->region.empty() && !tab.wish->until;
  const bool below = tab.account && tab.account->account.role < page.model.account.role;
  if (whole && below) {
    same_line(brush, 8);
    const bool said = !tab.wish->reason.empty();  // whoever is banned reads why
    if (button(brush, "ban", page.text(Text::BanAndRollBack), {.kind = ButtonKind::Danger, .icon = icons::ban, .enabled = free && said})) page.out.push_back(action::ApplyRollback{true});
  }
  const char* hint = page.text(Text::CanBeUndone);
  const float width = text_width(brush, hint, Type::Small), left = ImGui::GetItemRectMax().x + brush.px(12), at = ImGui::GetWindowPos().x + ImGui::GetCursorPosX() + page.width - width;
  if (left > at) return;
  ImGui::SameLine();
  ImGui::SetCursorScreenPos({at, ImGui::GetCursorScreenPos().y});
  label(brush, hint, Type::Small, Tone::Soft, 0, brush.control());
}

std::string whose(const StaffPage& page, const RollbackRow& row) {
  std::string text;
  if (row.accounts.empty()) text = page.text(Text::Everybody);
  else if (row.accounts.size() == 1) text = "#" + std::to_string(static_cast<std::uint32_t>(row.accounts.front()));
  else text = page.text(Phrase{Text::AccountsMany, {page.count(row.accounts.size())}});
  return text + ", " + area_text(page, row.region);
}

/// Undone and redone at the row itself: a rollback is one thing.
void row_cell(const StaffPage& page, const RollbackRow& row, std::size_t column, const Box& box) {
  const Brush& brush = page.brush;
  const StateLook state = look_of(row.state);
  switch (column) {
    case 0:
      return cell_text(brush, box, moment_text(page, row.created), Tone::Soft, Type::Small);
    case 1:
      return cell_text(brush, box, row.maker.name, Tone::Text, Type::Strong);
    case 2:
      return cell_text(brush, box, whose(page, row) + (row.reason.empty() ? std::string() : " · " + row.reason));
    case 3:
      return cell_text(brush, box, page.count(row.cells), Tone::Text, Type::Text, true);
    default:
      break;
  }
  const bool moves = row.state == RollbackStage::Applying || row.state == RollbackStage::Undoing;
  const std::uint64_t all = row.drawn + row.to_draw;
  if (moves && all > 0) return cell_text(brush, box, percent(brush, static_cast<double>(row.drawn) / static_cast<double>(all)), state.tone, Type::Small);
  cell_text(brush, box, page.text(state.name), state.tone, Type::Small);
}

const RollbackRow* chosen_row(const RollbacksTab& tab) {
  const auto found = std::find_if(tab.list.rows.begin(), tab.list.rows.end(), [&](const RollbackRow& row) { return row.id == tab.chosen; });
  return found == tab.list.rows.end() ? nullptr : &*found;
}

/// One of the list in full, and what takes it back.
void chosen_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const RollbacksTab& tab = page.staff().rollbacks;
  const RollbackRow* row = chosen_row(tab);
  if (!row) return;
  const StateLook state = look_of(row->state);
  section(page, page.text(Phrase{Text::RollbackNumber, {std::to_string(static_cast<std::uint32_t>(row->id))}}), page.text(state.name));
  fact(page, Text::ColumnBy, row->maker.name + " · " + moment_text(page, row->created));
  fact(page, Text::ColumnWhat, whose(page, *row));
  if (!row->reason.empty()) fact(page, Text::LockReason, row->reason);
  space(brush, 8);
  const bool counts = row->state == RollbackStage::Applying || row->state == RollbackStage::Applied;
  const Phrase words = counts ? (row->state == RollbackStage::Applying ? Phrase{Text::RollbackCancel, {}} : plural(brush.language, row->cells, Text::RollbackUndoOne, Text::RollbackUndoMany))
                              : plural(brush.language, row->cells, Text::RollbackRedoOne, Text::RollbackRedoMany);
  if (button(brush, "step", page.text(words), {.kind = counts ? ButtonKind::Danger : ButtonKind::Raised, .icon = counts ? icons::undo : icons::redo, .enabled = !tab.task.busy()}))
    page.out.push_back(action::StepRollbackNow{row->id, !counts});
  same_line(brush, 8);
  if (!row->region.empty()) {
    if (button(brush, "look", page.text(Text::LookThere), {.icon = icons::crosshairs})) page.out.push_back(action::LookAt{row->region});
    same_line(brush, 8);
  }
  if (button(brush, "shut", page.text(Text::Close))) page.out.push_back(action::OpenRollback{});
  space(brush, 16);
}

void list_part(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PagedList<RollbackRow>& list = page.staff().rollbacks.list;
  chosen_part(page);
  problem_line(page, list.error);
  if (list.error && list.rows.empty()) return;
  const std::array<Column, 5> columns{Column{Text::ColumnWhen, 76}, Column{Text::ColumnWho, 88}, Column{Text::ColumnWhat}, Column{Text::ColumnCells, 72, true}, Column{Text::ColumnState, 72}};
  const std::array<Column, 3> narrow{columns[2], columns[3], columns[4]};
  const bool phone = brush.phone;
  const TableLook look{.id = "rollbacks", .columns = phone ? std::span<const Column>(narrow) : std::span<const Column>(columns), .rows = list.rows.size(), .width = page.width,
                       .height = page.rest(240), .more = !list.next.empty(), .waits = list.asked != unasked && (list.adding || !list.loaded), .empty = Text::RollbacksNone};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) { row_cell(page, list.rows[row], phone ? column + 2 : column, box); });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (use.opened) page.out.push_back(action::OpenRollback{list.rows[*use.opened].id});
}

}  // namespace

void rollbacks_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const RollbacksTab& tab = page.staff().rollbacks;
  RollbackForm form = tab.form;
  const bool enter = form_fields(page, form);
  if (!(form == tab.form)) page.out.push_back(action::EditRollback{form});
  space(brush, 12);
  problem_line(page, tab.task.error);
  forecast_part(page);
  if (enter && !tab.forecast) page.out.push_back(action::ForecastNow{});
  space(brush, 16);
  divider(brush, page.width);
  space(brush, 12);
  list_part(page);
}

}  // namespace tessera
