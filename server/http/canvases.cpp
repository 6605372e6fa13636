#include <algorithm>

#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

/// By name; `after` is the last name of the page before.
void answer_list(const CallPtr& call, std::vector<CanvasView> views) {
  std::sort(views.begin(), views.end(),
            [](const CanvasView& one, const CanvasView& other) { return one.record.name < other.record.name; });
  if (const auto* after = call->find<std::string>("after"))
    std::erase_if(views, [&](const CanvasView& view) { return view.record.name <= *after; });
  const std::size_t count = std::min<std::size_t>(views.size(), call->number("limit"));
  Json items = Json::array();
  for (std::size_t i = 0; i < count; ++i) items.push_back(canvas_json(views[i]));
  Json next = count < views.size() ? Json(views[count - 1].record.name) : Json(nullptr);
  call->answer(page_json(std::move(items), std::move(next)));
}

}  // namespace

void add_canvas_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases",
              .summary = "The canvases, by name",
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 100, .otherwise = 50,
                         .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Name, .about = "`next` of the page before"}},
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
                with_canvas(services, call, [call](const CanvasView& view) {
                  HttpResponse response = json_response(200, canvas_json(view));
                  response.add("ETag", "\"" + std::to_string(view.record.version) + "\"");
                  call->answer(std::move(response));
                });
              }});
}

}  // namespace tessera
