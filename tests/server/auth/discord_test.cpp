#include "server/auth/discord.h"

#include <doctest/doctest.h>

#include "server/auth/base64url.h"
#include "server/auth/pkce.h"
#include "server/auth/token.h"
#include "shared/base/percent.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_web.h"

using namespace tessera;

namespace {

/// One of a form, or of what follows the question mark of an address.
std::string parameter_of(const std::string& text, const std::string& name) {
  const auto form = parse_form(text.substr(text.find('?') + 1));
  REQUIRE(form);
  for (const auto& [each, value] : *form)
    if (each == name) return value;
  return {};
}

struct Fixture {
  explicit Fixture(DiscordSettings asked = {}) : settings(std::move(asked)) {
    settings.client_id = "client";
    settings.client_secret = "the & secret";
    settings.version = "1.2.3";
    discord = std::make_unique<Discord>(settings, web, clock, random);
  }

  std::string begin(std::string back = "/#canvas=main") {
    const auto begun = discord->begin(origin, std::move(back), nullptr);
    REQUIRE(begun);
    browser = begun->browser;
    url = begun->url;
    return parameter("state");
  }
  std::string parameter(const std::string& name) const {
    return parameter_of(url, name);
  }
  Result<DiscordArrival, DiscordFailure> finish(Discord::Callback callback) {
    std::optional<Result<DiscordArrival, DiscordFailure>> result;
    discord->finish(callback, origin, [&](Result<DiscordArrival, DiscordFailure> told) { result = std::move(told); });
    REQUIRE(result);
    return std::move(*result);
  }
  Result<DiscordArrival, DiscordFailure> come_back() { return finish({begin(), "the code", "", browser}); }
  DiscordTrouble trouble() {
    const auto result = come_back();
    REQUIRE(!result);
    CHECK(result.error().back == "/#canvas=main");
    CHECK(result.error().detail.find("secret") == std::string::npos);
    return result.error().trouble;
  }

  DiscordSettings settings;
  Origin origin{"https", "canvas.test", 443};
  FakeClock clock;
  SeededRandom random{1};
  FakeWeb web;
  std::unique_ptr<Discord> discord;
  std::string browser, url;
};

constexpr const char* good_token = R"({"access_token":"at","token_type":"Bearer","scope":"identify"})";
constexpr const char* ann = R"({"id":"80351110224678912","username":"ann","global_name":"Ann \u202eof Gables"})";

}  // namespace

