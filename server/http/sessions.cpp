// One's own devices, and the link that makes the first owner.
#include "server/auth/cookie.h"
#include "server/auth/token.h"
#include "server/core/sessions.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::uint64_t session_id_letters = 16;

Json session_json(const SessionRecord& session, const std::optional<TokenHash>& current) {
  return {{"id", session_id(session.hash)},
          {"label", session.label},
          {"created", format_time(session.created)},
          {"used", format_time(session.used)},
          {"expires_at", format_time(session.expires)},
          {"current", session.hash == current}};
}

void list(const HttpServices& services, const CallPtr& call) {
  services.hub.sessions(call->account.id,
                        on_worker<std::vector<SessionRecord>>(services, call, [call](const std::vector<SessionRecord>& sessions) {
                          Json items = Json::array();
                          for (const SessionRecord& session : sessions) items.push_back(session_json(session, call->caller.session));
                          call->answer(page_json(std::move(items), nullptr));
                        }));
}

void end_one(const HttpServices& services, const CallPtr& call) {
  const std::string id = call->text("session");
  const bool is_own = call->caller.session && session_id(*call->caller.session) == id;
  services.hub.end_sessions(call->account.id, id, std::nullopt, on_worker<std::size_t>(services, call, [call, is_own](std::size_t ended) {
                              if (ended == 0) return call->refuse(404, "not_found", "you have no such session");
                              HttpResponse response;
                              response.status = 204;
                              response.add("Cache-Control", "no-store");
                              if (is_own) response.add("Set-Cookie", clear_session_cookie(call->request.is_secure));
                              call->answer(std::move(response));
                            }));
}

void end_others(const HttpServices& services, const CallPtr& call) {
  services.hub.end_sessions(call->account.id, {}, call->caller.session,
                            on_worker<std::size_t>(services, call, [call](std::size_t ended) { call->answer({{"ended", ended}}); }));
}

void claim(const HttpServices& services, const CallPtr& call) {
  if (refuse_guessing(services, call)) return;
  std::string error;
  JsonFields fields(call->body, "", error);
  const std::string secret = fields.text("secret", limits::token_bytes);
  fields.finish();
  if (!error.empty()) return call->refuse(400, "invalid", error);
  services.hub.claim_ownership(hash_token(secret), call->account.id,
                               on_worker<Changed<AccountRecord>>(services, call, [call](const Changed<AccountRecord>& reply) {
                                 if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                                 call->answer(account_json(reply.current->info()));
                               }));
}

}  // namespace

void add_session_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/auth/sessions",
              .who = Who::Account,
              .persons_only = true,
              .summary = "One's devices, the newest first",
              .answers = {{200, "all of them", "DevicePage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/auth/sessions/{session}",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Signs one of one's devices out, at once",
              .path = {{.name = "session", .min = session_id_letters, .max = session_id_letters, .about = "its id",
                        .example = "0123456789abcdef"}},
              .answers = {{204, "signed out", "", ""}},
              .handler = [&services](const CallPtr& call) { end_one(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/auth/sessions",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Signs all of one's other devices out",
              .answers = {{200, "how many there were", "Ended"}},
              .handler = [&services](const CallPtr& call) { end_others(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/auth/owner",
              .who = Who::Account,
              .persons_only = true,
              .asks_secret = true,
              .summary = "Makes the caller the owner, with the secret of the link that the first start printed",
              .body = Body::JsonOnly,
              .body_schema = "Secret",
              .answers = {{200, "the account, now the owner's", "Account"}, too_many_guesses},
              .handler = [&services](const CallPtr& call) { claim(services, call); }});
}

}  // namespace tessera
