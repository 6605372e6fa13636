#include "server/net/plain_transport.h"

#include <cerrno>

#include <sys/socket.h>

namespace tessera {

using boost::asio::ip::tcp;

PlainTransport::PlainTransport(tcp::socket socket, std::span<std::uint8_t> read_buffer)
    : socket_(std::move(socket)), read_buffer_(read_buffer), handle_(socket_.native_handle()) {}

void PlainTransport::resume_reading() {
  paused_ = false;
  wait_readable();
}

void PlainTransport::wait_readable() {
  if (closed_ || paused_ || waiting_to_read_) return;
  waiting_to_read_ = true;
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    self->waiting_to_read_ = false;
    if (!error && !self->closed_) self->read();
  });
}

void PlainTransport::read() {
  if (paused_) return;
  // A few full buffers at most, so that one sender cannot keep the thread.
  for (int round = 0; round < 4 && !closed_ && !paused_; ++round) {
    const ssize_t got = ::recv(handle_, read_buffer_.data(), read_buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0) return end();
    if (user_ != nullptr) user_->on_bytes(read_buffer_.first(static_cast<std::size_t>(got)));
    if (static_cast<std::size_t>(got) < read_buffer_.size()) break;
  }
  wait_readable();
}

std::optional<std::size_t> PlainTransport::write(std::span<const iovec> parts) {
  if (closed_) return std::nullopt;
  ssize_t sent = 0;
  do {
    if (parts.size() == 1) {
      sent = ::send(handle_, parts[0].iov_base, parts[0].iov_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(parts.data());
      message.msg_iovlen = parts.size();
      sent = ::sendmsg(handle_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return std::nullopt;
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (taken < total_size(parts)) wait_writable();
  return taken;
}

void PlainTransport::wait_writable() {
  if (waiting_to_write_) return;
  waiting_to_write_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    self->waiting_to_write_ = false;
    if (error || self->closed_ || self->user_ == nullptr) return;
    self->user_->on_writable();
  });
}

void PlainTransport::finish() {
  boost::system::error_code ignored;
  if (!closed_) socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void PlainTransport::end() {
  TransportUser* user = user_;
  close();
  if (user != nullptr) user->on_end();
}

void PlainTransport::close() {
  if (closed_) return;
  closed_ = true;
  user_ = nullptr;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace tessera
