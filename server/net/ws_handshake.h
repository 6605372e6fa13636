#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/core/http.h"
#include "server/core/hub.h"
#include "shared/base/bytes.h"

namespace tessera {

/// What a good opening handshake (RFC 6455, section 4.2) asks for.
struct WsHandshake {
  ConnectionKind kind{};
  std::string key;
};

/// Binary where the client offers `tessera.v1`, JSON where it offers no subprotocol of ours. Refused: no upgrade or another
/// WebSocket version (426), a wrong key or another version of our protocol (400).
std::variant<WsHandshake, HttpResponse> check_ws_handshake(const HttpRequest& request);

/// The `101` answer, whole.
Bytes ws_handshake_answer(const WsHandshake& handshake);

/// Base64 of the SHA-1 of key and the RFC's GUID.
std::string ws_accept(std::string_view key);

}  // namespace tessera
