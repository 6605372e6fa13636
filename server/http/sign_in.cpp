#include "server/auth/cookie.h"
#include "server/auth/session_authenticator.h"
#include "server/auth/token.h"
#include "server/core/problem.h"
#include "server/http/address_limit.h"
#include "server/http/device.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_name_bytes = 4'096;

void answer_guest(const HttpServices& services, const CallPtr& call, const std::string& token, const SignInReply& reply) {
  if (reply.refused && *reply.refused == Refusal::Busy) return refuse_busy(call);
  if (reply.refused) return call->refuse(*reply.refused == Refusal::Invalid ? 400 : 403, *reply.refused, reply.detail);
  note_address(services, call, reply.account.id);
  HttpResponse response = json_response(201, {{"token", token},
                                              {"expires_at", format_time(reply.session.expires)},
                                              {"account", account_json(reply.account.info())}});
  response.add("Set-Cookie", set_session_cookie(token, services.info.session_time, call->request.is_secure));
  call->answer(std::move(response));
}

/// A cookie that the browser still has does not matter here: whoever was locked out gets in.
void sign_in_guest(const HttpServices& services, const CallPtr& call) {
  const std::string* origin = call->request.header("origin");
  const std::string* host = call->request.header("host");
  if (origin && !services.site.is_own_origin(*origin, host ? *host : "", call->request.is_secure ? "https" : "http"))
    return call->refuse(403, "bad_origin", "another site's page may not sign anybody in here");
  if (refuse_often(services.sign_ins, services.clock, call)) return;
  if (!services.authenticator.guests_allowed()) return call->refuse(403, "forbidden", "this server takes no guests");
  std::string error;
  JsonFields fields(call->body, "", error);
  const std::string text = fields.text("name", most_name_bytes);
  fields.finish();
  if (!error.empty()) return call->refuse(400, "invalid", error);
  auto name = display_name(text);
  if (!name) return call->refuse(400, "invalid", "name must have 1 to 32 characters that can be seen");
  std::string token = make_token(services.random);
  const TokenHash hash = hash_token(token);
  services.hub.sign_in_guest(std::move(*name), {hash, device_label(call->request)},
                             on_worker<SignInReply>(services, call,
                                                    [&services, call, token = std::move(token)](const SignInReply& reply) {
                                                      answer_guest(services, call, token, reply);
                                                    }));
}

void answer_me(const HttpServices& services, const CallPtr& call) {
  Json json = account_json(call->account);
  if (call->caller.banned_until) {
    json["banned_until"] = format_time(*call->caller.banned_until);
    json["reason"] = call->caller.ban_reason;
  }
  HttpResponse response = json_response(200, json);
  // The session was renewed by being used: let the browser keep its cookie as long.
  const auto shown = shown_token(call->request);
  if (shown && shown->by == ShownToken::By::Cookie)
    response.add("Set-Cookie", set_session_cookie(shown->token, services.info.session_time, call->request.is_secure));
  call->answer(std::move(response));
}

void sign_out(const HttpServices& services, const CallPtr& call) {
  const auto finish = [call] {
    HttpResponse response;
    response.status = 204;
    response.add("Cache-Control", "no-store");
    response.add("Set-Cookie", clear_session_cookie(call->request.is_secure));
    call->answer(std::move(response));
  };
  const auto shown = shown_token(call->request);
  if (!shown) return finish();
  services.hub.end_session(hash_token(shown->token),
                           on_worker<bool>(services, call, [finish](bool) { finish(); }));
}

}  // namespace

void add_sign_in_routes(Router& router, const HttpServices& services) {
  router.add({.method = Method::Post,
              .pattern = "/auth/guest",
              .who = Who::Regardless,
              .summary = "A new guest account of that name, and its session: a token and a cookie",
              .body = Body::JsonOnly,
              .body_schema = "Guest",
              .answers = {{201, "the session; its cookie is set too", "Session"},
                          {429, "too many sign-ins from this address: see Retry-After"}},
              .handler = [&services](const CallPtr& call) { sign_in_guest(services, call); }});
  router.add({.pattern = "/auth/me",
              .who = Who::Account,
              .summary = "Who one is",
              .answers = {{200, "the account, and its ban where there is one", "Me"}},
              .handler = [&services](const CallPtr& call) { answer_me(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/auth/logout",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Ends this session and clears its cookie",
              .answers = {{204, "signed out", "", ""}},
              .handler = [&services](const CallPtr& call) { sign_out(services, call); }});
}

}  // namespace tessera
