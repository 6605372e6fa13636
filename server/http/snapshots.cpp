// Named moments of a canvas, its restoring to one, its reset.
#include <algorithm>

#include "server/http/event_body.h"
#include "server/http/rollback_answer.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using SnapshotReply = Changed<SnapshotView>;
using SnapshotList = std::optional<std::vector<SnapshotView>>;
using RollbackReply = Changed<RollbackView>;

Json snapshot_json(const std::string& canvas, const SnapshotView& view) {
  const SnapshotRecord& record = view.record;
  return {{"id", static_cast<std::uint32_t>(record.id)},
          {"name", record.name},
          {"seq", record.seq},
          {"image", "/api/v1/canvases/" + canvas + "/image.png?at=" + std::to_string(record.seq)},
          {"created_by", account_json(view.maker)},
          {"created", format_time(record.created)}};
}

/// By id; `after` is the last of the page before.
void answer_list(const CallPtr& call, const std::vector<SnapshotView>& views) {
  const std::uint64_t after = call->number("after"), limit = call->number("limit");
  Json items = Json::array();
  Json next;
  for (const SnapshotView& view : views) {
    if (static_cast<std::uint32_t>(view.record.id) <= after) continue;
    if (items.size() == limit) {
      next = items.back()["id"];
      break;
    }
    items.push_back(snapshot_json(call->text("canvas"), view));
  }
  call->answer(page_json(std::move(items), std::move(next)));
}

void list(const HttpServices& services, const CallPtr& call) {
  services.hub.snapshots(call->text("canvas"), on_worker<SnapshotList>(services, call, [call](const SnapshotList& views) {
                           if (views) answer_list(call, *views);
                           else call->refuse(404, "not_found", "there is no such canvas");
                         }));
}

void make(const HttpServices& services, const CallPtr& call) {
  const auto name = read_new_snapshot(call->body);
  if (!name) return call->refuse(400, "invalid", name.error().message);
  services.hub.make_snapshot(call->account.id, call->text("canvas"), *name, on_worker<SnapshotReply>(services, call, [call](const SnapshotReply& reply) {
                               if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                               call->answer(json_response(201, snapshot_json(call->text("canvas"), *reply.current)));
                             }));
}

Hub::Reply<RollbackReply> answering(const HttpServices& services, const CallPtr& call) {
  return on_worker<RollbackReply>(services, call, [call](const RollbackReply& reply) { answer_rollback(call, reply, 201); });
}

void restore(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_confirmed(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  const SnapshotId id{static_cast<std::uint32_t>(call->number("snapshot"))};
  services.hub.restore_snapshot(call->account.id, call->text("canvas"), id, wanted->confirmation, !wanted->wait, answering(services, call));
}

void reset(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_confirmed(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  services.hub.reset_canvas(call->account.id, call->text("canvas"), wanted->confirmation, !wanted->wait, answering(services, call));
}

}  // namespace

void add_snapshot_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/snapshots",
              .who = Who::Moderator,
              .summary = "The canvas's moments that have a name, by id",
              .path = {canvas_parameter()},
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 100, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "SnapshotPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/snapshots",
              .who = Who::Admin,
              .summary = "Gives the canvas as it is now a name",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewSnapshot",
              .answers = {{201, "the snapshot", "Snapshot"}},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/snapshots/{snapshot}/restore",
              .who = Who::Admin,
              .summary = "Rolls back all that was placed after the snapshot; `name` is the canvas's, to confirm it",
              .path = {canvas_parameter(), number_in_path("snapshot", UINT32_MAX, "its id")},
              .body = Body::JsonOnly,
              .body_schema = "Confirmation",
              .answers = {{201, "the rollback that does it, and takes it back", "Rollback"}},
              .handler = [&services](const CallPtr& call) { restore(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/reset",
              .who = Who::Admin,
              .summary = "Rolls back all that was ever placed on the canvas; its history stays. `name` is the canvas's, to confirm it",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "Confirmation",
              .answers = {{201, "the rollback that does it, and takes it back", "Rollback"}},
              .handler = [&services](const CallPtr& call) { reset(services, call); }});
}

}  // namespace tessera
