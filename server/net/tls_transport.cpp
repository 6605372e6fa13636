#include "server/net/tls_transport.h"

#include <algorithm>

namespace tessera {
namespace {

namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t read_bytes = 16u << 10;
constexpr std::size_t write_bytes = 64u << 10;

}  // namespace

Result<std::unique_ptr<ssl::context>> open_tls_context(const std::string& certificate, const std::string& key) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use);
  SSL_CTX_set_mode(context->native_handle(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  error_code error;
  context->use_certificate_chain_file(certificate, error);
  if (error) return Error{"the certificate " + certificate + " cannot be used: " + error.message() +
                          "; it must be a PEM file, the server's own certificate first"};
  context->use_private_key_file(key, ssl::context::pem, error);
  if (error) return Error{"the key " + key + " cannot be used: " + error.message() +
                          "; it must be a PEM file without a passphrase, and fit the certificate"};
  return context;
}

TlsTransport::TlsTransport(tcp::socket socket, TlsContext::Pointer context)
    : context_(std::move(context)), stream_(std::move(socket), *context_) {}

void TlsTransport::start() {
  stream_.async_handshake(ssl::stream_base::server, [self = shared_from_this()](const error_code& error) {
    if (self->closed_) return;
    if (error) return self->end();
    self->ready_ = true;
    self->incoming_.resize(read_bytes);
    self->read();
  });
}

void TlsTransport::resume_reading() {
  paused_ = false;
  read();
}

void TlsTransport::read() {
  if (closed_ || paused_ || reading_ || !ready_) return;
  reading_ = true;
  stream_.async_read_some(boost::asio::buffer(incoming_),
                          [self = shared_from_this()](const error_code& error, std::size_t got) {
                            self->reading_ = false;
                            if (self->closed_) return;
                            if (error) return self->end();
                            if (self->user_ != nullptr) self->user_->on_bytes({self->incoming_.data(), got});
                            self->read();
                          });
}

std::optional<std::size_t> TlsTransport::write(std::span<const iovec> parts) {
  if (closed_) return std::nullopt;
  if (writing_) {
    wants_writable_ = true;
    return 0;
  }
  std::size_t taken = 0;
  for (const iovec& part : parts) {
    const std::size_t count = std::min(part.iov_len, write_bytes - outgoing_.size());
    const auto* bytes = static_cast<const std::uint8_t*>(part.iov_base);
    outgoing_.insert(outgoing_.end(), bytes, bytes + count);
    taken += count;
  }
  wants_writable_ = taken < total_size(parts);
  if (taken > 0) send_gathered();
  return taken;
}

void TlsTransport::send_gathered() {
  writing_ = true;
  const auto rest = boost::asio::buffer(outgoing_.data() + outgoing_sent_, outgoing_.size() - outgoing_sent_);
  stream_.async_write_some(rest, [self = shared_from_this()](const error_code& error, std::size_t sent) {
    if (self->closed_) return;
    if (error) return self->end();
    self->outgoing_sent_ += sent;
    if (self->outgoing_sent_ < self->outgoing_.size()) return self->send_gathered();
    self->writing_ = false;
    self->outgoing_ = {};
    self->outgoing_sent_ = 0;
    if (self->wants_writable_ && self->user_ != nullptr) self->user_->on_writable();
    if (!self->closed_ && !self->writing_ && self->finishing_) self->finish();
  });
}

void TlsTransport::finish() {
  if (closed_) return;
  finishing_ = true;
  if (writing_ || !ready_ || shutting_down_) return;
  shutting_down_ = true;
  stream_.async_shutdown([self = shared_from_this()](const error_code&) {});
}

void TlsTransport::end() {
  TransportUser* user = user_;
  close();
  if (user != nullptr) user->on_end();
}

void TlsTransport::close() {
  if (closed_) return;
  closed_ = true;
  user_ = nullptr;
  error_code ignored;
  stream_.next_layer().close(ignored);
}

}  // namespace tessera
