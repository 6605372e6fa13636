// Locks, by `/api/v1` and by the plain routes.
#include <algorithm>

#include "server/core/staff_text.h"
#include "server/http/etag.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "server/http/staff_body.h"

namespace tessera {
namespace {

using LockReply = Changed<LockInfo>;
using LockList = std::optional<std::vector<LockInfo>>;

Json lock_json(const LockInfo& lock) { return Json::parse(lock_text(lock)); }

std::string canvas_of(const CallPtr& call) {
  const std::string* name = call->find<std::string>("canvas");
  return name ? *name : std::string();
}

LockId id_of(const CallPtr& call) { return LockId{static_cast<std::uint32_t>(call->number("lock"))}; }

/// Goes on with the canvas's locks; 404 where there is none, or one that the caller may not see.
template <typename Work>
void with_locks(const HttpServices& services, const CallPtr& call, Work work) {
  with_canvas(services, call, [&services, call, work](const CanvasView& view) {
    services.hub.locks(view.record.name, on_worker<LockList>(services, call, [call, work](const LockList& locks) {
                         if (locks) work(*locks);
                         else call->refuse(404, "not_found", "there is no such canvas");
                       }));
  });
}

/// By id; `after` is the last of the page before.
void list(const HttpServices& services, const CallPtr& call) {
  with_locks(services, call, [call](std::vector<LockInfo> locks) {
    const std::uint64_t after = call->number("after");
    std::erase_if(locks, [&](const LockInfo& lock) { return static_cast<std::uint32_t>(lock.id) <= after; });
    const std::size_t count = std::min<std::size_t>(locks.size(), call->number("limit"));
    Json items = Json::array();
    for (std::size_t i = 0; i < count; ++i) items.push_back(lock_json(locks[i]));
    const bool more = count < locks.size();
    call->answer(page_json(std::move(items), more ? Json(static_cast<std::uint32_t>(locks[count - 1].id)) : Json(nullptr)));
  });
}

void answer_changed(const CallPtr& call, const LockReply& reply, unsigned status) {
  if (reply.stale) return refuse_stale(call, lock_json(*reply.current), reply.current->version);
  if (reply.refused == Refusal::OutOfBounds) return call->refuse(400, "out_of_bounds", reply.detail);
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  if (status == 204) return call->answer_nothing();
  call->answer(with_version(json_response(status, lock_json(*reply.current)), reply.current->version));
}

Hub::Reply<LockReply> answering(const HttpServices& services, const CallPtr& call, unsigned status) {
  return on_worker<LockReply>(services, call, [call, status](const LockReply& reply) { answer_changed(call, reply, status); });
}

void make(const HttpServices& services, const CallPtr& call, const Result<NewLock>& wanted) {
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  services.hub.make_lock(call->account.id, canvas_of(call), *wanted, answering(services, call, 201));
}

/// Goes on with the lock of the address, and the version that it must have.
template <typename Work>
void with_lock(const HttpServices& services, const CallPtr& call, Work work) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  with_locks(services, call, [call, match = *match, work](const std::vector<LockInfo>& locks) {
    const auto lock = std::find_if(locks.begin(), locks.end(), [&](const LockInfo& each) { return each.id == id_of(call); });
    if (lock == locks.end()) return call->refuse(404, "not_found", "there is no such lock: it may have been lifted, or has expired");
    const auto version = match.expected(lock->version);
    if (version && *version != lock->version) return refuse_stale(call, lock_json(*lock), lock->version);
    work(*lock, version);
  });
}

void change(const HttpServices& services, const CallPtr& call) {
  if (const auto shape = read_lock_change(call->body, {}); !shape) return call->refuse(400, "invalid", shape.error().message);
  with_lock(services, call, [&services, call](const LockInfo& lock, std::optional<std::uint32_t> version) {
    // What was left out of the rectangle is as it was here.
    services.hub.change_lock(call->account.id, canvas_of(call), lock.id, version.value_or(lock.version), *read_lock_change(call->body, lock), answering(services, call, 200));
  });
}

void lift(const HttpServices& services, const CallPtr& call) {
  with_lock(services, call, [&services, call](const LockInfo& lock, std::optional<std::uint32_t> version) {
    services.hub.lift_lock(call->account.id, canvas_of(call), lock.id, version, answering(services, call, 204));
  });
}

/// The plain route names a lock by its corners.
void lift_at(const HttpServices& services, const CallPtr& call) {
  with_locks(services, call, [&services, call](const std::vector<LockInfo>& locks) {
    const auto is_it = [&](const LockInfo& lock) {
      return lock.x == call->number("x1") && lock.y == call->number("y1") && lock.x + lock.width == call->number("x2") + 1 &&
             lock.y + lock.height == call->number("y2") + 1;
    };
    const auto lock = std::find_if(locks.begin(), locks.end(), is_it);
    if (lock == locks.end()) return call->refuse(404, "not_found", "there is no lock with these corners");
    services.hub.lift_lock(call->account.id, {}, lock->id, std::nullopt, answering(services, call, 204));
  });
}

std::vector<Parameter> paging() {
  return {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 100, .about = "most items of a page"},
          {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}};
}

