#include <doctest/doctest.h>

#include <set>

#include "tests/support/model_fixture.h"

using namespace tessera;
using std::chrono::milliseconds;

TEST_CASE("View: panning asks for the tiles that come into view and lets go of those that left it") {
  ModelFixture f;
  f.go_live();
  f.model.viewport.go_to({128, 128}, 16, Motion::AtOnce, f.now);
  f.tick();
  REQUIRE(f.sent<Watch>().size() == 1);
  CHECK(f.sent<Watch>()[0].add.empty());
  CHECK(f.sent<Watch>()[0].drop.size() == 5);
  f.tick(milliseconds{16});
  CHECK(f.sent<Watch>().empty());
  f.model.viewport.go_to({384, 128}, 16, Motion::AtOnce, f.now);
  f.tick(milliseconds{16});
  REQUIRE(f.sent<Watch>().size() == 1);
  CHECK(f.sent<Watch>()[0].add[0].tile == TileIndex{1, 0});
  CHECK(f.sent<Watch>()[0].add[0].crc != 0);
  CHECK(f.sent<Watch>()[0].drop == std::vector<WireTile>{{{0, 0}}});
}

TEST_CASE("View: the wheel and the keys zoom smoothly, at once with reduced motion") {
  ModelFixture f;
  f.go_live();
  f.model.viewport.go_to({300, 200}, 4, Motion::AtOnce, f.now);
  f.act(action::WheelTurned{{400, 300}, 1});
  CHECK(f.model.viewport.moving());
  f.tick(milliseconds{160});
  CHECK(f.model.viewport.zoom() == 6);
  Settings settings;
  settings.reduced_motion = true;
  f.act(action::SetSettings{settings});
  f.act(action::ZoomStep{1});
  CHECK_FALSE(f.model.viewport.moving());
  CHECK(f.model.viewport.zoom() == 8);
  f.act(action::Fit{});
  CHECK(f.model.viewport.visible_cells() == Rect{0, 0, 600, 400});
}

TEST_CASE("View: the page's address follows, but not on every frame, and not outside a browser") {
  Device browser;
  browser.web = true;
  ModelFixture f;
  f.start("http://localhost:7878/#canvas=main&x=300&y=200&zoom=8", browser);
  f.go_live();
  int set = 0;
  for (int i = 0; i < 60; ++i) {
    f.act(action::Pan{-1, 0});
    f.tick(milliseconds{16});
    set += static_cast<int>(f.all<effect::SetAddress>().size());
  }
  CHECK(set <= 4);
  std::string last;
  for (int i = 0; i < 60; ++i) {
    f.tick(milliseconds{16});
    for (const auto& address : f.all<effect::SetAddress>()) last = address.fragment;
  }
  CHECK(last == "#canvas=main&x=308&y=200&zoom=8");
  f.act(action::AddressChanged{last});
  CHECK_FALSE(f.model.viewport.moving());
  f.act(action::AddressChanged{"#canvas=main&x=10&y=10&zoom=8"});
  f.tick(milliseconds{200});
  CHECK(f.model.viewport.centre() == CanvasPoint{10.5, 10.5});
}

TEST_CASE("View: a link gives the same view on displays of any density") {
  ModelFixture f;
  f.act(action::WindowResized{1'600, 1'200, 2});
  action::Started started;
  started.link = "http://localhost:7878/#x=300&y=200&zoom=8";
  f.act(started);
  f.come_back();
  CHECK(f.model.viewport.zoom() == 16);
  CHECK(share_link(f.model) == "http://localhost:7878/#canvas=main&x=300&y=200&zoom=8");
}

