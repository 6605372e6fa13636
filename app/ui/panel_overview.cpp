#include <algorithm>
#include <cmath>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

/// The last whole minute of a column: the newest sample is still growing.
std::string last_minute(const StaffPage& page, const ServerHistory::Column& column) {
  for (std::size_t i = column.size(); i-- > 0;)
    if (!std::isnan(column[i])) return page.count(static_cast<std::uint64_t>(std::llround(std::max(0.0, column[i]))));
  return "–";
}

std::string refused_last(const StaffPage& page, const ServerHistory& history) {
  double sum = 0;
  bool known = history.size() > 0;
  for (const auto& [reason, column] : history.refused)
    if (!column.empty() && !std::isnan(column.back())) sum += column.back();
  return known ? page.count(static_cast<std::uint64_t>(std::llround(sum))) : std::string("–");
}

std::string answer_time(const StaffPage& page, const ServerHistory& history) {
  for (std::size_t i = history.answer_p99_ms.size(); i-- > 0;)
    if (!std::isnan(history.answer_p99_ms[i])) return format_decimal(page.brush.language, history.answer_p99_ms[i]) + " ms";
  return "–";
}

std::vector<FigureCard> cards(const StaffPage& page) {
  const ServerHistory& history = page.staff().figures.history;
  const auto& open = page.staff().open_reports;
  return {{Text::PlotOnline, page.count(page.model.online)},
          {Text::CardPlacements, last_minute(page, history.placements)},
          {Text::CardRefused, refused_last(page, history)},
          {Text::CardReports, open ? page.count(*open) : std::string("–"), open && *open > 0 ? Tone::Warn : Tone::Text},
          {Text::CardAnswer, answer_time(page, history)}};
}

/// What everyone will read, and the button that does it, with what it does in words.
void pause_form(const StaffPage& page) {
  const FiguresTab& figures = page.staff().figures;
  if (!figures.pausing || page.model.canvas.paused) return;
  const Brush& brush = page.brush;
  std::string message = figures.message;
  section(page, page.text(Text::PauseTitle));
  paragraph(brush, page.text(plural(brush.language, page.model.online, Text::PauseOne, Text::PauseMany)), page.width, Type::Small);
  space(brush, 8);
  problem_line(page, figures.task.error);
  form_field(brush, "message", Text::PauseWords, message, {.icon = icons::comment, .hint = page.text(Text::PauseHint), .width = page.width});
  if (message != figures.message) page.out.push_back(action::EditPause{true, message});
  space(brush, 12);
  const ButtonLook danger{.kind = ButtonKind::Danger, .icon = icons::pause, .enabled = !figures.task.busy()};
  if (button(brush, "now", page.text(Text::PauseForAll), danger)) page.out.push_back(action::PauseNow{true});
  same_line(brush, 8);
  if (button(brush, "leave", page.text(Text::Cancel))) page.out.push_back(action::EditPause{});
  space(brush, 16);
  divider(brush, page.width);
  space(brush, 16);
}

}  // namespace

void overview_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const FiguresTab& figures = page.staff().figures;
  pause_form(page);
  if (!figures.pausing) problem_line(page, figures.task.error);
  figure_cards(page, cards(page));
  space(brush, 16);
  hours_choice(page);
  space(brush, 12);
  problem_line(page, figures.error);
  figure_plot(page, Figure::Placements, 72);
  for (const Figure figure : {Figure::Refused, Figure::Connections, Figure::Answers, Figure::Memory}) {
    space(brush, 16);
    figure_plot(page, figure, 48);
  }
  space(brush, 20);
  section(page, page.text(Text::LatestActions));
  const PagedList<AuditRow>& list = page.staff().audit.list;
  const std::vector<AuditRow> latest(list.rows.begin(), list.rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(8, list.rows.size())));
  audit_rows(page, "latest", latest, false, list.asked != unasked && !list.loaded, brush.px(400));
}

void server_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const FiguresTab& figures = page.staff().figures;
  problem_line(page, figures.error);
  const auto counted = [&](std::uint64_t count, Text one, Text many) { return page.text(plural(brush.language, count, one, many)); };
  if (const auto& state = figures.state) {
    fact(page, Text::FactName, state->name + " · " + state->version);
    fact(page, Text::FactUp, format_duration(brush.language, std::chrono::milliseconds(std::max<std::int64_t>(0, ms(server_now(page.model)) - ms(state->started)))));
    fact(page, Text::FactStore, state->store + " · " + bytes_text(brush, static_cast<double>(state->database_bytes)));
    fact(page, Text::FactMemory, bytes_text(brush, static_cast<double>(state->memory_bytes)));
    fact(page, Text::FactPeople, counted(state->accounts, Text::PeopleFoundOne, Text::PeopleFoundMany) + ", " + counted(state->canvases, Text::CanvasCountOne, Text::CanvasCountMany));
    fact(page, Text::PlotConnections, counted(state->binary, Text::AppCountOne, Text::AppCountMany) + ", " + counted(state->json, Text::JsonCount, Text::JsonCount));
    fact(page, Text::FactLog, page.count(state->entries) + " · " + state->head.substr(0, 16));
  } else if (figures.state_asked != unasked) {
    spinner_line(page);
  }
  space(brush, 12);
  hours_choice(page);
  for (const Figure figure : {Figure::Cpu, Figure::Memory, Figure::Commits, Figure::Answers}) {
    space(brush, 12);
    figure_plot(page, figure, 48);
  }
  if (!figures.state || figures.state->settings.empty()) return;
  space(brush, 20);
  section(page, page.text(Text::SettingsInForce));
  const std::vector<SettingRow>& settings = figures.state->settings;
  const std::array<Column, 3> columns{Column{Text::ColumnSetting, 180}, Column{Text::ColumnValue}, Column{Text::ColumnFrom, 96}};
  const TableLook look{.id = "settings", .columns = columns, .rows = settings.size(), .width = page.width, .height = brush.px(10'000), .row_units = 32};
  table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const SettingRow& each = settings[row];
    if (column == 0) cell_text(brush, box, each.name);
    else if (column == 1) cell_text(brush, box, each.value, each.from == "default" ? Tone::Soft : Tone::Text);
    else cell_text(brush, box, each.from, Tone::Soft, Type::Small);
  });
}

}  // namespace tessera
