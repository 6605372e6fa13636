#include <doctest/doctest.h>

#include "server/http/router.h"

using namespace tessera;

namespace {

Router example() {
  Router router;
  router.add({.pattern = "/things/{canvas}/{x}",
              .path = {canvas_parameter(), number_in_path("x", 9, "a digit")},
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 5, .otherwise = 3},
                        {.name = "region", .kind = ParameterKind::Region},
                        {.name = "at", .kind = ParameterKind::Instant},
                        {.name = "epoch", .kind = ParameterKind::Epoch}}});
  router.add({.method = Method::Post, .pattern = "/things/{canvas}/{x}", .path = {canvas_parameter(), number_in_path("x", 9, "")}});
  router.add({.pattern = "/plain", .unknown = Unknown::Ignored});
  return router;
}

struct Matched {
  unsigned status = 0;
  std::string allow;
  std::string body;
  std::shared_ptr<Call> call;
};

Matched match(const std::string& method, const std::string& path, std::vector<NamedValue> query = {}) {
  static const Router router = example();
  HttpRequest request;
  request.method = method;
  request.path = path;
  request.query = std::move(query);
  Matched matched;
  matched.call = std::make_shared<Call>(std::move(request), nullptr);
  const auto route = router.match(*matched.call);
  if (route) return matched;
  matched.status = route.error().status;
  matched.body = as_text(*route.error().body);
  for (const auto& [name, value] : route.error().headers)
    if (name == "Allow") matched.allow = value;
  return matched;
}

}  // namespace

TEST_CASE("Router: takes what stands between the slashes, and defaults for what is absent") {
  const auto matched = match("GET", "/things/main/7");
  REQUIRE(matched.status == 0);
  CHECK(matched.call->text("canvas") == "main");
  CHECK(matched.call->number("x") == 7);
  CHECK(matched.call->number("limit") == 3);
  CHECK(matched.call->find<Rect>("region") == nullptr);
}

TEST_CASE("Router: parameters of every kind are read") {
  const auto matched = match("GET", "/things/main/7", {{"region", "1,2,3,4"}, {"at", "12"}, {"epoch", "00000000000000fF"}, {"limit", "5"}});
  REQUIRE(matched.status == 0);
  CHECK(*matched.call->find<Rect>("region") == Rect{1, 2, 3, 4});
  CHECK(*matched.call->find<PointInTime>("at") == PointInTime{Seq{12}});
  CHECK(matched.call->number("epoch") == 255);
  const auto time = match("GET", "/things/main/7", {{"at", "1970-01-01T01:00:01 01:00"}});  // the '+' came as a blank
  REQUIRE(time.status == 0);
  CHECK(*time.call->find<PointInTime>("at") == PointInTime{WallTime{1'000}});
}

TEST_CASE("Router: a wrong parameter is 400 and named, whatever is wrong with it") {
  const std::vector<NamedValue> wrong{
      {"limit", "0"}, {"limit", "6"}, {"limit", "-1"}, {"limit", ""}, {"limit", "1x"}, {"limit", "99999999999999999999"},
      {"region", "1,2,3"}, {"region", "1,2,0,4"}, {"region", "1,2,3,4,5"}, {"region", "a,b,c,d"}, {"region", "-1,0,1,1"},
      {"region", "0,0,65536,1"}, {"at", "soon"}, {"at", "2022-13-01T00:00:00Z"}, {"epoch", "ff"}, {"epoch", "zzzzzzzzzzzzzzzz"}};
  for (const NamedValue& parameter : wrong) {
    const auto matched = match("GET", "/things/main/7", {parameter});
    CAPTURE(parameter.first + "=" + parameter.second);
    CHECK(matched.status == 400);
    CHECK(matched.body.find("\"detail\":\"" + parameter.first + " ") != std::string::npos);
  }
  CHECK(match("GET", "/things/main/10").status == 400);
  CHECK(match("GET", "/things/main/x").status == 400);
  CHECK(match("GET", "/things/main/7", {{"limit", "1"}, {"limit", "1"}}).status == 400);
  CHECK(match("GET", "/things/main/7", {{"limits", "1"}}).status == 400);
  CHECK(match("GET", "/plain", {{"whatever", "1"}}).status == 0);
}

TEST_CASE("Router: of a text the length that it must have is told as people say it") {
  const auto refused = [](std::uint64_t min, std::uint64_t max) {
    const auto value = parse_parameter({.name = "word", .kind = ParameterKind::Text, .min = min, .max = max}, min == 0 ? "a long word" : "");
    REQUIRE_FALSE(value);
    return value.error().message;
  };
  CHECK(refused(16, 16) == "must have 16 bytes");
  CHECK(refused(1, 64) == "must have 1 to 64 bytes");
  CHECK(refused(1, UINT64_MAX) == "must have at least 1 byte");
  CHECK(refused(0, 4) == "must have at most 4 bytes");
}

TEST_CASE("Router: nothing there is 404, another method is 405 and says which go") {
  for (const char* path : {"/", "", "/things", "/things/main", "/things/main/", "/things//7", "/things/main/7/8", "/Things/main/7"})
    CHECK_MESSAGE(match("GET", path).status == 404, path);
  CHECK(match("GET", "/things/No/7").status == 404);
  CHECK(match("GET", "/things/" + std::string(65, 'a') + "/7").status == 404);
  const auto matched = match("DELETE", "/things/main/7");
  CHECK(matched.status == 405);
  CHECK(matched.allow == "GET, HEAD, POST");
  CHECK(match("BREW", "/plain").status == 405);
}
