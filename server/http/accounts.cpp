// Accounts as staff sees and changes them.
#include <algorithm>

#include "server/auth/address_hasher.h"
#include "server/core/people.h"
#include "server/http/account_list.h"
#include "server/http/etag.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/staff_shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_reason_bytes = 1'000;
constexpr std::size_t most_note_bytes = 4'000;
constexpr std::size_t most_query_bytes = 160;
constexpr std::size_t most_address_bytes = 64;

constexpr std::size_t most_word_bytes = 16;
constexpr std::size_t most_cursor_bytes = 1'000;

std::optional<AccountKind> find_kind(std::string_view word) {
  for (std::uint8_t kind = 0; kind < account_kind_count; ++kind)
    if (code(static_cast<AccountKind>(kind)) == word) return static_cast<AccountKind>(kind);
  return std::nullopt;
}

bool read_sort(std::string_view word, AccountListQuery& query) {
  constexpr std::string_view words[] = {"id", "name", "placements", "seen"};
  query.descending = word.starts_with('-');
  if (query.descending) word.remove_prefix(1);
  const auto found = std::find(std::begin(words), std::end(words), word);
  query.sort = static_cast<AccountSort>(found - std::begin(words));
  return found != std::end(words);
}

Result<AccountListQuery> read_query(const Call& call) {
  AccountListQuery query;
  query.limit = static_cast<std::size_t>(call.number("limit"));
  if (const auto* text = call.find<std::string>("q")) query.text = *text;
  if (const auto* canvas = call.find<std::string>("canvas")) query.canvas = *canvas;
  if (const auto* after = call.find<std::string>("after")) query.after = *after;
  if (const auto* word = call.find<std::string>("role"); word && !(query.role = find_role(*word)))
    return Error{"role must be guest, member, moderator, admin or owner"};
  if (const auto* word = call.find<std::string>("kind"); word && !(query.kind = find_kind(*word)))
    return Error{"kind must be guest, discord, service or imported"};
  if (const auto* word = call.find<std::string>("state")) {
    query.banned_only = *word == "banned";
    if (!query.banned_only) return Error{"state must be banned"};
  }
  if (const auto* word = call.find<std::string>("sort"); word && !read_sort(*word, query))
    return Error{"sort must be id, name, placements or seen, with a - before it for the other way round"};
  return query;
}

/// The records of a page, as they are by now.
void answer_page(const HttpServices& services, const CallPtr& call, const AccountListPage& page, bool is_complete) {
  std::vector<AccountId> ids;
  for (const ListedAccount& each : page.items) ids.push_back(each.id);
  services.hub.accounts(std::move(ids), on_worker<std::vector<AccountRecord>>(services, call, [call, page, is_complete](const std::vector<AccountRecord>& records) {
                          Json items = Json::array();
                          for (std::size_t i = 0; i < records.size(); ++i) {  // no account ever goes
                            Json json = staff_account_json(records[i]);
                            json["placements"] = page.items[i].placements;
                            json["seen"] = page.items[i].seen ? Json(format_time(*page.items[i].seen)) : Json(nullptr);
                            items.push_back(std::move(json));
                          }
                          Json json = page_json(std::move(items), page.next.empty() ? Json(nullptr) : Json(page.next));
                          json["total"] = page.total;
                          json["complete"] = is_complete;
                          call->answer(json);
                        }));
}

/// With what was placed on one canvas, as far as it is counted by now.
void list_with(const HttpServices& services, const CallPtr& call, const AccountListQuery& query, Stats::PlacedByAll counted, bool is_complete) {
  const auto placed = std::make_shared<const Stats::PlacedByAll>(std::move(counted));  // it passes the room loop: not to be copied there
  services.hub.roster(on_worker<Roster>(services, call, [&services, call, query, placed, is_complete](const Roster& roster) {
    const auto page = list_accounts(roster, *placed, query, services.clock.wall());
    if (page) answer_page(services, call, *page, is_complete);
    else call->refuse(400, "invalid", page.error().message);
  }));
}

void list_of_canvas(const HttpServices& services, const CallPtr& call, const AccountListQuery& query) {
  services.hub.canvas(query.canvas, on_worker<std::optional<CanvasView>>(services, call, [&services, call, query](const std::optional<CanvasView>& view) {
                        if (!view && query.canvas.empty()) return list_with(services, call, query, {}, true);
                        if (!view || (view->record.archived && call->account.role < Role::Admin && !query.canvas.empty()))
                          return call->refuse(404, "not_found", "there is no such canvas");
                        services.stats.ask_placed_by_all(*view, [&services, call, query, seq = view->seq](std::optional<Stats::PlacedByAll> placed) {
                          if (!placed) return refuse_busy(call);
                          const bool is_complete = placed->seq >= seq;
                          list_with(services, call, query, *std::move(placed), is_complete);
                        });
                      }));
}

