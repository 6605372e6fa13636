#include "server/core/standing.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

Cell cell_of(const CallPtr& call) {
  return {static_cast<std::uint16_t>(call->number("x")), static_cast<std::uint16_t>(call->number("y"))};
}

Result<std::vector<ShownName>> names_of(StoreReader& reader, const std::vector<Placement>& placements) {
  std::vector<AccountId> accounts;
  for (const Placement& placement : placements) accounts.push_back(placement.account);
  return reader.names(accounts);
}

void answer_cell(const CallPtr& call, const CanvasView& view, StoreReader& reader) {
  const Cell cell = cell_of(call);
  const auto standing = standing_placement(reader, view.record.id, cell);
  if (!standing) return refuse_store(call, standing.error());
  if (!*standing) {  // what colour it has is the base picture's
    const auto base = reader.tile_at(view.record.id, tile_of(cell), 0);
    if (!base) return refuse_store(call, base.error());
    const ColorIndex color = base->picture ? (*base->picture)[offset_of(cell)] : empty_color;
    return call->answer(cell_json(cell, color, nullptr, {}));
  }
  const auto names = names_of(reader, {**standing});
  if (!names) return refuse_store(call, names.error());
  call->answer(cell_json(cell, (**standing).color, &**standing, names->front()));
}

void answer_history(const CallPtr& call, const CanvasView& view, StoreReader& reader) {
  const Cell cell = cell_of(call);
  const auto limit = static_cast<std::size_t>(call->number("limit"));
  auto placements = reader.history(view.record.id, cell, limit + 1, call->number("after"));
  if (!placements) return refuse_store(call, placements.error());
  const bool more = placements->size() > limit;
  if (more) placements->resize(limit);
  const auto names = names_of(reader, *placements);
  if (!names) return refuse_store(call, names.error());
  Json items = Json::array();
  for (std::size_t i = 0; i < placements->size(); ++i) {
    const Placement& placement = (*placements)[i];
    items.push_back(cell_json(cell, placement.color, &placement, (*names)[i]));
  }
  call->answer(page_json(std::move(items), more ? Json(placements->back().seq) : Json(nullptr)));
}

/// Asks a reader about the cell; 404 where the canvas has none there.
void with_cell(const HttpServices& services, const CallPtr& call, auto answer) {
  with_canvas(services, call, [&services, call, answer](const CanvasView& view) {
    const Size size = view.record.size;
    if (!size.contains(cell_of(call)))
      return call->refuse(404, "out_of_bounds", "the canvas has " + std::to_string(size.width) + "×" +
                                                    std::to_string(size.height) + " cells");
    on_reader(services, call, [call, view, answer](StoreReader& reader) { answer(call, view, reader); });
  });
}

}  // namespace

void add_cell_routes(Router& router, const HttpServices& services) {
  const std::vector<Parameter> path{canvas_parameter(), number_in_path("x", max_canvas_side, "the cell's column"),
                                    number_in_path("y", max_canvas_side, "the cell's row")};
  router.add({.pattern = "/api/v1/canvases/{canvas}/cells/{x}/{y}",
              .summary = "A cell's colour, and who drew it when",
              .path = path,
              .answers = {{200, "the cell; nulls where it was never drawn", "Cell"}},
              .handler = [&services](const CallPtr& call) { with_cell(services, call, answer_cell); }});
  router.add({.pattern = "/api/v1/canvases/{canvas}/cells/{x}/{y}/history",
              .summary = "A cell's placements, newest first",
              .path = path,
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 50,
                         .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .otherwise = UINT64_MAX,
                         .about = "`next` of the page before"}},
              .answers = {{200, "a page", "CellPage"}},
              .handler = [&services](const CallPtr& call) { with_cell(services, call, answer_history); }});
}

}  // namespace tessera
