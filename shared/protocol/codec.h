#pragma once

#include <cassert>
#include <concepts>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/base/result.h"
#include "shared/protocol/messages.h"
#include "shared/protocol/writer.h"

namespace tessera {

/// One of the structs of `messages.h` that travel by themselves.
template <typename T>
concept IsMessage = requires {
  { T::tag } -> std::convertible_to<Tag>;
};

/// Appends a message: its tag, then its fields. Values outside their described range are our own mistake (asserted).
template <IsMessage Message>
void encode(const Message& message, Bytes& out) {
  Sizer sizer;
  Message::describe(sizer, message);
  const std::size_t before = out.size();
  out.resize(before + 1 + sizer.size());
  out[before] = static_cast<std::uint8_t>(Message::tag);
  Writer writer(out.data() + before + 1);
  Message::describe(writer, message);
  assert(writer.position() == out.data() + out.size());
}

template <IsMessage Message>
Bytes encode(const Message& message) {
  Bytes out;
  encode(message, out);
  return out;
}

void encode(const ClientMessage& message, Bytes& out);
void encode(const ServerMessage& message, Bytes& out);
Bytes encode(const ClientMessage& message);
Bytes encode(const ServerMessage& message);

/// Reads one whole message. An error says which field is wrong and how; never reads past the end, and allocates nothing
/// that the bytes do not pay for.
Result<ClientMessage> decode_client(ByteSpan bytes);
Result<ServerMessage> decode_server(ByteSpan bytes);

/// One line a person can read: `Place{request: 12, cells: [{x: 1, y: 2, color: 5}]}`; long lists and bytes are cut.
std::string dump(const ClientMessage& message);
std::string dump(const ServerMessage& message);

/// `Place`; nothing for a tag that no message has.
std::string_view name(Tag tag);

}  // namespace tessera
