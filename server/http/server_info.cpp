#include "server/auth/discord.h"
#include "server/http/address_limit.h"
#include "server/http/pictures.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

Json limit_json(const AddressLimit& limit) { return limit.per_minute() ? Json(*limit.per_minute()) : Json(nullptr); }

Json server_json(const HttpServices& services, const HttpRequest& request, const std::vector<CanvasView>& views) {
  Json canvases = Json::array();
  for (const CanvasView& view : views)
    if (!view.record.archived) canvases.push_back({{"name", view.record.name},
                        {"width", view.record.size.width},
                        {"height", view.record.size.height},
                        {"online", view.online}});
  Json sign_in = Json::array();
  if (services.authenticator.guests_allowed()) sign_in.push_back("guest");
  if (services.discord && discord_origin(request, services.site)) sign_in.push_back("discord");
  Json default_canvas = canvases.empty() ? Json(nullptr) : Json(canvases.front()["name"]);
  return {{"name", services.info.name},
          {"version", services.info.version},
          {"protocol", protocol_version},
          {"sign_in", std::move(sign_in)},
          {"canvases", std::move(canvases)},
          {"default_canvas", std::move(default_canvas)},
          {"limits",
           {{"cells_per_request", limits::cells_per_request},
            {"picture_dots", most_picture_dots},
            {"plain_reads_per_minute", limit_json(services.plain_reads)},
            {"reads_per_minute", limit_json(services.wide_reads)},
            {"undo_window_ms", services.info.undo_window.count() * 1'000}}}};
}

}  // namespace

void add_server_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/server",
              .summary = "Name, version, ways to sign in, canvases, limits",
              .answers = {{200, "this server", "Server"}},
              .handler = [&services](const CallPtr& call) {
                services.hub.canvases(on_worker<std::vector<CanvasView>>(
                    services, call, [&services, call](const std::vector<CanvasView>& views) {
                      call->answer(server_json(services, call->request, views));
                    }));
              }});
}

}  // namespace tessera
