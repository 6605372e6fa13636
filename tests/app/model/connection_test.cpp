#include <doctest/doctest.h>

#include "tests/support/model_fixture.h"

using namespace tessera;
using std::chrono::milliseconds;

namespace {

/// Opens whatever is asked for next, however long the wait.
void wait_for_attempt(ModelFixture& f) {
  for (int i = 0; i < 400 && f.all<effect::OpenConnection>().empty(); ++i) f.tick(milliseconds{100});
  REQUIRE_FALSE(f.all<effect::OpenConnection>().empty());
}

}  // namespace

TEST_CASE("Connection: from a link to the canvas") {
  ModelFixture f;
  f.start("http://localhost:7878/#canvas=main&x=300&y=200&zoom=8");
  CHECK(f.model.screen == Screen::Connecting);
  const auto opened = f.all<effect::OpenConnection>();
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].server == "http://localhost:7878");

  f.act(action::Connected{opened[0].connection});
  const auto hello = f.sent<Hello>();
  REQUIRE(hello.size() == 1);
  CHECK(hello[0].version == protocol_version);
  CHECK(hello[0].client == f.model.client);
  CHECK(hello[0].token.empty());

  f.hear(f.welcome);
  const auto enter = f.sent<Enter>();
  REQUIRE(enter.size() == 1);
  CHECK(enter[0] == Enter{"main", Epoch{0}, 0, {}});

  f.hear(f.entered);
  CHECK(f.model.screen == Screen::Canvas);
  CHECK(f.model.connection.state == ConnectionState::Live);
  CHECK(f.model.viewport.zoom() == 8);
  CHECK(f.model.viewport.centre() == CanvasPoint{300.5, 200.5});
  CHECK(f.model.online == 3);
  const auto watch = f.sent<Watch>();
  REQUIRE(watch.size() == 1);
  CHECK(watch[0].add.size() == 2);
}

TEST_CASE("Connection: a cut is answered at once, and what was held is asked about by seq and checksum") {
  ModelFixture f;
  f.go_live();
  f.hear(deltas_of({0, 0}, 0, {{5, 3}, {6, 3}}));
  const Place place = f.place({9, 9}, 4);
  REQUIRE(place.cells.size() == 1);
  const ConnectionId old = f.model.connection.id;

  f.tick(milliseconds{6'000});
  f.hear(Pong{});
  f.tick(milliseconds{10});
  f.lose();
  const auto opened = f.all<effect::OpenConnection>();
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].connection != old);
  CHECK(f.model.screen == Screen::Canvas);
  CHECK(f.model.replica.shown({9, 9}) == 4);
  REQUIRE(banner(f.model));
  CHECK(banner(f.model)->phrase.text == Text::Reconnecting);

  f.act(action::Connected{f.model.connection.id});
  CHECK(f.sent<Hello>().size() == 1);
  f.hear(f.welcome);
  CHECK(f.sent<Enter>()[0] == Enter{"main", Epoch{11}, 2, {{place.request}}});
  f.entered.seq = 3;
  f.hear(f.entered);
  CHECK(f.has_toast(Text::BackAgain));
  CHECK_FALSE(banner(f.model));
  REQUIRE(f.sent<Watch>().size() == 1);
  const std::vector<TileState> held = f.sent<Watch>()[0].add;
  CHECK(held.size() == 6);
  for (const TileState& state : held) {
    if (state.tile == TileIndex{0, 0}) CHECK(state.seq == 2);
    CHECK(state.crc != 0);
    CHECK(state.crc == f.model.replica.checksum(state.tile));
  }
}

TEST_CASE("Connection: what an older connection still delivers is ignored") {
  ModelFixture f;
  f.go_live();
  const ConnectionId old = f.model.connection.id;
  f.lose();
  f.come_back();
  f.act(action::Received{old, deltas_of({0, 0}, 0, {{5, 3}})});
  CHECK(f.model.replica.confirmed({5, 0}) == empty_color);
  f.act(action::Disconnected{old, DisconnectReason::Lost, ""});
  f.act(action::Unreadable{old, ""});
  f.act(action::Connected{old});
  CHECK(f.effects.empty());
  CHECK(f.model.connection.state == ConnectionState::Live);
}

