#include "shared/base/percent.h"
#include "tests/support/api_fixture.h"
#include "tests/support/fake_web.h"

using namespace tessera;

namespace {

constexpr const char* good_token = R"({"access_token":"at","token_type":"Bearer"})";
constexpr const char* ann = R"({"id":"80351110224678912","username":"ann","global_name":"Ann"})";

/// The value of a cookie that an answer sets.
std::string cookie_of(const Answer& answer, const std::string& name) {
  const std::string line = answer.header("Set-Cookie");
  if (!line.starts_with(name + "=")) return {};
  return line.substr(name.size() + 1, line.find(';') - name.size() - 1);
}

std::string parameter_of(const std::string& address, const std::string& name) {
  const auto form = parse_form(address.substr(address.find('?') + 1));
  REQUIRE(form);
  for (const auto& [each, value] : *form)
    if (each == name) return value;
  return {};
}

/// An API that signs in by Discord, and a browser.
struct Fixture {
  explicit Fixture(ApiOptions options = {}) : api(with_discord(std::move(options))) {}

  static ApiOptions with_discord(ApiOptions options) {
    options.discord = true;
    return options;
  }

  /// Begins, and comes back as Discord would have it; what `web` says in between is up to the test.
  Answer sign_in(std::vector<NamedValue> cookies = {}, const std::string& login = "/auth/discord/login?return=#canvas=main") {
    const Answer begun = api.get(login);
    REQUIRE(begun.status() == 302);
    std::vector<NamedValue> headers{{"cookie:tessera_discord", cookie_of(begun, "tessera_discord")}};
    headers.insert(headers.end(), cookies.begin(), cookies.end());
    return api.get("/auth/discord/callback?code=c&state=" + parameter_of(begun.header("Location"), "state"), headers);
  }
  Answer sign_in_as_ann(std::vector<NamedValue> cookies = {}) {
    api.web.says(200, good_token);
    api.web.says(200, ann);
    return sign_in(std::move(cookies));
  }

  ApiFixture api;
};

}  // namespace

TEST_CASE("Discord routes: the browser is sent off with a cookie, and back to its place with a session") {
  Fixture fixture;
  const Answer begun = fixture.api.get("/auth/discord/login");
  CHECK(begun.status() == 302);
  CHECK(begun.header("Location").starts_with("https://discord.com/api/oauth2/authorize?"));
  CHECK(begun.header("Cache-Control") == "no-store");
  CHECK(begun.header("Set-Cookie").find("; Path=/auth/discord; Max-Age=600; HttpOnly; SameSite=Lax") != std::string::npos);
  const Answer arrived = fixture.sign_in_as_ann();
  CHECK(arrived.status() == 302);
  CHECK(arrived.header("Location") == "/#canvas=main");
  const std::string token = cookie_of(arrived, "tessera_session");
  CHECK(token.size() == 43);
  const auto me = fixture.api.get("/auth/me", ApiFixture::bearer(token)).json();
  CHECK(me["name"] == "Ann");
  CHECK(me["kind"] == "discord");
}

TEST_CASE("Discord routes: a guest becomes the person, a stale cookie is nobody") {
  Fixture fixture;
  const std::string guest = fixture.api.sign_in("wanderer");
  const auto before = fixture.api.get("/auth/me", ApiFixture::bearer(guest)).json();
  const std::string token = cookie_of(fixture.sign_in_as_ann({{"cookie", guest}}), "tessera_session");
  const auto after = fixture.api.get("/auth/me", ApiFixture::bearer(token)).json();
  CHECK(after["id"] == before["id"]);
  CHECK(after["name"] == "Ann");
  CHECK(fixture.sign_in_as_ann({{"cookie", "stale"}}).status() == 302);
}

TEST_CASE("Discord routes: each trouble is a page, with a way to go on") {
  Fixture fixture;
  fixture.api.web.says(429, "", {{"retry-after", "9"}});
  const Answer limited = fixture.sign_in();
  CHECK(limited.status() == 503);
  CHECK(limited.header("Retry-After") == "9");
  CHECK(limited.body().find("Try again in 9\u00A0s") != std::string::npos);
  CHECK(limited.body().find("href=\"/auth/discord/login?return=%23canvas%3Dmain\"") != std::string::npos);
  CHECK(limited.body().find("href=\"/#canvas=main\"") != std::string::npos);
  fixture.api.web.fails({WebFailure::Why::TimedOut, "no bytes of the secret"});
  const Answer late = fixture.sign_in();
  CHECK(late.status() == 504);
  CHECK(late.body().find("secret") == std::string::npos);
  CHECK(late.header("Set-Cookie").empty());
}

TEST_CASE("Discord routes: where it is not set up, there is no such way in") {
  ApiFixture api;
  CHECK(api.get("/auth/discord/login").status() == 404);
  CHECK(api.get("/auth/discord/callback?state=x").status() == 404);
  CHECK(api.get("/api/v1/server").json()["sign_in"] == nlohmann::json{"guest"});
}

TEST_CASE("Discord routes: told and offered at the public address and on this machine alone") {
  Fixture fixture({.public_url = "https://canvas.test"});
  const auto offered = [&](const char* host) {
    const auto ways = fixture.api.get("/api/v1/server", {{"host", host}}).json()["sign_in"];
    const bool told = std::find(ways.begin(), ways.end(), "discord") != ways.end();
    CHECK((fixture.api.get("/auth/discord/login", {{"host", host}}).status() == 302) == told);
    return told;
  };
  CHECK(offered("canvas.test"));
  CHECK(offered("localhost:7878"));
  CHECK(!offered("canvas.test:8443"));
  CHECK(!offered("192.0.2.7"));
  const Answer there = fixture.api.get("/auth/discord/login", {{"host", "canvas.test"}});
  CHECK(there.header("Set-Cookie").ends_with("; Secure"));
  CHECK(parameter_of(there.header("Location"), "redirect_uri") == "https://canvas.test/auth/discord/callback");
}

TEST_CASE("Discord routes: an address begins only so many sign-ins a minute") {
  Fixture fixture({.sign_ins = 2});
  CHECK(fixture.api.get("/auth/discord/login").status() == 302);
  CHECK(fixture.api.get("/auth/discord/login").status() == 302);
  const Answer refused = fixture.api.get("/auth/discord/login");
  CHECK(refused.status() == 429);
  CHECK(refused.header("Retry-After") == "60");
  CHECK(refused.header("Content-Type") == "text/html; charset=utf-8");
}
