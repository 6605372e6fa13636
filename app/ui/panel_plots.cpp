#include <array>
#include <cmath>

#include "app/ui/panel_page.h"
#include "app/ui/plot.h"

namespace tessera {
namespace {

/// At most so many bars stand side by side.
constexpr std::size_t most_bars = 96;

std::size_t samples_shown(const StaffPage& page) {
  const ServerHistory& history = page.staff().figures.history;
  const auto minutes = static_cast<std::size_t>(page.staff().figures.hours) * 60;
  return std::min(history.size(), minutes);
}

/// The newest part of a column, whole from the left: what has not been measured yet is a gap.
std::vector<double> shown(const StaffPage& page, const ServerHistory::Column& column) {
  const auto minutes = static_cast<std::size_t>(page.staff().figures.hours) * 60;
  const std::size_t have = std::min(column.size(), minutes);
  std::vector<double> values(minutes - have, std::nan(""));
  values.insert(values.end(), column.end() - static_cast<std::ptrdiff_t>(have), column.end());
  return values;
}

std::string whole(const StaffPage& page, double value) { return page.count(static_cast<std::uint64_t>(std::llround(std::max(0.0, value)))); }

std::string milliseconds(const StaffPage& page, double value) { return format_decimal(page.brush.language, value) + " ms"; }

std::vector<Tint> reason_colors(const Brush& brush) {
  const Colors& c = brush.colors;
  return {c.warn, c.bad, c.info, c.accent, c.good, c.soft, c.faint};
}

std::vector<Series> series_of(const StaffPage& page, Figure figure) {
  const ServerHistory& history = page.staff().figures.history;
  const Colors& c = page.brush.colors;
  switch (figure) {
    case Figure::Placements:
      return {{gathered(shown(page, history.placements), most_bars, Gather::Sum), c.accent}};
    case Figure::Refused: {
      std::vector<Series> all;
      const std::vector<Tint> colors = reason_colors(page.brush);
      for (const auto& [reason, column] : history.refused)
        all.push_back({gathered(shown(page, column), most_bars, Gather::Sum), colors[all.size() % colors.size()], reason_text(page.brush, reason)});
      return all;
    }
    case Figure::Connections:
      return {{gathered(shown(page, history.connections), most_bars, Gather::Largest), c.info, page.text(Text::PlotConnections)},
              {gathered(shown(page, history.online), most_bars, Gather::Largest), c.good, page.text(Text::PlotOnline)}};
    case Figure::Answers:
      return {{gathered(shown(page, history.answer_p99_ms), most_bars, Gather::Largest), c.warn, "p99"},
              {gathered(shown(page, history.answer_p50_ms), most_bars, Gather::Largest), c.good, "p50"}};
    case Figure::Commits:
      return {{gathered(shown(page, history.commit_p99_ms), most_bars, Gather::Largest), c.info, "p99"}};
    case Figure::Memory:
      return {{gathered(shown(page, history.memory_bytes), most_bars, Gather::Largest), c.info}};
    case Figure::Cpu:
      return {{gathered(shown(page, history.cpu), most_bars, Gather::Largest), c.accent}};
  }
  return {};
}

Text title_of(Figure figure) {
  switch (figure) {
    case Figure::Placements:
      return Text::PlotPlacements;
    case Figure::Refused:
      return Text::PlotRefused;
    case Figure::Connections:
      return Text::PlotConnections;
    case Figure::Answers:
      return Text::PlotAnswers;
    case Figure::Commits:
      return Text::PlotCommits;
    case Figure::Memory:
      return Text::PlotMemory;
    case Figure::Cpu:
      break;
  }
  return Text::PlotCpu;
}

double least_top(Figure figure) {
  switch (figure) {
    case Figure::Memory:
      return 100e6;
    case Figure::Cpu:
      return 0.1;
    case Figure::Placements:
    case Figure::Refused:
    case Figure::Connections:
      return 4;
    case Figure::Answers:
    case Figure::Commits:
      break;
  }
  return 10;
}

std::string value_text(const StaffPage& page, Figure figure, double value) {
  if (figure == Figure::Memory) return bytes_text(page.brush, value);
  if (figure == Figure::Answers || figure == Figure::Commits) return milliseconds(page, value);
  if (figure == Figure::Cpu) return page.text(Phrase{Text::Cores, {format_decimal(page.brush.language, value)}});
  return whole(page, value);
}

double highest(const std::vector<Series>& series) {
  double top = std::nan("");
  for (const Series& each : series)
    for (const double value : each.values)
      if (!std::isnan(value) && !(value <= top)) top = value;
  return top;
}

/// In place of a plot without a value.
std::string nothing_yet(const StaffPage& page, Figure figure) {
  return page.text(figure == Figure::Refused && samples_shown(page) > 0 ? Text::PlotNoneRefused : Text::PlotEmpty);
}

/// What each color stands for, in one line as far as there is room.
void legend(const StaffPage& page, const std::vector<Series>& series) {
  const Brush& brush = page.brush;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = at.x;
  for (const Series& each : series) {
    const float width = brush.px(12) + text_width(brush, each.name, Type::Small);
    if (x + width > at.x + page.width) break;
    list.AddCircleFilled({x + brush.px(4), at.y + brush.px(8)}, brush.px(3), ink(each.color));
    draw_text(brush, list, {x + brush.px(12), at.y}, each.name, Type::Small, ink(brush.colors.soft));
    x += width + brush.px(16);
  }
  ImGui::Dummy({page.width, brush.px(16)});
}

}  // namespace

void hours_choice(const StaffPage& page) {
  const std::array<std::string, 3> names{page.text(Phrase{Text::HoursShort, {"1"}}), page.text(Phrase{Text::HoursShort, {"6"}}),
                                         page.text(Phrase{Text::HoursShort, {"24"}})};
  constexpr std::array<std::uint32_t, 3> hours{1, 6, 24};
  const std::uint32_t now = page.staff().figures.hours;
  const int chosen = static_cast<int>(std::find(hours.begin(), hours.end(), now) - hours.begin());
  const int use = segments(page.brush, "hours", names, chosen, std::min(page.width, page.brush.px(216)));
  if (use != chosen) page.out.push_back(action::ShowHours{hours[static_cast<std::size_t>(use)]});
}

void figure_plot(const StaffPage& page, Figure figure, float units) {
  const Brush& brush = page.brush;
  const std::vector<Series> series = series_of(page, figure);
  const double top = highest(series);
  const bool known = samples_shown(page) > 0 && !std::isnan(top);
  section(page, page.text(title_of(figure)), known ? page.text(Phrase{Text::PlotMost, {value_text(page, figure, top)}}) : std::string());
  const std::size_t count = series.empty() ? 0 : series.front().values.size();
  const auto when = [&](std::size_t i) {
    const double minutes_back = (static_cast<double>(count - i) - 0.5) * page.staff().figures.hours * 60 / static_cast<double>(std::max<std::size_t>(1, count));
    return moment_text(page, WallTime{ms(server_now(page.model)) - static_cast<std::int64_t>(minutes_back * 60'000)});
  };
  ImGui::PushID(static_cast<int>(figure));
  const PlotKind kind = figure == Figure::Refused ? PlotKind::Stacked : figure == Figure::Placements ? PlotKind::Bars : PlotKind::Lines;
  plot(brush, {"plot", kind, page.width, brush.px(units), least_top(figure), [&](double value) { return value_text(page, figure, value); }, when, known ? std::string() : nothing_yet(page, figure)}, series);
  ImGui::PopID();
  if (series.size() > 1) {
    space(brush, 8);
    legend(page, series);
  }
}

}  // namespace tessera
