#include "app/net/panel_api.h"

#include "app/net/json_fields.h"
#include "app/net/panel_json.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"
#include "shared/canvas/png.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr const char* api = "/api/v1";
constexpr std::uint32_t rows_a_page = 100, reports_a_page = 50, accounts_a_page = 200, exported_a_page = 500, suspects = 50, activity_days = 7;
constexpr std::uint32_t longest_side = 2'048;

template <typename Id>
std::string number(Id id) {
  return std::to_string(static_cast<std::uint64_t>(id));
}

/// What stands behind the `?` of an address.
class Query {
 public:
  explicit Query(std::string path) : path_(std::move(path)) {}
  Query& add(const char* name, const std::string& value) {
    if (value.empty()) return *this;
    path_ += first_ ? '?' : '&';
    first_ = false;
    path_ += name;
    path_ += '=';
    path_ += percent_encode(value);
    return *this;
  }
  Query& add(const char* name, const std::optional<WallTime>& time) { return add(name, time ? format_time(*time) : std::string()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool first_ = true;
};

const char* sort_word(PeopleSort sort) {
  switch (sort) {
    case PeopleSort::Newest:
      return "id";
    case PeopleSort::Name:
      return "name";
    case PeopleSort::Placements:
      return "placements";
    case PeopleSort::Seen:
      break;
  }
  return "seen";
}

std::string region_text(const Rect& area) {
  return std::to_string(area.x) + "," + std::to_string(area.y) + "," + std::to_string(area.width) + "," + std::to_string(area.height);
}

json area_json(const Rect& area) { return {{"x", area.x}, {"y", area.y}, {"width", area.width}, {"height", area.height}}; }

json rollback_json(const RollbackWish& wish) {
  json body = json::object();
  if (wish.account != nobody) body["account"] = static_cast<std::uint32_t>(wish.account);
  if (!wish.address.empty()) body["address"] = wish.address;
  if (!wish.region.empty()) body["region"] = area_json(wish.region);
  if (wish.since) body["since"] = format_time(*wish.since);
  if (wish.until) body["until"] = format_time(*wish.until);
  if (!wish.reason.empty()) body["reason"] = wish.reason;
  return body;
}

json schedule_json(const ScheduleWish& wish) {
  json params = json::object();
  switch (wish.action) {
    case ScheduledAction::Pause:
      if (!wish.text.empty()) params["message"] = wish.text;
      break;
    case ScheduledAction::Resize:
      if (wish.width != 0) params["width"] = wish.width;
      if (wish.height != 0) params["height"] = wish.height;
      break;
    case ScheduledAction::Policy:
      params["policy"] = {{"only_color", wish.only_color ? json(*wish.only_color) : json(nullptr)}};
      break;
    case ScheduledAction::Announce:
      params = {{"text", wish.text}, {"pinned", wish.pinned}};
      break;
    case ScheduledAction::Palette:
    case ScheduledAction::Resume:
    case ScheduledAction::Reset:
      break;
  }
  return {{"at", format_time(wish.at)}, {"action", code(wish.action)}, {"params", params}};
}

struct Writer {
  const std::string& server;

  WebRequest get(const std::string& path) const { return {"GET", server + path, {}, {}}; }
  WebRequest send(const char* method, const std::string& path, const json& body) const { return {method, server + path, {}, written(body)}; }
  WebRequest matching(WebRequest request, std::uint32_t version) const {
    if (version != 0) request.if_match = "\"" + std::to_string(version) + "\"";
    return request;
  }
  std::string at(const char* path) const { return std::string(api) + path; }
  std::string canvas(const std::string& name, const std::string& more) const { return at("/canvases/") + percent_encode(name) + more; }
  WebRequest list(const std::string& path, const std::string& after) const {
    return get(Query(path).add("limit", std::to_string(rows_a_page)).add("after", after).path());
  }

  WebRequest operator()(const ask::ReadHistory& q) const { return get(Query(at("/server/history")).add("since", q.since).path()); }
  WebRequest operator()(const ask::ReadServerState&) const { return get(at("/server/state")); }
  WebRequest operator()(const ask::FindAccounts& q) const {
    const AccountSearch& search = q.search;
    Query query(at("/accounts"));
    query.add("q", search.text).add("address", search.address).add("canvas", q.canvas);
    if (search.role) query.add("role", std::string(code(*search.role)));
    if (search.banned) query.add("state", "banned");
    // Names rise by themselves, the most and the newest stand first.
    query.add("sort", (search.rising ? "" : "-") + std::string(sort_word(search.sort)));
    return get(query.add("limit", std::to_string(accounts_a_page)).add("after", q.after).path());
  }
  WebRequest operator()(const ask::ReadProfile& q) const { return get(at("/accounts/") + number(q.id)); }
  WebRequest operator()(const ask::ReadActivity& q) const {
    return get(canvas(q.canvas, "/accounts/" + number(q.id) + "/activity?days=" + std::to_string(activity_days)));
  }
  WebRequest operator()(const ask::ReadPlacedImage& q) const { return get(canvas(q.canvas, "/accounts/" + number(q.id) + "/placements.png")); }
  WebRequest operator()(const ask::ReadRegion& q) const {
    Query query(canvas(q.canvas, "/image.png"));
    if (q.at) query.add("at", std::to_string(*q.at));
    return get(query.add("region", region_text(q.area)).path());
  }
  WebRequest operator()(const ask::ChangeAccount& q) const {
    json body = json::object();
    if (q.wish.role) body["role"] = code(*q.wish.role);
    if (q.wish.note) body["note"] = *q.wish.note;
    if (q.wish.lift_ban) body["banned_until"] = nullptr;
    return matching(send("PATCH", at("/accounts/") + number(q.id), body), q.version);
  }
  WebRequest operator()(const ask::WarnAccount& q) const { return send("POST", at("/accounts/") + number(q.id) + "/warn", {{"text", q.text}}); }
  WebRequest operator()(const ask::BanAccount& q) const {
    json body{{"until", q.wish.until ? json(format_time(*q.wish.until)) : json(nullptr)}, {"reason", q.wish.reason}};
    if (!q.wish.appeal.empty()) body["appeal"] = q.wish.appeal;
    if (q.wish.roll_back) body["roll_back"] = {{"canvas", q.canvas}, {"since", q.wish.since ? json(format_time(*q.wish.since)) : json(nullptr)}};
    return send("POST", at("/accounts/") + number(q.id) + "/ban", body);
  }
  WebRequest operator()(const ask::FindAutomation& q) const { return get(canvas(q.canvas, "/automation?limit=" + std::to_string(suspects))); }
  WebRequest operator()(const ask::ListGrants& q) const { return list(canvas(q.canvas, "/grants"), {}); }
  WebRequest operator()(const ask::Grant& q) const {
    const std::string path = canvas(q.canvas, "/grants/" + number(q.id));
    if (!q.role) return matching({"DELETE", server + path, {}, {}}, q.version);
    return matching(send("PUT", path, {{"role", code(*q.role)}}), q.version);
  }

  WebRequest operator()(const ask::ListReports& q) const {
    Query query(canvas(q.canvas, "/reports"));
    if (q.state) query.add("state", std::string(code(*q.state)));
    return get(query.add("limit", std::to_string(reports_a_page)).add("after", q.after).path());
  }
  WebRequest operator()(const ask::ReadReport& q) const { return get(canvas(q.canvas, "/reports/" + number(q.id))); }
  WebRequest operator()(const ask::ChangeReport& q) const {
    json body{{"state", code(q.state)}};
    if (!q.outcome.empty()) body["outcome"] = q.outcome;
    if (q.take_over) body["take_over"] = true;
    for (const ReportId each : q.also) body["also"].push_back(static_cast<std::uint32_t>(each));
    return matching(send("PATCH", canvas(q.canvas, "/reports/" + number(q.id)), body), q.version);
  }

  WebRequest operator()(const ask::ListRollbacks& q) const { return list(canvas(q.canvas, "/rollbacks"), q.after); }
  WebRequest operator()(const ask::ForecastRollback& q) const {
    json body = rollback_json(q.wish);
    body["dry_run"] = true;
    return send("POST", canvas(q.canvas, "/rollbacks"), body);
  }
  WebRequest operator()(const ask::ForecastImage& q) const {
    const RollbackWish& wish = q.wish;
    Query query(canvas(q.canvas, "/rollbacks/preview.png"));
    if (wish.account != nobody) query.add("account", number(wish.account));
    query.add("address", wish.address);
    if (!wish.region.empty()) query.add("region", region_text(wish.region));
    return get(query.add("since", wish.since).add("until", wish.until).add("side", q.after ? "after" : "before").path());
  }
  WebRequest operator()(const ask::RollBack& q) const {
    json body = rollback_json(q.wish);
    body["wait"] = false;
    return send("POST", canvas(q.canvas, "/rollbacks"), body);
  }
  WebRequest operator()(const ask::StepRollback& q) const {
    return send("POST", canvas(q.canvas, "/rollbacks/" + number(q.id) + (q.redo ? "/redo" : "/undo") + "?wait=false"), json::object());
  }

  WebRequest operator()(const ask::ListSchedule& q) const { return list(canvas(q.canvas, "/schedule"), q.after); }
  WebRequest operator()(const ask::MakeSchedule& q) const { return send("POST", canvas(q.canvas, "/schedule"), schedule_json(q.wish)); }
  WebRequest operator()(const ask::RemoveSchedule& q) const { return {"DELETE", server + canvas(q.canvas, "/schedule/" + number(q.id)), {}, {}}; }
  WebRequest operator()(const ask::ListSnapshots& q) const { return list(canvas(q.canvas, "/snapshots"), q.after); }
  WebRequest operator()(const ask::MakeSnapshot& q) const { return send("POST", canvas(q.canvas, "/snapshots"), {{"name", q.name}}); }
  WebRequest operator()(const ask::Restore& q) const {
    json body{{"name", q.name}, {"wait", false}};
    if (!q.reason.empty()) body["reason"] = q.reason;
    return send("POST", canvas(q.canvas, q.snapshot ? "/snapshots/" + number(*q.snapshot) + "/restore" : std::string("/reset")), body);
  }
  WebRequest operator()(const ask::Pause& q) const {
    return send("PATCH", canvas(q.canvas, ""), {{"paused", q.paused}, {"message", q.message}});
  }

  Query audit(const LogSearch& search) const {
    Query query(at("/audit"));
    query.add("actor", search.actor).add("action", search.action).add("target", search.target).add("q", search.text);
    return query.add("since", search.since).add("until", search.until);
  }
  WebRequest operator()(const ask::SearchAudit& q) const {
    return get(audit(q.search).add("limit", std::to_string(rows_a_page)).add("after", q.after).path());
  }
  WebRequest operator()(const ask::ExportAudit& q) const {
    Query query = audit(q.search);
    return get(query.add("format", q.csv ? "csv" : "ndjson").add("limit", std::to_string(exported_a_page)).add("after", q.after).path());
  }
  WebRequest operator()(const ask::VerifyAudit&) const { return get(at("/audit/verify")); }
};

/// What an answer brings is read as the question wants it.
struct Reader {
  const json& body;
  const WebAnswer& answer;

  template <typename Answer>
  static PanelRead of(std::optional<Answer> read) {
    if (!read) return std::monostate{};
    return PanelAnswer{std::move(*read)};
  }
  template <typename Row>
  PanelRead page() const {
    return of(read_page<Row>(body));
  }

  PanelRead operator()(const ask::ReadHistory&) const { return of(read_history(body)); }
  PanelRead operator()(const ask::ReadServerState&) const { return of(read_server_state(body)); }
  PanelRead operator()(const ask::FindAccounts&) const { return page<AccountRow>(); }
  PanelRead operator()(const ask::ReadProfile&) const { return of(read_profile(body)); }
  PanelRead operator()(const ask::ReadActivity&) const { return of(read_activity(body)); }
  PanelRead operator()(const ask::ReadPlacedImage&) const { return image(); }
  PanelRead operator()(const ask::ReadRegion&) const { return image(); }
  PanelRead operator()(const ask::ChangeAccount&) const { return Done{}; }
  PanelRead operator()(const ask::WarnAccount&) const { return Done{}; }
  PanelRead operator()(const ask::BanAccount&) const { return Done{}; }
  PanelRead operator()(const ask::FindAutomation&) const { return page<AutomationRow>(); }
  PanelRead operator()(const ask::ListGrants&) const { return page<GrantRow>(); }
  PanelRead operator()(const ask::Grant&) const { return Done{}; }
  PanelRead operator()(const ask::ListReports&) const { return page<ReportRow>(); }
  PanelRead operator()(const ask::ReadReport&) const { return of(read_row(body, static_cast<ReportRow*>(nullptr))); }
  PanelRead operator()(const ask::ChangeReport&) const { return of(read_row(body, static_cast<ReportRow*>(nullptr))); }
  PanelRead operator()(const ask::ListRollbacks&) const { return page<RollbackRow>(); }
  PanelRead operator()(const ask::ForecastRollback&) const { return of(read_forecast(body)); }
  PanelRead operator()(const ask::ForecastImage&) const { return image(); }
  PanelRead operator()(const ask::RollBack&) const { return of(read_row(body, static_cast<RollbackRow*>(nullptr))); }
  PanelRead operator()(const ask::StepRollback&) const { return of(read_row(body, static_cast<RollbackRow*>(nullptr))); }
  PanelRead operator()(const ask::ListSchedule&) const { return page<ScheduleRow>(); }
  PanelRead operator()(const ask::MakeSchedule&) const { return Done{}; }
  PanelRead operator()(const ask::RemoveSchedule&) const { return Done{}; }
  PanelRead operator()(const ask::ListSnapshots&) const { return page<SnapshotRow>(); }
  PanelRead operator()(const ask::MakeSnapshot&) const { return Done{}; }
  PanelRead operator()(const ask::Restore&) const { return Done{}; }
  PanelRead operator()(const ask::Pause&) const { return Done{}; }
  PanelRead operator()(const ask::SearchAudit&) const { return page<AuditRow>(); }
  PanelRead operator()(const ask::ExportAudit&) const { return PanelAnswer{answer::File{answer.body, answer.next}}; }
  PanelRead operator()(const ask::VerifyAudit&) const { return of(read_verdict(body)); }

  PanelRead image() const {
    auto image = read_png(as_bytes(answer.body), {.max_side = longest_side, .max_cells = std::uint64_t{longest_side} * longest_side});
    if (!image) return std::monostate{};
    return PanelAnswer{answer::Image{image->size, std::move(image->rgba)}};
  }
};

bool is_json(const PanelQuestion& question) {
  return !std::holds_alternative<ask::ReadPlacedImage>(question) && !std::holds_alternative<ask::ReadRegion>(question) && !std::holds_alternative<ask::ForecastImage>(question) &&
         !std::holds_alternative<ask::ExportAudit>(question);
}

}  // namespace

WebRequest panel_request(const std::string& server, const PanelQuestion& question) { return std::visit(Writer{server}, question); }

PanelRead read_panel_answer(const PanelQuestion& question, const WebAnswer& answer) {
  const json body = is_json(question) ? json::parse(answer.body, nullptr, false) : json();
  return std::visit(Reader{body, answer}, question);
}

}  // namespace tessera
