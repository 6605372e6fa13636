// When an account placed, hour by hour.
#include <algorithm>

#include "server/core/permissions.h"
#include "server/http/picture_queue.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::uint64_t most_days = 30;
constexpr std::size_t page = 65'536;
constexpr Seq most_read = 64 * page;  // the newest placements of a canvas: what is older is not looked at

/// The count on its way: one page of the journal at a time, so that other readers' work comes between.
struct Counting {
  CanvasView view;
  std::vector<AccountId> accounts;
  WallTime start{};
  std::vector<std::uint64_t> hours;
  Seq since = 0;
  bool is_complete = true;
  PictureQueue::Done done;
};
using CountingPtr = std::shared_ptr<Counting>;

void finish(const Counting& counting) {
  const Json json{{"start", format_time(counting.start)}, {"step_ms", hour_ms}, {"placements", counting.hours}, {"complete", counting.is_complete}};
  counting.done(PictureQueue::Picture{.tag = {}, .response = json_response(200, json)});
}

void read_on(const HttpServices& services, const CountingPtr& counting);

void read_page(const HttpServices& services, const CountingPtr& counting, StoreReader& reader) {
  const auto placements = reader.placements(counting->view.record.id, counting->since, page);
  if (!placements) return counting->done(problem(500, "storage", "the store cannot be read: " + placements.error().message));
  for (const Placement& placement : *placements) {
    counting->since = placement.seq;
    const bool is_theirs = std::find(counting->accounts.begin(), counting->accounts.end(), placement.account) != counting->accounts.end();
    const bool is_own = placement.kind != PlacementKind::Undo && placement.kind != PlacementKind::Rollback;
    const std::int64_t since_ms = ms(placement.time) - ms(counting->start);
    const auto hour = static_cast<std::size_t>(since_ms / hour_ms);
    if (is_theirs && is_own && since_ms >= 0 && hour < counting->hours.size()) ++counting->hours[hour];
  }
  if (placements->size() == page && counting->since < counting->view.seq) return read_on(services, counting);
  finish(*counting);
}

void read_on(const HttpServices& services, const CountingPtr& counting) {
  const bool posted = services.readers.post([&services, counting](StoreReader& reader) { read_page(services, counting, reader); });
  if (!posted) counting->done(busy_problem());
}

/// From the first placement of the time that is asked for.
void begin(const HttpServices& services, const CountingPtr& counting) {
  const bool posted = services.readers.post([&services, counting](StoreReader& reader) {
    const auto before = reader.seq_at(counting->view.record.id, WallTime{ms(counting->start) - 1});
    if (!before) return counting->done(problem(500, "storage", "the store cannot be read: " + before.error().message));
    const Seq oldest = counting->view.seq - std::min(counting->view.seq, most_read);
    counting->since = std::max(*before, oldest);
    counting->is_complete = *before >= oldest;
    read_page(services, counting, reader);
  });
  if (!posted) counting->done(busy_problem());
}

void answer(const HttpServices& services, const CallPtr& call, const CanvasView& view, const AccountProfile& profile) {
  const auto counting = std::make_shared<Counting>();
  counting->view = view;
  counting->accounts = profile.aliases;
  counting->accounts.push_back(profile.account.id);
  counting->hours.resize(24 * static_cast<std::size_t>(call->number("days")));
  const std::int64_t end_ms = (ms(services.clock.wall()) / hour_ms + 1) * hour_ms;
  counting->start = WallTime{end_ms - static_cast<std::int64_t>(counting->hours.size()) * hour_ms};
  const std::string key = view.record.name + " activity " + std::to_string(static_cast<std::uint32_t>(profile.account.id)) + " " + std::to_string(counting->hours.size());
  const auto make = [&services, counting](PictureQueue::Done done) {
    counting->done = std::move(done);
    begin(services, counting);
  };
  services.pictures.order(key, make, [call](const PictureQueue::Made& made) { call->answer(HttpResponse(made ? made->response : made.error())); });
}

void answer_activity(const HttpServices& services, const CallPtr& call) {
  with_canvas(services, call, [&services, call](const CanvasView& view) {
    const AccountId id{static_cast<std::uint32_t>(call->number("account"))};
    services.hub.profile(call->account.id, id, on_worker<Changed<AccountProfile>>(services, call, [&services, call, view](const Changed<AccountProfile>& reply) {
                           if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                           answer(services, call, view, *reply.current);
                         }));
  });
}

}  // namespace

void add_activity_route(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/accounts/{account}/activity",
              .who = whoever_may(Permission::FindPeople),
              .summary = "How much an account, with its aliases, placed in each hour of the last days, the current hour last",
              .path = {canvas_parameter(), account_parameter()},
              .query = {{.name = "days", .kind = ParameterKind::Number, .min = 1, .max = most_days, .otherwise = 7, .about = "how many"}},
              .answers = {{200, "the hours; `complete` is false where the newest 4,194,304 placements do not go back that far", "Activity"}},
              .handler = [&services](const CallPtr& call) { answer_activity(services, call); }});
}

}  // namespace tessera
