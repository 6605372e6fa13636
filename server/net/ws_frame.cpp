#include "server/net/ws_frame.h"

#include <algorithm>
#include <cstring>

#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t control_bytes = 125;
constexpr std::size_t kept_capacity = 1024;

std::size_t header_size(std::uint8_t second_byte) {
  const std::uint8_t length = second_byte & 127;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extended + ((second_byte & 128) != 0 ? 4 : 0);
}

}  // namespace

void apply_ws_mask(std::span<std::uint8_t> bytes, std::array<std::uint8_t, 4> mask, std::uint32_t at) {
  std::array<std::uint8_t, 8> turned;
  for (std::uint32_t i = 0; i < 8; ++i) turned[i] = mask[(at + i) & 3];
  std::uint64_t wide = 0;
  std::memcpy(&wide, turned.data(), 8);
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    word ^= wide;
    std::memcpy(bytes.data() + i, &word, 8);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ turned[i & 7]);
}

bool is_valid_close_code(std::uint16_t code) {
  if (code >= 3000 && code < 5000) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

std::optional<WsEvent> WsReader::next(std::span<std::uint8_t>& bytes) {
  if (message_given_) {
    message_given_ = false;
    message_.clear();
    if (message_.capacity() > kept_capacity) message_ = {};
  }
  while (!ended_) {
    if (!in_payload_) {
      if (bytes.empty()) return {};
      if (auto event = read_header(bytes)) return event;
      if (!in_payload_) return {};
    }
    if (left_ > 0 && bytes.empty()) return {};
    if (auto event = read_payload(bytes)) return event;
  }
  bytes = {};
  return {};
}

std::optional<WsEvent> WsReader::read_header(std::span<std::uint8_t>& bytes) {
  std::size_t need = header_have_ < 2 ? 2 : header_size(header_[1]);
  while (header_have_ < need) {
    if (bytes.empty()) return {};
    const std::size_t count = std::min(bytes.size(), need - header_have_);
    std::memcpy(header_.data() + header_have_, bytes.data(), count);
    bytes = bytes.subspan(count);
    header_have_ = static_cast<std::uint8_t>(header_have_ + count);
    if (header_have_ == 2) need = header_size(header_[1]);
  }
  header_have_ = 0;
  fin_ = (header_[0] & 128) != 0;
  opcode_ = header_[0] & 15;
  if ((header_[0] & 0x70) != 0) return violation(ws_close::protocol_error, "reserved bits are set, but no extension was agreed");

  const std::uint8_t length = header_[1] & 127;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  std::uint64_t size = extended == 0 ? length : 0;
  for (std::size_t i = 0; i < extended; ++i) size = size << 8 | header_[2 + i];
  if ((extended == 2 && size < 126) || (extended == 8 && size < 65'536) || size >> 63 != 0)
    return violation(ws_close::protocol_error, "the length is not written in the fewest bytes");
  const bool masked = (header_[1] & 128) != 0;
  if (masked) std::memcpy(mask_.data(), header_.data() + 2 + extended, 4);
  return check_header(size, masked);
}

std::optional<WsEvent> WsReader::check_header(std::uint64_t length, bool masked) {
  if (!masked) return violation(ws_close::protocol_error, "a client's frames must be masked");
  if (is_control()) {
    if (opcode_ > static_cast<std::uint8_t>(WsOpcode::Pong))
      return violation(ws_close::protocol_error, "unknown opcode");
    if (!fin_) return violation(ws_close::protocol_error, "a control frame must not be fragmented");
    if (length > control_bytes) return violation(ws_close::protocol_error, "a control frame holds at most 125 bytes");
    control_.clear();
  } else {
    if (opcode_ > static_cast<std::uint8_t>(WsOpcode::Binary))
      return violation(ws_close::protocol_error, "unknown opcode");
    const bool continues = opcode_ == static_cast<std::uint8_t>(WsOpcode::Continuation);
    if (continues && message_opcode_ == 0)
      return violation(ws_close::protocol_error, "a continuation of no message");
    if (!continues && message_opcode_ != 0)
      return violation(ws_close::protocol_error, "a new message before the end of the last one");
    if (!continues) {
      message_opcode_ = opcode_;
      fragments_ = 0;
    }
    if (length > limits_.message_bytes || message_.size() + length > limits_.message_bytes)
      return violation(ws_close::too_large, "the message is too large");
    if (++fragments_ > limits_.fragments) return violation(ws_close::policy, "too many fragments in one message");
  }
  left_ = length;
  mask_at_ = 0;
  in_payload_ = true;
  return {};
}

std::optional<WsEvent> WsReader::read_payload(std::span<std::uint8_t>& bytes) {
  const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  const std::span<std::uint8_t> part = bytes.first(count);
  bytes = bytes.subspan(count);
  apply_ws_mask(part, mask_, mask_at_);
  mask_at_ += static_cast<std::uint32_t>(count);
  left_ -= count;

  Bytes& kept = is_control() ? control_ : message_;
  const bool whole = left_ == 0 && kept.empty() && (is_control() || (fin_ && fragments_ == 1));
  if (whole) return finish_frame(part);
  kept.insert(kept.end(), part.begin(), part.end());
  if (left_ > 0) return {};
  return finish_frame(kept);
}

std::optional<WsEvent> WsReader::finish_frame(std::span<const std::uint8_t> payload) {
  in_payload_ = false;
  if (is_control()) {
    if (opcode_ == static_cast<std::uint8_t>(WsOpcode::Close)) return close_event(payload);
    const bool ping = opcode_ == static_cast<std::uint8_t>(WsOpcode::Ping);
    return WsEvent{ping ? WsEvent::Kind::Ping : WsEvent::Kind::Pong, payload, 0, {}};
  }
  if (!fin_) return {};
  const bool text = message_opcode_ == static_cast<std::uint8_t>(WsOpcode::Text);
  message_opcode_ = 0;
  message_given_ = true;
  if (text && !is_utf8(as_text(payload))) return violation(ws_close::bad_data, "the text is not UTF-8");
  return WsEvent{text ? WsEvent::Kind::Text : WsEvent::Kind::Binary, payload, 0, {}};
}

WsEvent WsReader::close_event(std::span<const std::uint8_t> payload) {
  if (payload.size() == 1) return violation(ws_close::protocol_error, "a close frame of one byte");
  if (payload.empty()) {
    ended_ = true;
    return {WsEvent::Kind::Close, {}, ws_close::none, {}};
  }
  const auto code = static_cast<std::uint16_t>(payload[0] << 8 | payload[1]);
  if (!is_valid_close_code(code)) return violation(ws_close::protocol_error, "not a close code that may be sent");
  const std::string_view reason = as_text(payload.subspan(2));
  if (!is_utf8(reason)) return violation(ws_close::bad_data, "the close reason is not UTF-8");
  ended_ = true;
  return {WsEvent::Kind::Close, payload, code, reason};
}

WsEvent WsReader::violation(std::uint16_t code, std::string_view reason) {
  ended_ = true;
  return {WsEvent::Kind::Violation, {}, code, reason};
}

void append_ws_header(WsOpcode opcode, std::size_t payload_size, Bytes& out) {
  out.push_back(static_cast<std::uint8_t>(128 | static_cast<std::uint8_t>(opcode)));
  if (payload_size < 126) {
    out.push_back(static_cast<std::uint8_t>(payload_size));
    return;
  }
  const int extended = payload_size < 65'536 ? 2 : 8;
  out.push_back(extended == 2 ? 126 : 127);
  for (int i = extended - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(std::uint64_t{payload_size} >> (8 * i)));
}

Bytes ws_frame(WsOpcode opcode, ByteSpan payload) {
  Bytes out;
  out.reserve(payload.size() + 10);
  append_ws_header(opcode, payload.size(), out);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

Bytes ws_close_frame(std::uint16_t code, std::string_view reason) {
  if (reason.size() > control_bytes - 2) {
    reason = reason.substr(0, control_bytes - 2);
    while (!reason.empty() && !is_utf8(reason)) reason.remove_suffix(1);
  }
  if (code == ws_close::none) return ws_frame(WsOpcode::Close, {});
  Bytes payload{static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code)};
  const ByteSpan text = as_bytes(reason);
  payload.insert(payload.end(), text.begin(), text.end());
  return ws_frame(WsOpcode::Close, payload);
}

}  // namespace tessera