TEST_CASE("PKCE: the example of RFC 7636, appendix B") {
  const Bytes octets{116, 24,  223, 180, 151, 153, 224, 37, 79, 250, 96,  125, 216, 173, 187, 186,
                     22,  212, 37,  77,  105, 214, 191, 240, 91, 88,  5,   88,  83,  132, 141, 121};
  CHECK(base64url(octets) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  CHECK(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  CHECK(base64url({}) == "");
  CHECK(base64url(Bytes{0xff}) == "_w");
  CHECK(base64url(Bytes{0xff, 0xfe}) == "__4");
}

TEST_CASE("Discord: a fragment is where one comes back to, and nothing else is") {
  CHECK(back_to("") == "/");
  CHECK(back_to("#canvas=main&x=120&y=340&zoom=8") == "/#canvas=main&x=120&y=340&zoom=8");
  CHECK(back_to("#") == "/#");
  for (const char* wrong : {"/", "//evil.example", "https://evil.example", "canvas=main", "\\evil", "?x", "#a\r\nSet-Cookie: x=y", "#a b", "#\"", "#<",
                            "#\xc3\xa9", "#a#b", "javascript:alert(1)"})
    CHECK_MESSAGE(!back_to(wrong), wrong);
  CHECK(!back_to("#" + std::string(5'000, 'a')));
}

TEST_CASE("Discord: offered at the public URL over https and on this machine, nowhere else") {
  const auto at = [](const char* host, bool is_secure, const char* public_url) {
    HttpRequest request;
    request.headers.emplace_back("host", host);
    request.is_secure = is_secure;
    const Site site(public_url ? parse_origin(public_url) : std::nullopt, {"other.test"});
    const auto origin = discord_origin(request, site);
    return origin ? origin->text() : std::string{};
  };
  CHECK(at("localhost:7878", false, nullptr) == "http://localhost:7878");
  CHECK(at("127.0.0.1:7878", false, nullptr) == "http://127.0.0.1:7878");
  CHECK(at("[::1]:7878", true, nullptr) == "https://[::1]:7878");
  CHECK(at("canvas.test", true, "https://canvas.test") == "https://canvas.test");
  CHECK(at("canvas.test", false, "https://canvas.test") == "https://canvas.test");
  CHECK(at("canvas.test:8443", true, "https://canvas.test") == "");
  CHECK(at("other.test", true, "https://canvas.test") == "");
  CHECK(at("canvas.test", false, "http://canvas.test") == "");
  CHECK(at("192.168.1.7:7878", false, nullptr) == "");
  CHECK(at("sub.localhost:7878", false, nullptr) == "");
  CHECK(at("127.0.0.1.evil.example", false, nullptr) == "");
  CHECK(!discord_origin(HttpRequest{}, Site(std::nullopt, {})));
}

TEST_CASE("Discord: asks for who they are, and for the guild only where one is required") {
  Fixture fixture;
  const std::string state = fixture.begin();
  CHECK(fixture.url.starts_with("https://discord.com/api/oauth2/authorize?"));
  CHECK(fixture.parameter("response_type") == "code");
  CHECK(fixture.parameter("client_id") == "client");
  CHECK(fixture.parameter("scope") == "identify");
  CHECK(fixture.parameter("redirect_uri") == "https://canvas.test/auth/discord/callback");
  CHECK(fixture.parameter("code_challenge_method") == "S256");
  CHECK(fixture.parameter("code_challenge").size() == 43);
  CHECK(state.size() == 43);
  CHECK(fixture.begin() != state);
  Fixture guild(DiscordSettings{.guild = 5});
  guild.begin();
  CHECK(guild.parameter("scope") == "identify guilds.members.read");
}

TEST_CASE("Discord: the code is exchanged with the secret and PKCE's verifier, and the person is asked for") {
  Fixture fixture;
  fixture.web.says(200, good_token);
  fixture.web.says(200, ann);
  const auto result = fixture.come_back();
  REQUIRE(result);
  CHECK(result.value().person.id == 80351110224678912ull);
  CHECK(result.value().person.name == "Ann of Gables");
  CHECK(!result.value().person.role);
  CHECK(result.value().back == "/#canvas=main");

  REQUIRE(fixture.web.asked.size() == 2);
  const OutgoingRequest& token = fixture.web.asked[0];
  CHECK(token.method == "POST");
  CHECK(token.url == "https://discord.com/api/oauth2/token");
  const auto of = [&](const char* name) { return parameter_of(token.body, name); };
  CHECK(of("grant_type") == "authorization_code");
  CHECK(of("code") == "the code");
  CHECK(of("client_secret") == "the & secret");
  CHECK(of("redirect_uri") == "https://canvas.test/auth/discord/callback");
  CHECK(pkce_challenge(of("code_verifier")) == fixture.parameter("code_challenge"));
  CHECK(fixture.web.asked[1].url == "https://discord.com/api/users/@me");
  const auto& headers = fixture.web.asked[1].headers;
  CHECK(std::find(headers.begin(), headers.end(), NamedValue{"Authorization", "Bearer at"}) != headers.end());
  CHECK(std::find(headers.begin(), headers.end(), NamedValue{"User-Agent", "DiscordBot (https://canvas.test, 1.2.3)"}) != headers.end());
}

TEST_CASE("Discord: a state is good once, for ten minutes, in one browser, at one address") {
  Fixture fixture;
  fixture.web.says(200, good_token);
  fixture.web.says(200, ann);
  const std::string state = fixture.begin();
  CHECK(fixture.finish({state, "code", "", fixture.browser}).ok());
  CHECK(fixture.finish({state, "code", "", fixture.browser}).error().trouble == DiscordTrouble::UnknownState);
  CHECK(fixture.finish({"", "code", "", fixture.browser}).error().trouble == DiscordTrouble::UnknownState);
  CHECK(fixture.finish({"made up", "code", "", fixture.browser}).error().trouble == DiscordTrouble::UnknownState);

  const std::string elsewhere = fixture.begin();
  CHECK(fixture.finish({elsewhere, "code", "", "another browser"}).error().trouble == DiscordTrouble::OtherBrowser);
  CHECK(fixture.finish({elsewhere, "code", "", fixture.browser}).error().trouble == DiscordTrouble::UnknownState);
  CHECK(fixture.finish({fixture.begin(), "code", "", ""}).error().trouble == DiscordTrouble::OtherBrowser);

  const std::string late = fixture.begin();
  fixture.clock.advance(std::chrono::minutes(10));
  CHECK(fixture.finish({late, "code", "", fixture.browser}).error().trouble == DiscordTrouble::ExpiredState);
  const std::string moved = fixture.begin();
  fixture.origin.host = "localhost";
  CHECK(fixture.finish({moved, "code", "", fixture.browser}).error().trouble == DiscordTrouble::OtherBrowser);
  CHECK(fixture.web.asked.size() == 2);
}

TEST_CASE("Discord: two tabs of one browser can both sign in, and a made-up cookie is not taken over") {
  Fixture fixture;
  const auto first = fixture.discord->begin(fixture.origin, "/", nullptr);
  const auto second = fixture.discord->begin(fixture.origin, "/", &first->browser);
  CHECK(second->browser == first->browser);
  const std::string odd = "x; Path=/; Domain=evil.example";
  CHECK(fixture.discord->begin(fixture.origin, "/", &odd)->browser.size() == 43);
}

TEST_CASE("Discord: so many at a time, and room again once they have ended") {
  Fixture fixture;
  for (std::size_t i = 0; i < SignInStates::most; ++i) REQUIRE(fixture.discord->begin(fixture.origin, "/", nullptr));
  CHECK(!fixture.discord->begin(fixture.origin, "/", nullptr));
  fixture.clock.advance(std::chrono::minutes(10));
  CHECK(fixture.discord->begin(fixture.origin, "/", nullptr));
}

TEST_CASE("Discord: what it sends back instead of a code is told apart") {
  Fixture fixture;
  const auto trouble = [&](const char* code, const char* error) {
    return fixture.finish({fixture.begin(), code, error, fixture.browser}).error().trouble;
  };
  CHECK(trouble("", "access_denied") == DiscordTrouble::Denied);
  CHECK(trouble("", "server_error") == DiscordTrouble::Down);
  CHECK(trouble("", "invalid_scope") == DiscordTrouble::Misconfigured);
  CHECK(trouble("code", "access_denied") == DiscordTrouble::Denied);
  CHECK(trouble("", "") == DiscordTrouble::CodeRefused);
}

TEST_CASE("Discord: refusals, rate limits and failures of each question") {
  Fixture fixture;
  fixture.web.says(400, R"({"error":"invalid_grant","error_description":"the secret stands here"})");
  CHECK(fixture.trouble() == DiscordTrouble::CodeRefused);
  fixture.web.says(401, R"({"error":"invalid_client"})");
  CHECK(fixture.trouble() == DiscordTrouble::Misconfigured);
  fixture.web.says(302, "", {{"location", "https://evil.example"}});
  CHECK(fixture.trouble() == DiscordTrouble::Misconfigured);
  fixture.web.says(500, "the secret stands here");
  CHECK(fixture.trouble() == DiscordTrouble::Down);
  fixture.web.fails({WebFailure::Why::TimedOut, "late"});
  CHECK(fixture.trouble() == DiscordTrouble::TimedOut);
  fixture.web.fails({WebFailure::Why::Unreachable, "no route"});
  CHECK(fixture.trouble() == DiscordTrouble::Down);
  for (const char* body : {"", "{", "[]", "{}", R"({"access_token":5})", R"({"access_token":""})", R"({"access_token":"a\r\nX: y"})"}) {
    fixture.web.says(200, body);
    CHECK(fixture.trouble() == DiscordTrouble::Down);
  }
  for (const char* body : {"", "null", R"({"id":"0","username":"a"})", R"({"id":5,"username":"a"})", R"({"id":"-1"})", R"({"id":"99999999999999999999"})"}) {
    fixture.web.says(200, good_token);
    fixture.web.says(200, body);
    CHECK(fixture.trouble() == DiscordTrouble::Down);
  }
}

TEST_CASE("Discord: how long it wants us to wait, within reason") {
  const auto wait = [](const char* header) {
    Fixture fixture;
    fixture.web.says(429, "{}", {{"retry-after", header}});
    const auto result = fixture.come_back();
    CHECK(result.error().trouble == DiscordTrouble::RateLimited);
    return result.error().wait_s;
  };
  CHECK(wait("12") == 12);
  CHECK(wait("1.337") == 1);
  CHECK(wait("0.2") == 1);
  CHECK(wait("999999999999") == 5);
  CHECK(wait("-1\r\nX: y") == 5);
}

TEST_CASE("Discord: all questions of one sign-in together have fifteen seconds") {
  class SlowWeb final : public WebClient {
   public:
    explicit SlowWeb(FakeClock& clock) : clock_(clock) {}
    void send(OutgoingRequest request, Done done) override {
      patience.push_back(request.patience);
      clock_.advance(std::chrono::seconds(9));
      done(OutgoingAnswer{200, {}, patience.size() == 1 ? good_token : ann});
    }
    std::vector<Duration> patience;

   private:
    FakeClock& clock_;
  };
  FakeClock clock;
  SeededRandom random{1};
  SlowWeb web(clock);
  Discord discord(DiscordSettings{.client_id = "c", .client_secret = "s", .guild = 5}, web, clock, random);
  const Origin origin{"http", "localhost", 7878};
  const auto begun = discord.begin(origin, "/", nullptr);
  const std::string state = parameter_of(begun->url, "state");
  std::optional<DiscordTrouble> trouble;
  discord.finish({state, "code", "", begun->browser}, origin, [&](Result<DiscordArrival, DiscordFailure> result) { trouble = result.error().trouble; });
  CHECK(trouble == DiscordTrouble::TimedOut);
  CHECK(web.patience == std::vector<Duration>{std::chrono::seconds(15), std::chrono::seconds(6)});
}

TEST_CASE("Discord: only members of the guild, with the highest of the roles that are mapped") {
  DiscordSettings settings;
  settings.guild = 5;
  settings.roles = {{10, Role::Member}, {20, Role::Admin}, {30, Role::Moderator}};
  const auto role = [&](const char* member) {
    Fixture fixture(settings);
    fixture.web.says(200, good_token);
    fixture.web.says(200, ann);
    fixture.web.says(200, member);
    const auto result = fixture.come_back();
    REQUIRE(result);
    CHECK(fixture.web.asked[2].url == "https://discord.com/api/users/@me/guilds/5/member");
    return result.value().person.role;
  };
  CHECK(role(R"({"roles":["30","20","10","7"]})") == Role::Admin);
  CHECK(role(R"({"roles":["10"]})") == Role::Member);
  CHECK(!role(R"({"roles":[]})"));
  CHECK(!role(R"({"roles":[20,null,"x"]})"));
  CHECK(!role("{}"));
  Fixture fixture(settings);
  fixture.web.says(200, good_token);
  fixture.web.says(200, ann);
  fixture.web.says(404, R"({"message":"Unknown Guild","code":10004})");
  CHECK(fixture.trouble() == DiscordTrouble::NotMember);
}

TEST_CASE("Discord: a name that cannot be shown gives way to one that can") {
  const auto name = [](const char* person) {
    Fixture fixture;
    fixture.web.says(200, good_token);
    fixture.web.says(200, person);
    return fixture.come_back().value().person.name;
  };
  CHECK(name(R"({"id":"7","username":"ann","global_name":null})") == "ann");
  CHECK(name(R"({"id":"7","username":"ann","global_name":"\u200b\u202e"})") == "ann");
  CHECK(name(R"({"id":"123456","username":"","global_name":""})") == "discord-3456");
  Fixture fixture;
  fixture.web.says(200, good_token);
  fixture.web.says(200, R"({"id":"7","username":"ann.7","global_name":"Ann"})");
  CHECK(fixture.come_back().value().person.username == "ann.7");
}
