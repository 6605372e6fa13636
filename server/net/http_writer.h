#pragma once

#include <string>
#include <string_view>

#include "server/core/http.h"
#include "server/net/frame.h"
#include "shared/base/clock.h"

namespace tessera {

enum class BodyWish : std::uint8_t { Send, Omit };  ///< `Omit` for HEAD: the headers are those of the whole answer
enum class Persistence : std::uint8_t { Close, KeepAlive };
enum class Channel : std::uint8_t { Plain, Secure };  ///< `Secure`: the browser is told to come by https from now on

/// An answer as bytes: status line, its headers, those that are the connection's, and the shared body behind them.
/// Line breaks in header values, our own mistake, are asserted against.
FramePtr write_response(const HttpResponse& response, BodyWish body, Persistence persistence, WallTime now,
                        Channel channel = Channel::Plain);

/// What is answered where one address has as many connections open as it may, or all together have.
HttpResponse too_many_connections();
HttpResponse no_room_for_connections();

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
std::string http_date(WallTime time);

}  // namespace tessera
