#include "app/net/connection.h"

#include <doctest/doctest.h>

#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "shared/protocol/codec.h"
#include "tests/app/net/net_fixture.h"

using namespace tessera;

namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Socket = websocket::stream<tcp::socket>;

constexpr ConnectionId first{1}, second{2};

/// Takes the client's handshake, speaking `protocol`, and lets `talk` go on.
std::function<void(tcp::socket)> speaking(std::function<void(Socket&)> talk, const char* protocol = protocol_name) {
  return [talk = std::move(talk), protocol](tcp::socket plain) {
    Socket socket(std::move(plain));
    socket.set_option(websocket::stream_base::decorator(
        [protocol](websocket::response_type& response) { response.set(beast::http::field::sec_websocket_protocol, protocol); }));
    socket.accept();
    socket.binary(true);
    talk(socket);
  };
}

void send(Socket& socket, const ServerMessage& message) { socket.write(asio::buffer(encode(message))); }

struct Client {
  WaitingInbox waiting;
  NetLoop loop;
  WebSocketClient connection{loop, waiting.inbox};
  Action next() { return waiting.next(); }
  action::Disconnected disconnected() {
    Action action = next();
    while (!std::holds_alternative<action::Disconnected>(action) && !std::holds_alternative<action::Tick>(action)) action = next();
    return std::get<action::Disconnected>(action);
  }
};

std::function<void(tcp::socket)> answering(std::string text) {
  return [text = std::move(text)](tcp::socket socket) {
    char buffer[2048];
    socket.read_some(asio::buffer(buffer));
    asio::write(socket, asio::buffer(text));
  };
}

}  // namespace

TEST_CASE("Connection: opened, it sends and receives messages in order") {
  Bytes heard;
  OneClientServer server(speaking([&](Socket& socket) {
    beast::flat_buffer buffer;
    socket.read(buffer);
    heard.assign(static_cast<const std::uint8_t*>(buffer.data().data()), static_cast<const std::uint8_t*>(buffer.data().data()) + buffer.size());
    for (std::uint32_t i = 0; i < 100; ++i) send(socket, Online{i});
    buffer.clear();
    socket.read(buffer);
  }));
  Client client;
  client.connection.open(first, server.address());
  REQUIRE(std::get<action::Connected>(client.next()).connection == first);
  client.connection.send(first, Hello{protocol_version, ClientId{5}, "tk"});
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto received = std::get<action::Received>(client.next());
    CHECK(received.connection == first);
    CHECK(std::get<Online>(received.message).count == i);
  }
  CHECK(std::get<Hello>(decode_client(heard).value()) == Hello{protocol_version, ClientId{5}, "tk"});
  client.connection.close(first);
}

TEST_CASE("Connection: a frame that is no message is told, and the next one still read") {
  OneClientServer server(speaking([](Socket& socket) {
    socket.write(asio::buffer(Bytes{0xff, 1, 2}));
    send(socket, Online{3});
    beast::flat_buffer buffer;
    socket.read(buffer);
  }));
  Client client;
  client.connection.open(first, server.address());
  CHECK(std::holds_alternative<action::Connected>(client.next()));
  CHECK_FALSE(std::get<action::Unreadable>(client.next()).detail.empty());
  CHECK(std::holds_alternative<action::Received>(client.next()));
  client.connection.close(first);
}

