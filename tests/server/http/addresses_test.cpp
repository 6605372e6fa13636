// Where accounts were seen, by HTTP: found, told, rolled back, and never an address.
#include <doctest/doctest.h>

#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

struct AddressApi : ApiFixture {
  AddressApi() : ApiFixture({.audit_reads = std::nullopt, .people = true}) {}

  Answer staff(const std::string& method, const std::string& target, const std::string& body = {}, const std::string& who = "moderator") {
    peer = "127.0.0.1";
    return ask(method, target, body, bearer(token_of(who)));
  }
  std::string sign_in_from(const std::string& address, const std::string& name) {
    peer = address;
    return sign_in(name);
  }
  json found(const std::string& address) {
    json names = json::array();
    const json page = staff("GET", "/api/v1/accounts?address=" + address).json();
    for (const json& item : page["items"]) names.push_back(item["name"]);
    return names;
  }
  json prefixes_of(const std::string& name) {
    const json account = staff("GET", "/api/v1/accounts?sort=-id&q=" + name).json()["items"][0];  // "banned" has an ann in it as well
    return staff("GET", "/api/v1/accounts/" + std::to_string(account["id"].get<int>())).json()["prefixes"];
  }
};

}  // namespace

TEST_CASE("Addresses by HTTP: an account is found by where it signed in and placed, and its profile names that without telling it") {
  AddressApi api;
  const std::string ann = api.sign_in_from("192.0.2.7", "ann");
  api.sign_in_from("192.0.2.9", "ben");
  api.sign_in_from("2001:db8::1", "cy");
  CHECK(api.found("192.0.2.7") == json{"ann"});
  CHECK(api.found("192.0.2.0/24") == json{"ann", "ben"});
  CHECK(api.found("192.0.2.0/24&q=be") == json{"ben"});
  CHECK(api.found("192.0.2.0/24&sort=-name") == json{"ben", "ann"});
  CHECK(api.found("2001:db8::/48") == json{"cy"});
  CHECK(api.found("192.0.2.8").empty());
  api.peer = "198.51.100.3";
  REQUIRE(api.place(ann, R"([{"x":1,"y":1,"color":1}])").status() == 200);
  CHECK(api.found("198.51.100.3") == json{"ann"});

  const json prefixes = api.prefixes_of("ann");
  REQUIRE(prefixes.size() == 4);
  CHECK(prefixes[0]["bits"] == 32);
  CHECK(prefixes[0]["accounts"] == 1);
  const std::string network = prefixes[3]["prefix"];
  CHECK(network.starts_with("v4-24/"));
  CHECK(prefixes[3]["accounts"] == 2);
  CHECK(api.found(network) == json{"ann", "ben"});
  CHECK(prefixes.dump().find("192.0.2") == std::string::npos);
}

TEST_CASE("Addresses by HTTP: what is none is refused, and not repeated") {
  AddressApi api;
  for (const char* wrong : {"192.0.2.0/25", "ann", "v4-24/xyz", "2001:db8::/32"}) {
    CAPTURE(wrong);
    for (const std::string& target : {std::string("/api/v1/accounts?address="), std::string("/api/v1/canvases/main/rollbacks/preview.png?address=")}) {
      const Answer answer = api.staff("GET", target + wrong);
      CHECK(answer.status() == 400);
      CHECK(answer.body().find(wrong) == std::string::npos);
    }
    const Answer answer = api.staff("POST", "/api/v1/canvases/main/rollbacks", json{{"address", wrong}}.dump());
    CHECK(answer.status() == 400);
    CHECK(answer.body().find(wrong) == std::string::npos);
  }
  CHECK(api.staff("POST", "/api/v1/canvases/main/rollbacks", R"({"address":"203.0.113.1"})").status() == 404);
  CHECK(api.staff("POST", "/api/v1/canvases/main/rollbacks", R"({"address":"203.0.113.1"})", "here").status() == 403);
  CHECK(api.staff("GET", "/api/v1/accounts?address=203.0.113.1", {}, "here").status() == 403);
}

TEST_CASE("Addresses by HTTP: all who were seen there are rolled back together, and no answer or entry holds the address") {
  AddressApi api;
  const std::string ann = api.sign_in_from("192.0.2.7", "ann"), ben = api.sign_in_from("192.0.2.9", "ben"), cy = api.sign_in_from("198.51.100.3", "cy");
  for (const auto& [token, cells] : {std::pair(ann, R"([{"x":1,"y":1,"color":1}])"), std::pair(ben, R"([{"x":2,"y":1,"color":1}])")}) {
    api.peer = "192.0.2.7";
    REQUIRE(api.place(token, cells).status() == 200);
  }
  api.peer = "198.51.100.3";
  REQUIRE(api.place(cy, R"([{"x":3,"y":1,"color":1}])").status() == 200);
  const char* rollbacks = "/api/v1/canvases/main/rollbacks";
  const json preview = api.staff("POST", rollbacks, R"({"address":"192.0.2.0/24","dry_run":true})").json();
  CHECK(preview["placements"] == 2);
  const std::string image = preview["image"];
  CHECK(image.find("address=v4-24/") != std::string::npos);
  CHECK(api.staff("GET", image).status() == 200);
  const Answer applied = api.staff("POST", rollbacks, R"({"address":"192.0.2.0/24","reason":"a flat"})");
  REQUIRE(applied.status() == 201);
  CHECK(applied.json()["accounts"].size() == 2);
  CHECK(api.get("/api/v1/canvases/main/cells/1/1").json()["color"].is_null());
  CHECK(api.get("/api/v1/canvases/main/cells/2/1").json()["color"].is_null());
  CHECK(api.get("/api/v1/canvases/main/cells/3/1").json()["color"] == 1);
  const std::string log = api.staff("GET", "/api/v1/audit").body();
  CHECK(log.find("v4-24/") != std::string::npos);
  for (const std::string& text : {log, applied.body(), preview.dump()}) CHECK(text.find("192.0.2") == std::string::npos);
}

TEST_CASE("Addresses by HTTP: what a stranger's request says it was forwarded for is not believed") {
  AddressApi api;
  api.peer = "203.0.113.9";
  const Answer made = api.ask("POST", "/auth/guest", R"({"name":"dee"})", {{"x-forwarded-for", "192.0.2.7"}});
  REQUIRE(made.status() == 201);
  CHECK(api.found("192.0.2.7").empty());
  CHECK(api.found("203.0.113.9") == json{"dee"});
}
