#include <algorithm>

#include "server/core/problem.h"
#include "server/http/canvas_body.h"
#include "server/http/etag.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

using CanvasReply = Changed<CanvasView>;

constexpr std::size_t body_bytes = 64u << 10;

/// By name; `after` is the last name of the page before.
void answer_list(const CallPtr& call, std::vector<CanvasView> views) {
  const bool archived = call->number("archived") == 1;
  const auto role_on = [&](const CanvasView& view) { return call->caller.role_on(view.record.name); };
  std::sort(views.begin(), views.end(),
            [](const CanvasView& one, const CanvasView& other) { return one.record.name < other.record.name; });
  std::erase_if(views, [&](const CanvasView& view) { return view.record.archived && !(archived && role_on(view) >= Role::Admin); });
  if (const auto* after = call->find<std::string>("after"))
    std::erase_if(views, [&](const CanvasView& view) { return view.record.name <= *after; });
  const std::size_t count = std::min<std::size_t>(views.size(), call->number("limit"));
  Json items = Json::array();
  for (std::size_t i = 0; i < count; ++i) items.push_back(canvas_json(views[i], role_on(views[i])));
  Json next = count < views.size() ? Json(views[count - 1].record.name) : Json(nullptr);
  call->answer(page_json(std::move(items), std::move(next)));
}

HttpResponse tagged(const CallPtr& call, unsigned status, const CanvasView& view, std::optional<std::uint64_t> hidden = std::nullopt) {
  Json json = canvas_json(view, call->role);
  if (hidden) json["hidden_cells"] = *hidden;
  return with_version(json_response(status, json), view.record.version);
}

void answer_changed(const CallPtr& call, const CanvasReply& reply, unsigned status, std::optional<std::uint64_t> hidden) {
  if (!reply.refused) return call->answer(tagged(call, status, *reply.current, hidden));
  if (*reply.refused == Refusal::Busy) return refuse_busy(call);
  if (*reply.refused == Refusal::NotFound) return call->refuse(404, "not_found", reply.detail);
  if (*reply.refused == Refusal::TooLarge) return call->refuse(400, "too_large", reply.detail);
  if (reply.stale) return refuse_stale(call, canvas_json(*reply.current, call->role), reply.current->record.version);
  if (reply.current) return call->refuse(400, "invalid", reply.detail);
  call->refuse(409, "exists", reply.detail);
}

/// Drawn cells that a smaller size hides.
std::uint64_t hidden_cells(const Picture& picture, Size after) {
  std::uint64_t hidden = 0;
  const Size before = picture.size();
  std::vector<ColorIndex> row(before.width);
  for (std::uint32_t y = 0; y < before.height; ++y) {
    const std::uint32_t from = y < after.height ? std::min(after.width, before.width) : 0;
    if (from == before.width) continue;
    picture.copy_row(from, y, before.width - from, row.data());
    hidden += static_cast<std::uint64_t>(std::count_if(row.begin(), row.begin() + (before.width - from), [](ColorIndex color) { return color != empty_color; }));
  }
  return hidden;
}

void send_change(const HttpServices& services, const CallPtr& call, const CanvasView& view, const CanvasChange& change,
                 std::optional<std::uint32_t> version, std::optional<std::uint64_t> hidden) {
  if (call->number("dry_run") == 1) return call->answer(tagged(call, 200, view, hidden.value_or(0)));
  services.hub.change_canvas(call->account.id, view.record.name, version, change,
                             on_worker<CanvasReply>(services, call, [call, hidden](const CanvasReply& reply) { answer_changed(call, reply, 200, hidden); }));
}

/// A pause alone, which needs no precondition: whoever stops a canvas must not have to look first.
bool is_only_pause(const nlohmann::json& body) {
  return body.is_object() && !body.empty() &&
         std::all_of(body.items().begin(), body.items().end(), [](const auto& field) { return field.key() == "paused" || field.key() == "message"; });
}