TEST_CASE("Connection: each way to end has its reason") {
  struct Ending {
    std::function<void(tcp::socket)> server;
    DisconnectReason reason;
    const char* name;
  };
  const auto closing = [](websocket::close_code code) {
    return speaking([code](Socket& socket) { socket.close({code, "because"}); });
  };
  const Ending endings[] = {
      {closing(websocket::close_code::try_again_later), DisconnectReason::Full, "1013"},
      {closing(websocket::close_code::going_away), DisconnectReason::Stopped, "1001"},
      {closing(websocket::close_code::policy_error), DisconnectReason::Lost, "1008"},
      {speaking([](Socket& socket) { socket.next_layer().close(); }), DisconnectReason::Lost, "cut"},
      {speaking([](Socket& socket) { asio::write(socket.next_layer(), asio::buffer("\xff\xff\xff\xff", 4)); }), DisconnectReason::Lost, "no frame"},
      {speaking([](Socket&) {}, "other"), DisconnectReason::NotTessera, "another subprotocol"},
      {answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"), DisconnectReason::Full, "503"},
      {answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), DisconnectReason::NotTessera, "404"},
      {answering("SSH-2.0-OpenSSH\r\n"), DisconnectReason::NotTessera, "no HTTP"},
  };
  for (const Ending& ending : endings) {
    OneClientServer server(ending.server);
    Client client;
    client.connection.open(first, server.address());
    const auto end = client.disconnected();
    CHECK_MESSAGE(end.reason == ending.reason, ending.name);
    CHECK(end.connection == first);
  }
}

TEST_CASE("Connection: nobody there, and no address at all") {
  Client client;
  client.connection.open(first, "http://127.0.0.1:" + std::to_string(closed_port()));
  CHECK(client.disconnected().reason == DisconnectReason::Unreachable);
  client.connection.open(second, "nonsense");
  CHECK(client.disconnected().connection == second);
}

TEST_CASE("Connection: closed by us it is silent, and what is sent to it goes nowhere") {
  OneClientServer old_server(speaking([](Socket& socket) {
    beast::flat_buffer buffer;
    socket.read(buffer);
  }));
  OneClientServer new_server(speaking([](Socket& socket) {
    send(socket, Online{1});
    beast::flat_buffer buffer;
    socket.read(buffer);
  }));
  Client client;
  client.connection.open(first, old_server.address());
  REQUIRE(std::holds_alternative<action::Connected>(client.next()));
  client.connection.open(second, new_server.address());
  client.connection.send(first, Ping{1});
  CHECK(std::get<action::Connected>(client.next()).connection == second);
  CHECK(std::get<action::Received>(client.next()).connection == second);
  client.connection.close(second);
}

TEST_CASE("Connection: a server that does not read is given up once too much waits") {
  std::mutex hold;
  hold.lock();
  OneClientServer server(speaking([&](Socket&) { const std::lock_guard wait(hold); }));
  Client client;
  client.connection.open(first, server.address());
  REQUIRE(std::holds_alternative<action::Connected>(client.next()));
  Place place;
  place.cells.assign(limits::cells_per_request, WireCell{1, 2, 3});
  for (std::size_t sent = 0; sent < 4 * WebSocketClient::unsent_bytes; sent += 5 * place.cells.size()) client.connection.send(first, place);
  CHECK(client.disconnected().reason == DisconnectReason::Lost);
  hold.unlock();
}

TEST_CASE("Connection: while the inbox is full nothing more is read, and all of it comes once it is taken") {
  constexpr std::uint32_t messages = 400;
  const Bytes big(limits::snapshot_bytes, 7);
  OneClientServer server(speaking([&](Socket& socket) {
    for (std::uint32_t i = 0; i < messages; ++i) send(socket, TileSnapshot{{}, i, big});
    beast::flat_buffer buffer;
    socket.read(buffer);
  }));
  std::atomic<std::uint32_t> posted = 0;
  Inbox inbox([&] { ++posted; });
  NetLoop loop;
  WebSocketClient connection(loop, inbox);
  connection.open(first, server.address());
  while (!inbox.full()) std::this_thread::yield();
  // More than what fills the inbox, and the message being read when it filled, must not have come.
  CHECK(posted <= Inbox::full_bytes / big.size() + 3);
  std::uint32_t received = 0;
  while (received < messages) {
    for (const Action& action : inbox.take())
      if (const auto* got = std::get_if<action::Received>(&action)) CHECK(std::get<TileSnapshot>(got->message).seq == received++);
    std::this_thread::yield();
  }
  connection.close(first);
}
