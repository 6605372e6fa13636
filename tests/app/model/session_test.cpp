#include <doctest/doctest.h>

#include "tests/support/model_fixture.h"

using namespace tessera;

namespace {

constexpr const char* server = "http://localhost:7878";

/// On the canvas as nobody, where guests may draw once they have a name.
struct NobodyFixture : ModelFixture {
  explicit NobodyFixture(Device device = {}) {
    entered.may_place = false;
    entered.why_not = Refusal::NotSignedIn;
    start(server, device);
    come_back();
  }
  void sign_in() {
    act(action::EditNickname{"  ann  "});
    act(action::SubmitNickname{});
  }
};

}  // namespace

TEST_CASE("Session: the nickname is asked at the first placement, which is then made") {
  NobodyFixture f;
  CHECK_FALSE(f.model.sign_in.open);
  CHECK_FALSE(may_place(f.model, {3, 4}));
  CHECK(f.place({3, 4}, 5).cells.empty());
  CHECK(marker_look(f.model) == MarkerLook::Filled);
  CHECK(f.model.sign_in.open);
  CHECK(f.model.replica.shown({3, 4}) == empty_color);

  f.sign_in();
  REQUIRE(f.all<effect::SignInGuest>().size() == 1);
  CHECK(f.all<effect::SignInGuest>()[0].name == "ann");
  CHECK(f.model.sign_in.busy);
  f.act(action::SubmitNickname{});
  CHECK(f.effects.empty());

  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  REQUIRE(f.sent<SignIn>().size() == 1);
  CHECK(f.sent<SignIn>()[0].token == "secret");
  CHECK(f.all<effect::SaveTokens>()[0].tokens.size() == 1);

  f.welcome.account = ModelFixture::ann();
  f.hear(f.welcome);
  CHECK_FALSE(f.model.sign_in.open);
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{3, 4, 5}});
  CHECK(f.model.replica.shown({3, 4}) == 5);
  CHECK(f.model.settings.nickname == "ann");
}

TEST_CASE("Session: a name that cannot be shown is refused before it is sent") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  for (const std::string& name :
       {std::string(), std::string("   "), std::string(33, 'x'), std::string("\xFF\xFE"), std::string("\u202E")}) {
    f.act(action::EditNickname{name});
    f.act(action::SubmitNickname{});
    CHECK(f.all<effect::SignInGuest>().empty());
    CHECK(f.model.sign_in.error == Phrase{Text::NicknameBad, {}});
  }
}

TEST_CASE("Session: each way to fail is said in the dialog, which stays") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  const auto answer = [&](int status, const char* code, const char* detail) {
    f.sign_in();
    f.act(action::GuestAnswered{server, status, "", code, detail});
    CHECK(f.model.sign_in.open);
    CHECK_FALSE(f.model.sign_in.busy);
    REQUIRE(f.model.sign_in.error);
    return *f.model.sign_in.error;
  };
  CHECK(answer(0, "", "").text == Text::SignInUnreachable);
  CHECK(answer(429, "too_soon", "slow down").text == Text::SignInTooOften);
  CHECK(answer(400, "invalid", "bad name").text == Text::NicknameBad);
  CHECK(answer(403, "forbidden", "no guests today") == Phrase{Text::SignInFailed, {"no guests today"}});
  CHECK(answer(201, "", "") == Phrase{Text::SignInFailed, {""}});
}

TEST_CASE("Session: a dialog that was closed makes no placement, whatever comes after") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  f.sign_in();
  f.act(action::CloseSignIn{});
  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  CHECK(f.effects.empty());
  CHECK(f.model.sign_in.waiting.empty());
}

TEST_CASE("Session: an answer of another server is not this one's") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  f.sign_in();
  f.act(action::GuestAnswered{"http://evil", 201, "x", "", ""});
  CHECK(f.effects.empty());
  CHECK(f.model.tokens.empty());
}

TEST_CASE("Session: a cut between the sign-in and its welcome loses neither the session nor the placement") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  f.sign_in();
  SUBCASE("cut before the answer of HTTP") {
    f.lose();
    f.act(action::GuestAnswered{server, 201, "secret", "", ""});
    f.act(action::Connected{f.model.connection.id});
  }
  SUBCASE("cut after SignIn went out") {
    f.act(action::GuestAnswered{server, 201, "secret", "", ""});
    f.lose();
    f.act(action::Connected{f.model.connection.id});
  }
  CHECK(f.sent<Hello>()[0].token == "secret");
  f.welcome.account = ModelFixture::ann();
  f.hear(f.welcome);
  f.entered.may_place = true;
  f.hear(f.entered);
  CHECK_FALSE(f.model.sign_in.open);
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{3, 4, 5}});
}

TEST_CASE("Session: where guests are not allowed, signing in is an obstacle") {
  NobodyFixture f;
  f.model.server.guests_allowed = false;
  CHECK(may_place(f.model, {3, 4}) == Obstacle::NotSignedIn);
  CHECK(f.place({3, 4}, 5).cells.empty());
  CHECK_FALSE(f.model.sign_in.open);
  CHECK(f.has_toast(Text::WhyNotSignedIn));
}

TEST_CASE("Session: a name given at the start is used without asking, once") {
  ModelFixture f;
  f.entered.may_place = false;
  f.entered.why_not = Refusal::NotSignedIn;
  f.act(action::WindowResized{800, 600, 1});
  action::Started started;
  started.link = server;
  started.nickname = "bob";
  f.act(started);
  f.come_back();
  f.place({3, 4}, 5);
  REQUIRE(f.all<effect::SignInGuest>().size() == 1);
  CHECK(f.all<effect::SignInGuest>()[0].name == "bob");
  CHECK_FALSE(f.model.sign_in.open);
  f.act(action::GuestAnswered{server, 400, "", "invalid", ""});
  CHECK(f.model.sign_in.open);
}

