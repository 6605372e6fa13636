// Schedule, snapshots and reset by HTTP.
#include <doctest/doctest.h>

#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

struct EventApi : ApiFixture {
  EventApi() : ApiFixture({.plain_reads = std::nullopt, .audit_reads = std::nullopt, .people = true}) {}

  Answer as(const std::string& who, const std::string& method, const std::string& target, const std::string& body = {}) {
    return ask(method, "/api/v1/canvases/main" + target, body, bearer(who == "owner" ? std::string(owner_token) : token_of(who)));
  }
  Answer schedule(const std::string& action, const std::string& params, const std::string& at = "2099-01-01T12:00:00Z") {
    return as("admin", "POST", "/schedule", R"({"at":")" + at + R"(","action":")" + action + R"(","params":)" + params + "}");
  }
  json entries(const std::string& query = {}) { return get("/api/v1/canvases/main/schedule" + query).json(); }
  json audit(const std::string& action) {
    return ask("GET", "/api/v1/audit?action=" + action, {}, bearer(token_of("moderator"))).json()["items"];
  }
};

}  // namespace

TEST_CASE("Schedule by HTTP: made, listed by time, paged, removed") {
  EventApi api;
  const Answer late = api.schedule("pause", R"({"message":"<b>closing</b>"})", "2099-01-01T22:00:00Z");
  REQUIRE(late.status() == 201);
  CHECK(late.json()["params"] == json::parse(R"({"message":"<b>closing</b>"})"));
  CHECK(late.json()["at"] == "2099-01-01T22:00:00.000Z");
  CHECK(late.json()["created_by"]["name"] == "a admin");
  const Answer early = api.schedule("resize", R"({"width":400})");
  CHECK(api.entries()["items"] == json::array({early.json(), late.json()}));
  const json first = api.entries("?limit=1");
  CHECK(first["items"] == json::array({early.json()}));
  CHECK(api.entries("?limit=1&after=" + first["next"].dump())["items"] == json::array({late.json()}));
  const std::string own = "/schedule/" + early.json()["id"].dump();
  CHECK(api.as("admin", "DELETE", own).status() == 204);
  CHECK(api.as("admin", "DELETE", own).status() == 404);
  CHECK(api.entries()["items"] == json::array({late.json()}));
  CHECK(api.audit("schedule").size() == 3);
  CHECK(api.audit("schedule.remove")[0]["detail"]["params"] == R"({"width":400})");
}

