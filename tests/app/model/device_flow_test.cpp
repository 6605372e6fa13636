#include <doctest/doctest.h>

#include "tests/support/account_fixture.h"

using namespace tessera;
using std::chrono::seconds;

namespace {

constexpr const char* server = QuestionFixture::server;

}  // namespace

TEST_CASE("Discord: in a browser Discord leaves the page, and comes back to where one was") {
  AccountFixture f;
  Device browser;
  browser.web = true;
  browser.sessions = SessionKeeping::Cookie;
  f.live_as_nobody("http://localhost:7878/#canvas=main&x=30&y=40&zoom=8&owner=s3cret", browser);
  f.act(action::ContinueWithDiscord{});
  REQUIRE(f.all<effect::LeavePage>().size() == 1);
  const std::string address = f.all<effect::LeavePage>()[0].address;
  CHECK(address == "http://localhost:7878/auth/discord/login?return=%23canvas%3Dmain%26x%3D30%26y%3D40%26zoom%3D8");
  CHECK(address.find("s3cret") == std::string::npos);
  CHECK(f.all<effect::LeavePage>()[0].kept == "http://localhost:7878/#owner=s3cret");
}

TEST_CASE("Discord: back from Discord, what the link brought along is done, once") {
  AccountFixture f;
  Device browser;
  browser.web = true;
  browser.sessions = SessionKeeping::Cookie;
  action::Started started;
  started.device = browser;
  started.link = "http://localhost:7878/#canvas=main";
  started.kept = "http://localhost:7878/#owner=s3cret";
  f.act(action::WindowResized{800, 600, 1});
  f.act(started);
  f.welcome.account = f.ann();
  f.come_back();
  f.model.ways = {true, true, unasked};
  REQUIRE(f.model.errand.asked != unasked);
  const AskId asked = f.model.errand.asked;
  f.act(action::ContinueWithDiscord{});
  CHECK(f.all<effect::LeavePage>()[0].kept == "http://localhost:7878/#owner=s3cret");
  f.reply(asked, 200, answer::Me{QuestionFixture::as(Role::Owner), {}});
  CHECK(f.model.account.role == Role::Owner);
  f.act(action::ContinueWithDiscord{});
  CHECK(f.all<effect::LeavePage>()[0].kept.empty());
}

TEST_CASE("Discord: what was kept for another server, or is no link, is of no account; a link's own secret comes first") {
  for (const char* kept : {"http://localhost:9999/#owner=s3cret", "nonsense of it", "http://localhost:7878/#canvas=other"}) {
    CAPTURE(kept);
    AccountFixture f;
    action::Started started;
    started.link = server;
    started.kept = kept;
    f.act(started);
    CHECK(f.model.errand.empty());
    CHECK(f.model.connection.server == server);
  }
  AccountFixture f;
  action::Started started;
  started.link = "http://localhost:7878/#invite=newer";
  started.kept = "http://localhost:7878/#owner=s3cret";
  f.act(started);
  CHECK(f.model.errand.invite == "newer");
  CHECK(f.model.errand.owner.empty());
}

TEST_CASE("Discord: elsewhere a code is shown, the browser opened, and the server polled at its pace until it is confirmed") {
  AccountFixture f;
  f.live_as_nobody();
  f.place({3, 4}, 5);
  f.act(action::ContinueWithDiscord{});
  CHECK(f.model.sign_in.step == SignInStep::Device);
  f.reply(f.id_of<ask::DeviceCode>(), 200, f.grant());
  REQUIRE(f.all<effect::OpenBrowser>().size() == 1);
  CHECK(f.all<effect::OpenBrowser>()[0].address == "https://a.example/verify?user_code=WDJB");
  CHECK(f.model.sign_in.device.user_code == "WDJB-MJHT");
  f.tick(seconds{4});
  CHECK(f.asked<ask::DeviceToken>() == nullptr);
  f.tick(seconds{1});
  const AskId poll = f.id_of<ask::DeviceToken>();
  REQUIRE(poll != unasked);
  f.tick(seconds{20});
  CHECK(f.asked<ask::DeviceToken>() == nullptr);  // one at a time
  f.reply(poll, 400, {}, "authorization_pending");
  f.tick(seconds{5});
  f.reply(f.id_of<ask::DeviceToken>(), 200, answer::DeviceToken{"token"});
  CHECK(f.model.tokens.size() == 1);
  CHECK(f.all<effect::SaveTokens>().size() == 1);
  REQUIRE(f.sent<SignIn>().size() == 1);
  CHECK(f.sent<SignIn>()[0].token == "token");
  f.welcome.account = f.ann();
  f.hear(f.welcome);
  CHECK_FALSE(f.model.sign_in.open);
  CHECK(f.sent<Place>().size() == 1);
}

