#include <algorithm>

#include "server/core/problem.h"
#include "server/core/refusal_text.h"
#include "server/http/json_body.h"
#include "server/http/refusals.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

constexpr std::uint64_t most_lines = 10'000;
constexpr std::int64_t farthest = INT32_MAX;

/// A cell as it was asked for; what no canvas can hold is told back as it came.
struct AskedCell {
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t color = 0;
  /// Coordinates and colours that do not fit become such as are outside every canvas and every palette.
  WireCell wire() const {
    const auto within = [](std::int64_t value, std::int64_t outside) { return value < 0 || value > outside ? outside : value; };
    return {static_cast<std::uint16_t>(within(x, max_canvas_side)), static_cast<std::uint16_t>(within(y, max_canvas_side)),
            static_cast<ColorIndex>(within(color, empty_color))};
  }
};

Result<std::vector<AskedCell>> read_cells(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  const nlohmann::json& list = fields.list("cells", limits::cells_per_request);
  fields.finish();
  if (fields.ok() && list.empty()) error = "cells must hold at least one cell";
  std::vector<AskedCell> cells;
  cells.reserve(list.size());
  for (std::size_t i = 0; i < list.size() && error.empty(); ++i) {
    JsonFields cell(list[i], "cells[" + std::to_string(i) + "]", error);
    const std::int64_t x = cell.number("x", -farthest, farthest);
    const std::int64_t y = cell.number("y", -farthest, farthest);
    cells.push_back({x, y, cell.number("color", -farthest, farthest)});
    cell.finish();
  }
  if (!error.empty()) return Error{error};
  return cells;
}

Json result_json(const std::vector<AskedCell>& cells, const PlaceResult& result) {
  Json rejected = Json::array();
  for (const Rejection& rejection : result.rejected) {
    const AskedCell& cell = cells[rejection.index];
    Json json{{"x", cell.x}, {"y", cell.y}, {"code", code(rejection.reason)}};
    if (rejection.retry_after_ms > 0) json["retry_after_ms"] = rejection.retry_after_ms;
    rejected.push_back(std::move(json));
  }
  Json json{{"first_seq", result.accepted > 0 ? Json(result.first_seq) : Json(nullptr)},
            {"accepted", result.accepted},
            {"rejected", std::move(rejected)}};
  add_charges(json, result.charges);
  return json;
}

/// None of the cells was accepted: what weighs most says why, and the problem carries the whole result too.
HttpResponse none_accepted(const std::vector<AskedCell>& cells, const PlaceResult& result) {
  const auto find = [&](Refusal reason) {
    return std::find_if(result.rejected.begin(), result.rejected.end(),
                        [&](const Rejection& rejection) { return rejection.reason == reason; });
  };
  auto why = find(Refusal::TooSoon);
  if (why == result.rejected.end()) why = find(Refusal::Busy);
  if (why == result.rejected.end()) why = result.rejected.begin();
  const Refusal reason = why == result.rejected.end() ? Refusal::Busy : why->reason;
  const unsigned status = reason == Refusal::TooSoon ? 429 : reason == Refusal::Busy ? 503 : 403;

  if (status == 403) return problem_with(status, reason, sentence(reason), result_json(cells, result));
  const std::uint32_t wait_ms = why == result.rejected.end() ? 0 : why->retry_after_ms;
  return wait_problem(status, reason, sentence(reason), wait_ms > 0 ? wait_ms : result.charges.next_ms, result_json(cells, result));
}

void answer_placed(const CallPtr& call, const std::vector<AskedCell>& cells, const PlaceReply& reply) {
  if (reply.refused && *reply.refused == Refusal::Busy) return refuse_busy(call);
  if (reply.refused) return call->refuse(status_of(*reply.refused), *reply.refused, sentence(*reply.refused));
  if (reply.result.accepted == 0) return call->answer(none_accepted(cells, reply.result));
  call->answer(result_json(cells, reply.result));
}

void place(const HttpServices& services, const CallPtr& call) {
  auto cells = read_cells(call->body);
  if (!cells) return call->refuse(400, "invalid", cells.error().message);
  std::vector<WireCell> wire;
  wire.reserve(cells->size());
  for (const AskedCell& cell : *cells) wire.push_back(cell.wire());
  note_address(services, call, call->account.id);
  services.hub.place(call->text("canvas"), call->account.id, std::move(wire),
                     on_worker<PlaceReply>(services, call, [call, cells = std::move(*cells)](const PlaceReply& reply) {
                       answer_placed(call, cells, reply);
                     }));
}

void answer_journal(const CallPtr& call, const CanvasView& view, StoreReader& reader) {
  const auto placements =
      reader.placements(view.record.id, call->number("since"), static_cast<std::size_t>(call->number("limit")));
  if (!placements) return refuse_store(call, placements.error());
  std::vector<AccountId> accounts;
  for (const Placement& placement : *placements) accounts.push_back(placement.account);
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  const auto names = reader.names(accounts);
  if (!names) return refuse_store(call, names.error());
  std::string lines;
  for (const Placement& placement : *placements) {
    const auto place = std::lower_bound(accounts.begin(), accounts.end(), placement.account) - accounts.begin();
    lines += journal_line(placement, (*names)[static_cast<std::size_t>(place)]) + "\n";
  }
  HttpResponse response;
  response.add("Content-Type", "application/x-ndjson");
  response.add("Cache-Control", "no-cache");
  response.add("X-Tessera-Seq", std::to_string(view.seq));
  response.add("X-Tessera-Epoch", epoch_text(view.record.epoch));
  response.body = shared_bytes(lines);
  call->answer(std::move(response));
}

}  // namespace

void add_placement_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/placements",
              .summary = "The journal after `since`, as NDJSON, oldest first",
              .path = {canvas_parameter()},
              .query = {{.name = "since", .kind = ParameterKind::Number, .otherwise = 0, .about = "the last seq already known"},
                        {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = most_lines, .otherwise = 1'000,
                         .about = "most lines"}},
              .answers = {{200, "a placement a line", "", "application/x-ndjson"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [&services, call](const CanvasView& view) {
                  on_reader(services, call, [call, view](StoreReader& reader) { answer_journal(call, view, reader); });
                });
              }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/placements",
              .who = Who::Account,
              .scope = Scope::Place,
              .summary = "Places cells, in order, as far as charges go; answers once they are stored",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "Placements",
              .body_limit = 256u << 10,
              .answers = {{200, "what became of each cell", "PlacementResult"},
                          {403, "none may be placed"},
                          {429, "no charges are left: see Retry-After"}},
              .handler = [&services](const CallPtr& call) { place(services, call); }});
}

}  // namespace tessera
