#include "server/http/compress.h"
#include "server/http/etag.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

constexpr int tile_compression = 6;

void answer_tile(const CallPtr& call, const CanvasView& view, Seq seq, StoreReader& reader) {
  const TileIndex index{static_cast<std::uint8_t>(call->number("tx")), static_cast<std::uint8_t>(call->number("ty"))};
  const auto tile = reader.tile_at(view.record.id, index, seq);
  if (!tile) return refuse_store(call, tile.error());
  const Tile empty;
  HttpResponse response;
  response.add("Content-Type", "application/octet-stream");
  response.add("Cache-Control", call->find<std::uint64_t>("epoch") ? "public, max-age=31536000, immutable" : "no-cache");
  response.add("X-Tessera-Seq", std::to_string(tile->seq));
  response.add("X-Tessera-Epoch", epoch_text(view.record.epoch));
  response.body = std::make_shared<const Bytes>(
      deflate_compressor(tile_compression)((tile->picture ? *tile->picture : empty).bytes()));
  call->answer(with_tag(call->request, std::move(response),
                        "\"" + epoch_text(view.record.epoch) + "-" + std::to_string(tile->seq) + "\""));
}

void get_tile(const HttpServices& services, const CallPtr& call, const CanvasView& view) {
  const Size size = view.record.size;
  const Seq seq = call->number("seq");
  const auto* epoch = call->find<std::uint64_t>("epoch");
  if (call->number("tx") >= size.tile_columns() || call->number("ty") >= size.tile_rows())
    return call->refuse(404, "out_of_bounds", "the canvas has " + std::to_string(size.tile_columns()) + "×" +
                                                  std::to_string(size.tile_rows()) + " tiles");
  if (epoch && Epoch{*epoch} != view.record.epoch)
    return call->refuse(410, "gone", "the canvas has begun anew: its epoch is now " + epoch_text(view.record.epoch));
  if (seq > view.seq)
    return call->refuse(404, "not_found", "the canvas has come to seq " + std::to_string(view.seq) + " only");
  on_reader(services, call, [call, view, seq](StoreReader& reader) { answer_tile(call, view, seq, reader); });
}

}  // namespace

void add_tile_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/tiles/{tx}/{ty}/{seq}",
              .summary = "A tile as of that seq of the canvas: zlib, 65,536 indices once inflated",
              .path = {canvas_parameter(), number_in_path("tx", 255, "the tile's column"),
                       number_in_path("ty", 255, "the tile's row"), number_in_path("seq", UINT64_MAX, "of the canvas")},
              .query = {{.name = "epoch", .kind = ParameterKind::Epoch, .about = "the canvas's; the answer may then be kept for ever"}},
              .answers = {{200, "the zlib bytes", "", "application/octet-stream"},
                          not_changed,
                          {410, "another epoch"},
                          too_many_reads},
              .handler = [&services](const CallPtr& call) {
                if (refuse_often(services.wide_reads, services.clock, call)) return;
                with_canvas(services, call, [&services, call](const CanvasView& view) { get_tile(services, call, view); });
              }});
}

}  // namespace tessera
