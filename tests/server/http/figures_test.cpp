// What staff read as figures: of the server, of an account's days, of signs of automation.
#include <numeric>

#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

using json = nlohmann::json;

std::vector<NamedValue> as(const std::string& who) { return ApiFixture::bearer(ApiFixture::token_of(who)); }

constexpr PlacingLimits unlimited{.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt};

/// `count` cells of a row, from x on.
std::string row_of(int x, int y, int count) {
  json cells = json::array();
  for (int i = 0; i < count; ++i) cells.push_back({{"x", x + i}, {"y", y}, {"color", 2}});
  return cells.dump();
}

std::uint64_t sum(const json& numbers) {
  const auto values = numbers.get<std::vector<std::uint64_t>>();
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

}  // namespace

TEST_CASE("Server history: columns of one length, null where the server did not run or answered nobody") {
  ApiFixture api({.people = true});
  const auto get = [&](const std::string& query = {}) { return api.get("/api/v1/server/history" + query, as("moderator")).json(); };
  CHECK(get()["start"].is_null());
  CHECK(get()["placements"].empty());

  api.read_clock.set_wall(WallTime{28'333'333 * MinuteHistory::minute_ms});
  api.history.begin({});
  Readings readings;
  readings.placements = 7;
  readings.refused[static_cast<std::size_t>(Refusal::Locked)] = 2;
  readings.connections = 3;
  readings.answer_us[4] = 4;  // 1 to 2 ms
  readings.cpu_us = 15'000'000;
  api.read_clock.advance(std::chrono::minutes{1});
  api.history.take(readings);
  api.read_clock.advance(std::chrono::minutes{2});
  api.history.begin(readings);  // as after a pause of two minutes
  api.read_clock.advance(std::chrono::minutes{1});
  api.history.take(readings);

  const json all = get();
  CHECK(all["start"] == "2023-11-14T22:13:00.000Z");
  CHECK(all["step_ms"] == 60'000);
  CHECK(all["placements"] == json::parse("[7,null,null,0]"));
  CHECK(all["refused"] == json::parse(R"({"locked":[2,null,null,0]})"));
  CHECK(all["connections"] == json::parse("[3,null,null,3]"));
  CHECK(all["cpu"] == json::parse("[0.25,null,null,0.0]"));
  CHECK(all["answer_p50_ms"][0] == 1.5);
  CHECK(all["answer_p50_ms"][3].is_null());
  for (const char* name : {"online", "answer_p99_ms", "commit_p99_ms", "memory_bytes", "bytes_out"}) CHECK(all[name].size() == 4);

  const json later = get("?since=2023-11-14T22:13:01Z");
  CHECK(later["start"] == "2023-11-14T22:16:00.000Z");
  CHECK(later["placements"] == json::parse("[0]"));
  CHECK(later["refused"].empty());
  CHECK(get("?since=2030-01-01T00:00:00Z")["start"].is_null());
  CHECK(api.get("/api/v1/server/history?since=yesterday", as("moderator")).code() == "invalid");
}

TEST_CASE("Server state: what it holds and how it fares; settings are for admins") {
  ApiFixture api({.canvases = {{"main", {30, 20}}, {"spare", {30, 20}}}, .people = true});
  const json seen = api.get("/api/v1/server/state", as("moderator")).json();
  CHECK(seen["name"] == "Test");
  CHECK(seen["version"] == "1.2.3");
  CHECK(seen["store"] == "memory");
  CHECK(seen["database_bytes"].is_null());
  CHECK(seen["canvases"] == 2);
  CHECK(seen["accounts"] == 8);
  CHECK(seen["threads"] == 7);
  CHECK(seen["audit"]["entries"] == 0);
  CHECK(seen["audit"]["head"] == std::string(64, '0'));
  CHECK_FALSE(seen.contains("settings"));
  REQUIRE(api.post("/api/v1/announcements", R"({"text":"hello"})", ApiFixture::token_of("moderator")).status() == 201);
  const json after = api.get("/api/v1/server/state", as("admin")).json();
  CHECK(after["audit"]["entries"] == 1);
  CHECK(after["audit"]["head"] == api.get("/api/v1/audit/verify", as("admin")).json()["head"]);
  CHECK(after["settings"] == json::parse(R"([{"name":"name","value":"Test","from":"default"}])"));
}

TEST_CASE("Activity: hours of the last days, the current one last, of the account alone") {
  ApiFixture api({.limits = unlimited, .people = true});
  const std::string ann = api.sign_in("ann"), ben = api.sign_in("ben");
  api.read_clock.set_wall(SystemClock().wall());
  REQUIRE(api.place(ann, row_of(0, 0, 9)).status() == 200);
  REQUIRE(api.place(ben, row_of(0, 1, 4)).status() == 200);
  const auto id = api.get("/auth/me", ApiFixture::bearer(ann)).json()["id"].dump();
  const std::string address = "/api/v1/canvases/main/accounts/" + id + "/activity";
  const json week = api.get(address, as("moderator")).json();
  CHECK(week["placements"].size() == 7 * 24);
  CHECK(week["step_ms"] == 3'600'000);
  CHECK(sum(week["placements"]) == 9);
  CHECK(week["complete"] == true);
  CHECK(week["start"].get<std::string>().ends_with(":00:00.000Z"));
  const json day = api.get(address + "?days=1", as("moderator")).json();
  CHECK(day["placements"].size() == 24);
  CHECK(sum(day["placements"]) == 9);

  api.read_clock.advance(std::chrono::hours{5});
  const json later = api.get(address + "?days=1", as("moderator")).json();
  CHECK(sum(later["placements"]) == 9);
  CHECK(sum(json(std::vector<json>(later["placements"].begin() + 19, later["placements"].end()))) == 0);
  api.read_clock.advance(std::chrono::hours{24});
  CHECK(sum(api.get(address + "?days=1", as("moderator")).json()["placements"]) == 0);
  for (const char* query : {"?days=0", "?days=31", "?days=x", "?hours=3"}) CHECK(api.get(address + query, as("moderator")).status() == 400);
  CHECK(api.get("/api/v1/canvases/main/accounts/999/activity", as("moderator")).status() == 404);
  CHECK(api.get("/api/v1/canvases/nope/accounts/2/activity", as("moderator")).status() == 404);
}

TEST_CASE("Automation: a canvas where nobody placed enough has no sign, and what cannot be asked is refused") {
  ApiFixture api({.limits = unlimited, .people = true});
  const std::string ann = api.sign_in("ann");
  const auto get = [&](const std::string& query = {}) { return api.get("/api/v1/canvases/main/automation" + query, as("moderator")); };
  CHECK(get().json()["items"].empty());
  REQUIRE(api.place(ann, row_of(0, 0, 60)).status() == 200);
  api.read_clock.advance(std::chrono::minutes{1});
  const json found = get().json();
  CHECK(found["items"].empty());
  CHECK(found["total"] == 0);
  CHECK(found["since"].get<std::string>() < found["until"].get<std::string>());
  for (const char* query : {"?since=then", "?limit=501", "?limit=0", "?least=3"}) CHECK(get(query).code() == "invalid");
  CHECK(api.get("/api/v1/canvases/nope/automation", as("moderator")).status() == 404);
}
