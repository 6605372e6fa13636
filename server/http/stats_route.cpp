#include "server/http/address_limit.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "server/http/stats.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

Json stats_json(const CanvasView& view, const Stats::Figures& figures) {
  Json top = Json::array(), colors = Json::array(), per_minute = Json::array();
  for (const Stats::Placer& placer : figures.top)
    top.push_back({{"account", static_cast<std::uint32_t>(placer.account)}, {"name", placer.name}, {"placements", placer.placements}});
  for (std::size_t color = 0; color < figures.colors.size(); ++color)
    colors.push_back({{"color", color}, {"cells", figures.colors[color]}});
  for (const auto& [minute, placements] : figures.per_minute)
    per_minute.push_back({{"time", format_time(minute)}, {"placements", placements}});
  return {{"placements", view.seq},
          {"accounts", figures.accounts},
          {"online", view.online},
          {"top", std::move(top)},
          {"colors", std::move(colors)},
          {"per_minute", std::move(per_minute)},
          {"counted_seq", figures.seq}};
}

}  // namespace

void add_stats_route(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/stats",
              .summary = "Placements, accounts, people online, who placed most, cells of each colour, placements a minute of the last hour",
              .path = {canvas_parameter()},
              .answers = {{200, "the figures; a long journal is counted as far as `counted_seq`", "Stats"}, too_many_reads},
              .handler = [&services](const CallPtr& call) {
                if (refuse_often(services.wide_reads, services.clock, call)) return;
                with_canvas(services, call, [&services, call](const CanvasView& view) {
                  services.stats.ask(view, services.clock.wall(), [call, view](const std::optional<Stats::Figures>& figures) {
                    if (!figures) return refuse_busy(call);
                    call->answer(stats_json(view, *figures));
                  });
                });
              }});
}

}  // namespace tessera
