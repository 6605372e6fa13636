#include "app/net/connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <optional>

#include "app/net/stream_native.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

namespace http = beast::http;
namespace websocket = beast::websocket;

DisconnectReason reason_of(const websocket::close_reason& close) {
  if (close.code == websocket::close_code::try_again_later) return DisconnectReason::Full;
  if (close.code == websocket::close_code::going_away || close.code == websocket::close_code::service_restart)
    return DisconnectReason::Stopped;
  return DisconnectReason::Lost;
}

/// One WebSocket from dialling to its end, plain or TLS. Network thread, except that anyone may hold it. Once `leave` has
/// run, nothing of it is posted any more.
class Session {
 public:
  virtual ~Session() = default;
  virtual void start() = 0;
  virtual void send(Bytes message) = 0;
  virtual void leave() = 0;
};

template <typename Stream>
class SessionOver final : public Session, public std::enable_shared_from_this<SessionOver<Stream>> {
 public:
  SessionOver(NetLoop::Parts& parts, Inbox& inbox, ConnectionId id, Address address)
      : inbox_(inbox), id_(id), address_(std::move(address)), resolver_(parts.io), pause_(parts.io),
        socket_(make_stream<Stream>(parts)) {}

  void start() override {
    dial(socket_.next_layer(), resolver_, address_, [self = this->shared_from_this()](Dialled how, const std::string& detail) {
      if (how == Dialled::Ready) return self->shake_hands();
      self->end(how == Dialled::Untrusted ? DisconnectReason::TlsFailed : DisconnectReason::Unreachable, detail);
    });
  }

  void send(Bytes message) override {
    if (!open_) return;
    unsent_ += message.size();
    if (unsent_ > WebSocketClient::unsent_bytes) return end(DisconnectReason::Lost, "too much is waiting to be sent");
    sending_.push_back(std::move(message));
    if (sending_.size() == 1) write();
  }

  void leave() override {
    over_ = true;
    resolver_.cancel();
    pause_.cancel();
    if (!open_) return beast::get_lowest_layer(socket_).close();
    // Beast's own time-out ends this where the server does not answer.
    socket_.async_close(websocket::close_code::normal, [self = this->shared_from_this()](ErrorCode) {});
  }

 private:
  void shake_hands() {
    beast::get_lowest_layer(socket_).expires_never();
    auto timeout = websocket::stream_base::timeout::suggested(beast::role_type::client);
    timeout.handshake_timeout = dial_timeout;
    timeout.idle_timeout = websocket::stream_base::none();
    socket_.set_option(timeout);
    socket_.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
      request.set(http::field::sec_websocket_protocol, protocol_name);
      request.set(http::field::user_agent, "tessera");
    }));
    socket_.read_message_max(limits::server_message_bytes);
    socket_.binary(true);
    socket_.async_handshake(response_, address_.authority, address_.path + "/ws",
                            [self = this->shared_from_this()](ErrorCode error) { self->shaken(error); });
  }

  void shaken(ErrorCode error) {
    if (over_) return;
    if (error == websocket::error::upgrade_declined && response_.result() == http::status::service_unavailable)
      return end(DisconnectReason::Full, "503");
    if (error == beast::error::timeout) return end(DisconnectReason::Unreachable, error.message());
    if (error) return end(DisconnectReason::NotTessera, error.message());
    if (response_[http::field::sec_websocket_protocol] != protocol_name)
      return end(DisconnectReason::NotTessera, "its WebSocket does not speak tessera.v1");
    open_ = true;
    inbox_.post(action::Connected{id_});
    read();
  }

  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](ErrorCode error, std::size_t) {
      if (self->over_) return;
      if (error) return self->cut(error);
      self->received();
    });
  }

  void received() {
    const auto data = buffer_.cdata();
    const ByteSpan bytes(static_cast<const std::uint8_t*>(data.data()), data.size());
    auto message = decode_server(bytes);
    if (message) inbox_.post(action::Received{id_, std::move(*message)}, bytes.size());
    else inbox_.post(action::Unreadable{id_, message.error().message}, bytes.size());
    buffer_.consume(buffer_.size());
    next();
  }

  /// Reads on, or waits until the main thread has taken what is there.
  void next() {
    if (!inbox_.full()) return read();
    pause_.expires_after(std::chrono::milliseconds(10));
    pause_.async_wait([self = this->shared_from_this()](ErrorCode error) {
      if (!error && !self->over_) self->next();
    });
  }

  void write() {
    socket_.async_write(asio::buffer(sending_.front()), [self = this->shared_from_this()](ErrorCode error, std::size_t) {
      if (self->over_ || error) return;  // the read in flight tells what happened
      self->unsent_ -= self->sending_.front().size();
      self->sending_.pop_front();
      if (!self->sending_.empty()) self->write();
    });
  }

  void cut(ErrorCode error) {
    if (error != websocket::error::closed) return end(DisconnectReason::Lost, error.message());
    const auto& close = socket_.reason();
    end(reason_of(close), std::string(close.reason.data(), close.reason.size()));
  }

  void end(DisconnectReason reason, std::string detail) {
    if (over_) return;
    over_ = true;
    open_ = false;
    beast::get_lowest_layer(socket_).close();
    inbox_.post(action::Disconnected{id_, reason, std::move(detail)});
  }

  Inbox& inbox_;
  const ConnectionId id_;
  const Address address_;
  tcp::resolver resolver_;
  asio::steady_timer pause_;
  websocket::stream<Stream> socket_;
  websocket::response_type response_;
  beast::flat_buffer buffer_;
  std::deque<Bytes> sending_;
  std::size_t unsent_ = 0;
  bool open_ = false;
  bool over_ = false;
};

}  // namespace

struct WebSocketClient::Impl {
  NetLoop::Parts& parts;
  Inbox& inbox;
  ConnectionId id{};
  std::shared_ptr<Session> session;

  void leave() {
    if (session) asio::post(parts.io, [leaving = std::move(session)] { leaving->leave(); });
    session = nullptr;
  }
};

WebSocketClient::WebSocketClient(NetLoop& loop, Inbox& inbox) : impl_(new Impl{loop.parts(), inbox, {}, nullptr}) {}

WebSocketClient::~WebSocketClient() = default;

void WebSocketClient::open(ConnectionId id, const std::string& server) {
  impl_->leave();
  const auto address = parse_address(server);
  if (!address) return impl_->inbox.post(action::Disconnected{id, DisconnectReason::Unreachable, "not an address: " + server});
  impl_->id = id;
  if (address->tls) impl_->session = std::make_shared<SessionOver<TlsStream>>(impl_->parts, impl_->inbox, id, *address);
  else impl_->session = std::make_shared<SessionOver<PlainStream>>(impl_->parts, impl_->inbox, id, *address);
  asio::post(impl_->parts.io, [session = impl_->session] { session->start(); });
}

void WebSocketClient::close(ConnectionId id) {
  if (id == impl_->id) impl_->leave();
}

void WebSocketClient::send(ConnectionId id, const ClientMessage& message) {
  if (id != impl_->id || !impl_->session) return;
  asio::post(impl_->parts.io, [session = impl_->session, bytes = encode(message)]() mutable { session->send(std::move(bytes)); });
}

}  // namespace tessera
