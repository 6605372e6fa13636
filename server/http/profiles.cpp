// What staff see of one account, and what they do about it: warn, ban with rollback.
#include <algorithm>
#include <mutex>

#include "server/core/area_placers.h"
#include "server/core/audit_detail.h"
#include "server/core/problem.h"
#include "server/http/account_picture.h"
#include "server/http/etag.h"
#include "server/http/refusals.h"
#include "server/http/report_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/staff_shapes.h"
#include "server/http/stats.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t entries_told = 50;
constexpr std::size_t tiles_read = 64;   // for the reports about an account, together
constexpr std::size_t canvases_told = 100;

using AccountReply = Changed<AccountRecord>;
using RollbackReply = Changed<RollbackView>;

AccountId id_of(const CallPtr& call) { return AccountId{static_cast<std::uint32_t>(call->number("account"))}; }
std::uint32_t number_of(AccountId id) { return static_cast<std::uint32_t>(id); }

Json session_json(const SessionRecord& session) {
  return {{"label", session.label}, {"created", format_time(session.created)}, {"used", format_time(session.used)}, {"expires_at", format_time(session.expires)}};
}

/// What is put together of a profile, canvas by canvas, whichever is counted first.
struct Gathering {
  AccountProfile profile;
  std::vector<CanvasView> canvases;
  std::vector<AccountId> ids;  // the account and those that stand for it
  std::mutex mutex;            // guards what follows
  std::vector<std::optional<Stats::Placed>> placed;
  std::size_t missing = 0;

  const CanvasView* canvas(CanvasId id) const {
    const auto found = std::find_if(canvases.begin(), canvases.end(), [&](const CanvasView& view) { return view.record.id == id; });
    return found == canvases.end() ? nullptr : &*found;
  }
};
using GatheringPtr = std::shared_ptr<Gathering>;

Json account_part(const Gathering& gathered) {
  const AccountProfile& profile = gathered.profile;
  Json json = staff_account_json(profile.account);
  json["aliases"] = Json::array();
  for (const AccountId alias : profile.aliases) json["aliases"].push_back(number_of(alias));
  json["placements"] = Json::array();
  std::optional<WallTime> last;
  const auto seen = [&](WallTime time) { last = last ? std::max(*last, time) : time; };
  for (std::size_t i = 0; i < gathered.placed.size(); ++i) {
    const auto& placed = gathered.placed[i];
    if (!placed || placed->placements == 0) continue;
    seen(*placed->last);
    json["placements"].push_back({{"canvas", gathered.canvases[i].record.name}, {"placements", placed->placements}, {"last", format_time(*placed->last)},
                                  {"complete", placed->seq >= gathered.canvases[i].seq}});
  }
  json["sessions"] = Json::array();
  for (const SessionRecord& session : profile.sessions) {
    seen(session.used);
    json["sessions"].push_back(session_json(session));
  }
  json["last_active"] = last ? Json(format_time(*last)) : Json(nullptr);
  json["bots"] = Json::array();
  for (const ServiceView& bot : profile.bots) json["bots"].push_back(account_json(bot.account.info()));
  json["prefixes"] = Json::array();
  for (const auto& [there, accounts] : profile.prefixes)
    json["prefixes"].push_back({{"prefix", prefix_id(there.prefix)}, {"bits", bits_of(there.prefix.kind)}, {"accounts", accounts}, {"first", format_time(there.first)}, {"last", format_time(there.last)}});
  json["reports_made"] = profile.reports_made;
  json["reports_dismissed"] = profile.reports_dismissed;
  json["reports"] = Json::array();
  for (const ReportView& report : profile.reports)
    if (const CanvasView* canvas = gathered.canvas(report.record.canvas)) json["reports"].push_back(report_json(canvas->record.name, report));
  return json;
}

/// Which of the newest reports are of regions where the account had placed, as far as tiles may be read.
Result<Json> reports_about(const Gathering& gathered, StoreReader& reader, bool& is_complete) {
  std::size_t tiles = tiles_read;
  Json about = Json::array();
  for (const ReportRecord& report : gathered.profile.recent) {
    const CanvasView* canvas = gathered.canvas(report.canvas);
    if (!canvas || !is_complete) continue;
    const auto placers = placers_of(reader, report.canvas, report.area, report.seq, tiles);
    if (!placers) return placers.error();
    is_complete = placers->is_complete;
    std::uint64_t placements = 0;
    for (const auto& [account, count] : placers->accounts)
      if (std::find(gathered.ids.begin(), gathered.ids.end(), account) != gathered.ids.end()) placements += count;
    if (placements == 0) continue;
    about.push_back({{"id", static_cast<std::uint32_t>(report.id)}, {"canvas", canvas->record.name}, {"state", code(report.state)},
                     {"region", area_json(report.area)}, {"reason", report.reason}, {"placements", placements}});
  }
  return about;
}

void answer_profile(const CallPtr& call, const Gathering& gathered, StoreReader& reader) {
  Json json = account_part(gathered);
  AuditQuery query;
  query.target = target_name("account", gathered.profile.account.id);
  query.limit = entries_told;
  const auto entries = reader.audit(query);
  if (!entries) return refuse_store(call, entries.error());
  json["history"] = Json::array();
  for (const AuditEntry& entry : *entries) json["history"].push_back(audit_json(entry));
  bool is_complete = true;
  auto about = reports_about(gathered, reader, is_complete);
  if (!about) return refuse_store(call, about.error());
  json["reports_about"] = std::move(*about);
  json["reports_about_complete"] = is_complete;
  call->answer(with_version(json_response(200, json), gathered.profile.account.version));
}