TEST_CASE("View: recent canvases are kept with a picture, the newest first, each once, and can be forgotten") {
  ModelFixture f;
  f.go_live();
  f.place({300, 200}, 2);
  f.tick(milliseconds{5'100});
  REQUIRE(f.all<effect::SaveRecent>().size() == 1);
  const auto saved = f.all<effect::SaveRecent>()[0].recent;
  REQUIRE(saved.size() == 1);
  CHECK(saved[0].canvas == "main");
  CHECK(saved[0].picture.size() == recent_picture_side * recent_picture_side * 4);
  f.act(action::Leave{});
  CHECK(f.all<effect::SaveRecent>()[0].recent.size() == 1);
  for (int i = 0; i < 12; ++i) {
    f.act(action::OpenLink{"http://h" + std::to_string(i)});
    f.come_back();
    f.act(action::Leave{});
  }
  CHECK(f.model.recent.size() == recent_servers);
  CHECK(f.model.recent[0].server == "http://h11");
  f.act(action::ForgetRecent{"http://h11", "main"});
  CHECK(f.model.recent[0].server == "http://h10");
  CHECK(f.all<effect::SaveRecent>().size() == 1);
}

TEST_CASE("View: a bad link is said beside the field and changes nothing") {
  ModelFixture f;
  f.act(action::EditJoin{"ftp://x"});
  f.act(action::Join{});
  CHECK(f.effects.empty());
  CHECK(f.model.join.error == Phrase{Text::LinkScheme, {}});
  f.act(action::EditJoin{"localhost:7878"});
  CHECK_FALSE(f.model.join.error);
  f.act(action::Join{});
  CHECK(f.all<effect::OpenConnection>().size() == 1);
}

TEST_CASE("View: hosting starts the server, enters it, and stops it") {
  ModelFixture f;
  f.act(action::HostCanvas{});
  CHECK(f.effects.empty());
  f.model.host.available = true;
  f.act(action::SetHostLan{true});
  f.act(action::HostCanvas{});
  REQUIRE(f.all<effect::StartLocalServer>().size() == 1);
  CHECK(f.all<effect::StartLocalServer>()[0].lan);
  f.act(action::HostCanvas{});
  CHECK(f.effects.empty());
  f.act(action::LocalServerLogged{"listening"});
  f.act(action::LocalServerChanged{HostState::Running, "http://127.0.0.1:40000", {"http://192.168.1.5:40000"}, {}});
  REQUIRE(f.all<effect::OpenConnection>().size() == 1);
  CHECK(f.all<effect::OpenConnection>()[0].server == "http://127.0.0.1:40000");
  f.come_back();
  f.act(action::CopyLink{});
  CHECK(f.all<effect::CopyText>()[0].text.rfind("http://192.168.1.5:40000/#canvas=main", 0) == 0);
  f.act(action::StopHosting{});
  CHECK(f.all<effect::StopLocalServer>().size() == 1);
  CHECK(f.model.screen == Screen::Start);
  f.act(action::LocalServerChanged{HostState::Off, "", {}, {}});
  CHECK(f.model.host.state == HostState::Off);
}

TEST_CASE("View: a server that cannot start says why, with the newest lines of its log") {
  ModelFixture f;
  f.model.host.available = true;
  f.act(action::HostCanvas{});
  for (int i = 0; i < 300; ++i) f.act(action::LocalServerLogged{"line " + std::to_string(i)});
  f.act(action::LocalServerChanged{HostState::Failed, "", {}, Phrase{Text::HostPortTaken, {"7878"}}});
  CHECK(f.model.host.error->text == Text::HostPortTaken);
  CHECK(f.model.host.log.size() == Host::log_lines);
  CHECK(f.model.host.log.back() == "line 299");
  CHECK(f.all<effect::OpenConnection>().empty());
  f.act(action::HostCanvas{});
  CHECK(f.all<effect::StartLocalServer>().size() == 1);
}

TEST_CASE("View: settings are kept, within their ranges") {
  ModelFixture f;
  Settings settings;
  settings.scale = 9;
  settings.language = Language::French;
  f.act(action::SetSettings{settings});
  CHECK(f.model.settings.scale == 2);
  CHECK(language(f.model) == Language::French);
  CHECK(f.all<effect::SaveSettings>().size() == 1);
  f.act(action::SetSettings{f.model.settings});
  CHECK(f.effects.empty());
}

TEST_CASE("View: when nothing moves, nothing needs to be drawn again before it changes") {
  ModelFixture f;
  f.act(action::WindowResized{800, 600, 1});
  CHECK_FALSE(next_change(f.model));
  f.go_live();
  f.tick();
  f.hear(Pong{});
  f.model.recent_due.reset();
  f.tick(milliseconds{10});
  REQUIRE(next_change(f.model));
  CHECK(*next_change(f.model) - f.now > milliseconds{4'000});
  f.act(action::ZoomStep{1});
  CHECK(*next_change(f.model) == f.now);
}

TEST_CASE("View: at most four toasts are shown, the same one once") {
  ModelFixture f;
  f.go_live();
  for (int i = 0; i < 5; ++i) f.act(action::CopyLink{});
  CHECK(f.model.toasts.size() == 1);
  const std::uint32_t id = f.model.toasts[0].id;
  f.act(action::DismissToast{id});
  CHECK(f.model.toasts.empty());
}

TEST_CASE("View: a smaller canvas is no longer asked for beyond its edge") {
  ModelFixture f;
  f.go_live();
  CanvasInfo smaller = f.entered.canvas;
  smaller.width = smaller.height = 200;
  f.hear(CanvasChanged{smaller});
  f.tick(milliseconds{16});
  CHECK(f.sent<Watch>()[0].drop.size() == 5);
  CHECK(may_place(f.model, {300, 100}) == Obstacle::OutOfBounds);
}

TEST_CASE("View: the rest of the canvas comes for the minimap, a few tiles at a time, and is let go again") {
  ModelFixture f;
  f.entered.canvas.width = f.entered.canvas.height = 2'000;
  f.start("http://localhost:7878/#canvas=main&x=1000&y=1000&zoom=8");
  f.go_live();
  const std::size_t in_view = f.model.replica.held().size();
  std::set<TileIndex> came;
  for (const TileIndex tile : f.model.replica.held()) came.insert(tile);
  std::size_t watched = in_view;
  for (int i = 0; i < 100; ++i) {
    f.tick(milliseconds{16});
    for (const Watch& watch : f.sent<Watch>()) {
      watched += watch.add.size();
      watched -= watch.drop.size();
      for (const TileState& state : watch.add) CHECK(came.insert(state.tile).second);
    }
    CHECK(watched <= in_view + 4);
    f.answer_watches(Tile{}, 0);
  }
  CHECK(came.size() == 64);
  CHECK(watched == in_view);
  CHECK(f.model.replica.held().size() <= in_view + Replica::remembered_tiles);
}

TEST_CASE("View: on a phone, which has no minimap, only what is in view is asked for") {
  ModelFixture f;
  f.entered.canvas.width = f.entered.canvas.height = 2'000;
  f.start("http://localhost:7878/#canvas=main&x=1000&y=1000&zoom=8");
  f.act(action::WindowResized{390, 600, 1});
  f.go_live();
  f.tick(milliseconds{16});
  CHECK(f.sent<Watch>().empty());
}