TEST_CASE("Connection: attempts that fail are repeated with growing waits, and the wait is shown") {
  ModelFixture f;
  f.go_live();
  f.tick(milliseconds{6'000});
  f.lose();
  std::vector<Duration> waits;
  for (int i = 0; i < 6; ++i) {
    f.act(action::Disconnected{f.model.connection.id, DisconnectReason::Unreachable, ""});
    CHECK(f.model.connection.state == ConnectionState::Waiting);
    REQUIRE(banner(f.model));
    CHECK(banner(f.model)->phrase.text == Text::ReconnectingIn);
    CHECK(banner(f.model)->can_retry);
    waits.push_back(*f.model.connection.retry_at - f.now);
    wait_for_attempt(f);
  }
  CHECK(waits.front() <= milliseconds{1'000});
  CHECK(waits.back() >= milliseconds{7'500});
  CHECK(waits.back() <= milliseconds{15'000});
}

TEST_CASE("Connection: a person need not wait for the next attempt") {
  ModelFixture f;
  f.go_live();
  f.lose();
  f.act(action::Disconnected{f.model.connection.id, DisconnectReason::Unreachable, ""});
  f.act(action::RetryNow{});
  CHECK(f.all<effect::OpenConnection>().size() == 1);
  f.act(action::RetryNow{});
  CHECK(f.effects.empty());
}

TEST_CASE("Connection: a server that takes one in and drops one at once is not hammered") {
  ModelFixture f;
  f.go_live();
  int at_once = 0;
  for (int i = 0; i < 10; ++i) {
    f.lose();
    if (!f.all<effect::OpenConnection>().empty()) ++at_once;
    if (f.model.connection.state == ConnectionState::Waiting) wait_for_attempt(f);
    f.come_back();
  }
  CHECK(at_once == 1);
}

TEST_CASE("Connection: a session that is over is forgotten, and one goes on as nobody") {
  ModelFixture f;
  action::Started started;
  started.tokens = {{"http://localhost:7878", "old"}, {"http://other", "kept"}};
  started.link = "http://localhost:7878";
  f.act(started);
  f.act(action::Connected{f.model.connection.id});
  CHECK(f.sent<Hello>()[0].token == "old");
  f.hear(Refused{Refusal::BadToken, "", protocol_version});
  REQUIRE(f.all<effect::SaveTokens>().size() == 1);
  CHECK(f.all<effect::SaveTokens>()[0].tokens.size() == 1);
  CHECK(f.all<effect::OpenConnection>().size() == 1);
  f.act(action::Connected{f.model.connection.id});
  CHECK(f.sent<Hello>()[0].token.empty());
  f.hear(f.welcome);
  f.hear(f.entered);
  CHECK(f.model.screen == Screen::Canvas);
}

TEST_CASE("Connection: a server that calls no token a bad one is not asked again without a pause") {
  ModelFixture f;
  f.start();
  f.act(action::Connected{f.model.connection.id});
  f.hear(Refused{Refusal::BadToken, "", protocol_version});
  CHECK(f.all<effect::OpenConnection>().empty());
  CHECK(f.model.connection.state == ConnectionState::Waiting);
}

TEST_CASE("Connection: where sessions are cookies, a failed attempt has the stale one cleared") {
  ModelFixture f;
  Device browser;
  browser.sessions = SessionKeeping::Cookie;
  f.start("http://localhost:7878", browser);
  f.act(action::Disconnected{f.model.connection.id, DisconnectReason::Unreachable, ""});
  CHECK(f.all<effect::CheckSession>().size() == 1);
  wait_for_attempt(f);
}

TEST_CASE("Connection: another version ends it with words, and a page of an older one is fetched anew") {
  ModelFixture f;
  Device browser;
  browser.web = true;
  f.start("http://localhost:7878", browser);
  f.act(action::Connected{f.model.connection.id});
  SUBCASE("before the canvas was ever seen: words only, as another load may bring the same page") {
    f.hear(Refused{Refusal::BadVersion, "", protocol_version + 1});
    CHECK(f.model.screen == Screen::Start);
    CHECK(f.model.join.error == Phrase{Text::PageTooOld, {}});
    CHECK(f.all<effect::ReloadPage>().empty());
  }
  SUBCASE("the server was updated meanwhile") {
    f.hear(f.welcome);
    f.hear(f.entered);
    f.lose();
    f.act(action::Connected{f.model.connection.id});
    f.hear(Refused{Refusal::BadVersion, "", protocol_version + 1});
    CHECK(f.all<effect::ReloadPage>().size() == 1);
    CHECK(f.model.connection.state == ConnectionState::Offline);
    CHECK(banner(f.model)->phrase.text == Text::PageTooOld);
  }
  for (int i = 0; i < 100; ++i) {
    f.tick(milliseconds{500});
    CHECK(f.all<effect::OpenConnection>().empty());
  }
}

TEST_CASE("Connection: an app of another version says which of the two is older") {
  const auto told = [](std::uint16_t server_version) {
    ModelFixture f;
    f.start("http://localhost:7878");
    f.act(action::Connected{f.model.connection.id});
    f.hear(Refused{Refusal::BadVersion, "", server_version});
    return f.model.join.error;
  };
  CHECK(told(protocol_version + 1) == Phrase{Text::VersionTooOld, {}});
  CHECK(told(protocol_version - 1) == Phrase{Text::VersionTooNew, {}});
}

TEST_CASE("Connection: a canvas that is not there is said on the start screen") {
  ModelFixture f;
  f.start("http://localhost:7878/#canvas=nope");
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(Refused{Refusal::NotFound, "", protocol_version});
  CHECK(f.model.screen == Screen::Start);
  CHECK(f.model.join.error == Phrase{Text::NoSuchCanvas, {"nope"}});
  CHECK(f.all<effect::CloseConnection>().size() == 1);
}

TEST_CASE("Connection: another epoch is said, and everything asked for anew") {
  ModelFixture f;
  f.go_live();
  f.hear(deltas_of({0, 0}, 0, {{5, 3}}));
  f.lose();
  f.entered.epoch = Epoch{12};
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(f.entered);
  CHECK(f.has_toast(Text::CanvasWasReset));
  CHECK(f.model.replica.confirmed({5, 0}) == empty_color);
  const std::vector<TileState> asked = f.sent<Watch>()[0].add;
  for (const TileState& state : asked) CHECK(state.seq == 0);
}

TEST_CASE("Connection: silence after a ping is a cut; any word is a sign of life") {
  ModelFixture f;
  f.go_live();
  f.tick();
  CHECK(f.sent<Ping>().size() == 1);
  f.tick(milliseconds{30});
  f.hear(Pong{});
  CHECK(*f.model.connection.latency == milliseconds{30});
  int pings = 0;
  for (int i = 0; i < 9; ++i) {
    f.tick(milliseconds{1'000});
    pings += static_cast<int>(f.sent<Ping>().size());
  }
  CHECK(pings == 1);
  f.hear(Online{4});
  for (int i = 0; i < 9; ++i) CHECK(f.tick(milliseconds{1'000}).empty());
  f.tick(milliseconds{1'100});
  CHECK(f.all<effect::CloseConnection>().size() == 1);
  CHECK(f.all<effect::OpenConnection>().size() == 1);
}

TEST_CASE("Connection: a machine that slept does not take its sleep for the server's silence") {
  ModelFixture f;
  f.go_live();
  f.tick();
  f.tick(milliseconds{3'600'000});
  CHECK(f.model.connection.state == ConnectionState::Live);
  CHECK(f.all<effect::CloseConnection>().empty());
}

TEST_CASE("Connection: an attempt that hangs is given up") {
  ModelFixture f;
  f.start();
  for (int i = 0; i < 14; ++i) CHECK(f.tick(milliseconds{1'000}).empty());
  f.tick(milliseconds{1'000});
  CHECK(f.all<effect::CloseConnection>().size() == 1);
  CHECK(f.model.connection.state == ConnectionState::Waiting);
}

TEST_CASE("Connection: a hidden page watches nothing, and comes back by checksum") {
  ModelFixture f;
  f.go_live();
  f.act(action::PageHidden{});
  REQUIRE(f.sent<Watch>().size() == 1);
  CHECK(f.sent<Watch>()[0].drop.size() == 6);
  f.tick(milliseconds{100});
  CHECK(f.sent<Watch>().empty());
  f.act(action::PageShown{});
  REQUIRE(f.sent<Watch>().size() == 1);
  CHECK(f.sent<Watch>()[0].add.size() == 6);
  CHECK(f.sent<Watch>()[0].add[0].crc != 0);
}

TEST_CASE("Connection: a page hidden while it reconnects watches only when it is shown") {
  ModelFixture f;
  f.go_live();
  f.act(action::PageHidden{});
  f.lose();
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(f.entered);
  CHECK(f.sent<Watch>().empty());
  f.act(action::PageShown{});
  CHECK(f.sent<Watch>().size() == 1);
}

TEST_CASE(
    "Connection: to another canvas of the same server without a new connection; the old one's words are not the new "
    "one's") {
  ModelFixture f;
  f.go_live();
  f.act(action::OpenLink{"http://localhost:7878/#canvas=other"});
  CHECK(f.all<effect::OpenConnection>().empty());
  REQUIRE(f.sent<Enter>().size() == 1);
  CHECK(f.sent<Enter>()[0] == Enter{"other", Epoch{0}, 0, {}});
  f.hear(deltas_of({0, 0}, 0, {{5, 3}}));
  f.hear(PauseChanged{});
  CHECK(f.effects.empty());
  f.entered.canvas.name = "other";
  f.entered.epoch = Epoch{99};
  f.hear(f.entered);
  CHECK(f.model.screen == Screen::Canvas);
  CHECK(f.model.canvas.name == "other");
  CHECK_FALSE(f.has_toast(Text::CanvasWasReset));
}

TEST_CASE("Connection: who changes their mind while entering ends where they last wanted") {
  ModelFixture f;
  f.go_live();
  f.act(action::OpenLink{"http://localhost:7878/#canvas=b"});
  f.act(action::OpenLink{"http://localhost:7878/#canvas=c"});
  Entered to_b = f.entered, to_c = f.entered;
  to_b.canvas.name = "b";
  to_c.canvas.name = "c";
  f.hear(to_b);
  CHECK(f.model.connection.state == ConnectionState::Greeting);
  f.hear(to_c);
  CHECK(f.model.canvas.name == "c");
}

TEST_CASE("Connection: a link to the canvas one is on only moves the view") {
  ModelFixture f;
  f.go_live();
  f.act(action::OpenLink{"http://localhost:7878/#canvas=main&x=10&y=20&zoom=16"});
  CHECK(f.effects.empty());
  f.tick(milliseconds{200});
  CHECK(f.model.viewport.centre() == CanvasPoint{10.5, 20.5});
  CHECK(f.model.viewport.zoom() == 16);
}

TEST_CASE("Connection: leaving closes it for good") {
  ModelFixture f;
  f.go_live();
  f.act(action::Leave{});
  CHECK(f.all<effect::CloseConnection>().size() == 1);
  CHECK(f.model.screen == Screen::Start);
  f.act(action::Disconnected{f.model.connection.id, DisconnectReason::Lost, ""});
  for (int i = 0; i < 50; ++i) CHECK(f.tick(milliseconds{500}).empty());
}

TEST_CASE("Connection: a frame that is no message closes it, and it is tried again later") {
  ModelFixture f;
  f.go_live();
  f.act(action::Unreadable{f.model.connection.id, "tag 0"});
  CHECK(f.all<effect::CloseConnection>().size() == 1);
  CHECK(f.model.connection.state == ConnectionState::Waiting);
}

TEST_CASE("Connection: messages before their time, or after it, do no harm") {
  ModelFixture f;
  f.hear(f.entered);
  f.hear(Pong{});
  f.start();
  f.hear(f.entered);
  f.hear(PlaceResult{});
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.entered);
  f.hear(Charges{});
  f.hear(TileSnapshot{});
  CHECK(f.model.screen == Screen::Connecting);
  f.hear(f.welcome);
  f.hear(f.entered);
  f.hear(f.entered);
  CHECK(f.model.connection.state == ConnectionState::Live);
}
