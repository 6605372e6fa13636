#include "server/http/pictures.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

void answer_palette(const CallPtr& call, const CanvasView& view) {
  Json colors = Json::array();
  for (const PaletteColor& entry : view.record.palette.colors()) colors.push_back(format_color(entry.color));
  call->answer(Json{{"colors", std::move(colors)}});
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
                with_canvas(services, call, [call](const CanvasView& view) { answer_palette(call, view); });
              }});
}

}  // namespace tessera
