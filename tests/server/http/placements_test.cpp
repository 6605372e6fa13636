#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

std::vector<nlohmann::json> lines(const Answer& answer) {
  std::vector<nlohmann::json> out;
  std::string text = answer.body();
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
    out.push_back(nlohmann::json::parse(text.substr(0, end)));
    text.erase(0, end + 1);
  }
  CHECK(text.empty());
  return out;
}

std::string row_of_cells(int count) {
  std::string cells;
  for (int i = 0; i < count; ++i) cells += (i ? "," : "") + std::string("{\"x\":") + std::to_string(i % 300) + ",\"y\":9,\"color\":3}";
  return "[" + cells + "]";
}

}  // namespace

TEST_CASE("Placing: accepted cells get consecutive seqs, the others their reason and what was asked") {
  ApiFixture api;
  const auto token = api.sign_in("ann");
  const Answer answer = api.place(token, R"([{"x":1,"y":2,"color":5},{"x":-3,"y":4,"color":6},{"x":300,"y":4,"color":6},
      {"x":7,"y":8,"color":0},{"x":1,"y":1,"color":32},{"x":1,"y":1,"color":255},{"x":70000,"y":1,"color":-1}])");
  CHECK(answer.status() == 200);
  const auto json = answer.json();
  CHECK(json["first_seq"] == 1);
  CHECK(json["accepted"] == 2);
  CHECK(json["rejected"].dump() ==
        R"([{"code":"out_of_bounds","x":-3,"y":4},{"code":"out_of_bounds","x":300,"y":4},{"code":"bad_color","x":1,"y":1},)"
        R"({"code":"bad_color","x":1,"y":1},{"code":"out_of_bounds","x":70000,"y":1}])");
  CHECK(json["charges"].get<int>() >= 18);
  CHECK(json.contains("next_charge_ms"));

  const auto cell = api.get("/api/v1/canvases/main/cells/7/8").json();
  CHECK(cell["color"] == 0);
  CHECK(cell["seq"] == 2);
  CHECK(cell["name"] == "ann");
  CHECK(api.get("/api/v1/canvases/main").json()["seq"] == 2);
}

