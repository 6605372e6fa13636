#include "server/commands/player_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "shared/protocol/codec.h"

namespace tessera {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

Result<ServerAddress> ServerAddress::parse(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return Error{"The server's URL must begin with http://, as in http://127.0.0.1:7878"};
  url.remove_prefix(scheme.size());
  url = url.substr(0, url.find_first_of("/#?"));
  const bool bracket = url.starts_with('[');
  const std::size_t host_end = bracket ? url.find(']') : std::min(url.rfind(':'), url.size());
  if (host_end == std::string_view::npos || host_end == 0) return Error{"The server's URL names no host"};
  ServerAddress address;
  address.host = url.substr(bracket ? 1 : 0, host_end - (bracket ? 1 : 0));
  const std::string_view rest = url.substr(host_end + (bracket ? 1 : 0));
  address.port = rest.starts_with(':') ? rest.substr(1) : "80";
  if (address.host.empty() || address.port.empty()) return Error{"The server's URL names no host or no port"};
  return address;
}

Result<HttpAnswer> http_call(asio::io_context& io, const ServerAddress& server, const std::string& method,
                             const std::string& target, const std::string& body, const std::string& bearer) {
  beast::error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(server.host, server.port, error);
  beast::tcp_stream stream(io);
  if (!error) stream.connect(found, error);
  if (error) return Error{"Cannot reach " + server.host + ":" + server.port + ": " + error.message() + "."};
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, server.host + ":" + server.port);
  request.set(http::field::connection, "close");
  if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  http::write(stream, request, error);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!error) http::read(stream, buffer, response, error);
  if (error) return Error{"No answer from " + server.host + ":" + server.port + ": " + error.message() + "."};
  return HttpAnswer{response.result_int(), response.body()};
}

struct PlayerClient::Socket {
  explicit Socket(asio::io_context& io) : resolver(io), stream(io) {}
  tcp::resolver resolver;
  websocket::stream<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
};

PlayerClient::PlayerClient(asio::io_context& io, std::string token, std::string canvas, Handlers handlers)
    : socket_(std::make_unique<Socket>(io)),
      token_(std::move(token)),
      canvas_(std::move(canvas)),
      handlers_(std::move(handlers)) {}

PlayerClient::~PlayerClient() = default;

void PlayerClient::start(const ServerAddress& server) {
  const std::string host = server.host + ":" + server.port;
  socket_->resolver.async_resolve(
      server.host, server.port, [self = shared_from_this(), host](beast::error_code error, const tcp::resolver::results_type& found) {
        if (error) return self->fail(error.message());
        beast::get_lowest_layer(self->socket_->stream)
            .async_connect(found, [self, host](beast::error_code connect_error, const tcp::endpoint&) {
              if (connect_error) return self->fail(connect_error.message());
              auto& stream = self->socket_->stream;
              beast::get_lowest_layer(stream).socket().set_option(tcp::no_delay(true));
              stream.set_option(websocket::stream_base::decorator(
                  [](websocket::request_type& request) { request.set(http::field::sec_websocket_protocol, protocol_name); }));
              stream.read_message_max(limits::server_message_bytes);
              stream.binary(true);
              stream.async_handshake(host, "/ws", [self](beast::error_code handshake_error) {
                if (handshake_error) return self->fail(handshake_error.message());
                self->connected();
              });
            });
      });
}

void PlayerClient::connected() {
  Hello hello;
  hello.token = token_;
  push(encode(hello));
  read();
}

void PlayerClient::read() {
  socket_->stream.async_read(socket_->buffer, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (self->closed_) return;
    if (error) return self->fail(error.message());
    const auto data = self->socket_->buffer.cdata();
    self->receive({static_cast<const std::uint8_t*>(data.data()), data.size()});
    self->socket_->buffer.consume(self->socket_->buffer.size());
    if (!self->closed_) self->read();
  });
}

void PlayerClient::receive(ByteSpan bytes) {
  // Cells of others are not looked at: a player that only plays need not know them.
  if (!bytes.empty() && static_cast<Tag>(bytes[0]) == Tag::Deltas) return;
  const auto message = decode_server(bytes);
  if (!message) return fail("the server sent what cannot be read: " + message.error().message);
  if (std::holds_alternative<Welcome>(*message)) {
    Enter enter;
    enter.canvas = canvas_;
    push(encode(enter));
  } else if (const auto* entered = std::get_if<Entered>(&*message)) {
    handlers_.entered(*entered);
  } else if (const auto* result = std::get_if<PlaceResult>(&*message)) {
    handlers_.answered(*result);
  } else if (const auto* refused = std::get_if<Refused>(&*message)) {
    fail(std::string(code(refused->reason)) + ": " + refused->detail);
  }
}

void PlayerClient::send(const Place& place) { push(encode(place)); }

void PlayerClient::push(Bytes message) {
  if (closed_) return;
  outbox_.push_back(std::move(message));
  if (!writing_) write();
}

void PlayerClient::write() {
  writing_ = true;
  socket_->stream.async_write(asio::buffer(outbox_.front()), [self = shared_from_this()](beast::error_code error, std::size_t) {
    self->outbox_.pop_front();
    self->writing_ = false;
    if (self->closed_) return;
    if (error) return self->fail(error.message());
    if (!self->outbox_.empty()) self->write();
  });
}

void PlayerClient::close() {
  if (closed_) return;
  closed_ = true;
  beast::error_code ignored;
  beast::get_lowest_layer(socket_->stream).socket().close(ignored);
}

void PlayerClient::fail(const std::string& why) {
  if (closed_) return;
  close();
  handlers_.lost(why);
}

}  // namespace tessera
