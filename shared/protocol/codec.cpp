#include "shared/protocol/codec.h"

#include <optional>

#include "shared/protocol/reader.h"

namespace tessera {
namespace {

template <typename Message, typename Variant>
void read(ByteSpan bytes, std::optional<Result<Variant>>& out) {
  Reader reader(bytes);
  Message message;
  Message::describe(reader, message);
  const std::string label(Message::about.name);
  if (!reader.ok())
    out = Error{label + "." + reader.error()};
  else if (!reader.at_end())
    out = Error{label + ": " + std::to_string(reader.left()) + " bytes follow its last field"};
  else
    out = Variant(std::move(message));
}

template <typename Variant>
struct Decoder;

template <typename... Messages>
struct Decoder<std::variant<Messages...>> {
  using Variant = std::variant<Messages...>;

  static Result<Variant> decode(ByteSpan bytes, const char* sender) {
    if (bytes.empty()) return Error{"message: empty"};
    const Tag tag{bytes[0]};
    std::optional<Result<Variant>> out;
    ((Messages::tag == tag ? read<Messages>(bytes.subspan(1), out) : void()), ...);
    if (!out) return Error{"message: " + std::to_string(bytes[0]) + " is not the tag of a " + sender + "'s message"};
    return std::move(*out);
  }

  static std::string_view name(Tag tag) {
    std::string_view found;
    ((Messages::tag == tag ? void(found = Messages::about.name) : void()), ...);
    return found;
  }
};

template <typename Variant>
void encode_any(const Variant& message, Bytes& out) {
  std::visit([&](const auto& which) { encode(which, out); }, message);
}

}  // namespace

void encode(const ClientMessage& message, Bytes& out) { encode_any(message, out); }
void encode(const ServerMessage& message, Bytes& out) { encode_any(message, out); }

Bytes encode(const ClientMessage& message) {
  Bytes out;
  encode(message, out);
  return out;
}

Bytes encode(const ServerMessage& message) {
  Bytes out;
  encode(message, out);
  return out;
}

Result<ClientMessage> decode_client(ByteSpan bytes) { return Decoder<ClientMessage>::decode(bytes, "client"); }
Result<ServerMessage> decode_server(ByteSpan bytes) { return Decoder<ServerMessage>::decode(bytes, "server"); }

std::string_view name(Tag tag) {
  const std::string_view client = Decoder<ClientMessage>::name(tag);
  return client.empty() ? Decoder<ServerMessage>::name(tag) : client;
}

}  // namespace tessera
