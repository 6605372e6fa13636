#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/http.h"
#include "server/core/records.h"
#include "shared/base/result.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// Who somebody is, and what they showed for it.
struct Identity {
  AccountInfo account;                   ///< id nobody: not signed in
  std::optional<TokenHash> session{};    ///< none: nobody's, or the owner's own token, which is no session
  SessionKind kind = SessionKind::Person;
  std::uint8_t scopes = all_scopes;      ///< bits of `Scope`
  std::optional<WallTime> banned_until{};  ///< where the account is banned now
  std::string ban_reason{};
  std::vector<CanvasRole> canvases{};    ///< where it is more than on the whole server

  bool may(Scope scope) const { return (scopes & static_cast<std::uint8_t>(scope)) != 0; }
  /// Its role on a canvas; an empty name: on the default one.
  Role role_on(std::string_view canvas) const {
    for (const CanvasRole& each : canvases)
      if (each.canvas == canvas) return each.role;
    return account.role;
  }
};

/// Says who somebody is. Called on network threads, on several at once; `done` is called once, now or later, from any thread.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// Of a request, by its bearer token or session cookie: the account (id nobody where it shows neither), or the answer to
  /// refuse it with: 401 for a forged or expired token, which also clears the cookie; 403 for a cookie from another origin, and
  /// for a WebSocket with a token that may not place.
  virtual void authenticate(const HttpRequest& request, std::function<void(Result<Identity, HttpResponse>)> done) = 0;

  /// Of a token in a `Hello` or `SignIn`, not empty.
  virtual void authenticate_token(std::string token, std::function<void(Result<Identity, Refused>)> done) = 0;

  /// Whether somebody without an account may get one by a nickname; told in `Welcome`.
  virtual bool guests_allowed() const = 0;
};

}  // namespace tessera