TEST_CASE("Session: in a browser the cookie keeps the session, not a file") {
  Device browser;
  browser.sessions = SessionKeeping::Cookie;
  NobodyFixture f(browser);
  f.place({3, 4}, 5);
  f.sign_in();
  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  CHECK(f.all<effect::SaveTokens>().empty());
  CHECK(f.sent<SignIn>().size() == 1);
}

TEST_CASE("Session: signing out ends the session there and here") {
  ModelFixture f;
  f.model.tokens = {};
  f.go_live();
  f.model.tokens = {{server, "secret"}};
  f.act(action::SignOut{});
  REQUIRE(f.all<effect::SignOut>().size() == 1);
  CHECK(f.all<effect::SignOut>()[0].token == "secret");
  CHECK(f.model.tokens.empty());
  CHECK(f.sent<SignIn>()[0].token.empty());
  CHECK_FALSE(signed_in(f.model));
  f.welcome.account = {};
  f.hear(f.welcome);
  f.place({3, 4}, 5);
  CHECK(f.model.sign_in.open);
}

TEST_CASE("Session: a sign-in that the server refuses leaves the canvas on screen and the token forgotten") {
  NobodyFixture f;
  f.place({3, 4}, 5);
  f.sign_in();
  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  f.hear(Refused{Refusal::BadToken, "gone", protocol_version});
  CHECK(f.model.screen == Screen::Canvas);
  CHECK(f.model.connection.state == ConnectionState::Live);
  CHECK(f.model.tokens.empty());
  CHECK(f.model.sign_in.error == Phrase{Text::SignInFailed, {"gone"}});
}

namespace {

/// An app that has been started and still reads what it has kept.
struct ReadingFixture : ModelFixture {
  static constexpr const char* server = "http://localhost:7878";
  ReadingFixture() {
    act(action::WindowResized{800, 600, 1});
    action::Started started;
    started.tokens_follow = true;
    started.link = server;
    act(started);
  }
  void connect() { act(action::Connected{model.connection.id}); }
  void read(std::vector<SavedToken> tokens) { act(action::TokensRead{std::move(tokens)}); }
};

}  // namespace

TEST_CASE("Session: a server is greeted once what was kept has been read, with its token") {
  ReadingFixture fixture;
  fixture.connect();
  CHECK(fixture.sent<Hello>().empty());
  fixture.tick(std::chrono::seconds{2});
  CHECK(fixture.sent<Hello>().empty());
  fixture.read({{"https://elsewhere", "other"}, {fixture.server, "kept"}});
  REQUIRE(fixture.sent<Hello>().size() == 1);
  CHECK(fixture.sent<Hello>().front().token == "kept");
  CHECK(fixture.all<effect::SaveTokens>().empty());
  fixture.tick(std::chrono::seconds{2});
  CHECK(fixture.sent<Hello>().empty());
}

TEST_CASE("Session: read before the socket is open, it is greeted as soon as that is") {
  ReadingFixture fixture;
  fixture.read({{fixture.server, "kept"}});
  CHECK(fixture.sent<Hello>().empty());
  fixture.connect();
  REQUIRE(fixture.sent<Hello>().size() == 1);
  CHECK(fixture.sent<Hello>().front().token == "kept");
}

TEST_CASE("Session: nobody waits long for what was kept; when it comes after all, one is signed in by it") {
  ReadingFixture fixture;
  fixture.connect();
  REQUIRE(next_change(fixture.model).has_value());
  CHECK(*next_change(fixture.model) <= fixture.now + Duration{3'000'000});
  fixture.tick(std::chrono::milliseconds{3'000});
  REQUIRE(fixture.sent<Hello>().size() == 1);
  CHECK(fixture.sent<Hello>().front().token.empty());
  fixture.hear(fixture.welcome);
  fixture.entered.may_place = false;
  fixture.entered.why_not = Refusal::NotSignedIn;
  fixture.hear(fixture.entered);
  fixture.read({{fixture.server, "kept"}});
  REQUIRE(fixture.sent<SignIn>().size() == 1);
  CHECK(fixture.sent<SignIn>().front().token == "kept");
  fixture.welcome.account = ModelFixture::ann();
  fixture.hear(fixture.welcome);
  CHECK(signed_in(fixture.model));
}

TEST_CASE("Session: who has signed in meanwhile stays who they are, and the other servers' tokens are not lost") {
  ReadingFixture fixture;
  fixture.connect();
  fixture.tick(std::chrono::milliseconds{3'000});
  fixture.hear(fixture.welcome);
  fixture.hear(fixture.entered);
  fixture.act(action::EditNickname{"ann"});
  fixture.act(action::SubmitNickname{});
  fixture.act(action::GuestAnswered{fixture.server, 201, "fresh", "", ""});
  REQUIRE(fixture.all<effect::SaveTokens>().size() == 1);
  fixture.read({{fixture.server, "old"}, {"https://elsewhere", "other"}});
  CHECK(fixture.sent<SignIn>().empty());
  const std::vector<SavedToken> wanted{{fixture.server, "fresh"}, {"https://elsewhere", "other"}};
  REQUIRE(fixture.all<effect::SaveTokens>().size() == 1);
  CHECK(fixture.all<effect::SaveTokens>().front().tokens == wanted);
}