TEST_CASE("Placing: as far as charges go; when none are left 429, the wait, and nothing changed") {
  ApiFixture api({.limits = {.per_second = 0.001, .burst = 3, .per_minute = std::nullopt, .cooldown_ms = 0}});
  const auto token = api.sign_in("ann");
  const auto json = api.place(token, row_of_cells(5)).json();
  CHECK(json["accepted"] == 3);
  CHECK(json["charges"] == 0);
  REQUIRE(json["rejected"].size() == 2);
  CHECK(json["rejected"][0]["code"] == "too_soon");
  CHECK(json["rejected"][0]["retry_after_ms"].get<int>() > 900'000);

  const Answer refused = api.place(token, row_of_cells(2));
  CHECK(refused.status() == 429);
  CHECK(refused.code() == "too_soon");
  CHECK(refused.header("Content-Type") == "application/problem+json");
  CHECK(std::stoi(refused.header("Retry-After")) > 900);
  CHECK(refused.json()["retry_after_ms"] > 900'000);
  CHECK(refused.json()["retry_after_ms"] <= 1'000 * std::stoi(refused.header("Retry-After")));
  CHECK(refused.json()["accepted"] == 0);
  CHECK(refused.json()["first_seq"].is_null());
  CHECK(api.get("/api/v1/canvases/main").json()["seq"] == 3);
  CHECK(api.place(token, R"([{"x":-1,"y":0,"color":1}])").code() == "out_of_bounds");
}

TEST_CASE("Placing: nothing but wrong cells is 403 with the first reason") {
  ApiFixture api;
  const Answer answer = api.place(api.sign_in("ann"), R"([{"x":300,"y":2,"color":5},{"x":1,"y":4,"color":77}])");
  CHECK(answer.status() == 403);
  CHECK(answer.code() == "out_of_bounds");
  CHECK(answer.json()["rejected"].size() == 2);
}

TEST_CASE("Placing: no limit, no number of charges") {
  ApiFixture api({.limits = {.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0}});
  const auto json = api.place(api.sign_in("ann"), row_of_cells(4'096)).json();
  CHECK(json["accepted"] == 4'096);
  CHECK(json["charges"].is_null());
}

TEST_CASE("Placing: a malformed request says what and where, and changes nothing") {
  ApiFixture api;
  const auto token = api.sign_in("ann");
  const std::pair<std::string, std::string> wrongs[] = {
      {"", "not JSON at byte 1"},
      {"[]", "the body must be an object"},
      {"{}", "cells is missing"},
      {R"({"cells":{}})", "cells must be a list"},
      {R"({"cells":[]})", "cells must hold at least one cell"},
      {R"({"cells":[5]})", "cells[0] must be an object"},
      {R"({"cells":[{"x":1,"y":2,"color":5},{"x":1,"y":2}]})", "cells[1].color is missing"},
      {R"({"cells":[{"x":1,"y":2,"color":5}],"more":1})", "the body has a field \"more\" that means nothing here; known: cells"},
      {R"({"cells":[{"x":1,"y":2,"color":5,"z":0}]})", "cells[0] has a field \"z\" that means nothing here; known: x, y, color"},
      {R"({"cells":[{"x":1,"x":1,"y":2,"color":5}]})", "the key \"x\" stands twice in one object"},
      {"{\"cells\":" + row_of_cells(4'097) + "}", "cells holds 4097 elements; at most 4096 are allowed"},
      {std::string(20, '['), "nested more than 16 deep"},
  };
  for (const auto& [body, detail] : wrongs) {
    const Answer answer = api.post("/api/v1/canvases/main/placements", body, token);
    CAPTURE(body.substr(0, 80));
    CHECK(answer.status() == 400);
    CHECK(answer.code() == "invalid");
    CHECK(answer.json()["detail"] == detail);
  }
  auto headers = ApiFixture::bearer(token);
  headers.emplace_back("content-type", "text/plain");
  CHECK(api.ask("POST", "/api/v1/canvases/main/placements", R"({"cells":[]})", headers).code() == "unsupported");
  CHECK(api.post("/api/v1/canvases/main/placements", std::string((256 << 10) + 1, ' '), token).code() == "too_large");
  CHECK(api.post("/api/v1/canvases/nope/placements", R"({"cells":[{"x":1,"y":2,"color":5}]})", token).status() == 404);
  CHECK(api.get("/api/v1/canvases/main").json()["seq"] == 0);
}

TEST_CASE("Journal: the placements after a seq, as lines, with names") {
  ApiFixture api;
  const auto ann = api.sign_in("ann");
  const auto bob = api.sign_in("bob \"b\"");
  REQUIRE(api.place(ann, R"([{"x":1,"y":2,"color":5},{"x":299,"y":199,"color":6}])").status() == 200);
  REQUIRE(api.place(bob, R"([{"x":1,"y":2,"color":7}])").status() == 200);
  const Answer all = api.get("/api/v1/canvases/main/placements");
  CHECK(all.header("Content-Type") == "application/x-ndjson");
  CHECK(all.header("X-Tessera-Seq") == "3");
  const auto items = lines(all);
  REQUIRE(items.size() == 3);
  CHECK(items[1]["seq"] == 2);
  CHECK(items[1]["x"] == 299);
  CHECK(items[1]["color"] == 6);
  CHECK(items[2]["name"] == "bob \"b\"");
  CHECK(parse_time(items[2]["time"].get<std::string>()));
  CHECK(lines(api.get("/api/v1/canvases/main/placements?since=1&limit=1")) == std::vector{items[1]});
  CHECK(lines(api.get("/api/v1/canvases/main/placements?since=3")).empty());
  CHECK(lines(api.get("/api/v1/canvases/main/placements?since=18446744073709551615")).empty());
}

TEST_CASE("Cells: colour, author and history, newest first, in pages; nulls where never drawn") {
  ApiFixture api;
  const auto ann = api.sign_in("ann");
  for (int color = 1; color <= 5; ++color)
    REQUIRE(api.place(ann, "[{\"x\":4,\"y\":6,\"color\":" + std::to_string(color) + "}]").status() == 200);
  CHECK(api.get("/api/v1/canvases/main/cells/5/6").body() ==
        R"({"x":5,"y":6,"color":null,"seq":null,"time":null,"account":null,"name":null})");
  CHECK(api.get("/api/v1/canvases/main/cells/4/6").json()["color"] == 5);
  const auto first = api.get("/api/v1/canvases/main/cells/4/6/history?limit=3").json();
  REQUIRE(first["items"].size() == 3);
  CHECK(first["items"][0]["color"] == 5);
  CHECK(first["items"][2]["color"] == 3);
  const auto next = api.get("/api/v1/canvases/main/cells/4/6/history?limit=3&after=" + first["next"].dump()).json();
  REQUIRE(next["items"].size() == 2);
  CHECK(next["items"][1]["color"] == 1);
  CHECK(next["next"].is_null());
  CHECK(api.get("/api/v1/canvases/main/cells/0/0/history").body() == R"({"items":[],"next":null})");
}
