// What happens on a canvas at a time, by itself.
#include <algorithm>

#include "server/core/permissions.h"
#include "server/http/event_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using ScheduleReply = Changed<ScheduleView>;
using ScheduleList = std::optional<std::vector<ScheduleView>>;

constexpr std::size_t body_bytes = 64u << 10;

enum class Shown { ToAll, ToStaff };

/// What will be announced is the staff's until then.
Json schedule_json(const ScheduleView& view, Shown shown) {
  const ScheduleRecord& record = view.record;
  Json params = Json::parse(record.work.params);
  if (record.work.action == ScheduledAction::Announce && shown == Shown::ToAll) params.erase("text");
  return {{"id", static_cast<std::uint32_t>(record.id)},
          {"at", format_time(record.at)},
          {"action", code(record.work.action)},
          {"params", std::move(params)},
          {"created_by", account_json(view.maker)},
          {"created", format_time(record.created)}};
}

/// By time, then id; `after` is the id that the page before ended with.
void answer_list(const CallPtr& call, const std::vector<ScheduleView>& views) {
  const std::uint64_t after = call->number("after");
  const auto last = std::find_if(views.begin(), views.end(), [&](const ScheduleView& view) { return static_cast<std::uint32_t>(view.record.id) == after; });
  const auto first = last == views.end() ? views.begin() : last + 1;
  const auto count = std::min<std::ptrdiff_t>(views.end() - first, static_cast<std::ptrdiff_t>(call->number("limit")));
  const Shown shown = is_staff(call->role) ? Shown::ToStaff : Shown::ToAll;
  Json items = Json::array();
  for (auto view = first; view != first + count; ++view) items.push_back(schedule_json(*view, shown));
  Json next = first + count == views.end() ? Json(nullptr) : items.back()["id"];
  call->answer(page_json(std::move(items), std::move(next)));
}

void list(const HttpServices& services, const CallPtr& call) {
  with_canvas(services, call, [&services, call](const CanvasView& view) {
    services.hub.schedule(view.record.name, on_worker<ScheduleList>(services, call, [call](const ScheduleList& views) {
                            if (views) answer_list(call, *views);
                            else call->refuse(404, "not_found", "there is no such canvas");
                          }));
  });
}

void make(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_new_schedule(call->body, call->text("canvas"));
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  services.hub.make_schedule(call->account.id, call->text("canvas"), *wanted, on_worker<ScheduleReply>(services, call, [call](const ScheduleReply& reply) {
                               if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                               call->answer(json_response(201, schedule_json(*reply.current, Shown::ToStaff)));
                             }));
}

void remove(const HttpServices& services, const CallPtr& call) {
  const ScheduleId id{static_cast<std::uint32_t>(call->number("entry"))};
  services.hub.remove_schedule(call->account.id, call->text("canvas"), id, on_worker<ScheduleReply>(services, call, [call](const ScheduleReply& reply) {
                                 if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                                 call->answer_nothing();
                               }));
}

}  // namespace

void add_schedule_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/schedule",
              .summary = "What will happen on the canvas by itself, by time, then id. What will be announced is in it for staff alone",
              .path = {canvas_parameter()},
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 100, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "SchedulePage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/schedule",
              .who = Who::Admin,
              .summary = "Makes something happen on the canvas at a time, once, also where the server is down at that time: then as it starts. The "
                         "params are as in the body that does the same at once; what is left out of them is as it is by then. What cannot be done by then "
                         "is told in the audit log as schedule.failed",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewSchedule",
              .body_limit = body_bytes,
              .answers = {{201, "the entry", "Schedule"}},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/canvases/{canvas}/schedule/{entry}",
              .who = Who::Admin,
              .summary = "Takes an entry out of the schedule: it will not happen",
              .path = {canvas_parameter(), number_in_path("entry", UINT32_MAX, "its id")},
              .answers = {{204, "removed", "", ""}},
              .handler = [&services](const CallPtr& call) { remove(services, call); }});
}

}  // namespace tessera
