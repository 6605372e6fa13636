// The audit log as everybody may see it.
#include <doctest/doctest.h>

#include "server/http/public_audit.h"
#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

constexpr const char* public_log = "/api/v1/audit/public";

struct PublicApi : ApiFixture {
  explicit PublicApi(bool is_on = true) : ApiFixture({.audit_reads = is_on ? std::nullopt : std::optional<std::uint32_t>(5), .people = true, .public_audit = is_on}) {}
  Answer staff(const std::string& method, const std::string& target, const std::string& body = {}) {
    auto headers = bearer(token_of("moderator"));
    headers.emplace_back("if-match", "*");
    return ask(method, target, body, headers);
  }
  json items(const std::string& query = {}) { return get(public_log + query).json()["items"]; }
};

AuditEntry entry(const std::string& action, const std::string& detail) {
  return {.id = 7, .text = R"({"action":")" + action + R"(","actor":null,"canvas":"main","detail":)" + detail + R"(,"id":7,"target":"x:1","time":"t"})", .hash = {}};
}

}  // namespace

TEST_CASE("Public audit log: what staff did, for everybody, and nothing that is private") {
  PublicApi api;
  const std::string ann = api.sign_in("ann"), ben = api.sign_in("benedict");
  REQUIRE(api.place(ann, R"([{"x":1,"y":1,"color":1}])").status() == 200);
  const json report = api.post("/api/v1/canvases/main/reports", R"({"x":1,"y":1,"reason":"it is me, benedict"})", ben).json();
  REQUIRE(api.staff("PATCH", "/api/v1/canvases/main/reports/" + std::to_string(report["id"].get<int>()), R"({"state":"resolved","outcome":"taken back"})").status() == 200);
  REQUIRE(api.staff("POST", "/api/v1/canvases/main/rollbacks", R"({"address":"127.0.0.1","reason":"drew over the cat"})").status() == 201);
  REQUIRE(api.staff("PATCH", "/api/v1/accounts/2", R"({"note":"a secret note"})").status() == 200);
  REQUIRE(api.staff("PATCH", "/api/v1/accounts/2", R"({"banned_until":"2099-01-01T00:00:00Z","reason":"drew over the cat"})").status() == 200);
  REQUIRE(api.staff("POST", "/api/v1/accounts/2/warn", R"({"text":"a word in private"})").status() == 200);
  REQUIRE(api.post("/api/v1/canvases", R"({"name":"x","width":1,"height":1})", ann).status() == 403);  // a denied attempt

  const Answer answer = api.get(public_log);
  REQUIRE(answer.status() == 200);
  const json items = answer.json()["items"];
  json actions = json::array();
  for (const json& item : items) {
    actions.push_back(item["action"]);
    CHECK(item["public"] == true);
    CHECK_FALSE(item.contains("hash"));
  }
  CHECK(actions == json{"account.warn", "account.ban", "rollback.apply", "report.resolve"});
  CHECK(items[2]["detail"]["reason"] == "drew over the cat");
  CHECK(items[2]["detail"]["placements"] == 1);
  CHECK(items[2]["actor"]["name"] == "a moderator");
  CHECK(items[3]["detail"]["after"]["outcome"] == "taken back");
  CHECK(items[1]["detail"]["after"]["ban_reason"] == "drew over the cat");
  for (const char* secret : {"benedict", "secret note", "in private", "reporter", "v4-", "denied", "\"note\""}) {
    CAPTURE(secret);
    CHECK(answer.body().find(secret) == std::string::npos);
  }
  CHECK(api.items("?action=auth.denied").empty());
  CHECK(api.items("?action=account.note").empty());
  CHECK(api.items("?target=account:2").size() == 2);
  CHECK(api.get(std::string(public_log) + "?q=cat").status() == 400);
  CHECK(api.get(std::string(public_log) + "?since=yesterday").status() == 400);
}

TEST_CASE("Public audit log: pages go on past what is for staff alone") {
  PublicApi api;
  for (int i = 0; i < 6; ++i) {
    REQUIRE(api.staff("PATCH", "/api/v1/accounts/2", json{{"note", std::to_string(i)}}.dump()).status() == 200);
    REQUIRE(api.staff("POST", "/api/v1/announcements", json{{"text", std::to_string(i)}}.dump()).status() == 201);
  }
  json texts = json::array();
  json after;
  for (int pages = 0; pages < 10; ++pages) {
    const json page = api.get(std::string(public_log) + "?limit=2" + (after.is_null() ? std::string() : "&after=" + std::to_string(after.get<int>()))).json();
    for (const json& item : page["items"]) texts.push_back(item["detail"]["text"]);
    after = page["next"];
    if (after.is_null()) break;
  }
  CHECK(texts == json{"5", "4", "3", "2", "1", "0"});
  CHECK(after.is_null());
}

TEST_CASE("Public audit log: off, it is not there; on, it is read as often as the audit log is") {
  PublicApi off(false);
  CHECK(off.get(public_log).status() == 404);
  CHECK(off.staff("GET", public_log).status() == 404);
  ApiFixture on({.audit_reads = 5});
  for (int i = 0; i < 5; ++i) CHECK(on.get(public_log).status() == 200);
  CHECK(on.get(public_log).status() == 429);
}

TEST_CASE("Public audit log: of details only what is known is shown") {
  CHECK((*public_entry(entry("lock.create", R"({"reason":"x","new_thing":"y"})")))["detail"].dump() == R"({"reason":"x"})");
  CHECK((*public_entry(entry("setting.change", R"({"after":{"guests":"on"},"before":{"guests":"off"}})")))["detail"].dump() == "{}");
  CHECK((*public_entry(entry("rollback.apply", R"({"accounts":[1,2],"address":"v4-24/0","cells":3})")))["detail"].dump() == R"({"cells":3})");
  CHECK((*public_entry(entry("rollback.apply", R"({"accounts":[1],"cells":3})")))["detail"].dump() == R"({"accounts":[1],"cells":3})");
  CHECK((*public_entry(entry("grant.change", R"({"guest":9,"role":"member"})")))["detail"].dump() == R"({"role":"member"})");
  CHECK((*public_entry(entry("canvas.palette", R"({"after":{"palette":[{"color":"#FFFFFF","name":"w","retired":false}]}})")))["detail"].dump() ==
        R"({"after":{"palette":[{"color":"#FFFFFF","name":"w","retired":false}]}})");
  const json scheduled = *public_entry(entry("schedule.create", R"({"action":"announce","at":"t","params":"{\"text\":\"the winner is team red\"}"})"));
  CHECK(scheduled["detail"] == json{{"action", "announce"}, {"at", "t"}});
  CHECK((*public_entry(entry("schedule.create", R"({"action":"pause","at":"t","params":"{}"})")))["detail"]["params"] == "{}");
  for (const char* action : {"auth.denied", "auth.sign_in", "account.note"}) CHECK_FALSE(public_entry(entry(action, "{}")));
  CHECK_FALSE(public_entry({.id = 1, .text = "damaged", .hash = {}}));
}
