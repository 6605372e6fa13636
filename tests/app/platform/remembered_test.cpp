#include "app/platform/remembered.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("Remembered: settings come back as they were") {
  Settings settings;
  settings.theme = Theme::Light;
  settings.scale = 1.25;
  settings.language = Language::French;
  settings.reduced_motion = true;
  settings.grid = false;
  settings.notify = true;
  settings.nickname = "Zoé";
  CHECK(read_settings(write_settings(settings)) == settings);
  CHECK(read_settings(write_settings(Settings{})) == Settings{});
}

TEST_CASE("Remembered: recent canvases come back with their pictures") {
  RecentServer place{"https://place.example.org", "place", WallTime{1'700'000'000'000}, recent_picture_side, {}};
  place.picture.assign(std::size_t{4} * recent_picture_side * recent_picture_side, 0xa5);
  const RecentServer plain{"http://192.168.1.5:7878", "main", WallTime{5}, 0, {}};
  const auto back = read_recent(write_recent({place, plain}));
  REQUIRE(back.size() == 2);
  CHECK(back[0].server == place.server);
  CHECK(back[0].canvas == place.canvas);
  CHECK(back[0].seen == place.seen);
  CHECK(back[0].picture_side == recent_picture_side);
  CHECK(back[0].picture == place.picture);
  CHECK(back[1].picture.empty());
  CHECK(back[1].picture_side == 0);
}

TEST_CASE("Remembered: tokens come back, and ones no server gave do not") {
  const auto back = read_tokens(write_tokens({{"http://a", "tk_1"}, {"http://b", ""}, {"", "tk"}, {"http://c", std::string(limits::token_bytes + 1, 'x')}}));
  REQUIRE(back.size() == 1);
  CHECK(back[0].server == "http://a");
  CHECK(back[0].token == "tk_1");
}

TEST_CASE("Remembered: a damaged file costs what is damaged, never the start") {
  for (const char* text : {"", "{", "[]", "null", "[1,2]", R"({"theme":7,"scale":"big","language":"xx","grid":null,"nickname":["a"]})", "\xff\xfe"}) {
    CHECK(read_settings(text) == Settings{});
    CHECK(read_recent(text).empty());
    CHECK(read_tokens(text).empty());
  }
  CHECK(read_settings(R"({"scale":1e300})").scale == 2);
  CHECK(read_settings(R"({"scale":-1,"theme":"dark"})").theme == Theme::Dark);
  CHECK(read_recent(R"([{"server":"http://a","picture":"00ff","seen_ms":1e300}])").front().picture.empty());
}