void change(const HttpServices& services, const CallPtr& call, const CanvasView& view) {
  std::optional<std::uint32_t> version;
  if (!is_only_pause(call->body) || call->request.header("if-match")) {
    const auto match = read_if_match(call->request);
    if (!match) return call->answer(HttpResponse(match.error()));
    version = match->expected(view.record.version);
    if (version && *version != view.record.version) return refuse_stale(call, canvas_json(view, call->role), view.record.version);
    version = version.value_or(view.record.version);  // what was left out is as it was here
  }
  const auto wanted = read_canvas_change(call->body, view.record, services.random);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  const Size before = view.record.size;
  const bool shrinks = wanted->size && (wanted->size->width < before.width || wanted->size->height < before.height);
  if (!shrinks) return send_change(services, call, view, *wanted, version, std::nullopt);
  services.hub.picture(view.record.name, on_worker<std::optional<Hub::CanvasPicture>>(
                                             services, call, [&services, call, view, change = *wanted, version](const auto& picture) {
                                               const std::uint64_t hidden = picture ? hidden_cells(*picture->picture, *change.size) : 0;
                                               send_change(services, call, view, change, version, hidden);
                                             }));
}

void archive(const HttpServices& services, const CallPtr& call, const CanvasView& view) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  const auto done = [call](const CanvasReply& reply) {
    if (reply.refused) return answer_changed(call, reply, 200, std::nullopt);
    HttpResponse response;
    response.status = 204;
    response.add("Cache-Control", "no-store");
    call->answer(std::move(response));
  };
  CanvasChange away;
  away.archived = true;
  services.hub.change_canvas(call->account.id, view.record.name, match->expected(view.record.version), away, on_worker<CanvasReply>(services, call, done));
}

void create(const HttpServices& services, const CallPtr& call) {
  Policy policy;
  policy.limits = services.info.limits;
  auto wanted = read_new_canvas(call->body, policy, services.random);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  services.hub.create_canvas(call->account.id, *std::move(wanted), on_worker<CanvasReply>(services, call, [call](const CanvasReply& reply) {
    if (!reply.refused) {
      HttpResponse response = tagged(call, 201, *reply.current);
      response.add("Location", "/api/v1/canvases/" + reply.current->record.name);
      return call->answer(std::move(response));
    }
    answer_changed(call, reply, 201, std::nullopt);
  }));
}

void add_reading(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases",
              .summary = "The canvases, by name",
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 100, .otherwise = 50,
                         .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Name, .about = "`next` of the page before"},
                        {.name = "archived", .kind = ParameterKind::Flag, .otherwise = 0, .about = "for admins: archived ones too"}},
              .answers = {{200, "a page", "CanvasPage"}},
              .handler = [&services](const CallPtr& call) {
                services.hub.canvases(on_worker<std::vector<CanvasView>>(
                    services, call, [call](const std::vector<CanvasView>& views) { answer_list(call, views); }));
              }});
  router.add({.pattern = "/api/v1/canvases/{canvas}",
              .summary = "Size, palette, policy, epoch, seq, whether it is paused, people online",
              .path = {canvas_parameter()},
              .answers = {{200, "the canvas; its ETag is its version", "Canvas"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [call](const CanvasView& view) { call->answer(tagged(call, 200, view)); });
              }});
}

void add_changing(Router& router, const HttpServices& services) {
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases",
              .who = Who::Admin,
              .summary = "Makes a canvas",
              .body = Body::JsonOnly,
              .body_schema = "NewCanvas",
              .body_limit = body_bytes,
              .answers = {{201, "the canvas", "Canvas"}, {409, "there is one of that name"}},
              .handler = [&services](const CallPtr& call) { create(services, call); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/canvases/{canvas}",
              .who = Who::Admin,
              .summary = "Changes size, palette, policy, access; pauses and resumes; archives and restores. What is left out stays. If-Match "
                         "is needed for all but a pause alone",
              .path = {canvas_parameter()},
              .query = {{.name = "dry_run", .kind = ParameterKind::Flag, .otherwise = 0, .about = "changes nothing: tells what a smaller size hides"}},
              .body = Body::JsonOnly,
              .body_schema = "CanvasChange",
              .body_limit = body_bytes,
              .needs_version = NeedsVersion::Sometimes,
              .answers = {{200, "the canvas as it now is", "Canvas"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [&services, call](const CanvasView& view) { change(services, call, view); });
              }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/canvases/{canvas}",
              .who = Who::Admin,
              .summary = "Archives the canvas: nobody sees it, nothing is lost, `archived: false` brings it back",
              .path = {canvas_parameter("spare")},
              .needs_version = NeedsVersion::Always,
              .answers = {{204, "archived", "", ""}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [&services, call](const CanvasView& view) { archive(services, call, view); });
              }});
}

}  // namespace

void add_canvas_routes(Router& router, const HttpServices& services) {
  add_reading(router, services);
  add_changing(router, services);
}

}  // namespace tessera
