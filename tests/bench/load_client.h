#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/protocol/codec.h"

namespace tessera::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Many plain WebSocket connections speaking tessera.v1, on one thread and one epoll: cheap enough not to be what is measured.
class LoadClient {
 public:
  /// Called with each whole message: its connection, its bytes (valid for the call), and when it was read.
  using OnMessage = std::function<void(std::size_t connection, ByteSpan message, SteadyTime when)>;

  explicit LoadClient(std::uint16_t port, OnMessage on_message);
  ~LoadClient();

  /// Connects, upgrades, and says hello with this token (empty: nobody), then enters the default canvas and watches `tiles`.
  /// Waits until `Entered` came; the index of the connection.
  std::size_t add(const std::string& token, const std::vector<TileIndex>& tiles);
  std::size_t size() const { return sockets_.size(); }
  void send(std::size_t connection, const ClientMessage& message);
  /// Reads what comes until `until`, or until `done()` where given; counts the time it waited without work.
  void run_until(SteadyTime until, const std::function<bool()>& done = {});
  /// Share of the time in run_until that this thread worked, 0 … 1.
  double busy() const;

 private:
  struct Socket {
    int fd = -1;
    Bytes rest;  // an unfinished frame
    Bytes out;   // what the socket would not take yet
  };
  void read(std::size_t connection, SteadyTime when);
  void flush(Socket& socket);
  std::size_t take_frames(std::size_t connection, ByteSpan bytes, SteadyTime when);
  Bytes wait_for(std::size_t connection, Tag tag);

  std::uint16_t port_;
  OnMessage on_message_;
  int epoll_ = -1;
  std::vector<Socket> sockets_;
  Bytes buffer_ = Bytes(1u << 18);
  std::chrono::nanoseconds waited_{}, ran_{};
  Bytes* catch_ = nullptr;
  Tag catch_tag_{};
  std::size_t catch_connection_ = 0;
};

/// `POST /auth/guest`: a new account's token.
std::string new_guest(std::uint16_t port, const std::string& name);

}  // namespace tessera::bench
