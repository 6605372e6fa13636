// Reports, profiles, warnings and bans by HTTP.
#include <doctest/doctest.h>

#include "shared/canvas/png.h"
#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

constexpr const char* reports = "/api/v1/canvases/main/reports";
constexpr const char* cat = R"({"region":{"x":10,"y":20,"width":3,"height":2},"reason":"drew over the cat"})";

struct ReportsApi : ApiFixture {
  ReportsApi() : ApiFixture({.audit_reads = std::nullopt, .people = true}) {}

  Answer as(const std::string& token, const std::string& method, const std::string& target, const std::string& body = {}, const std::string& if_match = {}) {
    auto headers = bearer(token);
    if (!if_match.empty()) headers.emplace_back("if-match", if_match);
    return ask(method, target, body, headers);
  }
  Answer staff(const std::string& who, const std::string& method, const std::string& target, const std::string& body = {}, const std::string& if_match = {}) {
    return as(who == "owner" ? std::string(owner_token) : token_of(who), method, target, body, if_match);
  }
  json made(const std::string& token, const std::string& body = cat) {
    const Answer answer = as(token, "POST", reports, body);
    REQUIRE(answer.status() == 201);
    return answer.json();
  }
  static std::string at(const json& report) { return std::string(reports) + "/" + std::to_string(report["id"].get<int>()); }
  int id_of(const std::string& token) { return get("/auth/me", bearer(token)).json()["id"].get<int>(); }
};

}  // namespace

TEST_CASE("Reports by HTTP: a script in a reason comes back as the text it is, wherever it is shown") {
  ReportsApi api;
  const std::string ann = api.sign_in("ann");
  const std::string script = "<script>alert('ann')</script>\" onload=\"x";
  const json report = api.made(ann, json{{"x", 7}, {"y", 8}, {"reason", script}}.dump());
  CHECK(report["reason"] == script);
  CHECK(report["region"] == json{{"x", 7}, {"y", 8}, {"width", 1}, {"height", 1}});
  CHECK(report["state"] == "open");
  CHECK_FALSE(report.contains("similar"));
  for (const std::string& target : {std::string(reports), api.at(report), std::string(reports) + "/mine"}) {
    const Answer answer = target.ends_with("mine") ? api.as(ann, "GET", target) : api.staff("moderator", "GET", target);
    CAPTURE(target);
    CHECK(answer.status() == 200);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.body().find(json(script).dump()) != std::string::npos);
  }
  const json lines = api.made(ann, json{{"x", 7}, {"y", 8}, {"reason", "one\ntwo\u202E\tthree "}}.dump());
  CHECK(lines["reason"] == "one two three");
}

TEST_CASE("Reports by HTTP: what is wrong with one is said, and nothing is kept") {
  ReportsApi api;
  const std::string ann = api.sign_in("ann");
  const auto refused = [&](const std::string& body) {
    const Answer answer = api.as(ann, "POST", reports, body);
    return std::to_string(answer.status()) + " " + answer.code();
  };
  CHECK(refused(R"({"x":300,"y":1,"reason":"x"})") == "400 out_of_bounds");
  CHECK(refused(R"({"region":{"x":299,"y":1,"width":2,"height":1},"reason":"x"})") == "400 out_of_bounds");
  for (const char* body : {R"({"x":1,"y":1})", R"({"x":1,"y":1,"reason":""})", R"({"x":1,"y":1,"reason":" \n "})", R"({"reason":"x"})", R"({"x":-1,"y":1,"reason":"x"})",
                           R"({"region":{"x":1,"y":1,"width":0,"height":1},"reason":"x"})", R"({"x":1,"y":1,"region":{"x":1,"y":1,"width":1,"height":1},"reason":"x"})"})
    CHECK(refused(body) == "400 invalid");
  CHECK(refused(json{{"x", 1}, {"y", 1}, {"reason", std::string(501, 'x')}}.dump()) == "400 invalid");
  CHECK(api.as(ann, "POST", "/api/v1/canvases/none/reports", cat).status() == 404);
  CHECK(api.staff("moderator", "GET", reports).json()["items"].empty());
  CHECK(api.staff("moderator", "GET", std::string(reports) + "?state=odd").status() == 400);
  CHECK_FALSE(api.made(ann, json{{"x", 1}, {"y", 1}, {"reason", std::string(500, 'x')}}.dump()).empty());
}

TEST_CASE("Reports by HTTP: five a minute of one account, then 429 with the time to wait") {
  ReportsApi api;
  const std::string ann = api.sign_in("ann");
  for (int i = 0; i < 5; ++i) api.made(ann);
  const Answer refused = api.as(ann, "POST", reports, cat);
  CHECK(refused.status() == 429);
  CHECK(refused.code() == "too_soon");
  const int wait = std::stoi(refused.header("Retry-After"));
  CHECK(wait > 0);
  CHECK(wait <= 60);
  const int wait_ms = refused.json()["retry_after_ms"];
  CHECK((wait_ms > 1'000 * (wait - 1) && wait_ms <= 1'000 * wait));
  CHECK(api.as(api.sign_in("ben"), "POST", reports, cat).status() == 201);
}

