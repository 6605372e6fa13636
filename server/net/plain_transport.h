#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "server/net/transport.h"

namespace tessera {

/// A bare TCP socket: waits for readability, then reads all there is into the thread's one buffer; writes by one
/// non-blocking gathered `sendmsg`. Kept alive by its pending waits.
class PlainTransport final : public Transport, public std::enable_shared_from_this<PlainTransport> {
 public:
  PlainTransport(boost::asio::ip::tcp::socket socket, std::span<std::uint8_t> read_buffer);

  void start() override { wait_readable(); }
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  std::optional<std::size_t> write(std::span<const iovec> parts) override;
  void finish() override;
  void close() override;
  bool is_secure() const override { return false; }

 private:
  void wait_readable();
  void wait_writable();
  void read();
  void end();

  boost::asio::ip::tcp::socket socket_;
  std::span<std::uint8_t> read_buffer_;
  int handle_;
  bool closed_ = false;
  bool paused_ = false;
  bool waiting_to_read_ = false;
  bool waiting_to_write_ = false;
};

}  // namespace tessera
