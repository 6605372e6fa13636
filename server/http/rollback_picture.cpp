#include "server/http/rollback_picture.h"

#include <algorithm>

#include "server/auth/address_hasher.h"
#include "server/core/problem.h"
#include "server/http/compress.h"
#include "server/http/pictures.h"
#include "server/http/router.h"
#include "server/http/services.h"

namespace tessera {
namespace {

constexpr int compression = 3;
constexpr std::uint32_t margin = 16;  // cells shown around those that would change

/// `address`: as it was understood.
RollbackAsked asked_of(const CallPtr& call, const std::optional<AddressPrefix>& address) {
  RollbackAsked asked;
  if (const auto* account = call->find<std::uint64_t>("account")) asked.account = AccountId{static_cast<std::uint32_t>(*account)};
  if (const Rect* region = call->find<Rect>("region")) asked.region = *region;
  if (const auto* since = call->find<PointInTime>("since")) asked.since = *since;
  asked.address = address;
  if (asked.account == nobody && !address && asked.region.empty()) asked.region = {0, 0, max_canvas_side, max_canvas_side};
  if (const auto* until = call->find<PointInTime>("until")) asked.until = *until;
  return asked;
}

/// What would change and some cells around it; the whole canvas where nothing would.
Rect shown_area(Rect changed, Size size) {
  const Rect whole{0, 0, size.width, size.height};
  if (changed.empty()) return whole;
  const std::uint32_t x = changed.x - std::min(changed.x, margin), y = changed.y - std::min(changed.y, margin);
  return Rect{x, y, changed.right() + margin - x, changed.bottom() + margin - y}.intersect(whole);
}

void draw(const CallPtr& call, const RollbackPlan& plan, const Hub::CanvasPicture& state) {
  const Rect area = shown_area(plan.area, state.view.record.size);
  if (std::uint64_t{area.width} * area.height > most_picture_dots) return call->refuse(413, "too_large", "too many cells would change for one picture");
  std::vector<ColorIndex> cells = state.picture->indices(area);
  const auto* side = call->find<std::string>("side");
  if (!side || *side != "before") {
    for (const Restored& change : plan.changes)
      if (area.contains(change.cell)) cells[std::size_t{change.cell.y - area.y} * area.width + (change.cell.x - area.x)] = change.color;
  }
  auto png = write_png(cells, {area.width, area.height}, state.view.record.palette, 1, deflate_compressor(compression));
  if (!png) return call->refuse(500, "internal", "the picture cannot be made: " + png.error().message);
  HttpResponse response;
  response.add("Content-Type", "image/png");
  response.add("Cache-Control", "no-store");
  response.add("X-Tessera-Region", std::to_string(area.x) + "," + std::to_string(area.y) + "," + std::to_string(area.width) + "," + std::to_string(area.height));
  response.body = std::make_shared<const Bytes>(std::move(*png));
  call->answer(std::move(response));
}

void answer(const HttpServices& services, const CallPtr& call) {
  if (const auto* side = call->find<std::string>("side"); side && *side != "before" && *side != "after")
    return call->refuse(400, "invalid", "side must be before or after");
  std::optional<AddressPrefix> address;
  if (const auto* typed = call->find<std::string>("address")) {
    const auto found = services.addresses.find(*typed);
    if (!found) return call->refuse(400, "invalid", "address " + found.error().message);
    address = *found;
  }
  const auto planned = [&services, call](const Changed<RollbackPreview>& reply) {
    if (reply.refused) return refuse(call, *reply.refused, reply.detail);
    const auto drawn = [call, plan = reply.current->plan](const std::optional<Hub::CanvasPicture>& state) {
      if (state) draw(call, *plan, *state);
      else call->refuse(404, "not_found", "there is no such canvas");
    };
    services.hub.picture(call->text("canvas"), on_worker<std::optional<Hub::CanvasPicture>>(services, call, drawn));
  };
  services.hub.preview_rollback(call->account.id, call->text("canvas"), asked_of(call, address), on_worker<Changed<RollbackPreview>>(services, call, planned));
}

}  // namespace

void add_rollback_picture(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/rollbacks/preview.png",
              .who = Who::Moderator,
              .summary = "What a rollback would change, as it is or as it would be",
              .path = {canvas_parameter()},
              .query = {{.name = "account", .kind = ParameterKind::Number, .min = 1, .max = UINT32_MAX, .about = "whose placements", .example = "2"},
                        {.name = "address", .min = 1, .max = 64, .about = "of those seen there: a network as a profile names it, or an address", .example = "192.0.2.7"},
                        {.name = "region", .kind = ParameterKind::Region, .about = "x,y,width,height in cells"},
                        {.name = "since", .kind = ParameterKind::Instant, .about = "a seq, or a time as RFC 3339"},
                        {.name = "until", .kind = ParameterKind::Instant, .about = "a seq, or a time as RFC 3339"},
                        {.name = "side", .max = 8, .about = "before or after", .example = "after"}},
              .answers = {{200, "the picture; X-Tessera-Region tells of which cells", "", "image/png"}, {413, "more cells than are drawn"}},
              .handler = [&services](const CallPtr& call) { answer(services, call); }});
}

}  // namespace tessera