void count_placements(const HttpServices& services, const CallPtr& call, const GatheringPtr& gathered) {
  const auto finish = [&services, call, gathered] {
    on_reader(services, call, [call, gathered](StoreReader& reader) { answer_profile(call, *gathered, reader); });
  };
  gathered->missing = std::min(gathered->canvases.size(), canvases_told);
  gathered->placed.resize(gathered->missing);
  if (gathered->missing == 0) return finish();
  const std::size_t count = gathered->missing;
  for (std::size_t i = 0; i < count; ++i) {
    services.stats.ask_placed(gathered->canvases[i], gathered->ids, [gathered, i, finish](const std::optional<Stats::Placed>& placed) {
      bool is_last = false;
      {
        const std::lock_guard lock(gathered->mutex);
        gathered->placed[i] = placed;
        is_last = --gathered->missing == 0;
      }
      if (is_last) finish();
    });
  }
}

void profile(const HttpServices& services, const CallPtr& call) {
  services.hub.profile(call->account.id, id_of(call), on_worker<Changed<AccountProfile>>(services, call, [&services, call](const Changed<AccountProfile>& reply) {
                         if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                         const auto gathered = std::make_shared<Gathering>();
                         gathered->profile = *reply.current;
                         gathered->ids = gathered->profile.aliases;
                         gathered->ids.push_back(gathered->profile.account.id);
                         services.hub.canvases(on_worker<std::vector<CanvasView>>(services, call, [&services, call, gathered](std::vector<CanvasView> views) {
                           gathered->canvases = std::move(views);
                           count_placements(services, call, gathered);
                         }));
                       }));
}

void warn(const HttpServices& services, const CallPtr& call) {
  const auto text = read_warning(call->body);
  if (!text) return call->refuse(400, "invalid", text.error().message);
  services.hub.warn(call->account.id, id_of(call), *text, on_worker<AccountReply>(services, call, [call](const AccountReply& reply) {
                      if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                      call->answer(staff_account_json(*reply.current));
                    }));
}

/// The ban is stored by now: a rollback that could not be made is told beside it.
void answer_banned(const CallPtr& call, const AccountRecord& account, const std::string& canvas, const RollbackReply* reply) {
  Json json{{"account", staff_account_json(account)}, {"rollback", nullptr}, {"rollback_refused", nullptr}};
  if (reply && reply->refused) json["rollback_refused"] = {{"code", code(*reply->refused)}, {"detail", reply->detail}};
  else if (reply) json["rollback"] = rollback_json(canvas, *reply->current);
  call->answer(json);
}

void ban_now(const HttpServices& services, const CallPtr& call, const BanBody& wanted) {
  AccountChange change;
  change.banned_until.emplace(wanted.until);
  change.ban_reason = wanted.reason;
  services.hub.change_account(call->account.id, id_of(call), std::nullopt, change, on_worker<AccountReply>(services, call, [&services, call, wanted](const AccountReply& reply) {
                                if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                                if (wanted.canvas.empty()) return answer_banned(call, *reply.current, {}, nullptr);
                                const RollbackAsked asked{.account = reply.current->id, .since = wanted.since, .reason = wanted.reason};
                                services.hub.roll_back(call->account.id, wanted.canvas, asked, false,
                                                       on_worker<RollbackReply>(services, call, [call, account = *reply.current, wanted](const RollbackReply& back) {
                                                         answer_banned(call, account, wanted.canvas, &back);
                                                       }));
                              }));
}

void ban(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_ban(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  if (wanted->canvas.empty()) return ban_now(services, call, *wanted);
  // Nobody is banned by a call that names a canvas which is not there.
  services.hub.canvas(wanted->canvas, on_worker<std::optional<CanvasView>>(services, call, [&services, call, wanted = *wanted](const std::optional<CanvasView>& view) {
                        if (view) ban_now(services, call, wanted);
                        else call->refuse(404, "not_found", "there is no such canvas");
                      }));
}

}  // namespace

void add_profile_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/accounts/{account}",
              .who = Who::Moderator,
              .summary = "An account as staff see it: what it placed, its devices, bots and reports, and what staff have done about it",
              .path = {account_parameter()},
              .answers = {{200, "the account", "AccountProfile"}},
              .handler = [&services](const CallPtr& call) { profile(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/accounts/{account}/warn",
              .who = Who::Moderator,
              .summary = "Tells an account below one's own something, where it is connected, and the audit log too",
              .path = {account_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewWarning",
              .answers = {{200, "the account", "StaffAccount"}},
              .handler = [&services](const CallPtr& call) { warn(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/accounts/{account}/ban",
              .who = Who::Moderator,
              .summary = "Bans an account below one's own, then rolls back what it drew where that is asked for",
              .path = {account_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewBan",
              .answers = {{200, "the account, and the rollback", "Banned"}},
              .handler = [&services](const CallPtr& call) { ban(services, call); }});
  add_account_picture(router, services);
}

}  // namespace tessera
