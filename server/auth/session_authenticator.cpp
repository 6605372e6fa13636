#include "server/auth/session_authenticator.h"

#include "server/auth/cookie.h"
#include "server/auth/token.h"
#include "server/core/problem.h"
#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

bool opens_websocket(const HttpRequest& request) {
  const std::string* upgrade = request.header("upgrade");
  return upgrade && lower_case(*upgrade) == "websocket";
}

constexpr const char* no_place_scope = "this token may not place: a WebSocket that only watches needs none";

/// `session` null: shown by the owner's own token.
Identity identity_of(const AccountRecord& account, const SessionRecord* session, WallTime now, const std::vector<CanvasRole>& canvases = {}) {
  Identity identity{.account = account.info()};
  identity.canvases = canvases;
  if (session) {
    identity.session = session->hash;
    identity.kind = session->kind;
    identity.scopes = session->scopes;
  }
  if (!account.is_banned(now)) return identity;
  identity.banned_until = account.banned_until;
  identity.ban_reason = account.ban_reason;
  return identity;
}

/// Why a cookie does not count here: it may have been sent by another site's page.
std::optional<HttpResponse> refuse_cookie(const HttpRequest& request, const Site& site) {
  const std::string* origin = request.header("origin");
  const bool changes = request.method != "GET";
  if (!changes && !opens_websocket(request)) return std::nullopt;
  const std::string* host = request.header("host");
  if (origin && host && site.is_own_origin(*origin, *host, request.is_secure ? "https" : "http")) return std::nullopt;
  return problem(403, "bad_origin",
                 origin ? "a session cookie counts only on pages of this server itself, not of " + *origin
                        : std::string("changes and WebSockets by cookie need the header Origin, which browsers send; scripts use a bearer token"));
}

}  // namespace

std::optional<ShownToken> shown_token(const HttpRequest& request) {
  if (const std::string* header = request.header("authorization")) {
    const std::string_view text = *header;
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos || lower_case(text.substr(0, blank)) != "bearer")
      return ShownToken{ShownToken::By::Bearer, {}};
    std::string_view token = text.substr(blank + 1);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    return ShownToken{ShownToken::By::Bearer, std::string(token)};
  }
  if (const std::string* cookie = request.cookie(session_cookie); cookie && !cookie->empty())
    return ShownToken{ShownToken::By::Cookie, *cookie};
  return std::nullopt;
}

std::optional<HttpResponse> refuse_host(const HttpRequest& request, const Site& site) {
  const std::string* host = request.header("host");
  if (host && site.knows_host(*host)) return std::nullopt;
  return problem(403, "bad_host",
                 "this server does not go by the name in the header Host; --public-url or --host-name makes a name known");
}

HttpResponse bad_token(const HttpRequest& request) {
  HttpResponse response = problem(401, "bad_token", "this session is not known here, or has ended: sign in again");
  response.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  if (request.cookie(session_cookie)) response.add("Set-Cookie", clear_session_cookie(request.is_secure));
  return response;
}

SessionAuthenticator::SessionAuthenticator(People& people, const Clock& clock, const Site& site, AuthSettings settings,
                                           RandomSource& random)
    : people_(people), clock_(clock), site_(site), settings_(std::move(settings)), guests_(settings_.guests), header_secret_(make_token(random)) {}

void SessionAuthenticator::find_account(std::string_view token, Found found) {
  if (token.empty() || token.size() > limits::token_bytes) return found(std::nullopt);
  const TokenHash hash = hash_token(token);
  if (settings_.owner_token && same_hash(hash, *settings_.owner_token)) {
    return people_.account(settings_.owner, [this, found = std::move(found)](const std::optional<AccountRecord>& account) {
      found(account ? std::optional(identity_of(*account, nullptr, clock_.wall())) : std::nullopt);
    });
  }
  people_.find_session(hash, [this, found = std::move(found)](const std::optional<FoundSession>& session) {
    found(session ? std::optional(identity_of(session->account, &session->session, clock_.wall(), session->canvases)) : std::nullopt);
  });
}

void SessionAuthenticator::authenticate(const HttpRequest& request, Done done) {
  if (auto refusal = refuse_host(request, site_)) return done(std::move(*refusal));
  const std::string* user = settings_.dev_header && request.is_loopback ? request.header("x-user") : nullptr;
  if (user) return sign_in_by_header(*user, std::move(done));
  const auto shown = shown_token(request);
  if (!shown) return done(Identity{});
  if (shown->by == ShownToken::By::Cookie)
    if (auto refusal = refuse_cookie(request, site_)) return done(std::move(*refusal));
  const bool is_socket = opens_websocket(request);
  find_account(shown->token, [refusal = bad_token(request), is_socket, done = std::move(done)](std::optional<Identity> found) {
    if (!found) return done(refusal);
    if (is_socket && !found->may(Scope::Place)) return done(problem(403, "forbidden", no_place_scope));
    done(std::move(*found));
  });
}

void SessionAuthenticator::authenticate_token(std::string token, std::function<void(Result<Identity, Refused>)> done) {
  find_account(token, [done = std::move(done)](std::optional<Identity> found) {
    if (found && found->may(Scope::Place)) return done(std::move(*found));
    Refused refused;
    refused.reason = found ? Refusal::Forbidden : Refusal::BadToken;
    refused.detail = found ? no_place_scope : "this session is not known here, or has ended: sign in again";
    done(std::move(refused));
  });
}

void SessionAuthenticator::sign_in_by_header(const std::string& text, Done done) {
  const auto name = display_name(text);
  if (!name) return done(problem(400, "invalid", "X-User is not a name that can be shown: 1 to 32 characters"));
  const TokenHash hash = hash_token(header_secret_ + *name);
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = signing_in_[hash];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1) return;
  }
  const auto finish = [this, hash](const Result<Identity, HttpResponse>& outcome) {
    std::vector<Done> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting = std::move(signing_in_.extract(hash).mapped());
    }
    for (const Done& each : waiting) each(outcome);
  };
  people_.find_session(hash, [this, hash, finish, name = *name](const std::optional<FoundSession>& session) {
    if (session) return finish(identity_of(session->account, &session->session, clock_.wall(), session->canvases));
    people_.sign_in_guest(name, {hash, "X-User"}, [this, finish](const SignInReply& reply) {
      if (!reply.refused) return finish(identity_of(reply.account, &reply.session, clock_.wall()));
      const bool is_busy = *reply.refused == Refusal::Busy;
      finish(problem(is_busy ? 503 : 400, *reply.refused, reply.detail));
    });
  });
}

}  // namespace tessera
