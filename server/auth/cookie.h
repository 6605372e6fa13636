#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace tessera {

/// The cookie that carries a session's token.
inline constexpr std::string_view session_cookie = "tessera_session";

/// The cookie that tells a browser which began a sign-in with Discord from one that did not.
inline constexpr std::string_view discord_cookie = "tessera_discord";

/// `Set-Cookie` of a session: HttpOnly, SameSite=Lax, for the whole site, `Secure` where it was asked over https.
std::string set_session_cookie(std::string_view token, std::chrono::seconds lifetime, bool secure);
/// `Set-Cookie` that makes the browser forget it.
std::string clear_session_cookie(bool secure);

/// `Set-Cookie` of `discord_cookie`: sent back only to the sign-in's own addresses, also when Discord's page leads there.
std::string set_discord_cookie(std::string_view browser, std::chrono::seconds lifetime, bool secure);

}  // namespace tessera
