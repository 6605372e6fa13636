#include "server/http/report_body.h"

#include <algorithm>

#include "server/http/json_body.h"
#include "server/http/staff_shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_word_bytes = 64;
constexpr std::size_t most_reason_bytes = 500;
constexpr std::size_t most_ban_bytes = 480;  // of a reason, and of an appeal's text
constexpr std::size_t most_also = 100;

/// One line, without what cannot be seen. Markup is text like any other.
std::string read_line(JsonFields& fields, const char* name, std::size_t max_bytes) {
  return display_name(fields.text(name, max_bytes), max_bytes).value_or("");
}

std::string read_said(JsonFields& fields, const char* name, std::size_t max_bytes) {
  std::string line = read_line(fields, name, max_bytes);
  if (line.empty()) fields.refuse(name, "must say something");
  return line;
}

std::uint32_t read_side(JsonFields& fields, const char* name, std::int64_t min) {
  return static_cast<std::uint32_t>(fields.number(name, min, max_canvas_side));
}

std::optional<RollbackAsked::Bound> read_bound(JsonFields& fields, const nlohmann::json& object, const char* name) {
  if (!fields.has(name) || fields.is_null(name)) return std::nullopt;
  if (object[name].is_number()) return static_cast<Seq>(fields.number(name, 0, INT64_MAX));
  const auto time = parse_time(fields.text(name, most_word_bytes));
  if (time) return *time;
  fields.refuse(name, "must be a time such as 2030-01-01T00:00:00Z, or the seq of a placement");
  return std::nullopt;
}

}  // namespace

Result<NewReport> read_new_report(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  NewReport report;
  if (fields.has("region")) {
    JsonFields region(fields.object("region"), "region", error);
    report.area.x = read_side(region, "x", 0);
    report.area.y = read_side(region, "y", 0);
    report.area.width = read_side(region, "width", 1);
    report.area.height = read_side(region, "height", 1);
    region.finish();
  } else {
    report.area = {read_side(fields, "x", 0), read_side(fields, "y", 0), 1, 1};
  }
  report.reason = read_said(fields, "reason", most_reason_bytes);
  fields.finish();
  if (!error.empty()) return Error{error};
  return report;
}

Result<ReportChange> read_report_change(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  ReportChange change;
  if (fields.has("state")) {
    change.state = find_report_state(fields.text("state", most_word_bytes));
    if (!change.state) fields.refuse("state", "must be open, claimed, resolved or dismissed");
  }
  if (fields.has("outcome")) change.outcome = read_line(fields, "outcome", most_reason_bytes);
  if (fields.has("take_over")) change.take_over = fields.boolean("take_over");
  if (fields.has("also")) {
    for (const nlohmann::json& item : fields.list("also", most_also)) {
      if (item.is_number_unsigned() && item.get<std::uint64_t>() <= UINT32_MAX) change.also.push_back(ReportId{item.get<std::uint32_t>()});
      else fields.refuse("also", "must be a list of reports' ids");
    }
  }
  fields.finish();
  if (!error.empty()) return Error{error};
  return change;
}

Result<std::string> read_warning(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  const std::string text = read_said(fields, "text", limits::text_bytes);
  fields.finish();
  if (!error.empty()) return Error{error};
  return text;
}

Result<BanBody> read_ban(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  BanBody ban;
  if (fields.has("until") && !fields.is_null("until")) {
    const auto until = parse_time(fields.text("until", most_word_bytes));
    if (!until) fields.refuse("until", "must be a time such as 2030-01-01T00:00:00Z, or null for good");
    ban.until = until.value_or(never_expires);
  }
  ban.reason = read_said(fields, "reason", most_ban_bytes);
  if (fields.has("appeal")) {
    const std::string appeal = read_line(fields, "appeal", most_ban_bytes);
    if (!appeal.empty()) ban.reason += " — " + appeal;
  }
  if (fields.has("roll_back") && !fields.is_null("roll_back")) {
    const nlohmann::json& object = fields.object("roll_back");
    JsonFields back(object, "roll_back", error);
    ban.canvas = back.text("canvas", limits::canvas_name_bytes);
    if (ban.canvas.empty()) back.refuse("canvas", "must name the canvas");
    ban.since = read_bound(back, object, "since");
    back.finish();
  }
  fields.finish();
  if (!error.empty()) return Error{error};
  return ban;
}

}  // namespace tessera