TEST_CASE("Discord: told to slow down the polls slow down, and without an answer they wait longer each time") {
  AccountFixture f;
  f.show_code();
  f.tick(seconds{5});
  f.reply(f.id_of<ask::DeviceToken>(), 400, {}, "slow_down");
  f.tick(seconds{9});
  CHECK(f.asked<ask::DeviceToken>() == nullptr);
  f.tick(seconds{1});
  f.reply(f.id_of<ask::DeviceToken>(), 0);
  f.tick(seconds{19});
  CHECK(f.asked<ask::DeviceToken>() == nullptr);
  f.tick(seconds{1});
  CHECK(f.asked<ask::DeviceToken>() != nullptr);
}

TEST_CASE("Discord: a code that expires, is declined, or is cancelled ends the polling") {
  AccountFixture f;
  f.show_code();
  SUBCASE("expired here") {
    f.tick(seconds{601});
    CHECK(f.model.sign_in.error == Phrase{Text::DeviceExpired, {}});
  }
  SUBCASE("expired there") {
    f.tick(seconds{5});
    f.reply(f.id_of<ask::DeviceToken>(), 400, {}, "expired_token");
    CHECK(f.model.sign_in.error == Phrase{Text::DeviceExpired, {}});
  }
  SUBCASE("declined") {
    f.tick(seconds{5});
    f.reply(f.id_of<ask::DeviceToken>(), 400, {}, "access_denied");
    CHECK(f.model.sign_in.error == Phrase{Text::DeviceDenied, {}});
  }
  SUBCASE("cancelled while a poll is out") {
    f.tick(seconds{5});
    const AskId poll = f.id_of<ask::DeviceToken>();
    f.act(action::CloseSignIn{});
    f.reply(poll, 200, answer::DeviceToken{"token"});
    CHECK(f.model.tokens.empty());
    CHECK_FALSE(f.model.sign_in.open);
  }
  f.tick(seconds{60});
  CHECK(f.asked<ask::DeviceToken>() == nullptr);
}

TEST_CASE("Discord: a new code replaces the old one, whose late answer does nothing") {
  AccountFixture f;
  f.show_code();
  f.tick(seconds{5});
  const AskId old = f.id_of<ask::DeviceToken>();
  f.act(action::ContinueWithDiscord{});
  const AskId fresh = f.id_of<ask::DeviceCode>();
  f.reply(old, 200, answer::DeviceToken{"stale"});
  CHECK(f.model.tokens.empty());
  answer::DeviceCode second = f.grant();
  second.user_code = "AAAA-BBBB";
  f.reply(fresh, 200, second);
  CHECK(f.model.sign_in.device.user_code == "AAAA-BBBB");
  f.act(action::CopyUserCode{});
  CHECK(f.all<effect::CopyText>()[0].text == "AAAA-BBBB");
}

TEST_CASE("Discord: without a code it says why") {
  AccountFixture f;
  f.live_as_nobody();
  f.act(action::ContinueWithDiscord{});
  f.reply(f.id_of<ask::DeviceCode>(), 503, {}, "busy");
  CHECK(f.model.sign_in.error == Phrase{Text::SignInFailed, {"in words"}});
  CHECK(f.model.sign_in.device.over);
}
