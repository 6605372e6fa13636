// Rollbacks: previewed, applied, taken back, applied again.
#include <algorithm>

#include "server/core/problem.h"
#include "server/http/etag.h"
#include "server/http/rollback_answer.h"
#include "server/http/rollback_picture.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/staff_body.h"
#include "server/http/staff_shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using RollbackReply = Changed<RollbackView>;
using PreviewReply = Changed<RollbackPreview>;

constexpr std::size_t accounts_told = 100;

/// The address of the picture of what it would look like, from the question itself.
std::string preview_address(const CallPtr& call, const RollbackAsked& asked) {
  std::string query;
  const auto add = [&](const char* name, const std::string& value) { query += (query.empty() ? "?" : "&") + std::string(name) + "=" + value; };
  if (asked.account != nobody) add("account", std::to_string(static_cast<std::uint32_t>(asked.account)));
  if (asked.address) add("address", prefix_id(*asked.address));
  const Rect& region = asked.region;
  if (!region.empty())
    add("region", std::to_string(region.x) + "," + std::to_string(region.y) + "," + std::to_string(region.width) + "," + std::to_string(region.height));
  for (const auto& [name, bound] : {std::pair("since", &asked.since), std::pair("until", &asked.until)}) {
    if (!*bound) continue;
    const Seq* seq = std::get_if<Seq>(&**bound);
    add(name, seq ? std::to_string(*seq) : format_time(std::get<WallTime>(**bound)));
  }
  return "/api/v1/canvases/" + call->text("canvas") + "/rollbacks/preview.png" + query;
}

void answer_preview(const CallPtr& call, const RollbackAsked& asked, const PreviewReply& reply) {
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  const RollbackPlan& plan = *reply.current->plan;
  Json accounts = Json::array();
  for (std::size_t i = 0; i < std::min(plan.accounts.size(), accounts_told); ++i)
    accounts.push_back({{"account", static_cast<std::uint32_t>(plan.accounts[i].first)}, {"placements", plan.accounts[i].second}});
  call->answer(Json{{"id", nullptr},
                    {"dry_run", true},
                    {"cells", plan.changes.size()},
                    {"placements", plan.placements},
                    {"image", preview_address(call, asked)},
                    {"area", area_json(plan.area)},
                    {"touched", std::move(accounts)},
                    {"accounts_touched", plan.accounts.size()},
                    {"first_seq", reply.current->selection.after + 1},
                    {"last_seq", reply.current->selection.until}});
}

void apply(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_rollback(call->body, services.addresses);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  const std::string& canvas = call->text("canvas");
  if (wanted->dry_run) {
    return services.hub.preview_rollback(call->account.id, canvas, wanted->asked,
                                         on_worker<PreviewReply>(services, call, [call, asked = wanted->asked](const PreviewReply& reply) { answer_preview(call, asked, reply); }));
  }
  services.hub.roll_back(call->account.id, canvas, wanted->asked, !wanted->wait,
                         on_worker<RollbackReply>(services, call, [call](const RollbackReply& reply) { answer_rollback(call, reply, 201); }));
}

void step(const HttpServices& services, const CallPtr& call, RollbackStep which) {
  const RollbackId id{static_cast<std::uint32_t>(call->number("rollback"))};
  services.hub.change_rollback(call->account.id, call->text("canvas"), id, which, call->number("wait") == 0,
                               on_worker<RollbackReply>(services, call, [call](const RollbackReply& reply) { answer_rollback(call, reply, 200); }));
}

void with_rollbacks(const HttpServices& services, const CallPtr& call, auto work) {
  using List = std::optional<std::vector<RollbackView>>;
  services.hub.rollbacks(call->text("canvas"), on_worker<List>(services, call, [call, work](const List& views) {
                           if (views) work(*views);
                           else call->refuse(404, "not_found", "there is no such canvas");
                         }));
}

/// The newest first; `after` is the last of the page before.
void list(const HttpServices& services, const CallPtr& call) {
  with_rollbacks(services, call, [call](const std::vector<RollbackView>& views) {
    const std::uint64_t before = call->number("after"), limit = call->number("limit");
    Json items = Json::array();
    Json next;
    for (const RollbackView& view : views) {
      const auto id = static_cast<std::uint32_t>(view.record.id);
      if (id >= before) continue;
      if (items.size() == limit) {
        next = items.back()["id"];
        break;
      }
      items.push_back(rollback_json(call->text("canvas"), view));
    }
    call->answer(page_json(std::move(items), std::move(next)));
  });
}

void one(const HttpServices& services, const CallPtr& call) {
  with_rollbacks(services, call, [call](const std::vector<RollbackView>& views) {
    const RollbackId id{static_cast<std::uint32_t>(call->number("rollback"))};
    const auto found = std::find_if(views.begin(), views.end(), [&](const RollbackView& view) { return view.record.id == id; });
    if (found == views.end()) return call->refuse(404, "not_found", "there is no such rollback");
    answer_rollback(call, changed_to(*found), 200);
  });
}

void add_steps(Router& router, const HttpServices& services) {
  struct Step {
    const char* pattern;
    const char* summary;
    RollbackStep which;
  };
  for (const Step& each : {Step{"/api/v1/canvases/{canvas}/rollbacks/{rollback}/undo",
                                "Takes a rollback back as a whole; one that is still being drawn is cancelled by it", RollbackStep::Undo},
                           Step{"/api/v1/canvases/{canvas}/rollbacks/{rollback}/redo", "Applies a rollback again that was taken back", RollbackStep::Redo}}) {
    router.add({.method = Method::Post,
                .pattern = each.pattern,
                .who = Who::Moderator,
                .summary = each.summary,
                .path = {canvas_parameter(), number_in_path("rollback", UINT32_MAX, "its id")},
                .query = {{.name = "wait", .kind = ParameterKind::Flag, .otherwise = 1, .about = "for the drawing, up to 5 s; else its state tells"}},
                .answers = {{200, "the rollback as it now is", "Rollback"}},
                .handler = [&services, which = each.which](const CallPtr& call) { step(services, call, which); }});
  }
}

}  // namespace

void answer_rollback(const CallPtr& call, const RollbackReply& reply, unsigned status) {
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  call->answer(with_version(json_response(status, rollback_json(call->text("canvas"), *reply.current)), reply.current->record.version));
}

void add_rollback_routes(Router& router, const HttpServices& services) {
  add_rollback_picture(router, services);  // whose address is also that of a rollback with a strange id
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/rollbacks",
              .who = Who::Moderator,
              .summary = "Gives the cells that an account drew, or those seen at an address, or of a region, back what they showed before; `dry_run` only tells what would change",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewRollback",
              .answers = {{200, "of a dry run: what would change", "RollbackPreview"}, {201, "the rollback", "Rollback"}},
              .handler = [&services](const CallPtr& call) { apply(services, call); }});
  router.add({.pattern = "/api/v1/canvases/{canvas}/rollbacks",
              .who = Who::Moderator,
              .summary = "The canvas's rollbacks, the newest first",
              .path = {canvas_parameter()},
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 100, .otherwise = 50, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = UINT32_MAX, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "RollbackPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.pattern = "/api/v1/canvases/{canvas}/rollbacks/{rollback}",
              .who = Who::Moderator,
              .summary = "A rollback, and how far it is drawn",
              .path = {canvas_parameter(), number_in_path("rollback", UINT32_MAX, "its id")},
              .answers = {{200, "the rollback", "Rollback"}},
              .handler = [&services](const CallPtr& call) { one(services, call); }});
  add_steps(router, services);
}

}  // namespace tessera
