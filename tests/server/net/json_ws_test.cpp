#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/server/net/ws_clients.h"

using namespace tessera;
using nlohmann::json;
using test::canvas;
using test::entered;
using test::JsonReader;
using test::LoopbackClient;
using test::masked_binary;
using test::masked_text;
using test::NetFixture;
using test::pixel_update;
using test::published;
using test::read_json;

TEST_CASE("JSON: what is placed is told to everyone, then accepted to its author") {
  NetFixture net;
  JsonReader bot = read_json(net, net.connect_json("Authorization: Bearer good\r\n"));
  CHECK(bot.client.read_text() == R"({"type":"users:count","data":{"count":1}})");
  bot.client.send(masked_text(pixel_update(100, 200, "#0000ab")));
  const PlaceCells place = net.hub.next<PlaceCells>();
  REQUIRE(place.message.cells.size() == 1);
  CHECK(place.message.cells[0] == WireCell{100, 200, 1});
  bot.gate->post(published(12, 1));
  bot.gate->post(Directed{bot.id, PlaceResult{place.message.request, Outcome::Answered, 12, 1, {}, {19, 20, 0, 100}}});
  const json update = json::parse(bot.client.read_text());
  CHECK(update["type"] == "pixel:bulk_update");
  CHECK(update["data"]["last_seq"] == 12);
  CHECK(bot.client.read_text() == R"({"type":"pixel:accepted","data":{"seq":12,"x":100,"y":200,"charges":19,"next_charge_ms":0}})");
}

TEST_CASE("JSON: what cannot be placed is an error about its place, and changes nothing") {
  NetFixture net;
  JsonReader bot = read_json(net, net.connect_json());
  bot.client.read_text();  // users:count
  const auto error_for = [&](std::string_view text) {
    bot.client.send(masked_text(text));
    const json message = json::parse(bot.client.read_text());
    CHECK(message["type"] == "error");
    return message["data"]["code"].get<std::string>();
  };
  CHECK(error_for(pixel_update(1, 2, "#123456")) == "bad_color");
  CHECK(error_for(pixel_update(-1, 2, "#0000AB")) == "out_of_bounds");
  CHECK(error_for("not json") == "invalid");
  CHECK(error_for(std::string(1000, '[')) == "invalid");
  CHECK(net.hub.is_quiet());
  bot.client.send(masked_text(pixel_update(1, 2, "#0000AB")));
  const PlaceCells place = net.hub.next<PlaceCells>();
  bot.gate->post(Directed{bot.id, PlaceResult{place.message.request, Outcome::Answered, 0, 0, {{0, Refusal::TooSoon, 250}}, {}}});
  const json refused = json::parse(bot.client.read_text());
  CHECK(refused["data"]["code"] == "too_soon");
  CHECK(refused["data"]["x"] == 1);
  CHECK(refused["data"]["retry_after_ms"] == 250);
}

TEST_CASE("JSON: the end of a session and a ban are told as errors, once each") {
  NetFixture net;
  JsonReader bot = read_json(net, net.connect_json("Authorization: Bearer good\r\n"));
  bot.client.read_text();  // users:count
  const auto next_code = [&] { return json::parse(bot.client.read_text())["data"]["code"].get<std::string>(); };
  const Charges banned{{}, false, Refusal::Banned}, free{{}, true, {}};
  bot.gate->post(Directed{bot.id, AccountChanged{test::FakeAuthenticator::ann()}});
  for (const Charges& charges : {banned, banned, free, banned}) bot.gate->post(Directed{bot.id, charges});
  bot.gate->post(Directed{bot.id, AccountChanged{}});
  bot.gate->post(Directed{bot.id, AccountChanged{}});
  bot.gate->post(Directed{bot.id, Charges{{}, false, Refusal::NotSignedIn}});
  bot.gate->post(Announced{canvas, PauseChanged{false, "end"}});
  CHECK(next_code() == "banned");
  CHECK(next_code() == "banned");
  CHECK(next_code() == "not_signed_in");
  CHECK(bot.client.read_text() == R"({"type":"session:resumed","data":{"message":"end"}})");
}

