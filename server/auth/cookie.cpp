#include "server/auth/cookie.h"

namespace tessera {
namespace {

std::string cookie_text(std::string_view name, std::string_view value, std::string_view path, std::chrono::seconds lifetime, bool secure) {
  std::string cookie(name);
  cookie += '=';
  cookie += value;
  cookie += "; Path=";
  cookie += path;
  cookie += "; Max-Age=" + std::to_string(lifetime.count()) + "; HttpOnly; SameSite=Lax";
  if (secure) cookie += "; Secure";
  return cookie;
}

}  // namespace

std::string set_session_cookie(std::string_view token, std::chrono::seconds lifetime, bool secure) {
  return cookie_text(session_cookie, token, "/", lifetime, secure);
}

std::string clear_session_cookie(bool secure) { return cookie_text(session_cookie, "", "/", {}, secure); }

std::string set_discord_cookie(std::string_view browser, std::chrono::seconds lifetime, bool secure) {
  return cookie_text(discord_cookie, browser, "/auth/discord", lifetime, secure);
}

}  // namespace tessera
