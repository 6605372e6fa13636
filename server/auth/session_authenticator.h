#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/auth/site.h"
#include "server/core/authenticator.h"
#include "server/core/people.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"

namespace tessera {

struct AuthSettings {
  bool guests = true;             ///< may anyone get an account by a nickname?
  bool dev_header = false;        ///< `X-User: name` signs in, from loopback only
  std::optional<TokenHash> owner_token;  ///< SHA-256 of TESSERA_OWNER_TOKEN
  AccountId owner{};              ///< whose it is
};

/// Says who sends a request or a `Hello`: sessions by their tokens, the owner by theirs. Guards against other people's pages:
/// a cookie counts only with a known `Host`, and for changes and WebSockets only from the server's own origin. Any thread;
/// borrows people, clock, site and random. Knows nothing of routes or roles.
class SessionAuthenticator final : public Authenticator {
 public:
  SessionAuthenticator(People& people, const Clock& clock, const Site& site, AuthSettings settings, RandomSource& random);

  void authenticate(const HttpRequest& request, std::function<void(Result<Identity, HttpResponse>)> done) override;
  void authenticate_token(std::string token, std::function<void(Result<Identity, Refused>)> done) override;
  bool guests_allowed() const override { return guests_.load(std::memory_order_relaxed); }
  void allow_guests(bool allowed) { guests_ = allowed; }

 private:
  using Found = std::function<void(std::optional<Identity>)>;
  using Done = std::function<void(Result<Identity, HttpResponse>)>;

  void find_account(std::string_view token, Found found);
  void sign_in_by_header(const std::string& name, Done done);

  People& people_;
  const Clock& clock_;
  const Site& site_;
  AuthSettings settings_;
  std::atomic<bool> guests_;
  std::string header_secret_;  // makes the tokens behind `X-User` names unguessable

  std::mutex mutex_;  // guards what follows: the first sign-in of a header name is made once
  std::map<TokenHash, std::vector<Done>> signing_in_;
};

/// The token that a request shows, and how.
struct ShownToken {
  enum class By { Bearer, Cookie } by = By::Bearer;
  std::string token;
};
/// `Authorization: Bearer …` before the session cookie; nothing where there is neither. An `Authorization` of another kind,
/// or without a token, counts as a bearer token that is wrong.
std::optional<ShownToken> shown_token(const HttpRequest& request);

/// What to answer where the `Host` is missing or names somebody else.
std::optional<HttpResponse> refuse_host(const HttpRequest& request, const Site& site);

/// The 401 for a token that is forged, expired or ended; clears the cookie where that is what was shown.
HttpResponse bad_token(const HttpRequest& request);

}  // namespace tessera
