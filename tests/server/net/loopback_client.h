#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/protocol/codec.h"
#include "tests/server/net/ws_bytes.h"

namespace tessera::test {

/// A blocking socket that gives up after ten seconds, and reads HTTP answers and WebSocket frames from it.
class LoopbackClient {
 public:
  struct Frame {
    int opcode = -1;  ///< -1: the connection ended
    std::string payload;
    std::uint16_t close_code() const {
      return payload.size() < 2 ? std::uint16_t{0}
                                : static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]));
    }
  };

  explicit LoopbackClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  LoopbackClient(LoopbackClient&& other) noexcept : socket_(other.socket_), read_(std::move(other.read_)) { other.socket_ = -1; }
  ~LoopbackClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  /// False once the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool send(const Bytes& bytes) { return send(as_text(bytes)); }
  bool send(const ClientMessage& message) { return send(masked_binary(encode(message))); }

  /// Up to and with the empty line; what came by then where the connection ended before.
  std::string read_head() {
    while (read_.find("\r\n\r\n") == std::string::npos)
      if (!read_more()) return std::exchange(read_, "");
    return take(read_.find("\r\n\r\n") + 4);
  }
  /// Head and body, by its Content-Length.
  std::string read_response() {
    std::string head = read_head();
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    return head + read_exactly(std::stoul(head.substr(at + 16)));
  }
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(read_, "");
  }
  std::string read_exactly(std::size_t count) {
    while (read_.size() < count)
      if (!read_more()) return std::exchange(read_, "");
    return take(count);
  }
  Frame read_frame() {
    const std::string head = read_exactly(2);
    if (head.size() < 2) return {};
    CHECK((head[1] & 0x80) == 0);  // a server never masks
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string extended = read_exactly(size == 126 ? 2 : 8);
      size = 0;
      for (const char byte : extended) size = size << 8 | static_cast<unsigned char>(byte);
    }
    std::string payload = read_exactly(size);
    return {static_cast<unsigned char>(head[0]) & 15, std::move(payload)};
  }
  /// The next message, pings skipped.
  ServerMessage read_message() {
    Frame frame = read_frame();
    while (frame.opcode == 9) frame = read_frame();
    REQUIRE(frame.opcode == 2);
    auto message = decode_server(as_bytes(frame.payload));
    REQUIRE(message.ok());
    return *message;
  }
  template <typename Wanted>
  Wanted read() {
    ServerMessage message = read_message();
    REQUIRE(std::holds_alternative<Wanted>(message));
    return std::get<Wanted>(std::move(message));
  }
  std::string read_text() {
    const Frame frame = read_frame();
    REQUIRE(frame.opcode == 1);
    return frame.payload;
  }
  bool is_closed() { return read_to_end().empty(); }
  int handle() const { return socket_; }

 private:
  bool read_more() {
    char buffer[65'536];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    REQUIRE_FALSE((got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)));  // ten seconds of nothing
    if (got <= 0) return false;
    read_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  std::string take(std::size_t count) {
    std::string taken = read_.substr(0, count);
    read_.erase(0, count);
    return taken;
  }

  int socket_;
  std::string read_;
};

}  // namespace tessera::test
