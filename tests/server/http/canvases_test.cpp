#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

using json = nlohmann::json;

/// The owner's desk.
struct Desk : ApiFixture {
  using ApiFixture::ApiFixture;

  Answer owner(const std::string& method, const std::string& target, const std::string& body = {}, const std::string& if_match = {}) {
    auto headers = bearer(owner_token);
    if (!if_match.empty()) headers.emplace_back("if-match", if_match);
    return ask(method, "/api/v1/canvases" + target, body, headers);
  }
  json canvas(const std::string& name = "main") { return get("/api/v1/canvases/" + name).json(); }
};

}  // namespace

TEST_CASE("Canvases: made by POST, with what was asked for and the server's own limits for the rest") {
  Desk desk;
  const Answer made = desk.owner("POST", "", R"({"name":"party","width":40,"height":30,"policy":{"cooldown_ms":500,"guests":false,"roles":{"member":{"burst":50}}},
      "palette":[{"color":"#ff0000","name":"Red"},{"color":"#00FF00"}],"access":"code"})");
  REQUIRE(made.status() == 201);
  CHECK(made.header("Location") == "/api/v1/canvases/party");
  CHECK(made.header("ETag") == "\"1\"");
  const json canvas = made.json();
  CHECK(canvas["palette"] == json::parse(R"([{"color":"#FF0000","name":"Red","retired":false},{"color":"#00FF00","name":"#00FF00","retired":false}])"));
  CHECK(canvas["policy"]["cooldown_ms"] == 500);
  CHECK(canvas["policy"]["per_second"] == 10);
  CHECK(canvas["policy"]["roles"]["member"]["burst"] == 50);
  CHECK(canvas["policy"]["roles"]["member"]["per_minute"] == 100);
  CHECK(canvas["access"] == "code");
  CHECK(canvas["code"].get<std::string>().size() == 6);
  CHECK_FALSE(desk.canvas("party").contains("code"));  // nobody else learns it
  CHECK(desk.owner("POST", "", R"({"name":"party","width":4,"height":3})").code() == "exists");
  CHECK(desk.get("/api/v1/server").json()["canvases"].size() == 2);
}

TEST_CASE("Canvases: what cannot be made or changed is named, and changes nothing") {
  Desk desk;
  const json before = desk.canvas();
  struct Wrong {
    const char* body;
    const char* says;
  };
  const Wrong wrongs[] = {
      {R"({"width":0})", "width must be a whole number from 1 to 65535"},
      {R"({"width":65535,"height":65535})", "has more cells than"},
      {R"({"width":1.5})", "width must be a whole number"},
      {R"({"policy":{"per_second":-1}})", "policy.per_second must be a number"},
      {R"({"policy":{"per_second":1e400}})", "too large"},
      {R"({"policy":{"burst":null}})", "policy.burst must be at least 1"},
      {R"({"policy":{"roles":{"king":{}}}})", "there is no role 'king'"},
      {R"({"policy":{"speed":1}})", "policy has a field \"speed\" that means nothing here"},
      {R"({"palette":[]})", "palette"},
      {R"({"palette":[{"color":"red"}]})", "palette[0].color must be written as #RRGGBB"},
      {R"({"palette":[{"color":"#FF0000"}]})", "never shrinks"},
      {R"({"access":"secret"})", "access must be open, code, members or invited"},
      {R"({"code":"a"})", "code must have at least 4"},
      {R"({"name":"other"})", "has a field \"name\""},
      {R"({"paused":1})", "paused must be true or false"},
  };
  for (const Wrong& wrong : wrongs) {
    CAPTURE(std::string(wrong.body));
    const Answer answer = desk.owner("PATCH", "/main", wrong.body, "*");
    CHECK(answer.status() == 400);
    CAPTURE(answer.body());
    CHECK(answer.body().find(nlohmann::json(wrong.says).dump().substr(1, std::string(nlohmann::json(wrong.says).dump()).size() - 2)) != std::string::npos);
  }
  CHECK(desk.canvas() == before);
  CHECK(desk.owner("POST", "", R"({"name":"Bad name","width":4,"height":3})").status() == 400);
  for (const Answer& large : {desk.owner("POST", "", R"({"name":"big","width":60000,"height":60000})"), desk.owner("PATCH", "/main", R"({"width":60000,"height":60000})", "*")}) {
    CHECK(large.status() == 400);
    CHECK(large.code() == "too_large");
  }
}

TEST_CASE("Canvases: what is wrong with a palette is told with its place once") {
  Desk desk;
  const auto detail = [&](const char* body) { return desk.owner("PATCH", "/main", body, "*").json()["detail"]; };
  CHECK(detail(R"({"palette":[]})") == "palette: at least one colour is needed");
  CHECK(detail(R"({"palette":[{"color":"#FF0000"},{"color":"#FF0000"}]})") == "palette: colour 1 (#FF0000) is the same as colour 0");
}

TEST_CASE("Canvases: a change needs the version it was made for; 412 tells what is there now") {
  Desk desk;
  CHECK(desk.owner("PATCH", "/main", R"({"width":100})").code() == "precondition_required");
  CHECK(desk.owner("PATCH", "/main", R"({"width":100})", "\"1\"").status() == 200);
  const Answer stale = desk.owner("PATCH", "/main", R"({"height":50})", "\"1\"");
  CHECK(stale.status() == 412);
  CHECK(stale.code() == "stale");
  CHECK(stale.json()["current"]["width"] == 100);
  CHECK(stale.json()["current"]["version"] == 2);
  CHECK(stale.header("ETag") == "\"2\"");
  // Tags of other things, weak ones and made-up ones match nothing.
  for (const char* tag : {"W/\"2\"", "\"main-2\"", "\"99\"", "\"\"", "\"2 \""}) CHECK_MESSAGE(desk.owner("PATCH", "/main", R"({"height":50})", tag).status() == 412, tag);
  CHECK(desk.owner("PATCH", "/main", R"({"height":50})", "2").status() == 400);
  CHECK(desk.owner("PATCH", "/main", R"({"height":50})", "\"7\", \"2\"").status() == 200);
  CHECK(desk.owner("DELETE", "/main").status() == 428);
}

TEST_CASE("Canvases: a pause needs no version, and is told to whoever places") {
  Desk desk;
  const std::string ann = desk.sign_in("ann");
  CHECK(desk.owner("PATCH", "/main", R"({"paused":true,"message":"tea\u202e"})").json()["message"] == "tea");
  CHECK(desk.place(ann, R"([{"x":1,"y":1,"color":1}])").code() == "paused");
  CHECK(desk.owner("PATCH", "/main", R"({"paused":false})").status() == 200);
  CHECK(desk.place(ann, R"([{"x":1,"y":1,"color":1}])").status() == 200);
}

TEST_CASE("Canvases: pictures of the past keep the size that the canvas had then") {
  Desk desk;
  const std::string ann = desk.sign_in("ann");
  desk.place(ann, R"([{"x":299,"y":199,"color":1}])");
  const auto size = [&](const std::string& query) {
    const std::string png = desk.get("/api/v1/canvases/main/image.png" + query).body();
    REQUIRE(png.size() > 24);
    return std::pair(static_cast<unsigned char>(png[18]) * 256 + static_cast<unsigned char>(png[19]),
                     static_cast<unsigned char>(png[22]) * 256 + static_cast<unsigned char>(png[23]));
  };
  const Answer dry = desk.owner("PATCH", "/main?dry_run=true", R"({"width":100})", "\"1\"");
  CHECK(dry.json()["hidden_cells"] == 1);
  CHECK(dry.json()["version"] == 1);
  CHECK(desk.canvas()["width"] == 300);
  CHECK(desk.owner("PATCH", "/main", R"({"width":100})", "\"1\"").json()["hidden_cells"] == 1);
  desk.place(ann, R"([{"x":1,"y":1,"color":1}])");
  CHECK(size("") == std::pair(100, 200));
  CHECK(size("?at=1") == std::pair(300, 200));
  CHECK(size("?at=2") == std::pair(100, 200));
  CHECK(desk.owner("PATCH", "/main", R"({"width":400})", "\"2\"").status() == 200);
  CHECK(desk.get("/api/v1/canvases/main/cells/299/199").json()["color"] == 1);
}

TEST_CASE("Canvases: archived ones are nobody's but admins', and come back") {
  Desk desk({.canvases = {{"main", {30, 20}}, {"old", {5, 5}}}});
  CHECK(desk.owner("DELETE", "/old", {}, "\"1\"").status() == 204);
  CHECK(desk.get("/api/v1/canvases/old").status() == 404);
  CHECK(desk.get("/api/v1/canvases/old/image.png").status() == 404);
  CHECK(desk.get("/api/v1/canvases?archived=true").json()["items"].size() == 1);
  CHECK(desk.owner("GET", "?archived=true").json()["items"][1]["archived"] == true);
  CHECK(desk.owner("GET", "/old").json()["archived"] == true);
  CHECK(desk.owner("POST", "", R"({"name":"old","width":4,"height":3})").code() == "exists");
  CHECK(desk.owner("PATCH", "/old", R"({"archived":false})", "\"2\"").status() == 200);
  CHECK(desk.get("/api/v1/canvases/old").status() == 200);
}

TEST_CASE("Undo: by HTTP, with what was undone and what was left alone; the cell is its original author's again") {
  Desk desk;
  const std::string ann = desk.sign_in("ann"), ben = desk.sign_in("ben");
  desk.place(ann, R"([{"x":1,"y":1,"color":1},{"x":2,"y":2,"color":2}])");
  desk.place(ben, R"([{"x":1,"y":1,"color":3}])");
  const Answer undone = desk.post("/api/v1/canvases/main/undo", R"({"count":2})", ann);
  CHECK(undone.json()["undone"] == json::parse(R"([{"x":2,"y":2,"color":null,"seq":4}])"));
  CHECK(undone.json()["skipped"] == json::parse(R"([{"x":1,"y":1,"code":"drawn_over"}])"));
  CHECK(desk.post("/api/v1/canvases/main/undo", R"({"count":1})", ann).code() == "nothing_to_undo");
  CHECK(desk.get("/api/v1/canvases/main/cells/2/2").json()["account"].is_null());
  CHECK(desk.post("/api/v1/canvases/main/undo", R"({"count":1})", ben).json()["undone"][0]["color"] == 1);
  const json cell = desk.get("/api/v1/canvases/main/cells/1/1").json();
  CHECK(cell["name"] == "ann");
  CHECK(cell["seq"] == 1);
  CHECK(desk.get("/api/v1/canvases/main/cells/1/1/history").json()["items"][0]["kind"] == "undo");
  CHECK(desk.post("/api/v1/canvases/main/redo", "{}", ben).json()["redone"][0]["color"] == 3);
  CHECK(desk.get("/api/v1/canvases/main/cells/1/1").json()["name"] == "ben");
  CHECK(desk.get("/api/v1/canvases/main/placements").body().find(R"("kind":"undo"})") != std::string::npos);
}

TEST_CASE("Stats: who placed how much, of which colours, and in which minute, counted on from the last call") {
  Desk desk;
  const std::string ann = desk.sign_in("ann"), ben = desk.sign_in("ben");
  const auto stats = [&] { return desk.get("/api/v1/canvases/main/stats").json(); };
  CHECK(stats()["top"].empty());
  desk.place(ann, R"([{"x":1,"y":1,"color":1},{"x":2,"y":2,"color":2},{"x":1,"y":1,"color":2}])");
  desk.place(ben, R"([{"x":5,"y":5,"color":2}])");
  const json after = stats();
  CHECK(after["placements"] == 4);
  CHECK(after["counted_seq"] == 4);
  CHECK(after["accounts"] == 2);
  REQUIRE(after["top"].size() == 2);
  CHECK(after["top"][0]["name"] == "ann");
  CHECK(after["top"][0]["placements"] == 3);
  CHECK(after["colors"].size() == 32);
  CHECK(after["colors"][2]["cells"] == 3);
  CHECK(after["colors"][1]["cells"] == 0);
  std::uint64_t in_minutes = 0;
  for (const json& minute : after["per_minute"]) in_minutes += minute["placements"].get<std::uint64_t>();
  CHECK(in_minutes == 4);
  desk.post("/api/v1/canvases/main/undo", "{}", ben);
  CHECK(stats()["counted_seq"] == 5);
  CHECK(stats()["colors"][2]["cells"] == 2);
}

TEST_CASE("Stats: of many only those who placed most are named, of two alike the one who came first") {
  Desk desk;
  for (int person = 0; person < 22; ++person) {
    const std::string cells = person < 21 ? R"([{"x":1,"y":1,"color":1}])" : R"([{"x":1,"y":1,"color":1},{"x":2,"y":2,"color":1}])";
    desk.place(desk.sign_in("p" + std::to_string(person)), cells);
  }
  const json stats = desk.get("/api/v1/canvases/main/stats").json();
  CHECK(stats["accounts"] == 22);
  REQUIRE(stats["top"].size() == 20);
  CHECK(stats["top"][0]["name"] == "p21");
  CHECK(stats["top"][1]["name"] == "p0");
  CHECK(stats["top"][19]["name"] == "p18");
}

TEST_CASE("Plain routes: a cell drawn by colour or by index, and why it was not") {
  Desk desk({.limits = {.per_second = 0.01, .burst = 3, .per_minute = std::nullopt, .cooldown_ms = 0}});
  const std::string ann = desk.sign_in("ann");
  const Answer drawn = desk.post("/draw", R"({"x":1,"y":2,"color":"#ff4500"})", ann);
  CHECK(drawn.json() == json::parse(R"({"seq":1,"x":1,"y":2,"color":"#FF4500","charges":2,"next_charge_ms":100000})"));
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":5})", ann).json()["seq"] == 2);
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":"#123456"})", ann).code() == "bad_color");
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":200})", ann).code() == "bad_color");
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":"red"})", ann).code() == "invalid");
  CHECK(desk.post("/draw", R"({"x":1,"color":1})", ann).code() == "invalid");
  CHECK(desk.post("/draw", R"({"x":999,"y":2,"color":1})", ann).code() == "out_of_bounds");
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":1})").status() == 401);
  CHECK(desk.post("/draw", R"({"x":1,"y":2,"color":1})", ann).status() == 200);
  const Answer refused = desk.post("/draw", R"({"x":1,"y":2,"color":1})", ann);
  CHECK(refused.status() == 429);
  CHECK(refused.header("Retry-After") == "100");
  const json state = desk.get("/state").json();
  CHECK(state["seq"] == 3);
  CHECK(state["width"] == 300);
  CHECK(state["colors"].size() == 32);
}
