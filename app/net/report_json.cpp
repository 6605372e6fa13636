#include "app/net/report_json.h"

#include "app/net/json_fields.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::size_t most_items = 50;  // of a page

/// Empty where it is none.
Rect area_in(const json& report) {
  const json* region = field_in(report, "region");
  if (!region) return {};
  const auto x = number_in(*region, "x", max_canvas_side - 1), y = number_in(*region, "y", max_canvas_side - 1),
             width = number_in(*region, "width", max_canvas_side), height = number_in(*region, "height", max_canvas_side);
  if (!x || !y || !width || !height) return {};
  const auto narrow = [](std::uint64_t number) { return static_cast<std::uint32_t>(number); };
  return {narrow(*x), narrow(*y), narrow(*width), narrow(*height)};
}

}  // namespace

json write_report(const ask::MakeReport& report) {
  const Rect& area = report.area;
  return {{"region", {{"x", area.x}, {"y", area.y}, {"width", area.width}, {"height", area.height}}}, {"reason", report.reason}};
}

std::optional<OwnReport> read_own_report(const json& report, const std::string& canvas) {
  const auto id = number_in(report, "id", UINT32_MAX);
  const auto state = word_in<ReportState>(report, "state", report_state_count);
  OwnReport out;
  out.area = area_in(report);
  if (!id || *id == 0 || !state || out.area.empty()) return std::nullopt;
  out.canvas = canvas;
  out.id = ReportId{static_cast<std::uint32_t>(*id)};
  out.state = *state;
  out.reason = line_in(report, "reason");
  out.outcome = line_in(report, "outcome");
  out.created = parse_time(text_in(report, "created")).value_or(WallTime{});
  return out;
}

std::optional<std::vector<OwnReport>> read_own_reports(const json& page, const std::string& canvas) {
  const json* items = field_in(page, "items");
  if (!items || !items->is_array()) return std::nullopt;
  std::vector<OwnReport> reports;
  for (const json& item : *items) {
    auto report = read_own_report(item, canvas);
    if (report && reports.size() < most_items) reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace tessera
