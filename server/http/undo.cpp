#include "server/core/refusal_text.h"
#include "server/http/json_body.h"
#include "server/http/refusals.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

Json result_json(const UndoResult& result, const char* what) {
  Json changed = Json::array(), skipped = Json::array();
  for (std::size_t i = 0; i < result.changed.size(); ++i) {
    const WireCell& cell = result.changed[i];
    changed.push_back({{"x", cell.x},
                       {"y", cell.y},
                       {"color", cell.color == empty_color ? Json(nullptr) : Json(cell.color)},
                       {"seq", result.first_seq + i}});
  }
  for (const SkippedCell& cell : result.skipped) skipped.push_back({{"x", cell.x}, {"y", cell.y}, {"code", code(cell.reason)}});
  Json json{{what, std::move(changed)}, {"skipped", std::move(skipped)}};
  add_charges(json, result.charges);
  return json;
}

void answer(const CallPtr& call, const UndoResult& result, const char* what) {
  if (!result.refused) return call->answer(result_json(result, what));
  if (result.reason == Refusal::Busy) return refuse_busy(call);
  if (result.reason == Refusal::NothingToUndo) return call->refuse(409, "nothing_to_undo", sentence(result.reason));
  if (result.reason == Refusal::TooSoon) return call->answer(wait_problem(429, result.reason, sentence(result.reason), result.charges.next_ms));
  call->refuse(status_of(result.reason), result.reason, sentence(result.reason));
}

void take_back(const HttpServices& services, const CallPtr& call, PlacementKind kind, const char* what) {
  std::string error;
  JsonFields fields(call->body, "", error);
  const auto count = fields.has("count") ? fields.number("count", 1, limits::undo_count) : 1;
  fields.finish();
  if (!error.empty()) return call->refuse(400, "invalid", error);
  services.hub.take_back(call->text("canvas"), call->account.id, kind, static_cast<std::uint32_t>(count),
                         on_worker<TakeBackReply>(services, call, [call, what](const UndoResult& result) { answer(call, result, what); }));
}

}  // namespace

void add_undo_routes(Router& router, const HttpServices& services) {
  struct Direction {
    const char* pattern;
    const char* summary;
    const char* what;
    const char* schema;
    PlacementKind kind;
  };
  const Direction directions[] = {
      {"/api/v1/canvases/{canvas}/undo", "Takes back one's own newest placements within the undo window (`undo_window_ms` of `/server`), where nobody has drawn over them", "undone", "Undone", PlacementKind::Undo},
      {"/api/v1/canvases/{canvas}/redo", "Draws again what one last undid; costs charges, as placing does", "redone", "Redone", PlacementKind::Redo}};
  for (const Direction& direction : directions)
    router.add({.method = Method::Post,
                .pattern = direction.pattern,
                .who = Who::Account,
                .scope = Scope::Place,
                .summary = direction.summary,
                .path = {canvas_parameter()},
                .body = Body::JsonOnly,
                .body_schema = "Count",
                .answers = {{200, "the cells as they now are, and those left alone", direction.schema},
                            {403, "one may not place here"},
                            {409, "nothing recent enough is left"},
                            {429, "no charges are left: see Retry-After"}},
                .handler = [&services, kind = direction.kind, what = direction.what](const CallPtr& call) { take_back(services, call, kind, what); }});
}

}  // namespace tessera
