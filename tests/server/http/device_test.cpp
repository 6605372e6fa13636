#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

constexpr const char* verify = "/auth/device/verify";

struct Fixture {
  ApiFixture api{ApiOptions{}};

  nlohmann::json begin(const std::string& body = R"({"client":"Tessera on Linux"})") {
    const Answer answer = api.post("/auth/device", body);
    REQUIRE(answer.status() == 200);
    return answer.json();
  }
  Answer poll(const std::string& device_code) {
    return api.post("/auth/device/token", nlohmann::json{{"device_code", device_code}}.dump());
  }
  Answer act(const std::string& form, const std::string& token, const char* origin = ApiFixture::origin) {
    std::vector<NamedValue> headers{{"content-type", "application/x-www-form-urlencoded"}, {"origin", origin}};
    if (!token.empty()) headers.emplace_back("cookie", token);
    return api.ask("POST", verify, form, std::move(headers));
  }
};

}  // namespace

TEST_CASE("Device flow: codes, a confirmation, a session with the app's own label") {
  Fixture fixture;
  const auto codes = fixture.begin();
  CHECK(codes["verification_uri"] == "http://127.0.0.1:7878/auth/device/verify");
  const std::string code = codes["user_code"], device = codes["device_code"];
  CHECK(codes["verification_uri_complete"] == "http://127.0.0.1:7878/auth/device/verify?user_code=" + code);
  CHECK(fixture.poll(device).json()["error"] == "authorization_pending");
  const std::string token = fixture.api.sign_in("ann");
  const Answer shown = fixture.api.get(verify + ("?user_code=" + code), {{"cookie", token}});
  CHECK(shown.status() == 200);
  CHECK(shown.body().find("Tessera on Linux") != std::string::npos);
  CHECK(fixture.act("do=confirm&user_code=" + code, token).status() == 200);
  const Answer session = fixture.poll(device);
  REQUIRE(session.status() == 200);
  CHECK(session.header("Cache-Control") == "no-store");
  CHECK(session.json()["token"] == session.json()["access_token"]);
  CHECK(session.json()["expires_in"] == 30 * 86'400);
  CHECK(fixture.api.get("/auth/me", ApiFixture::bearer(session.json()["token"])).json()["name"] == "ann");
  CHECK(fixture.poll(device).code() == "expired_token");
}

TEST_CASE("Device flow: the public address is where people are sent") {
  ApiFixture api({.public_url = "https://canvas.test"});
  CHECK(api.post("/auth/device", "{}").json()["verification_uri"] == "https://canvas.test/auth/device/verify");
}

TEST_CASE("Device flow: refused, slowed down, unknown: an OAuth error and a problem at once") {
  Fixture fixture;
  const auto codes = fixture.begin();
  CHECK(fixture.act("do=refuse&user_code=" + codes["user_code"].get<std::string>(), fixture.api.sign_in("ann")).status() == 200);
  const Answer denied = fixture.poll(codes["device_code"]);
  CHECK(denied.status() == 400);
  CHECK(denied.code() == "access_denied");
  CHECK(denied.json()["error"] == "access_denied");
  CHECK(denied.header("Content-Type") == "application/problem+json");
  const std::string eager = fixture.begin()["device_code"];
  CHECK(fixture.poll(eager).code() == "authorization_pending");
  CHECK(fixture.poll(eager).code() == "slow_down");
  CHECK(fixture.poll("made up").code() == "expired_token");
}

TEST_CASE("Device flow: only a page of this server decides, by the session of a person") {
  Fixture fixture;
  const std::string code = fixture.begin()["user_code"];
  const std::string token = fixture.api.sign_in("ann");
  for (const char* origin : {"https://evil.example", "null", ""}) CHECK(fixture.act("do=confirm&user_code=" + code, token, origin).status() == 403);
  const Answer nobody_there = fixture.act("do=confirm&user_code=" + code, "");
  CHECK(nobody_there.status() == 200);
  CHECK(nobody_there.body().find("Sign in here first") != std::string::npos);
  CHECK(fixture.act("do=confirm&user_code=" + code, ApiFixture::owner_token).status() == 403);
  CHECK(fixture.act("do=confirm&user_code=" + code, token).status() == 200);
}

TEST_CASE("Device flow: a nickname signs in on the page itself, and leads back to the code") {
  Fixture fixture;
  const Answer answer = fixture.act("do=sign_in&name=ann&user_code=bcdf+ghjk", "");
  CHECK(answer.status() == 303);
  CHECK(answer.header("Location") == "/auth/device/verify?user_code=BCDF-GHJK");
  CHECK(answer.header("Set-Cookie").starts_with("tessera_session="));
  CHECK(fixture.act("do=sign_in&name=+", "").status() == 400);
  ApiFixture closed({.guests = false});
  CHECK(closed.get(verify).body().find("takes no guests") != std::string::npos);
}

TEST_CASE("Device flow: guessing codes ends after some tries") {
  Fixture fixture;
  const auto token = fixture.api.sign_in("ann");
  const auto guess = [&] { return fixture.api.get(verify + std::string("?user_code=BCDF-GHJK"), {{"cookie", token}}).status(); };
  for (int i = 0; i < 30; ++i) CHECK(guess() == 404);
  CHECK(guess() == 429);
  fixture.api.read_clock.advance(std::chrono::seconds(60));
  CHECK(guess() == 404);
}
