#include "app/ui/plot.h"

#include <algorithm>
#include <cmath>

#include "app/ui/controls.h"

namespace tessera {
namespace {

double known(double value) { return std::isnan(value) ? 0 : value; }

double highest(const PlotLook& look, const std::vector<Series>& series, std::size_t count) {
  double top = look.least_top;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (const Series& each : series) {
      sum = look.kind == PlotKind::Stacked ? sum + known(each.values[i]) : known(each.values[i]);
      top = std::max(top, sum);
    }
  }
  return top;
}

struct Scale {
  Box box;
  double top;
  std::size_t count;

  float left(std::size_t i) const { return box.min.x + box.width() * static_cast<float>(i) / static_cast<float>(count); }
  float y(double value) const { return box.max.y - static_cast<float>(value / top) * box.height(); }
};

void draw_bars(const Brush& brush, const Scale& scale, const std::vector<Series>& series, int hovered) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float each = scale.box.width() / static_cast<float>(scale.count);
  const float gap = each >= brush.px(4) ? std::max(1.0f, std::round(each * 0.2f)) : 0;
  for (std::size_t i = 0; i < scale.count; ++i) {
    double below = 0;
    for (const Series& one : series) {
      const double value = known(one.values[i]);
      if (value <= 0) continue;
      // What is there at all is seen.
      const float bottom = scale.y(below), top = std::min(scale.y(below + value), bottom - 1);
      list.AddRectFilled({std::round(scale.left(i)), top}, {std::max(std::round(scale.left(i)) + 1, std::round(scale.left(i + 1)) - gap), bottom},
                         ink(one.color, static_cast<int>(i) == hovered ? 1.0 : 0.85), std::min(brush.px(2), each / 4), ImDrawFlags_RoundCornersTop);
      below += value;
    }
  }
}

void draw_line(const Brush& brush, const Scale& scale, const Series& series) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const auto middle = [&](std::size_t i) { return (scale.left(i) + scale.left(i + 1)) / 2; };
  std::vector<ImVec2> points;
  const auto finish = [&] {
    if (points.size() > 1) list.AddPolyline(points.data(), static_cast<int>(points.size()), ink(series.color), 0, std::max(1.5f, brush.px(1.5f)));
    if (points.size() == 1) list.AddCircleFilled(points[0], brush.px(2), ink(series.color));
    points.clear();
  };
  for (std::size_t i = 0; i < scale.count; ++i) {
    if (std::isnan(series.values[i])) finish();
    else points.push_back({middle(i), scale.y(series.values[i])});
  }
  finish();
}

std::string told(const PlotLook& look, const std::vector<Series>& series, std::size_t i) {
  std::string text = look.when ? look.when(i) : std::string();
  for (const Series& each : series) {
    if (std::isnan(each.values[i]) || (series.size() > 1 && each.values[i] == 0)) continue;
    if (!text.empty()) text += " · ";
    if (!each.name.empty()) text += each.name + " ";
    text += look.words(each.values[i]);
  }
  return text;
}

}  // namespace

void plot(const Brush& brush, const PlotLook& look, const std::vector<Series>& series) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::size_t count = series.empty() ? 0 : series.front().values.size();
  const Press pressed = press(brush, look.id, {look.width, look.height}, true, Reach::Mouse);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float base = at.y + look.height;
  list.AddRectFilled({at.x, base - brush.hair()}, {at.x + look.width, base}, ink(brush.colors.line));
  if (!look.empty.empty()) {
    const ImVec2 middle{at.x + (look.width - text_width(brush, look.empty, Type::Small)) / 2, at.y + (look.height - brush.px(16)) / 2};
    return draw_text(brush, list, {std::round(middle.x), std::round(middle.y)}, look.empty, Type::Small, ink(brush.colors.faint));
  }
  if (count == 0) return;
  const Scale scale{{at, {at.x + look.width, base - brush.hair()}}, highest(look, series, count), count};
  int hovered = -1;
  if (pressed.hovered) {
    const float share = (ImGui::GetIO().MousePos.x - at.x) / look.width;
    hovered = std::clamp(static_cast<int>(share * static_cast<float>(count)), 0, static_cast<int>(count) - 1);
    const float x = scale.left(static_cast<std::size_t>(hovered)), next = scale.left(static_cast<std::size_t>(hovered) + 1);
    list.AddRectFilled({x, at.y}, {std::max(next, x + 1), base}, ink(brush.colors.text, 0.08));
  }
  if (look.kind == PlotKind::Lines)
    for (const Series& each : series) draw_line(brush, scale, each);
  else
    draw_bars(brush, scale, series, hovered);
  if (hovered >= 0) tooltip(brush, told(look, series, static_cast<std::size_t>(hovered)));
}

std::vector<double> gathered(const std::vector<double>& values, std::size_t count, Gather how) {
  if (values.size() <= count) return values;
  std::vector<double> out;
  const std::size_t each = (values.size() + count - 1) / count;
  // The newest stand together whole; it is the oldest that may be fewer.
  const std::size_t first = values.size() % each;
  for (std::size_t begin = 0, end = first == 0 ? each : first; begin < values.size(); begin = end, end += each) {
    double value = std::nan("");
    for (std::size_t i = begin; i < end; ++i) {
      if (std::isnan(values[i])) continue;
      value = std::isnan(value) ? values[i] : how == Gather::Sum ? value + values[i] : std::max(value, values[i]);
    }
    out.push_back(value);
  }
  return out;
}

}  // namespace tessera
