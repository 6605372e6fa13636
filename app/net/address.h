#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tessera {

/// A server's base address, taken apart for the sockets.
struct Address {
  bool tls = false;
  std::string host;       ///< without the brackets of an IPv6 address
  std::string port;       ///< decimal; the scheme's own where none is given
  std::string authority;  ///< as the `Host` header has it
  std::string path;       ///< before `/ws` and `/auth`: empty, or begins with a slash and does not end with one
  bool operator==(const Address&) const = default;
};

/// `http://host:port/path` or https, as `Link::server` has it; nothing where it is something else.
std::optional<Address> parse_address(std::string_view server);

/// `ws://host:port/path/ws` for `http://host:port/path`, wss for https.
std::string websocket_url(std::string_view server);

}  // namespace tessera
