#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shared/base/bytes.h"

/// WebSocket frames (RFC 6455, section 5), as a server reads and writes them. No sockets here.
namespace tessera {

enum class WsOpcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// Close codes (RFC 6455, section 7.4.1, and the IANA registry for 1013).
namespace ws_close {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported = 1003;
inline constexpr std::uint16_t none = 1005;  ///< never sent: stands for a close frame without a code
inline constexpr std::uint16_t bad_data = 1007;
inline constexpr std::uint16_t policy = 1008;
inline constexpr std::uint16_t too_large = 1009;
inline constexpr std::uint16_t internal = 1011;
inline constexpr std::uint16_t try_later = 1013;
}  // namespace ws_close

/// What a reader found. `payload` points into the bytes given to the reader or into the reader, until its next call.
struct WsEvent {
  enum class Kind : std::uint8_t { Text, Binary, Ping, Pong, Close, Violation };
  Kind kind{};
  std::span<const std::uint8_t> payload;
  std::uint16_t code = 0;    ///< Close: the peer's (`none` where it named none); Violation: the one to close with
  std::string_view reason;  ///< the same
};

/// Reads one peer's frames, byte by byte if need be. Belongs to its connection's thread. Keeps only what a frame cut by the
/// end of the bytes needs; an idle reader holds no memory. After a Close or a Violation it reads nothing more.
class WsReader {
 public:
  struct Limits {
    std::size_t message_bytes = 64u << 10;  ///< of a whole message, fragments together
    std::size_t fragments = 256;            ///< in one message, however short they are
  };

  explicit WsReader(Limits limits) : limits_(limits) {}
  WsReader() : WsReader(Limits{}) {}

  /// The next event in `bytes`, which are unmasked in place; takes what it read off their front. Nothing: they are all read.
  std::optional<WsEvent> next(std::span<std::uint8_t>& bytes);

 private:
  std::optional<WsEvent> read_header(std::span<std::uint8_t>& bytes);
  std::optional<WsEvent> check_header(std::uint64_t length, bool masked);
  std::optional<WsEvent> read_payload(std::span<std::uint8_t>& bytes);
  std::optional<WsEvent> finish_frame(std::span<const std::uint8_t> payload);
  WsEvent close_event(std::span<const std::uint8_t> payload);
  WsEvent violation(std::uint16_t code, std::string_view reason);
  bool is_control() const { return (opcode_ & 8) != 0; }

  Limits limits_;
  Bytes message_;  // fragments so far, or a data frame cut by the end of the bytes
  Bytes control_;  // a control frame cut by the end of the bytes
  std::array<std::uint8_t, 14> header_{};
  std::uint8_t header_have_ = 0;
  std::uint8_t opcode_ = 0;          // of this frame
  std::uint8_t message_opcode_ = 0;  // of the message whose fragments are coming; 0: none
  bool fin_ = false;
  bool in_payload_ = false;
  bool ended_ = false;
  bool message_given_ = false;  // `message_` was handed out and can go
  std::array<std::uint8_t, 4> mask_{};
  std::uint64_t left_ = 0;  // of this frame's payload
  std::uint32_t mask_at_ = 0;
  std::uint32_t fragments_ = 0;
};

/// Appends the header of an unfragmented, unmasked frame.
void append_ws_header(WsOpcode opcode, std::size_t payload_size, Bytes& out);
/// A whole frame.
Bytes ws_frame(WsOpcode opcode, ByteSpan payload);
/// A close frame; the reason is cut to the 123 bytes that fit, at a character's end.
Bytes ws_close_frame(std::uint16_t code, std::string_view reason);
/// May this code stand in a close frame (RFC 6455, section 7.4)?
bool is_valid_close_code(std::uint16_t code);
/// XORs `bytes` with the mask from its position `at` on.
void apply_ws_mask(std::span<std::uint8_t> bytes, std::array<std::uint8_t, 4> mask, std::uint32_t at);

}  // namespace tessera
