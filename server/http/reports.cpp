// Reports: what players ask staff to look at.
#include <algorithm>

#include "server/core/area_placers.h"
#include "server/http/etag.h"
#include "server/http/refusals.h"
#include "server/http/report_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/staff_shapes.h"

namespace tessera {
namespace {

constexpr std::size_t accounts_told = 20;
constexpr std::size_t tiles_read = 64;

using ViewReply = Changed<ReportView>;

ReportId id_of(const CallPtr& call) { return ReportId{static_cast<std::uint32_t>(call->number("report"))}; }

void refuse(const CallPtr& call, const ReportReply& reply) {
  const ViewReply& report = reply.report;
  const std::string& canvas = call->text("canvas");
  if (report.stale) return refuse_stale(call, report_json(canvas, *report.current), report.current->record.version);
  if (reply.is_others) return call->answer(problem_with(409, "claimed", report.detail, {{"current", report_json(canvas, *report.current)}}));
  if (report.refused == Refusal::OutOfBounds) return call->refuse(400, "out_of_bounds", report.detail);
  if (report.refused != Refusal::TooSoon) return refuse(call, *report.refused, report.detail);
  call->answer(wait_problem(429, "too_soon", report.detail, reply.retry_after_ms));
}

void make(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_new_report(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  with_canvas(services, call, [&services, call, wanted = *wanted](const CanvasView& view) {
    services.hub.make_report(call->account.id, view.record.name, wanted, on_worker<ReportReply>(services, call, [call](const ReportReply& reply) {
                               if (reply.report.refused) return refuse(call, reply);
                               call->answer(own_report_json(reply.report.current->record), 201);
                             }));
  });
}

/// Nothing where the query was answered as wrong.
std::optional<ReportQuery> query_of(const CallPtr& call) {
  ReportQuery query{.before = ReportId{static_cast<std::uint32_t>(call->number("after"))}, .limit = static_cast<std::size_t>(call->number("limit")) + 1};
  const auto* word = call->find<std::string>("state");
  if (word) query.state = find_report_state(*word);
  if (!word || query.state) return query;
  call->refuse(400, "invalid", "state must be open, claimed, resolved or dismissed");
  return std::nullopt;
}

/// A page of what was asked for with one more than its limit; `json` makes an item of each.
void answer_page(const CallPtr& call, const auto& found, const auto& json) {
  const std::size_t count = std::min<std::size_t>(found.size(), call->number("limit"));
  Json items = Json::array();
  for (std::size_t i = 0; i < count; ++i) items.push_back(json(found[i]));
  Json next = count < found.size() ? items.back()["id"] : Json(nullptr);
  call->answer(page_json(std::move(items), std::move(next)));
}

void list(const HttpServices& services, const CallPtr& call) {
  using List = Changed<std::vector<ReportView>>;
  const auto query = query_of(call);
  if (!query) return;
  services.hub.reports(call->account.id, call->text("canvas"), *query, on_worker<List>(services, call, [call](const List& reply) {
                         if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                         answer_page(call, *reply.current, [&](const ReportView& view) { return report_json(call->text("canvas"), view); });
                       }));
}

void list_own(const HttpServices& services, const CallPtr& call) {
  using List = std::optional<std::vector<ReportRecord>>;
  const auto query = query_of(call);
  if (!query) return;
  services.hub.own_reports(call->account.id, call->text("canvas"), *query, on_worker<List>(services, call, [call](const List& records) {
                             if (!records) return call->refuse(404, "not_found", "there is no such canvas");
                             answer_page(call, *records, own_report_json);
                           }));
}

/// With who drew in its region until it was made.
void answer_one(const CallPtr& call, const ReportView& view, StoreReader& reader) {
  std::size_t tiles = tiles_read;
  auto placers = placers_of(reader, view.record.canvas, view.record.area, view.record.seq, tiles);
  if (!placers) return refuse_store(call, placers.error());
  if (placers->accounts.size() > accounts_told) placers->accounts.resize(accounts_told);
  std::vector<AccountId> accounts;
  for (const auto& [account, placements] : placers->accounts) accounts.push_back(account);
  const auto names = reader.names(accounts);
  if (!names) return refuse_store(call, names.error());
  Json drawn = Json::array();
  for (std::size_t i = 0; i < accounts.size(); ++i)
    drawn.push_back({{"account", static_cast<std::uint32_t>((*names)[i].account)}, {"name", (*names)[i].name}, {"placements", placers->accounts[i].second}});
  Json json = report_json(call->text("canvas"), view);
  json["drawn_by"] = std::move(drawn);
  json["drawn_by_complete"] = placers->is_complete;
  call->answer(with_version(json_response(200, json), view.record.version));
}

void one(const HttpServices& services, const CallPtr& call) {
  services.hub.report(call->account.id, call->text("canvas"), id_of(call), on_worker<ViewReply>(services, call, [&services, call](const ViewReply& reply) {
                        if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                        on_reader(services, call, [call, view = *reply.current](StoreReader& reader) { answer_one(call, view, reader); });
                      }));
}

void change(const HttpServices& services, const CallPtr& call) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  const auto wanted = read_report_change(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  const auto answered = [call](const ReportReply& reply) {
    if (reply.report.refused) return refuse(call, reply);
    call->answer(with_version(json_response(200, report_json(call->text("canvas"), *reply.report.current)), reply.report.current->record.version));
  };
  const auto found = [&services, call, match = *match, wanted = *wanted, answered](const ViewReply& reply) {
    if (reply.refused) return refuse(call, *reply.refused, reply.detail);
    services.hub.change_report(call->account.id, call->text("canvas"), id_of(call), match.expected(reply.current->record.version), wanted,
                               on_worker<ReportReply>(services, call, answered));
  };
  services.hub.report(call->account.id, call->text("canvas"), id_of(call), on_worker<ViewReply>(services, call, found));
}

std::vector<Parameter> listed() {
  return {{.name = "state", .max = 16, .about = "open, claimed, resolved or dismissed; all where absent", .example = "open"},
          {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 50, .otherwise = 50, .about = "most items of a page"},
          {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = UINT32_MAX, .about = "`next` of the page before"}};
}

}  // namespace

void add_report_routes(Router& router, const HttpServices& services) {
  const Parameter report = number_in_path("report", UINT32_MAX, "its id");
  router.add({.pattern = "/api/v1/canvases/{canvas}/reports/mine",  // also the address of a report with a strange id
              .who = Who::Account,
              .summary = "One's own reports, the newest first",
              .path = {canvas_parameter()},
              .query = listed(),
              .answers = {{200, "a page", "OwnReportPage"}},
              .handler = [&services](const CallPtr& call) { list_own(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/reports",
              .who = Who::Account,
              .scope = Scope::Place,
              .summary = "Asks staff to look at a region, or at the cell `x`, `y`; its outcome is told live",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewReport",
              .answers = {{201, "the report", "OwnReport"}, {413, "too many cells, or too many open reports"}, {429, "too many reports: see Retry-After"}},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.pattern = "/api/v1/canvases/{canvas}/reports",
              .who = Who::Moderator,
              .summary = "The canvas's reports, the newest first",
              .path = {canvas_parameter()},
              .query = listed(),
              .answers = {{200, "a page", "ReportPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.pattern = "/api/v1/canvases/{canvas}/reports/{report}",
              .who = Who::Moderator,
              .summary = "A report, and who placed in its region until it was made",
              .path = {canvas_parameter(), report},
              .answers = {{200, "the report", "ReportInFull"}},
              .handler = [&services](const CallPtr& call) { one(services, call); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/canvases/{canvas}/reports/{report}",
              .who = Who::Moderator,
              .summary = "Claims, resolves, dismisses or reopens a report, and others with it; whoever made them is told",
              .path = {canvas_parameter(), report},
              .body = Body::JsonOnly,
              .body_schema = "ReportChange",
              .needs_version = NeedsVersion::Always,
              .answers = {{200, "the report as it now is", "Report"}, {409, "somebody else has claimed one of them"}},
              .handler = [&services](const CallPtr& call) { change(services, call); }});
}

}  // namespace tessera
