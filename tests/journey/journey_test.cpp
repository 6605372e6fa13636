#include <filesystem>

#include <doctest/doctest.h>

#include "server/serve/hosting.h"
#include "tests/journey/journey_client.h"

namespace tessera {
namespace {

/// The real server in this process, on a port of its own that it keeps across restarts.
struct JourneyServer {
  explicit JourneyServer(const std::string& store) {
    ServeSettings settings;
    settings.listen = "127.0.0.1:0";
    settings.store = store;
    settings.canvases = {"main:600x400"};
    settings.limit = "off";
    settings.log_level = "off";
    settings.network_threads = 2;
    const auto made = make_plan(settings);
    REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().message));
    plan = *made;
    start();
    plan.listen.port = hosting->port();
  }
  void start() {
    const auto log = Log::open("off");
    auto opened = Hosting::open(plan, *log, [] {});
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.error().message));
    hosting = std::move(*opened);
    hosting->start();
  }
  void stop() {
    hosting->stop();
    hosting = nullptr;
  }
  std::string link() const { return "http://127.0.0.1:" + std::to_string(plan.listen.port); }

  Plan plan;
  std::unique_ptr<Hosting> hosting;
};

bool sees(const JourneyClient& client, Cell cell, ColorIndex color) {
  return client.model().replica.confirmed(cell) == color && !client.model().replica.pending(cell);
}

bool same_canvas(const JourneyClient& one, const JourneyClient& two) {
  for (std::uint8_t ty = 0; ty < 2; ++ty) {
    for (std::uint8_t tx = 0; tx < 3; ++tx) {
      if (one.model().replica.tile_seq({tx, ty}) != two.model().replica.tile_seq({tx, ty})) return false;
      if (one.model().replica.checksum({tx, ty}) != two.model().replica.checksum({tx, ty})) return false;
    }
  }
  return true;
}

/// A directory of the test's own, gone with it.
struct ScratchDirectory {
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tessera-journey-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("Journey: two people open a link, draw, see each other at once, and know who drew what") {
  JourneyServer server("memory:");
  JourneyClient ann("ann", server.link()), ben("ben", server.link());
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return ann.live() && ben.live(); }));

  ann.click({10, 20}, 5);
  CHECK(ann.model().replica.shown({10, 20}) == empty_color);  // first she is signed in
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return sees(ann, {10, 20}, 5) && sees(ben, {10, 20}, 5); }));
  CHECK(ann.model().account.name == "ann");
  CHECK(ben.model().account.id == nobody);

  ann.click({300, 399}, 6);
  CHECK(ann.model().replica.shown({300, 399}) == 6);  // at once, before the server has answered
  ben.click({599, 0}, 7);
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return sees(ann, {599, 0}, 7) && sees(ben, {300, 399}, 6); }));
  CHECK(JourneyClient::until({&ann, &ben}, [&] { return ann.model().online == 2 && ben.model().online == 2; }));
  CHECK(same_canvas(ann, ben));

  ben.act(action::Inspect{{10, 20}});
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return !ben.model().cell.loading; }));
  REQUIRE(ben.model().cell.items.size() == 1);
  CHECK(ben.model().cell.items[0].name == "ann");
  CHECK(ben.model().cell.items[0].color == 5);

  JourneyClient late("", server.link());
  REQUIRE(JourneyClient::until({&late}, [&] { return late.live(); }));
  CHECK(same_canvas(ann, late));
}

TEST_CASE("Journey: the server goes and comes back, nothing acknowledged is missing, and both go on") {
  const ScratchDirectory directory;
  JourneyServer server("sqlite://" + directory.path.string());
  JourneyClient ann("ann", server.link()), ben("ben", server.link());
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return ann.live() && ben.live(); }));
  ann.click({0, 0}, 1);
  ben.click({0, 1}, 2);
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return sees(ann, {0, 1}, 2) && sees(ben, {0, 0}, 1); }));

  for (std::uint16_t x = 1; x <= 40; ++x) ann.click({x, 100}, 3);  // unanswered, most of them
  server.stop();
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return !ann.live() && !ben.live(); }));
  server.start();
  ann.act(action::RetryNow{});
  ben.act(action::RetryNow{});
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return ann.live() && ben.live(); }));
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return ann.model().replica.unanswered().empty(); }));
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return same_canvas(ann, ben); }));
  CHECK(sees(ann, {0, 0}, 1));
  CHECK(sees(ann, {0, 1}, 2));
  for (std::uint16_t x = 1; x <= 40; ++x) CHECK_FALSE(ann.model().replica.pending({x, 100}));

  ann.click({599, 399}, 9);  // still signed in
  REQUIRE(JourneyClient::until({&ann, &ben}, [&] { return sees(ann, {599, 399}, 9) && sees(ben, {599, 399}, 9); }));
  CHECK(same_canvas(ann, ben));
}

}  // namespace tessera
