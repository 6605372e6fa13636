#include "server/core/refusal_text.h"
#include "server/http/json_body.h"
#include "server/http/pictures.h"
#include "server/http/refusals.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

Json colors_of(const CanvasView& view) {
  Json colors = Json::array();
  for (const PaletteColor& entry : view.record.palette.colors()) colors.push_back(format_color(entry.color));
  return colors;
}

Json state_json(const CanvasView& view) {
  const CanvasRecord& record = view.record;
  return {{"name", record.name},          {"width", record.size.width},        {"height", record.size.height},
          {"colors", colors_of(view)},    {"seq", view.seq},                   {"epoch", epoch_text(record.epoch)},
          {"online", view.online},        {"paused", record.paused},           {"message", record.pause_message}};
}

/// A colour of the palette as `#RRGGBB`, or its index.
std::optional<ColorIndex> read_color(const nlohmann::json& body, const Palette& palette, std::string& error) {
  if (body.is_object() && body.contains("color") && body["color"].is_string()) {
    const auto color = parse_color(body["color"].get_ref<const std::string&>());
    if (!color) error = "color must be written as #RRGGBB";
    return color ? palette.find(*color) : std::nullopt;
  }
  JsonFields fields(body, "", error);
  return static_cast<ColorIndex>(fields.number("color", 0, empty_color - 1));
}

void answer_drawn(const CallPtr& call, WireCell cell, const std::string& color, const PlaceReply& reply) {
  const auto refuse = [&](Refusal reason, std::uint32_t wait_ms) {
    const bool passes = reason == Refusal::TooSoon || reason == Refusal::Busy;
    if (passes) call->answer(wait_problem(status_of(reason), reason, sentence(reason), wait_ms));
    else call->refuse(status_of(reason), reason, sentence(reason));
  };
  const ChargeState& charges = reply.result.charges;
  if (reply.refused) return refuse(*reply.refused, charges.next_ms);
  if (reply.result.accepted == 0) {
    const Rejection why = reply.result.rejected.empty() ? Rejection{0, Refusal::Busy, 0} : reply.result.rejected.front();
    return refuse(why.reason, why.retry_after_ms);
  }
  Json drawn{{"seq", reply.result.first_seq}, {"x", cell.x}, {"y", cell.y}, {"color", color}};
  add_charges(drawn, charges);
  call->answer(drawn);
}

void draw(const HttpServices& services, const CallPtr& call, const CanvasView& view) {
  std::string error;
  const auto color = read_color(call->body, view.record.palette, error);
  JsonFields fields(call->body, "", error);
  const auto x = fields.number("x", 0, max_canvas_side), y = fields.number("y", 0, max_canvas_side);
  if (fields.has("color")) fields.skip("color");
  fields.finish();
  if (!error.empty()) return call->refuse(400, "invalid", error);
  if (!color || !view.record.palette.contains(*color)) return call->refuse(403, "bad_color", sentence(Refusal::BadColor));
  const WireCell cell{static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y), *color};
  const std::string shown = format_color(view.record.palette[*color].color);
  note_address(services, call, call->account.id);
  services.hub.place(view.record.name, call->account.id, {cell},
                     on_worker<PlaceReply>(services, call, [call, cell, shown](const PlaceReply& reply) { answer_drawn(call, cell, shown, reply); }));
}

}  // namespace

void add_plain_routes(Router& router, const HttpServices& services) {
  const auto read = [&services](auto answer) {
    return [&services, answer](const CallPtr& call) {
      if (refuse_often(services.plain_reads, services.clock, call)) return;
      answer(services, call);
    };
  };
  router.add({.pattern = "/canvas",
              .summary = "The default canvas as a bitmap",
              .unknown = Unknown::Ignored,
              .answers = {{200, "palette indices, row by row", "", "application/octet-stream"},
                          not_changed,
                          too_many_reads},
              .handler = read(answer_bitmap)});
  router.add({.pattern = "/canvas/image",
              .summary = "The default canvas as a PNG",
              .unknown = Unknown::Ignored,
              .answers = {{200, "the picture", "", "image/png"},
                          not_changed,
                          too_many_reads},
              .handler = read(answer_picture)});
  router.add({.pattern = "/palette",
              .summary = "The default canvas's colours, in order",
              .unknown = Unknown::Ignored,
              .answers = {{200, "the colours", "Palette"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [call](const CanvasView& view) { call->answer(Json{{"colors", colors_of(view)}}); });
              }});
  router.add({.pattern = "/state",
              .summary = "The default canvas: its size, colours, seq, and whether it is paused",
              .unknown = Unknown::Ignored,
              .answers = {{200, "the canvas, without its cells", "State"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [call](const CanvasView& view) { call->answer(state_json(view)); });
              }});
  router.add({.method = Method::Post,
              .pattern = "/draw",
              .who = Who::Account,
              .scope = Scope::Place,
              .summary = "Places one cell on the default canvas; `color` is #RRGGBB or an index of the palette",
              .body = Body::JsonOnly,
              .body_schema = "Draw",
              .unknown = Unknown::Ignored,
              .answers = {{200, "stored", "Drawn"}, {403, "it may not be placed"}, {429, "no charges are left: see Retry-After"}},
              .handler = [&services](const CallPtr& call) {
                with_canvas(services, call, [&services, call](const CanvasView& view) { draw(services, call, view); });
              }});
}

}  // namespace tessera