void list(const HttpServices& services, const CallPtr& call) {
  auto query = read_query(*call);
  if (!query) return call->refuse(400, "invalid", query.error().message);
  const auto* typed = call->find<std::string>("address");
  if (typed == nullptr) return list_of_canvas(services, call, *query);
  const auto address = services.addresses.find(*typed);
  if (!address) return call->refuse(400, "invalid", "address " + address.error().message);
  query->address = prefix_id(*address);
  services.hub.accounts_at(*address, on_worker<std::vector<AccountId>>(services, call, [&services, call, query = *query](const std::vector<AccountId>& seen) {
                             AccountListQuery there = query;
                             there.among = seen;
                             list_of_canvas(services, call, there);
                           }));
}

/// As it may be shown: one line, without what cannot be seen.
std::string shown_line(const std::string& text, std::size_t max_bytes) { return display_name(text, max_bytes).value_or(""); }

Result<AccountChange> read_change(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  AccountChange change;
  if (fields.has("role")) {
    change.role = find_role(fields.text("role", most_query_bytes));
    if (!change.role) fields.refuse("role", "must be guest, member, moderator, admin or owner");
  }
  if (fields.has("banned_until")) {
    if (fields.is_null("banned_until")) {
      change.banned_until.emplace(std::nullopt);
    } else {
      const auto time = parse_time(fields.text("banned_until", most_query_bytes));
      if (!time) fields.refuse("banned_until", "must be a time such as 2030-01-01T00:00:00Z, or null");
      change.banned_until.emplace(time);
    }
  }
  if (fields.has("reason")) change.ban_reason = shown_line(fields.text("reason", most_reason_bytes), most_reason_bytes);
  if (fields.has("note")) change.note = shown_line(fields.text("note", most_note_bytes), most_note_bytes);
  fields.finish();
  if (!error.empty()) return Error{error};
  return change;
}

void answer_changed(const CallPtr& call, const Changed<AccountRecord>& reply) {
  if (reply.stale) return refuse_stale(call, staff_account_json(*reply.current), reply.current->version);
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  call->answer(with_version(json_response(200, staff_account_json(*reply.current)), reply.current->version));
}

void change(const HttpServices& services, const CallPtr& call) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  const auto wanted = read_change(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  const AccountId id{static_cast<std::uint32_t>(call->number("account"))};
  services.hub.account(id, on_worker<std::optional<AccountRecord>>(
                               services, call, [&services, call, id, match = *match, wanted = *wanted](const std::optional<AccountRecord>& account) {
                                 if (!account) return call->refuse(404, "not_found", "there is no such account");
                                 services.hub.change_account(call->account.id, id, match.expected(account->version), wanted,
                                                             on_worker<Changed<AccountRecord>>(services, call, [call](const auto& reply) {
                                                               answer_changed(call, reply);
                                                             }));
                               }));
}

}  // namespace

void add_account_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/accounts",
              .who = Who::Moderator,
              .summary = "Accounts, filtered and sorted, each with what it placed on a canvas and when it was last seen",
              .query = {{.name = "q", .max = most_query_bytes, .about = "part of the name, as it looks, or the whole id"},
                        {.name = "address", .min = 1, .max = most_address_bytes, .about = "where it was seen: an address or network, or one as a profile names it", .example = "192.0.2.7"},
                        {.name = "role", .max = most_word_bytes, .about = "of this role alone", .example = "guest"},
                        {.name = "kind", .max = most_word_bytes, .about = "of this kind alone: guest, discord, service, imported", .example = "guest"},
                        {.name = "state", .max = most_word_bytes, .about = "banned: those that are", .example = "banned"},
                        {.name = "sort", .max = most_word_bytes, .about = "id, name, placements or seen; with a - before it the other way round", .example = "-placements"},
                        {.name = "canvas", .kind = ParameterKind::Name, .about = "where placements are counted; the default canvas otherwise"},
                        {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 500, .otherwise = 50, .about = "most items of a page"},
                        {.name = "after", .min = 1, .max = most_cursor_bytes, .about = "`next` of the page before, of the same list", .example = "0"}},
              .answers = {{200, "a page; `total` tells how many match on all of them, `complete` whether all of the canvas's journal is counted by now", "ListedAccountPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/accounts/{account}",
              .who = Who::Moderator,
              .summary = "Role, ban and note of an account below one's own; what is left out stays. Its open connections follow at once",
              .path = {account_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "AccountChange",
              .needs_version = NeedsVersion::Always,
              .answers = {{200, "the account as it now is", "StaffAccount"}},
              .handler = [&services](const CallPtr& call) { change(services, call); }});
}

}  // namespace tessera
