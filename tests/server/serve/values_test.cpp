#include <doctest/doctest.h>

#include "server/serve/values.h"

using namespace tessera;

TEST_CASE("Values: addresses to listen on") {
  CHECK(parse_listen("0.0.0.0:0")->is_any());
  CHECK(parse_listen("[::1]:80")->is_loopback());
  CHECK(parse_listen("[::1]:80")->address == "::1");
  CHECK(parse_listen("7000")->port == 7000);
  CHECK(parse_listen(":7000")->address == "127.0.0.1");
  CHECK(parse_listen("localhost:7000")->address == "127.0.0.1");
  for (const char* wrong : {"", "a:b", "127.0.0.1:", "127.0.0.1:65536", "example.org:80", "::1:80", "1.2.3:80"}) CHECK_MESSAGE(!parse_listen(wrong), wrong);
}

TEST_CASE("Values: canvases, limits, times, numbers") {
  const auto canvas = parse_named_canvas("main:300x200");
  REQUIRE(canvas);
  CHECK(canvas->name == "main");
  CHECK(canvas->size == Size{300, 200});
  for (const char* wrong : {"main", "main:", "main:300", "main:x", "main:300x", "main:300x200x1", "main:-1x5", "main:99999x1"}) CHECK_MESSAGE(!parse_named_canvas(wrong), wrong);

  CHECK(parse_limit("10:20:100")->placing == PlacingLimits{});
  CHECK(parse_limit("0.5")->placing == PlacingLimits{.per_second = 0.5, .burst = 1, .per_minute = std::nullopt, .cooldown_ms = 0});
  CHECK(parse_limit("10")->placing.burst == 20);
  CHECK(parse_limit("off")->off);
  CHECK_FALSE(parse_limit("off")->placing.per_second);
  for (const char* wrong : {"", "0", "-1", "1:", "1:0", "1:2:0", "1:2:3:4", "x", "1e3", "off:1", "."}) CHECK_MESSAGE(!parse_limit(wrong), wrong);

  CHECK(*parse_duration("30d") == std::chrono::hours(720));
  CHECK(*parse_duration("90m") == std::chrono::minutes(90));
  CHECK(*parse_undo_window("5m") == std::chrono::minutes(5));
  CHECK(*parse_undo_window("1h") == std::chrono::hours(1));
  CHECK(*parse_undo_window("off") == std::chrono::seconds::zero());
  for (const char* wrong : {"", "60", "0s", "61m", "1d", "on", "-1s"}) CHECK_MESSAGE(!parse_undo_window(wrong), wrong);
  for (const char* wrong : {"", "30", "d", "59s", "1y", "-1d", "9999d", "1.5d"}) CHECK_MESSAGE(!parse_duration(wrong), wrong);

  CHECK(*parse_count("16M") == 16'000'000);
  CHECK(*parse_count("500k") == 500'000);
  for (const char* wrong : {"", "0", "M", "16G", "-1", "99999999999999999999M"}) CHECK_MESSAGE(!parse_count(wrong), wrong);

  CHECK(parse_per_minute("off")->has_value() == false);
  CHECK(**parse_per_minute("10") == 10);
  CHECK_FALSE(parse_per_minute("0"));
}
