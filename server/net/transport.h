#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <sys/uio.h>

namespace tessera {

/// Whoever stands on a transport: first HTTP, then perhaps WebSocket. Called on the network thread. Any call may end it.
class TransportUser {
 public:
  virtual ~TransportUser() = default;
  /// Bytes from the peer, which may be changed in place; they are gone after the call.
  virtual void on_bytes(std::span<std::uint8_t> bytes) = 0;
  /// After a `write` that did not take everything.
  virtual void on_writable() = 0;
  /// The peer is gone; nothing more is called.
  virtual void on_end() = 0;
};

/// One socket, with or without TLS. Belongs to its network thread, which also lends the buffer to read into. Knows nothing
/// of what the bytes mean.
class Transport {
 public:
  virtual ~Transport() = default;

  void set_user(TransportUser* user) { user_ = user; }
  virtual void start() = 0;
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  /// Sends what it can without waiting: how many bytes it took; fewer than all: `on_writable` follows. Nothing: it is broken.
  virtual std::optional<std::size_t> write(std::span<const iovec> parts) = 0;
  /// Nothing more will be written; the peer may still send.
  virtual void finish() = 0;
  virtual void close() = 0;
  virtual bool is_secure() const = 0;

 protected:
  TransportUser* user_ = nullptr;
};

inline std::size_t total_size(std::span<const iovec> parts) {
  std::size_t total = 0;
  for (const iovec& part : parts) total += part.iov_len;
  return total;
}

}  // namespace tessera
