// Bots: service accounts, and the tokens that they sign in with.
#include "server/auth/token.h"
#include "server/http/address_limit.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_name_bytes = 4'096;

struct ScopeWord {
  Scope scope;
  const char* word;
};
constexpr ScopeWord scope_words[] = {{Scope::Read, "read"}, {Scope::Place, "place"}, {Scope::Manage, "manage"}};

Json scopes_json(std::uint8_t scopes) {
  Json json = Json::array();
  for (const ScopeWord& each : scope_words)
    if (scopes & static_cast<std::uint8_t>(each.scope)) json.push_back(each.word);
  return json;
}

Json service_json(const ServiceView& view) {
  return {{"account", account_json(view.account.info())},
          {"scopes", scopes_json(view.session.scopes)},
          {"created", format_time(view.session.created)},
          {"used", format_time(view.session.used)}};
}

std::optional<std::uint8_t> scope_bit(const nlohmann::json& word) {
  for (const ScopeWord& each : scope_words)
    if (word.is_string() && word == each.word) return static_cast<std::uint8_t>(each.scope);
  return std::nullopt;
}

struct Wanted {
  std::string name;
  std::uint8_t scopes = 0;
};

Result<Wanted> read_wanted(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  Wanted wanted;
  const auto name = display_name(fields.text("name", most_name_bytes));
  if (!name) fields.refuse("name", "must have 1 to 32 characters that can be seen");
  wanted.name = name.value_or("");
  for (const nlohmann::json& word : fields.list("scopes", std::size(scope_words))) {
    const auto bit = scope_bit(word);
    if (!bit) fields.refuse("scopes", "may hold read, place and manage");
    wanted.scopes = static_cast<std::uint8_t>(wanted.scopes | bit.value_or(0));
  }
  if (wanted.scopes == 0) fields.refuse("scopes", "must hold one of read, place and manage at least");
  fields.finish();
  if (!error.empty()) return Error{error};
  return wanted;
}

/// Goes on with `work(maker)` where the caller may: one's own bots, and an admin those of lower roles.
template <typename Work>
void with_maker(const HttpServices& services, const CallPtr& call, Work work) {
  const AccountId id{static_cast<std::uint32_t>(call->number("account"))};
  if (id == call->account.id) return work(id);
  if (call->account.role < Role::Admin) return call->refuse(403, "forbidden", "only admins see to the bots of others");
  services.hub.account(id, on_worker<std::optional<AccountRecord>>(services, call, [call, id, work](const std::optional<AccountRecord>& account) {
                         if (!account || account->alias_of != nobody) return call->refuse(404, "not_found", "there is no such account");
                         if (account->role >= call->account.role) return call->refuse(403, "forbidden", "this account's role is not below yours");
                         work(id);
                       }));
}

void make(const HttpServices& services, const CallPtr& call) {
  if (refuse_often(services.sign_ins, services.clock, call)) return;
  const auto wanted = read_wanted(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  with_maker(services, call, [&services, call, wanted = *wanted](AccountId maker) {
    std::string token = make_token(services.random);
    const TokenHash hash = hash_token(token);
    services.hub.make_service({.maker = maker, .name = wanted.name, .scopes = wanted.scopes, .token = hash},
                              on_worker<Changed<ServiceView>>(services, call, [call, token = std::move(token)](const Changed<ServiceView>& reply) {
                                if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                                Json json{{"token", token}};
                                json.update(service_json(*reply.current));
                                call->answer(json, 201);
                              }));
  });
}

void list(const HttpServices& services, const CallPtr& call) {
  with_maker(services, call, [&services, call](AccountId maker) {
    services.hub.services(maker, on_worker<std::vector<ServiceView>>(services, call, [call](const std::vector<ServiceView>& views) {
                            Json items = Json::array();
                            for (const ServiceView& view : views) items.push_back(service_json(view));
                            call->answer(page_json(std::move(items), nullptr));
                          }));
  });
}

void end(const HttpServices& services, const CallPtr& call) {
  with_maker(services, call, [&services, call](AccountId maker) {
    const AccountId service{static_cast<std::uint32_t>(call->number("service"))};
    services.hub.end_service(maker, service, on_worker<bool>(services, call, [call](bool ended) {
                               if (!ended) return call->refuse(404, "not_found", "this account has no such bot");
                               call->answer_nothing();
                             }));
  });
}

}  // namespace

void add_bot_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/accounts/{account}/tokens",
              .who = Who::Account,
              .persons_only = true,
              .summary = "An account's bots: one's own, for admins those of lower roles too",
              .path = {account_parameter()},
              .answers = {{200, "all of them", "BotPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/accounts/{account}/tokens",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Makes a bot: a service account, and its token, which is told once and does not expire. It uses its maker's charges",
              .path = {account_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewBot",
              .answers = {{201, "the bot and its token", "NewBotToken"}, too_many_guesses},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/accounts/{account}/tokens/{service}",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Ends a bot's token, at once; what it drew stays",
              .path = {account_parameter(), number_in_path("service", UINT32_MAX, "the bot's account")},
              .answers = {{204, "ended", "", ""}},
              .handler = [&services](const CallPtr& call) { end(services, call); }});
}

}  // namespace tessera
