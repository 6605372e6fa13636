#pragma once

#include "server/net/ws_frame.h"

namespace tessera::test {

/// A client's frame: masked, with any first byte, so that wrong ones can be made too.
inline Bytes masked_frame(std::uint8_t first_byte, ByteSpan payload, std::array<std::uint8_t, 4> mask = {1, 2, 3, 4}) {
  Bytes header;
  append_ws_header(WsOpcode::Text, payload.size(), header);
  header[0] = first_byte;
  header[1] = static_cast<std::uint8_t>(header[1] | 128);
  header.insert(header.end(), mask.begin(), mask.end());
  Bytes body(payload.begin(), payload.end());
  apply_ws_mask(body, mask, 0);
  header.insert(header.end(), body.begin(), body.end());
  return header;
}

inline Bytes masked_text(std::string_view text) { return masked_frame(0x81, as_bytes(text)); }
inline Bytes masked_binary(ByteSpan payload) { return masked_frame(0x82, payload); }

inline void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace tessera::test
