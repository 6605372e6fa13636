#include "server/auth/cookie.h"

namespace tessera {
namespace {

std::string session_cookie_with(std::string_view value, std::int64_t max_age_s, bool secure) {
  std::string cookie(session_cookie);
  cookie += '=';
  cookie += value;
  cookie += "; Path=/; Max-Age=" + std::to_string(max_age_s) + "; HttpOnly; SameSite=Lax";
  if (secure) cookie += "; Secure";
  return cookie;
}

}  // namespace

std::string set_session_cookie(std::string_view token, std::chrono::seconds lifetime, bool secure) {
  return session_cookie_with(token, lifetime.count(), secure);
}

std::string clear_session_cookie(bool secure) { return session_cookie_with("", 0, secure); }

}  // namespace tessera
