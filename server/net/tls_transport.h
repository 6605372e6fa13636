#pragma once

#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "server/net/tls_context.h"
#include "server/net/transport.h"
#include "shared/base/bytes.h"

namespace tessera {

/// A TLS connection: what is to be written is gathered into a buffer of its own, one write under way at a time, so that
/// many small frames share a record.
class TlsTransport final : public Transport, public std::enable_shared_from_this<TlsTransport> {
 public:
  TlsTransport(boost::asio::ip::tcp::socket socket, TlsContext::Pointer context);

  void start() override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  std::optional<std::size_t> write(std::span<const iovec> parts) override;
  void finish() override;
  void close() override;
  bool is_secure() const override { return true; }

 private:
  void read();
  void send_gathered();
  void end();

  TlsContext::Pointer context_;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  Bytes incoming_;
  Bytes outgoing_;
  std::size_t outgoing_sent_ = 0;
  bool closed_ = false;
  bool ready_ = false;
  bool paused_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool wants_writable_ = false;
  bool finishing_ = false;
  bool shutting_down_ = false;
};

}  // namespace tessera
