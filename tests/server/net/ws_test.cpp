#include <doctest/doctest.h>

#include "tests/server/net/ws_clients.h"

using namespace tessera;
using test::append;
using test::canvas;
using test::JsonReader;
using test::LoopbackClient;
using test::masked_binary;
using test::masked_frame;
using test::masked_text;
using test::NetFixture;
using test::pixel_update;
using test::published;
using test::read_json;
using test::tile;
using test::watch;
using test::Watcher;

namespace {

std::uint16_t close_code_for(NetFixture& net, const Bytes& bytes) {
  LoopbackClient client = net.connect_binary();
  client.send(bytes);
  auto frame = client.read_frame();
  while (frame.opcode == 2) frame = client.read_frame();
  CHECK(frame.opcode == 8);
  CHECK(frame.payload.size() > 2);  // a reason
  CHECK(client.is_closed());
  return frame.close_code();
}

}  // namespace

TEST_CASE("WebSocket: the handshake of RFC 6455, section 1.3, and what is refused") {
  NetFixture net;
  LoopbackClient good = net.connect_ws("");
  CHECK(good.read_head().find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
  const auto refused = [&](std::string_view request) {
    LoopbackClient client = net.connect();
    client.send(request);
    return client.read_response().substr(9, 3);
  };
  const std::string head = "GET /ws HTTP/1.1\r\nHost: localhost\r\n";
  const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  CHECK(refused(head + "\r\n") == "426");
  CHECK(refused(head + upgrade + key + "\r\n") == "426");
  CHECK(refused(head + upgrade + key + "Sec-WebSocket-Version: 8\r\n\r\n") == "426");
  CHECK(refused(head + upgrade + "Sec-WebSocket-Version: 13\r\n\r\n") == "400");
  CHECK(refused(head + upgrade + "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n") == "400");
  CHECK(refused(head + upgrade + key + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tessera.v9\r\n\r\n") == "400");
  CHECK(refused("POST /ws HTTP/1.1\r\nHost: localhost\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n\r\n") == "405");
  CHECK(refused(head + upgrade + key + "Sec-WebSocket-Version: 13\r\nAuthorization: Bearer forged\r\n\r\n") == "401");
}

TEST_CASE("WebSocket: frames that break the framing or the order close with a code and a reason") {
  NetFixture net;
  const Bytes hello = masked_binary(encode(ClientMessage(Hello{protocol_version, ClientId{5}, ""})));
  const auto after_hello = [&](const ClientMessage& message) {
    Bytes bytes = hello;
    append(bytes, masked_binary(encode(message)));
    return bytes;
  };
  CHECK(close_code_for(net, ws_frame(WsOpcode::Binary, encode(ClientMessage(Ping{})))) == ws_close::protocol_error);
  CHECK(close_code_for(net, masked_frame(0xc2, as_bytes("x"))) == ws_close::protocol_error);
  CHECK(close_code_for(net, masked_frame(0x82, Bytes(70'000))) == ws_close::too_large);
  CHECK(close_code_for(net, masked_text("{}")) == ws_close::unsupported);
  CHECK(close_code_for(net, masked_binary(Bytes{200})) == ws_close::bad_data);
  CHECK(close_code_for(net, masked_binary(Bytes{})) == ws_close::bad_data);
  CHECK(close_code_for(net, masked_binary(encode(ClientMessage(Ping{})))) == ws_close::policy);
  CHECK(close_code_for(net, masked_binary(encode(ClientMessage(Hello{99, ClientId{5}, ""})))) == ws_close::policy);
  CHECK(close_code_for(net, masked_binary(encode(ClientMessage(Hello{1, ClientId{5}, "forged"})))) == ws_close::policy);
  CHECK(close_code_for(net, after_hello(Hello{1, ClientId{5}, ""})) == ws_close::policy);
  CHECK(close_code_for(net, after_hello(Place{RequestId{1}, {}})) == ws_close::policy);
  CHECK(close_code_for(net, after_hello(Watch{})) == ws_close::policy);
  Bytes fragments = masked_frame(0x02, {});
  for (int i = 0; i < 1000; ++i) append(fragments, masked_frame(0x00, {}));
  CHECK(close_code_for(net, fragments) == ws_close::policy);
}

TEST_CASE("WebSocket: every truncation of a message closes or waits, and the server lives") {
  NetFixture net;
  const Bytes whole = encode(ClientMessage(Hello{protocol_version, ClientId{5}, "good"}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(close_code_for(net, masked_binary(ByteSpan(whole).first(size))) == ws_close::bad_data);
  CHECK(net.hub.is_quiet());
}

TEST_CASE("WebSocket: what is sent with the handshake and in one piece is all read, in order") {
  NetFixture net;
  LoopbackClient client = net.connect();
  std::string bytes =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n";
  bytes += as_text(masked_binary(encode(ClientMessage(Hello{protocol_version, ClientId{5}, "good"}))));
  bytes += as_text(masked_binary(encode(ClientMessage(Ping{1}))));
  bytes += as_text(masked_frame(0x89, as_bytes("hi")));
  bytes += as_text(masked_binary(encode(ClientMessage(SignIn{}))));
  bytes += as_text(masked_binary(encode(ClientMessage(Ping{2}))));
  client.send(bytes);
  client.read_head();
  CHECK(client.read<Welcome>().account.name == "ann");
  CHECK(client.read<Pong>().client_time == 1);
  CHECK(client.read_frame().payload == "hi");
  CHECK(client.read<Welcome>().account.id == nobody);
  CHECK(client.read<Pong>().client_time == 2);
  const Opened opened = net.hub.next<Opened>();
  CHECK(opened.account == AccountId{7});
  CHECK(opened.client == ClientId{5});
  CHECK(net.hub.next<SignedIn>().account == nobody);
}

TEST_CASE("Binary: the way of a placement, from Hello to the result after the deltas that show it") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary("Authorization: Bearer good\r\n"));
  ann.client.send(Place{RequestId{77}, {{3, 4, 1}}});
  const PlaceCells place = net.hub.next<PlaceCells>();
  CHECK(place.connection == ann.id);
  CHECK(place.message.cells.size() == 1);
  ann.gate->post(published(1, 1));
  ann.gate->post(Directed{ann.id, PlaceResult{RequestId{77}, Outcome::Answered, 1, 1, {}, {}}});
  CHECK(ann.client.read<Deltas>().last_seq == 1);
  CHECK(ann.client.read<PlaceResult>().request == RequestId{77});
  ann.client.send(Inspect{3, 4});
  CHECK(ann.client.read<Inspected>().color == 5);
  ann.client.send(Mismatch{{tile, 1, 2}});
  CHECK(net.hub.next<ReportMismatch>().tile.tile == tile);
}

TEST_CASE("Binary: the hub knows by which session a connection is signed in; the connection follows what becomes of its account") {
  NetFixture net;
  LoopbackClient client = net.connect_binary("Authorization: Bearer good\r\n");
  client.send(Hello{protocol_version, ClientId{5}, ""});
  const Opened opened = net.hub.next<Opened>();
  CHECK(opened.account == AccountId{7});
  CHECK(opened.session == test::FakeAuthenticator::session);
  CHECK(client.read<Welcome>().account.name == "ann");
  opened.gate->post(Directed{opened.connection, AccountChanged{}});
  CHECK(client.read<AccountChanged>().account.id == nobody);
  client.send(SignIn{"forged"});
  CHECK(client.read<Refused>().reason == Refusal::BadToken);
  client.send(SignIn{"good"});
  const SignedIn again = net.hub.next<SignedIn>();
  CHECK(again.account == AccountId{7});
  CHECK(again.session == test::FakeAuthenticator::session);
  CHECK(client.read<Welcome>().account.name == "ann");
  client.send(SignIn{""});
  CHECK_FALSE(net.hub.next<SignedIn>().session);
}

TEST_CASE("Binary: who watches nothing gets no deltas, and a snapshot holds its place in the stream") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary());
  ann.client.send(Watch{{}, {{tile}}});
  CHECK(net.hub.next<WatchTiles>().message.drop.size() == 1);
  ann.gate->post(published(1, 1));
  ann.gate->post(Announced{canvas, Online{2}});
  CHECK(ann.client.read<Online>().count == 2);

  ann.client.send(Watch{{{tile, 0, 0}, {{200, 200}, 0, 0}}, {}});
  CHECK(net.hub.next<WatchTiles>().message.add.size() == 1);  // the other lies off the canvas
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->tile = tile;
  ann.gate->post(SnapshotFor{ann.id, snapshot});
  ann.gate->post(published(2, 1));
  ann.client.send(Ping{3});
  snapshot->encoded = encode(ServerMessage(TileSnapshot{tile, 1, {1, 2, 3}}));
  snapshot->ready = true;
  ann.gate->post(SnapshotReady{snapshot});
  CHECK(ann.client.read<TileSnapshot>().seq == 1);
  CHECK(ann.client.read<Deltas>().first_seq == 2);
}

TEST_CASE("Binary: a large watch reaches the hub a few tiles at a time, as its answers leave") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary());
  Watch all;
  for (std::uint8_t ty = 0; ty < 15; ++ty)
    for (std::uint8_t tx = 0; tx < 15; ++tx)
      all.add.push_back({{tx, ty}, 0, 0});
  ann.client.send(all);
  std::size_t asked = 0;
  while (asked < 225) {
    const WatchTiles some = net.hub.next<WatchTiles>();
    CHECK(some.message.add.size() <= 64);
    asked += some.message.add.size();
    for (const TileState& state : some.message.add) ann.gate->post(Directed{ann.id, TileCurrent{state.tile, 0}});
  }
  CHECK(asked == 225);
}

TEST_CASE("Binary: a reader that falls behind gets fresh tiles in place of the backlog") {
  NetFixture net;
  LoopbackClient slow(net.server->port(), 4096);
  slow.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n");
  slow.read_head();
  Watcher ann = watch(net, std::move(slow));
  constexpr Seq batches = 400;
  for (Seq i = 0; i < batches; ++i) ann.gate->post(published(1 + i * 10'000, 10'000));
  ann.gate->post(Announced{canvas, Online{3}});

  Seq at = 0;
  std::size_t deltas = 0;
  for (;;) {
    const ServerMessage message = ann.client.read_message();
    if (std::holds_alternative<Online>(message)) break;
    const auto& delta = std::get<Deltas>(message);
    REQUIRE(delta.tiles[0].from == at);
    at = delta.tiles[0].to;
    ++deltas;
  }
  CHECK(deltas < batches / 2);
  const Refresh refresh = net.hub.next<Refresh>();
  CHECK(refresh.tiles == std::vector<TileIndex>{tile});
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->tile = tile;
  snapshot->encoded = encode(ServerMessage(TileSnapshot{tile, batches * 10'000, {}}));
  snapshot->ready = true;
  ann.gate->post(SnapshotFor{ann.id, snapshot});
  ann.gate->post(published(batches * 10'000 + 1, 1));
  CHECK(ann.client.read<TileSnapshot>().seq == batches * 10'000);
  CHECK(ann.client.read<Deltas>().tiles[0].from == batches * 10'000);
}

TEST_CASE("Binary: who asks without reading the answers is not read from") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary());
  const Bytes ping = masked_binary(encode(ClientMessage(Ping{1})));
  Bytes many;
  for (int i = 0; i < 10'000; ++i) append(many, ping);
  const timeval short_patience{0, 200'000};
  ::setsockopt(ann.client.handle(), SOL_SOCKET, SO_SNDTIMEO, &short_patience, sizeof short_patience);
  std::size_t sent = 0;
  while (sent < 2'000 && ann.client.send(many)) ++sent;
  CHECK(sent < 2'000);
  CHECK(net.server->counters().messages_in.load() < 2'000 * 10'000);
}

TEST_CASE("WebSocket: where an account places from is told once, at its first placement, as its request came; who only watches is not noted") {
  NetFixture net;
  JsonReader reader = read_json(net, net.connect_json("Authorization: Bearer good\r\nX-Forwarded-For: 192.0.2.7\r\n"));
  CHECK(net.hub.noted().empty());
  for (int x = 1; x < 4; ++x) reader.client.send(masked_text(pixel_update(x, 2, "#0000ab")));
  for (int x = 1; x < 4; ++x) net.hub.next<PlaceCells>();
  const std::vector<AddressPrefix> there{{PrefixKind::V4Address, 9}};
  REQUIRE(net.hub.noted().size() == 1);
  CHECK(net.hub.noted()[0] == std::pair(AccountId{7}, there));
  Watcher watcher = watch(net, net.connect_binary());
  watcher.client.send(Place{RequestId{1}, {{1, 1, 1}}});
  net.hub.next<PlaceCells>();
  CHECK(net.hub.noted().size() == 1);  // nobody is signed in there
}

TEST_CASE("WebSocket: ping, and an end for who never answers") {
  NetSettings settings;
  settings.ping_every = std::chrono::seconds(0);
  settings.idle_time = std::chrono::seconds(2);
  NetFixture net(settings);
  LoopbackClient client = net.connect_binary();
  CHECK(client.read_frame().opcode == 9);
  auto frame = client.read_frame();
  while (frame.opcode == 9) frame = client.read_frame();
  CHECK(frame.close_code() == ws_close::going_away);
}

TEST_CASE("WebSocket: closing by the client is answered and told to the hub, once") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary());
  ann.client.send(masked_frame(0x88, Bytes{0x03, 0xe8}));
  const auto frame = ann.client.read_frame();
  CHECK(frame.opcode == 8);
  CHECK(frame.close_code() == 1000);
  CHECK(ann.client.is_closed());
  CHECK(net.hub.next<Closed>().connection == ann.id);
  ann.gate->post(Directed{ann.id, Online{1}});
  ann.gate->post(Close{ann.id, 1000, ""});
  LoopbackClient again = net.connect_binary();
  again.send(Hello{});
  CHECK(net.hub.next<Opened>().connection != ann.id);
}

TEST_CASE("NetServer: a graceful stop tells everyone 1001 after what was queued") {
  NetFixture net;
  Watcher ann = watch(net, net.connect_binary());
  ann.gate->post(published(1, 1));
  CHECK(ann.client.read<Deltas>().last_seq == 1);
  std::thread stopper([&] { net.server->stop(); });
  auto frame = ann.client.read_frame();
  CHECK(frame.opcode == 8);
  CHECK(frame.close_code() == ws_close::going_away);
  ann.client.send(masked_frame(0x88, Bytes{0x03, 0xe9}));
  CHECK(ann.client.is_closed());
  stopper.join();
  CHECK(net.server->counters().open_connections.load() == 0);
}