void add_plain(Router& router, const HttpServices& services) {
  const auto corner = [](const char* name, const char* about) { return number_in_path(name, max_canvas_side - 1, about); };
  router.add({.pattern = "/locks",
              .summary = "The default canvas's locks, by id",
              .query = paging(),
              .unknown = Unknown::Ignored,
              .answers = {{200, "a page", "LockPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/locks",
              .who = Who::Moderator,
              .of_canvas = true,
              .summary = "Locks a rectangle of the default canvas, both corners included",
              .body = Body::JsonOnly,
              .body_schema = "PlainLock",
              .unknown = Unknown::Ignored,
              .answers = {{201, "the lock", "Lock"}},
              .handler = [&services](const CallPtr& call) { make(services, call, read_plain_lock(call->body)); }});
  router.add({.method = Method::Delete,
              .pattern = "/locks/{x1}/{y1}/{x2}/{y2}",
              .who = Who::Moderator,
              .of_canvas = true,
              .summary = "Lifts the lock of the default canvas with these corners",
              .path = {corner("x1", "left column"), corner("y1", "top row"), corner("x2", "right column"), corner("y2", "bottom row")},
              .unknown = Unknown::Ignored,
              .answers = {{204, "lifted", "", ""}},
              .handler = [&services](const CallPtr& call) { lift_at(services, call); }});
}

}  // namespace

void add_lock_routes(Router& router, const HttpServices& services) {
  const Parameter lock = number_in_path("lock", UINT32_MAX, "its id");
  router.add({.pattern = "/api/v1/canvases/{canvas}/locks",
              .summary = "The canvas's locks, by id",
              .path = {canvas_parameter()},
              .query = paging(),
              .answers = {{200, "a page", "LockPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/locks",
              .who = Who::Moderator,
              .summary = "Locks a rectangle: only those of `allowed_role` and above, and `allowed_accounts`, may place in it",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewLock",
              .answers = {{201, "the lock", "Lock"}},
              .handler = [&services](const CallPtr& call) { make(services, call, read_new_lock(call->body)); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/canvases/{canvas}/locks/{lock}",
              .who = Who::Moderator,
              .summary = "Changes a lock; what is left out stays",
              .path = {canvas_parameter(), lock},
              .body = Body::JsonOnly,
              .body_schema = "LockChange",
              .needs_version = NeedsVersion::Always,
              .answers = {{200, "the lock as it now is", "Lock"}},
              .handler = [&services](const CallPtr& call) { change(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/canvases/{canvas}/locks/{lock}",
              .who = Who::Moderator,
              .summary = "Lifts a lock",
              .path = {canvas_parameter(), lock},
              .needs_version = NeedsVersion::Always,
              .answers = {{204, "lifted", "", ""}},
              .handler = [&services](const CallPtr& call) { lift(services, call); }});
  add_plain(router, services);
}

}  // namespace tessera
