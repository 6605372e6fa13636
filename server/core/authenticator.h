#pragma once

#include <functional>
#include <string>

#include "server/core/http.h"
#include "shared/base/result.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// Says who somebody is. Called on network threads, on several at once; `done` is called once, now or later, from any thread.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// Of a request, by its bearer token or session cookie: the account (id nobody where it shows neither), or the answer to
  /// refuse it with: 401 for a forged or expired token, which also clears the cookie; 403 for a cookie from another origin.
  virtual void authenticate(const HttpRequest& request, std::function<void(Result<AccountInfo, HttpResponse>)> done) = 0;

  /// Of a token in a `Hello` or `SignIn`, not empty.
  virtual void authenticate_token(std::string token, std::function<void(Result<AccountInfo, Refused>)> done) = 0;

  /// Whether somebody without an account may get one by a nickname; told in `Welcome`.
  virtual bool guests_allowed() const = 0;
};

}  // namespace tessera
