// Roles on one canvas by HTTP.
#include <doctest/doctest.h>

#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

constexpr const char* grants = "/api/v1/canvases/main/grants";
constexpr const char* moderator = R"({"role":"moderator"})";

struct GrantApi : ApiFixture {
  GrantApi() : ApiFixture({.canvases = {{"main", {300, 200}}, {"other", {30, 20}}}, .audit_reads = std::nullopt, .people = true}) {}

  Answer as(const std::string& who, const std::string& method, const std::string& target, const std::string& body = {}, const std::string& if_match = {}) {
    auto headers = bearer(who == "owner" ? std::string(owner_token) : token_of(who));
    if (!if_match.empty()) headers.emplace_back("if-match", if_match);
    return ask(method, target, body, headers);
  }
  static std::string of(int account) { return std::string(grants) + "/" + std::to_string(account); }
};

}  // namespace

TEST_CASE("Grants by HTTP: given, listed, changed under their version, taken away") {
  GrantApi api;
  const Answer made = api.as("admin", "PUT", api.of(2), moderator);
  CHECK(made.status() == 201);
  CHECK(made.json()["account"]["name"] == "a member");
  CHECK(made.json()["granted_by"]["name"] == "a admin");
  const std::string tag = made.header("ETag");
  CHECK(tag == "\"" + std::to_string(made.json()["version"].get<int>()) + "\"");
  const json list = api.as("here", "GET", grants).json();
  REQUIRE(list["items"].size() == 2);
  CHECK(list["items"][0] == made.json());
  const json page = api.as("here", "GET", std::string(grants) + "?limit=1").json();
  CHECK(page["next"] == 2);
  CHECK(api.as("here", "GET", std::string(grants) + "?limit=1&after=2").json()["items"][0]["account"]["id"] == 7);

  const Answer blind = api.as("admin", "PUT", api.of(2), R"({"role":"member"})");
  CHECK(blind.status() == 428);
  CHECK(api.as("admin", "PUT", api.of(2), R"({"role":"member"})", "\"999\"").status() == 412);
  const Answer changed = api.as("admin", "PUT", api.of(2), R"({"role":"member"})", tag);
  CHECK(changed.status() == 200);
  CHECK(changed.header("ETag") != tag);
  const Answer stale = api.as("admin", "DELETE", api.of(2), {}, tag);
  CHECK(stale.status() == 412);
  CHECK(stale.json()["current"]["role"] == "member");
  CHECK(api.as("admin", "DELETE", api.of(2)).status() == 428);
  CHECK(api.as("admin", "DELETE", api.of(2), {}, changed.header("ETag")).status() == 204);
  CHECK(api.as("admin", "DELETE", api.of(2), {}, "*").status() == 404);
  const Answer gone = api.as("admin", "PUT", api.of(2), moderator, "*");
  CHECK(gone.status() == 412);
  CHECK(gone.code() == "stale");
}

TEST_CASE("Grants by HTTP: what cannot be is refused by name, and changes nothing") {
  GrantApi api;
  for (const char* body : {R"({"role":"owner"})", R"({"role":"guest"})", R"({"role":"king"})", R"({"role":7})", R"({})", R"({"role":"member","x":1})"}) {
    CAPTURE(body);
    CHECK(api.as("owner", "PUT", api.of(2), body).status() == 400);
  }
  CHECK(api.as("owner", "PUT", api.of(6), moderator).code() == "invalid");  // a bot
  CHECK(api.as("owner", "PUT", api.of(99), moderator).status() == 404);
  CHECK(api.as("owner", "PUT", "/api/v1/canvases/none/grants/2", moderator).status() == 404);
  CHECK(api.as("here", "PUT", api.of(2), moderator).code() == "forbidden");
  CHECK(api.as("admin", "PUT", api.of(4), moderator).code() == "forbidden");
  CHECK(api.as("owner", "GET", grants).json()["items"].size() == 1);
}

TEST_CASE("Grants by HTTP: who is an admin of one canvas sees and changes that one as admins do, also once it is archived") {
  GrantApi api;
  REQUIRE(api.as("owner", "PUT", api.of(2), R"({"role":"admin"})").status() == 201);
  REQUIRE(api.as("member", "PATCH", "/api/v1/canvases/main", R"({"access":"code"})", "*").status() == 200);
  const auto seen = [&](const char* who, const std::string& canvas) {
    const json page = api.as(who, "GET", "/api/v1/canvases?archived=true").json();
    for (const json& item : page["items"])
      if (item["name"] == canvas) return item;
    return json();
  };
  CHECK(seen("member", "main").contains("code"));
  CHECK_FALSE(seen("moderator", "main").contains("code"));
  CHECK(api.as("member", "GET", "/api/v1/canvases/main").json().contains("code"));
  CHECK(api.as("member", "PATCH", "/api/v1/canvases/other", R"({"paused":true})").status() == 403);
  CHECK(api.as("member", "POST", "/api/v1/canvases", R"({"name":"mine","width":5,"height":5})").status() == 403);
  REQUIRE(api.as("member", "DELETE", "/api/v1/canvases/main", {}, "*").status() == 204);
  CHECK(api.as("member", "GET", "/api/v1/canvases/main").status() == 200);
  CHECK(api.as("here", "GET", "/api/v1/canvases/main").status() == 404);
  CHECK(seen("member", "main")["name"] == "main");
  CHECK(seen("here", "main").is_null());
  CHECK(api.as("member", "PATCH", "/api/v1/canvases/main", R"({"archived":false})", "*").status() == 200);
}