TEST_CASE("JSON: a refusal says what HTTP says, and a ban its reason, when it comes and at every try") {
  NetFixture net;
  JsonReader bot = read_json(net, net.connect_json("Authorization: Bearer good\r\n"));
  bot.client.read_text();  // users:count
  const auto next = [&] { return json::parse(bot.client.read_text())["data"]; };
  const auto detail_for = [&](Refusal reason) {
    bot.client.send(masked_text(pixel_update(1, 2, "#0000AB")));
    const PlaceCells place = net.hub.next<PlaceCells>();
    bot.gate->post(Directed{bot.id, PlaceResult{place.message.request, Outcome::Answered, 0, 0, {{0, reason, 0}}, {}}});
    return next()["detail"].get<std::string>();
  };
  CHECK(detail_for(Refusal::NotJoined) == "this canvas asks for a code or an invitation first");
  CHECK(detail_for(Refusal::Archived) == "the canvas is archived");
  const std::string why = "this account is banned: drew over the cat — mail staff@x; until 2099-01-01T00:00:00.000Z";
  Refused ban;
  ban.reason = Refusal::Banned;
  ban.detail = why;
  const Charges banned{{}, false, Refusal::Banned};
  for (int times = 0; times < 2; ++times) {
    bot.gate->post(Directed{bot.id, ban});
    bot.gate->post(Directed{bot.id, banned});
  }
  CHECK(next()["detail"] == why);
  CHECK(detail_for(Refusal::Banned) == why);  // told once until then
}

TEST_CASE("JSON: a changed canvas is told after what was placed on it before; an archived one is left") {
  NetSettings settings;
  settings.json_every = std::chrono::milliseconds(500);
  NetFixture net(settings);
  JsonReader bot = read_json(net, net.connect_json());
  bot.client.read_text();  // users:count
  bot.gate->post(published(1, 1));
  CHECK(json::parse(bot.client.read_text())["data"]["last_seq"] == 1);
  bot.gate->post(published(2, 1));  // not due yet
  CanvasInfo grown = entered().canvas;
  grown.width = 4096;
  bot.gate->post(Announced{canvas, CanvasChanged{grown}});
  CHECK(json::parse(bot.client.read_text())["data"]["last_seq"] == 2);
  const json changed = json::parse(bot.client.read_text());
  CHECK(changed["type"] == "canvas:changed");
  CHECK(changed["data"]["width"] == 4096);
  bot.gate->post(Directed{bot.id, Charges{{}, false, Refusal::NotSignedIn}});
  bot.gate->post(Directed{bot.id, Charges{{}, false, Refusal::Archived}});
  CHECK(json::parse(bot.client.read_text())["data"]["code"] == "archived");
  CHECK(bot.client.read_frame().close_code() == ws_close::try_later);
}

TEST_CASE("JSON: pause, binary frames and messages over 64 KiB") {
  NetFixture net;
  JsonReader bot = read_json(net, net.connect_json(), true);
  CHECK(bot.client.read_text() == R"({"type":"session:paused","data":{"message":"tea"}})");
  CHECK(bot.client.read_text().find("users:count") != std::string::npos);
  bot.gate->post(Announced{canvas, PauseChanged{false, "go on"}});
  CHECK(bot.client.read_text() == R"({"type":"session:resumed","data":{"message":"go on"}})");
  bot.client.send(masked_binary(Bytes{1}));
  CHECK(bot.client.read_frame().close_code() == ws_close::unsupported);
  JsonReader other = read_json(net, net.connect_json());
  other.client.read_text();
  other.client.send(masked_text(std::string(66'000, ' ')));
  CHECK(other.client.read_frame().close_code() == ws_close::too_large);
}

TEST_CASE("JSON: a reader far behind is closed with 1013 and a reason, and nobody else") {
  NetSettings settings;
  settings.json_every = std::chrono::milliseconds(1);
  NetFixture net(settings);
  LoopbackClient lazy(net.server->port(), 4096);
  lazy.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  lazy.read_head();
  JsonReader slow = read_json(net, std::move(lazy));
  JsonReader good = read_json(net, net.connect_json());
  Seq seq = 1;
  for (int i = 0; i < 60; ++i) {
    slow.gate->post(published(seq, 5'000));
    if (slow.gate != good.gate) good.gate->post(published(seq, 5'000));
    seq += 5'000;
    // Not parsed: a sanitizer needs longer for it than the five seconds in which a closed reader must have read.
    const std::string last = "\"last_seq\":" + std::to_string(seq - 1) + ",";
    while (good.client.read_text().find(last) == std::string::npos) {}
  }
  auto frame = slow.client.read_frame();
  while (frame.opcode == 1) frame = slow.client.read_frame();
  CHECK(frame.close_code() == ws_close::try_later);
  CHECK(frame.payload.find("behind") != std::string::npos);
}