TEST_CASE("Schedule by HTTP: the params of each action are those of the body that does it at once") {
  EventApi api;
  struct Asked {
    const char* action;
    const char* params;
    unsigned status;
  };
  const Asked all[] = {{"pause", "{}", 201},
                       {"pause", R"({"message":5})", 400},
                       {"pause", R"({"paused":true})", 400},
                       {"resume", "{}", 201},
                       {"resume", R"({"message":"x"})", 400},
                       {"resize", R"({"height":300})", 201},
                       {"resize", "{}", 400},
                       {"resize", R"({"width":0})", 400},
                       {"resize", R"({"width":65536,"height":65536})", 400},
                       {"palette", R"({"palette":[]})", 400},
                       {"palette", R"({"palette":[{"color":"#000000"}]})", 400},
                       {"policy", R"({"policy":{"cooldown_ms":1000,"roles":{"member":null,"guest":{"per_second":0.5}},"only_color":31}})", 201},
                       {"policy", R"({"policy":{"only_color":255}})", 400},
                       {"policy", R"({"policy":{"unknown":1}})", 400},
                       {"policy", "{}", 400},
                       {"announce", R"({"text":"we close at ten","pinned":true,"expires_at":"2099-02-01T00:00:00Z"})", 201},
                       {"announce", R"({"text":"we close at ten","expires_at":"2099-01-01T00:00:00Z"})", 400},
                       {"announce", "{}", 400},
                       {"reset", "{}", 201},
                       {"reset", R"({"name":"main","reason":"a new round"})", 201},
                       {"reset", R"({"name":"mine"})", 400},
                       {"reset", R"({"name":5})", 400},
                       {"reset", R"({"wait":true})", 400},
                       {"explode", "{}", 400},
                       {"reset", "[]", 400}};
  for (const Asked& each : all) {
    CAPTURE(each.action);
    CAPTURE(each.params);
    const Answer answer = api.schedule(each.action, each.params);
    CAPTURE(answer.body());
    CHECK(answer.status() == each.status);
  }
  CHECK(api.schedule("reset", "{}", "1999-01-01T00:00:00Z").status() == 400);
  CHECK(api.schedule("reset", "{}", "tomorrow").status() == 400);
  CHECK(api.as("admin", "POST", "/schedule", R"({"action":"reset"})").status() == 400);
  CHECK(api.entries()["items"].size() == 7);
}

TEST_CASE("Schedule by HTTP: what will be announced is for staff alone") {
  EventApi api;
  REQUIRE(api.schedule("announce", R"({"text":"the winner is team red","pinned":true})").json()["params"]["text"] == "the winner is team red");
  REQUIRE(api.schedule("pause", R"({"message":"closing"})").status() == 201);
  for (const std::string who : {"moderator", "admin", "owner"})
    CHECK(api.as(who, "GET", "/schedule").json()["items"][0]["params"]["text"] == "the winner is team red");
  const json nobody_shown = api.entries()["items"];
  CHECK(api.as("member", "GET", "/schedule").json()["items"] == nobody_shown);
  CHECK(nobody_shown[0]["params"] == json::parse(R"({"pinned":true})"));
  CHECK(nobody_shown[1]["params"]["message"] == "closing");
}

TEST_CASE("Reset by HTTP: the canvas's name confirms it; it is a rollback, which is undone") {
  EventApi api;
  const std::string ann = api.sign_in("ann");
  REQUIRE(api.place(ann, R"([{"x":5,"y":5,"color":3}])").status() == 200);
  const auto color = [&] { return api.get("/api/v1/canvases/main/cells/5/5").json()["color"]; };
  CHECK(api.as("admin", "POST", "/reset", R"({"name":"mine"})").status() == 400);
  CHECK(api.as("admin", "POST", "/reset", "{}").status() == 400);
  CHECK(color() == 3);
  const Answer reset = api.as("admin", "POST", "/reset", R"({"name":"main","reason":"a new round"})");
  REQUIRE(reset.status() == 201);
  CHECK(reset.json()["state"] == "applied");
  CHECK(reset.json()["reason"] == "a new round");
  CHECK(color() == nullptr);
  CHECK(api.get("/api/v1/canvases/main/cells/5/5/history").json()["items"].size() == 2);
  CHECK(api.as("admin", "POST", "/rollbacks/" + reset.json()["id"].dump() + "/undo").json()["state"] == "undone");
  CHECK(color() == 3);
  CHECK(api.audit("canvas.reset").size() == 1);
}

TEST_CASE("Snapshots by HTTP: named, listed with their picture, restored") {
  EventApi api;
  const std::string ann = api.sign_in("ann");
  REQUIRE(api.place(ann, R"([{"x":5,"y":5,"color":3}])").status() == 200);
  const Answer taken = api.as("admin", "POST", "/snapshots", R"({"name":"before the party"})");
  REQUIRE(taken.status() == 201);
  CHECK(taken.json()["seq"] == 1);
  CHECK(api.as("admin", "POST", "/snapshots", R"({"name":"  "})").status() == 400);
  const std::string before = api.get(taken.json()["image"]).body();
  REQUIRE(api.place(ann, R"([{"x":5,"y":5,"color":4},{"x":6,"y":6,"color":4}])").status() == 200);
  CHECK(api.as("moderator", "GET", "/snapshots").json()["items"] == json::array({taken.json()}));
  CHECK(api.get(taken.json()["image"]).body() == before);
  const std::string restore = "/snapshots/" + taken.json()["id"].dump() + "/restore";
  CHECK(api.as("admin", "POST", restore, R"({"name":"party"})").status() == 400);
  const Answer restored = api.as("admin", "POST", restore, R"({"name":"main"})");
  REQUIRE(restored.status() == 201);
  CHECK(restored.json()["placements"] == 2);
  CHECK(api.get("/api/v1/canvases/main/cells/5/5").json()["color"] == 3);
  CHECK(api.get("/api/v1/canvases/main/cells/6/6").json()["color"] == nullptr);
  CHECK(api.audit("snapshot.restore")[0]["detail"]["snapshot"] == taken.json()["id"]);
}

TEST_CASE("A whitening end by HTTP: only one colour may be placed, until the policy says null") {
  EventApi api;
  const auto policy = [&](const char* color) {
    return api.ask("PATCH", "/api/v1/canvases/main", std::string(R"({"policy":{"only_color":)") + color + "}}",
                   {ApiFixture::bearer(ApiFixture::token_of("admin")).front(), {"if-match", "*"}});
  };
  CHECK(policy("200").status() == 400);
  CHECK(policy("31").json()["policy"]["only_color"] == 31);
  const Answer refused = api.place(api.sign_in("ann"), R"([{"x":1,"y":1,"color":3}])");
  CHECK(refused.json()["rejected"][0]["code"] == "bad_color");
  CHECK(api.place(api.sign_in("ben"), R"([{"x":1,"y":1,"color":31}])").status() == 200);
  CHECK_FALSE(policy("null").json()["policy"].contains("only_color"));
  CHECK(api.place(api.sign_in("cy"), R"([{"x":1,"y":1,"color":3}])").status() == 200);
}