TEST_CASE("Reports by HTTP: then and now, who drew there, similar ones; claimed, resolved with the others, seen by who made them") {
  ReportsApi api;
  const std::string vandal = api.sign_in("vera"), ann = api.sign_in("ann"), ben = api.sign_in("ben");
  REQUIRE(api.place(vandal, R"([{"x":11,"y":21,"color":1},{"x":12,"y":21,"color":1},{"x":200,"y":100,"color":1}])").status() == 200);
  const json first = api.made(ann), second = api.made(ben);
  REQUIRE(api.place(ann, R"([{"x":11,"y":21,"color":2}])").status() == 200);

  const json page = api.staff("moderator", "GET", std::string(reports) + "?limit=1").json();
  CHECK(page["items"][0]["id"] == second["id"]);
  CHECK(page["next"] == second["id"]);
  const json next = api.staff("moderator", "GET", std::string(reports) + "?limit=1&after=" + std::to_string(page["next"].get<int>())).json();
  CHECK(next["items"][0]["id"] == first["id"]);
  CHECK(next["next"] == nullptr);

  const Answer answer = api.staff("moderator", "GET", api.at(first));
  const json full = answer.json();
  CHECK(answer.header("ETag") == "\"1\"");
  CHECK(full["similar"] == json::array({second["id"]}));
  CHECK(full["reporter"]["name"] == "ann");
  CHECK(full["handler"] == nullptr);
  CHECK(full["drawn_by"] == json::array({{{"account", api.id_of(vandal)}, {"name", "vera"}, {"placements", 2}}}));
  CHECK(full["drawn_by_complete"] == true);
  CHECK(full["image_then"] == "/api/v1/canvases/main/image.png?at=3&region=10,20,3,2");
  const Answer then = api.get(full["image_then"]), now = api.get(full["image_now"]);
  CHECK(then.status() == 200);
  CHECK(now.status() == 200);
  CHECK(then.body() != now.body());

  CHECK(api.staff("moderator", "PATCH", api.at(first), R"({"state":"claimed"})").status() == 428);
  CHECK(api.staff("moderator", "PATCH", api.at(first), R"({"state":"shut"})", "*").status() == 400);
  const Answer claimed = api.staff("moderator", "PATCH", api.at(first), R"({"state":"claimed"})", "\"1\"");
  CHECK(claimed.status() == 200);
  CHECK(claimed.json()["handler"]["name"] == "a moderator");
  const Answer stale = api.staff("moderator", "PATCH", api.at(first), R"({"state":"resolved"})", "\"1\"");
  CHECK(stale.status() == 412);
  CHECK(stale.json()["current"]["state"] == "claimed");
  const Answer others = api.staff("admin", "PATCH", api.at(first), R"({"state":"dismissed"})", "\"2\"");
  CHECK(others.status() == 409);
  CHECK(others.code() == "claimed");
  CHECK(others.json()["current"]["handler"]["name"] == "a moderator");
  const std::string resolve = json{{"state", "resolved"}, {"outcome", "taken back"}, {"also", {second["id"]}}, {"take_over", true}}.dump();
  CHECK(api.staff("admin", "PATCH", api.at(first), resolve, "\"2\"").json()["state"] == "resolved");
  const json mine = api.as(ben, "GET", std::string(reports) + "/mine").json()["items"];
  REQUIRE(mine.size() == 1);
  CHECK(mine[0]["outcome"] == "taken back");
  CHECK_FALSE(mine[0].contains("handler"));
  CHECK(api.staff("moderator", "GET", std::string(reports) + "?state=open").json()["items"].empty());
  CHECK(api.staff("moderator", "GET", "/api/v1/audit?action=report").json()["items"].size() == 3);
}

TEST_CASE("People by HTTP: a profile tells what an account placed, its devices, reports, and what staff did about it") {
  ReportsApi api;
  const std::string vandal = api.sign_in("vera"), ann = api.sign_in("ann");
  REQUIRE(api.place(vandal, R"([{"x":11,"y":21,"color":1},{"x":12,"y":21,"color":1}])").status() == 200);
  const json about = api.made(ann), own = api.made(vandal, R"({"x":200,"y":100,"reason":"ann draws"})");
  const std::string address = "/api/v1/accounts/" + std::to_string(api.id_of(vandal));
  CHECK(api.staff("moderator", "POST", address + "/warn", R"({"text":"leave the <b>cat</b> alone"})").status() == 200);
  CHECK(api.staff("moderator", "POST", address + "/warn", R"({"text":""})").status() == 400);
  const Answer answer = api.staff("moderator", "GET", address);
  REQUIRE(answer.status() == 200);
  const json profile = answer.json();
  CHECK(profile["name"] == "vera");
  CHECK(profile["placements"].size() == 1);
  CHECK(profile["placements"][0]["canvas"] == "main");
  CHECK(profile["placements"][0]["placements"] == 2);
  CHECK(profile["sessions"].size() == 1);
  CHECK(answer.body().find(vandal) == std::string::npos);  // no token
  CHECK(profile["last_active"].is_string());
  CHECK(profile["reports_made"] == 1);
  CHECK(profile["reports"][0]["id"] == own["id"]);
  REQUIRE(profile["reports_about"].size() == 1);
  CHECK(profile["reports_about"][0]["id"] == about["id"]);
  CHECK(profile["reports_about"][0]["placements"] == 2);
  REQUIRE(profile["history"].size() == 1);
  CHECK(profile["history"][0]["action"] == "account.warn");
  CHECK(profile["history"][0]["detail"]["text"] == "leave the <b>cat</b> alone");
  CHECK(api.staff("moderator", "GET", "/api/v1/accounts/999").status() == 404);
}

