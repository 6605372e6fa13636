#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace tessera {

/// The cookie that carries a session's token.
inline constexpr std::string_view session_cookie = "tessera_session";

/// `Set-Cookie` of a session: HttpOnly, SameSite=Lax, for the whole site, `Secure` where it was asked over https.
std::string set_session_cookie(std::string_view token, std::chrono::seconds lifetime, bool secure);
/// `Set-Cookie` that makes the browser forget it.
std::string clear_session_cookie(bool secure);

}  // namespace tessera
