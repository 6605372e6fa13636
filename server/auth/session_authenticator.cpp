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

/// Why a cookie does not count here: it may have been sent by another site's page.
std::optional<HttpResponse> refuse_cookie(const HttpRequest& request, const Site& site) {
  const std::string* origin = request.header("origin");
  const bool changes = request.method != "GET";
  if (!changes && !opens_websocket(request)) return std::nullopt;
  if (!changes && !origin) return std::nullopt;  // not a browser: those always name the origin of a WebSocket
  const std::string* host = request.header("host");
  if (origin && host && site.is_own_origin(*origin, *host, request.is_secure ? "https" : "http")) return std::nullopt;
  return problem(403, "bad_origin",
                 origin ? "a session cookie counts only on pages of this server itself, not of " + *origin
                        : std::string("changes by cookie need the header Origin, which browsers send; scripts use a bearer token"));
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

SessionAuthenticator::SessionAuthenticator(Hub& hub, const Site& site, AuthSettings settings, RandomSource& random)
    : hub_(hub), site_(site), settings_(std::move(settings)), guests_(settings_.guests), header_secret_(make_token(random)) {}

void SessionAuthenticator::find_account(std::string_view token, Found found) {
  if (token.empty() || token.size() > limits::token_bytes) return found(std::nullopt);
  const TokenHash hash = hash_token(token);
  if (settings_.owner_token && same_hash(hash, *settings_.owner_token)) return found(settings_.owner);
  hub_.find_session(hash, [found = std::move(found)](std::optional<AccountRecord> account) {
    found(account ? std::optional(account->info()) : std::nullopt);
  });
}

void SessionAuthenticator::authenticate(const HttpRequest& request,
                                        std::function<void(Result<AccountInfo, HttpResponse>)> done) {
  if (auto refusal = refuse_host(request, site_)) return done(std::move(*refusal));
  const std::string* user = settings_.dev_header && request.is_loopback ? request.header("x-user") : nullptr;
  if (user) return sign_in_by_header(*user, std::move(done));
  const auto shown = shown_token(request);
  if (!shown) return done(AccountInfo{});
  if (shown->by == ShownToken::By::Cookie)
    if (auto refusal = refuse_cookie(request, site_)) return done(std::move(*refusal));
  find_account(shown->token, [refusal = bad_token(request), done = std::move(done)](std::optional<AccountInfo> account) {
    if (account) done(std::move(*account));
    else done(refusal);
  });
}

void SessionAuthenticator::authenticate_token(std::string token, std::function<void(Result<AccountInfo, Refused>)> done) {
  find_account(token, [done = std::move(done)](std::optional<AccountInfo> account) {
    if (account) return done(std::move(*account));
    Refused refused;
    refused.reason = Refusal::BadToken;
    refused.detail = "this session is not known here, or has ended: sign in again";
    done(std::move(refused));
  });
}

void SessionAuthenticator::sign_in_by_header(const std::string& text,
                                             std::function<void(Result<AccountInfo, HttpResponse>)> done) {
  const auto name = display_name(text);
  if (!name) return done(problem(400, "invalid", "X-User is not a name that can be shown: 1 to 32 characters"));
  const TokenHash hash = hash_token(header_secret_ + *name);
  Found answer = [done = std::move(done)](std::optional<AccountInfo> account) {
    if (account) done(std::move(*account));
    else done(problem(503, "busy", "the account could not be stored; try again"));
  };
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = signing_in_[hash];
    waiting.push_back(std::move(answer));
    if (waiting.size() > 1) return;
  }
  const auto finish = [this, hash](std::optional<AccountInfo> account) {
    std::vector<Found> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting = std::move(signing_in_.extract(hash).mapped());
    }
    for (const Found& each : waiting) each(account);
  };
  hub_.find_session(hash, [this, hash, finish, name = *name](std::optional<AccountRecord> account) {
    if (account) return finish(account->info());
    hub_.sign_in_guest(name, hash, [finish](SignInReply reply) {
      finish(reply.refused ? std::nullopt : std::optional(reply.account.info()));
    });
  });
}

}  // namespace tessera
