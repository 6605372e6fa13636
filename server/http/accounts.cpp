// Accounts as staff sees and changes them.
#include "server/auth/address_hasher.h"
#include "server/core/people.h"
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

void list(const HttpServices& services, const CallPtr& call) {
  const auto limit = static_cast<std::size_t>(call->number("limit"));
  AccountQuery query;
  if (const auto* text = call->find<std::string>("q")) query.text = *text;
  if (const auto* typed = call->find<std::string>("address")) {
    const auto address = services.addresses.find(*typed);
    if (!address) return call->refuse(400, "invalid", "address " + address.error().message);
    query.address = *address;
  }
  query.after = AccountId{static_cast<std::uint32_t>(call->number("after"))};
  query.limit = limit + 1;
  services.hub.accounts(std::move(query), on_worker<std::vector<AccountRecord>>(services, call, [call, limit](std::vector<AccountRecord> found) {
                          const bool more = found.size() > limit;
                          if (more) found.resize(limit);
                          Json items = Json::array();
                          for (const AccountRecord& account : found) items.push_back(staff_account_json(account));
                          call->answer(page_json(std::move(items), more ? Json(static_cast<std::uint32_t>(found.back().id)) : Json(nullptr)));
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
              .summary = "Accounts by id, those of a name or a number alone",
              .query = {{.name = "q", .max = most_query_bytes, .about = "part of the name, as it looks, or the whole id"},
                        {.name = "address", .min = 1, .max = most_address_bytes, .about = "where it was seen: an address or network, or one as a profile names it", .example = "192.0.2.7"},
                        {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 100, .otherwise = 50, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "StaffAccountPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/accounts/{account}",
              .who = Who::Moderator,
              .summary = "Role, ban and note of an account below one's own; what is left out stays. Its open connections follow at once",
              .path = {account_parameter()},
              .body = Body::Json,
              .body_schema = "AccountChange",
              .needs_version = true,
              .answers = {{200, "the account as it now is", "StaffAccount"}},
              .handler = [&services](const CallPtr& call) { change(services, call); }});
}

}  // namespace tessera