TEST_CASE("People by HTTP: one call bans and rolls back; whoever is banned reads where to appeal") {
  ReportsApi api;
  const std::string vandal = api.sign_in("vera");
  REQUIRE(api.place(vandal, R"([{"x":11,"y":21,"color":1}])").status() == 200);
  const std::string address = "/api/v1/accounts/" + std::to_string(api.id_of(vandal)) + "/ban";
  const auto body = [](const std::string& canvas) {
    return json{{"until", "2100-01-01T00:00:00Z"}, {"reason", "drew over the cat"}, {"appeal", "write to staff@canvas.test"}, {"roll_back", {{"canvas", canvas}}}}.dump();
  };
  CHECK(api.staff("moderator", "POST", address, body("none")).status() == 404);
  CHECK(api.get("/auth/me", ApiFixture::bearer(vandal)).json().value("reason", "") == "");  // nobody was banned by it
  const Answer past = api.staff("moderator", "POST", address, R"({"until":"2001-01-01T00:00:00Z","reason":"x","roll_back":{"canvas":"main"}})");
  CHECK(past.status() == 400);
  CHECK(past.json()["detail"] == "the ban's end is past");
  CHECK(api.staff("moderator", "GET", "/api/v1/audit?action=account.ban").json()["items"].empty());
  const Answer answer = api.staff("moderator", "POST", address, body("main"));
  REQUIRE(answer.status() == 200);
  const json done = answer.json();
  CHECK(done["account"]["reason"] == "drew over the cat — write to staff@canvas.test");
  CHECK(done["rollback"]["state"] == "applied");
  CHECK(done["rollback"]["cells"] == 1);
  CHECK(done["rollback_refused"] == nullptr);
  const Answer refused = api.place(vandal, R"([{"x":1,"y":1,"color":1}])");
  CHECK(refused.code() == "banned");
  CHECK(refused.json()["detail"] == "this account is banned: drew over the cat — write to staff@canvas.test");
  CHECK(api.get("/api/v1/canvases/main/cells/11/21").json()["account"] == nullptr);
  CHECK(api.staff("moderator", "GET", "/api/v1/audit?action=account.ban").json()["items"].size() == 1);
  const json for_good = api.staff("moderator", "POST", address, R"({"until":null,"reason":"again"})").json();
  CHECK(for_good["account"]["banned_until"] == "9999-12-31T23:59:59.999Z");
  CHECK(for_good["rollback"] == nullptr);
}

TEST_CASE("People by HTTP: what an account placed stands out in colour on the map, the rest is grey") {
  ReportsApi api;
  const std::string vandal = api.sign_in("vera"), ann = api.sign_in("ann");
  REQUIRE(api.place(vandal, R"([{"x":11,"y":21,"color":2}])").status() == 200);
  REQUIRE(api.place(ann, R"([{"x":12,"y":21,"color":2}])").status() == 200);
  const std::string address = "/api/v1/canvases/main/accounts/" + std::to_string(api.id_of(vandal)) + "/placements.png";
  const Answer answer = api.staff("moderator", "GET", address);
  REQUIRE(answer.status() == 200);
  CHECK(answer.header("Content-Type") == "image/png");
  CHECK(answer.header("X-Tessera-First-Seq") == "1");
  const auto png = read_png(*answer.response.body, {});
  REQUIRE(png.ok());
  const auto dot = [&](std::size_t x, std::size_t y, std::size_t part) { return png->rgba[(y * png->size.width + x) * 4 + part]; };
  const Rgb orange = Palette::r_place_2022()[2].color;
  CHECK(Rgb{dot(11, 21, 0), dot(11, 21, 1), dot(11, 21, 2)} == orange);
  // Before a middle grey black stands out like white.
  CHECK(dot(12, 21, 0) > 96);
  CHECK(dot(12, 21, 0) < 160);
  CHECK(dot(12, 21, 0) == dot(12, 21, 1));
  CHECK(dot(13, 21, 3) == 0);
  CHECK(api.staff("moderator", "GET", "/api/v1/canvases/none/accounts/2/placements.png").status() == 404);
}
