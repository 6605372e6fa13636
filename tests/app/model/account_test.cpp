#include <doctest/doctest.h>

#include "tests/support/account_fixture.h"

using namespace tessera;
using std::chrono::seconds;

namespace {

constexpr const char* server = QuestionFixture::server;

}  // namespace

TEST_CASE("Account: a server is asked once which ways to sign in it offers, and how long one may undo") {
  AccountFixture f;
  f.start(server);
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  const AskId id = f.id_of<ask::Server>();
  REQUIRE(id != unasked);
  CHECK_FALSE(f.model.ways.discord);
  f.reply(id, 200, answer::Server{true, true, seconds{120}});
  CHECK(f.model.ways.discord);
  CHECK(f.model.undo.window == seconds{120});
  f.hear(f.entered);
  f.lose();
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  CHECK(f.id_of<ask::Server>() == unasked);
}

TEST_CASE("Account: where Discord is the only way, placing opens the panel") {
  AccountFixture f;
  f.welcome.guests_allowed = false;
  f.live_as_nobody();
  f.place({3, 4}, 5);
  CHECK_FALSE(f.model.sign_in.open);
  CHECK(f.has_toast(Text::WhyNotSignedIn));
  f.model.ways = {true, true, unasked};
  CHECK_FALSE(may_place(f.model, {3, 4}));
  f.place({3, 4}, 5);
  CHECK(f.model.sign_in.open);
  CHECK(f.model.sign_in.waiting.size() == 1);
}

TEST_CASE("Account: a canvas by code asks for it after the name, and then places what was meant") {
  AccountFixture f;
  f.entered.canvas.access = Access::Code;
  f.live_as_nobody();
  f.place({3, 4}, 5);
  f.act(action::EditNickname{"ann"});
  f.act(action::SubmitNickname{});
  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  f.welcome.account = f.ann();
  f.hear(f.welcome);
  CHECK(f.sent<Place>().empty());
  f.hear(Charges{{20, 20, 0, 100}, false, Refusal::NotJoined});
  CHECK(f.model.sign_in.open);
  CHECK(f.model.sign_in.step == SignInStep::Code);
  f.act(action::EditCode{" plu mes "});
  f.act(action::SubmitCode{});
  const effect::Ask* join = f.asked<ask::JoinCanvas>();
  REQUIRE(join != nullptr);
  CHECK(std::get<ask::JoinCanvas>(join->question).code == "plumes");
  CHECK(join->token == "secret");
  f.reply(join->id, 204);
  CHECK_FALSE(f.model.sign_in.open);
  CHECK(f.sent<Place>().size() == 1);
}

TEST_CASE("Account: a wrong code and too many tries are said in words, and the panel stays") {
  AccountFixture f;
  f.entered.canvas.access = Access::Code;
  f.entered.may_place = false;
  f.entered.why_not = Refusal::NotJoined;
  f.go_live();
  CHECK_FALSE(may_place(f.model, {3, 4}));
  f.place({3, 4}, 5);
  REQUIRE(f.model.sign_in.step == SignInStep::Code);
  const auto answer = [&](int status) {
    f.act(action::EditCode{"WRONG"});
    f.act(action::SubmitCode{});
    const AskId id = f.id_of<ask::JoinCanvas>();
    f.act(action::Answered{id, {status, status == 403 ? "forbidden" : "too_soon", "", seconds{30}}, {}});
    CHECK(f.model.sign_in.open);
    CHECK_FALSE(f.model.sign_in.busy);
    return f.model.sign_in.error.value_or(Phrase{}).text;
  };
  CHECK(answer(403) == Text::CodeWrong);
  CHECK(answer(429) == Text::TooOftenIn);
  CHECK(answer(0) == Text::SignInUnreachable);
  f.hear(Charges{{20, 20, 0, 100}, true, {}});
  CHECK_FALSE(f.model.sign_in.open);
}

TEST_CASE("Account: where only the invited or members may place, it says so") {
  AccountFixture f;
  f.entered.may_place = false;
  f.entered.why_not = Refusal::NotJoined;
  f.entered.canvas.access = Access::Invited;
  f.go_live();
  CHECK(may_place(f.model, {3, 4}) == Obstacle::NotJoined);
  f.place({3, 4}, 5);
  CHECK(f.has_toast(Text::WhyNotJoined));
  f.model.canvas.access = Access::Members;
  f.place({3, 4}, 5);
  CHECK(f.has_toast(Text::WhyMembersOnly));
  f.hear(Charges{{20, 20, 0, 100}, false, Refusal::Archived});
  CHECK(explain(f.model, Obstacle::Archived).text == Text::WhyArchived);
  CHECK(may_place(f.model, {3, 4}) == Obstacle::Archived);
}

TEST_CASE("Account: signed out elsewhere says so, and is forgotten here") {
  AccountFixture f;
  f.live_with_token();
  f.model.devices.items = {{"1", "x", {}, true}};
  f.hear(AccountChanged{{}});
  CHECK(f.has_toast(Text::SignedOutElsewhere));
  CHECK_FALSE(signed_in(f.model));
  CHECK(f.model.tokens.empty());
  CHECK(f.model.devices.items.empty());
  CHECK(f.place({3, 4}, 5).cells.empty());
  CHECK(f.model.sign_in.open);
}

TEST_CASE("Account: signing out oneself is not told as if others had done it") {
  AccountFixture f;
  f.live_with_token();
  f.act(action::SignOut{});
  f.hear(AccountChanged{{}});
  CHECK_FALSE(f.has_toast(Text::SignedOutElsewhere));
}

TEST_CASE("Account: another role is told, and takes what it no longer allows off the screen") {
  AccountFixture f;
  f.live_with_token();
  f.hear(AccountChanged{f.as(Role::Admin)});
  CHECK(f.has_toast(Text::RoleNow));
  CHECK(is_admin(f.model));
  f.act(action::NewCanvas{});
  CHECK(f.model.drawer == Drawer::Setup);
  f.hear(AccountChanged{f.as(Role::Member)});
  CHECK(f.model.drawer == Drawer::None);
  f.act(action::NewCanvas{});
  CHECK(f.model.drawer == Drawer::None);
}

TEST_CASE("Account: what staff are told of their canvas is kept as it came") {
  AccountFixture f;
  f.live_with_token();
  f.hear(AccountChanged{f.as(Role::Moderator)});
  f.hear(StaffNews{.audit_entries = 12, .open_reports = 3, .rollbacks_changed = 4});
  CHECK(f.model.staff_news == StaffNews{.audit_entries = 12, .open_reports = 3, .rollbacks_changed = 4});
  CHECK(f.model.staff.open_reports == 3);
}

TEST_CASE("Account: a ban is asked about, and said with its end") {
  AccountFixture f;
  f.live_with_token();
  f.hear(Charges{{0, 20, 0, 100}, false, Refusal::Banned});
  const AskId id = f.id_of<ask::Me>();
  REQUIRE(id != unasked);
  f.reply(id, 200, answer::Me{f.ann(), Ban{"spam", WallTime{1'900'000'000'000}}});
  REQUIRE(f.model.ban);
  CHECK(f.model.ban->reason == "spam");
  f.model.device.utc_offset = std::chrono::hours{2};
  CHECK(translate(Language::English, explain(f.model, Obstacle::Banned)) == "You may not place here until 2030-03-17, 19:46");
  f.model.settings.language = Language::French;
  CHECK(translate(Language::French, explain(f.model, Obstacle::Banned)) == "Vous ne pouvez rien placer ici jusqu’au 17/03/2030 à 19:46");
  f.model.ban->until = WallTime{8'000'000'000'000};
  CHECK(explain(f.model, Obstacle::Banned).text == Text::WhyBanned);
  f.hear(Charges{{20, 20, 0, 100}, true, {}});
  CHECK_FALSE(f.model.ban);
}

TEST_CASE("Account: devices are listed, this one first; one is ended, and all others only when that is confirmed") {
  AccountFixture f;
  f.live_with_token();
  f.act(action::OpenDrawer{Drawer::Account});
  f.reply(f.id_of<ask::Devices>(), 200, answer::Devices{{{"a", "Old", WallTime{1}, false}, {"b", "New", WallTime{2}, false}, {"c", "This", WallTime{0}, true}}});
  REQUIRE(f.model.devices.items.size() == 3);
  CHECK(f.model.devices.items[0].id == "c");
  CHECK(f.model.devices.items[1].id == "b");
  f.act(action::EndDevice{"a"});
  const effect::Ask* end = f.asked<ask::EndDevice>();
  REQUIRE(end != nullptr);
  CHECK(std::get<ask::EndDevice>(end->question).id == "a");
  f.act(action::EndDevice{"b"});
  CHECK(f.asked<ask::EndDevice>() == nullptr);  // one at a time
  f.reply(f.model.devices.ending, 204);
  CHECK(f.model.devices.items.size() == 2);
  f.act(action::EndOtherDevices{});
  CHECK(f.asked<ask::EndOtherDevices>() == nullptr);
  CHECK(f.model.devices.confirming);
  f.act(action::KeepOtherDevices{});
  f.act(action::EndOtherDevices{});
  f.act(action::EndOtherDevices{});
  f.reply(f.id_of<ask::EndOtherDevices>(), 200);
  CHECK(f.model.devices.items.size() == 1);
}

TEST_CASE("Account: devices that cannot be listed or ended say so, and late lists are of no account") {
  AccountFixture f;
  f.live_with_token();
  f.act(action::OpenDrawer{Drawer::Account});
  const AskId first = f.model.devices.asked;
  f.reply(first, 0);
  CHECK(f.model.devices.failed);
  f.act(action::ReadDevices{});
  CHECK_FALSE(f.model.devices.failed);
  f.reply(first, 200, answer::Devices{{{"x", "Late", {}, false}}});
  CHECK(f.model.devices.items.empty());
  f.act(action::SignOut{});
  f.reply(f.model.devices.asked, 200, answer::Devices{{{"x", "Late", {}, false}}});
  CHECK(f.model.devices.items.empty());
  f.act(action::ReadDevices{});
  CHECK(f.asked<ask::Devices>() == nullptr);
}

TEST_CASE("Account: an owner's link asks to sign in, then makes the owner, and is nowhere to be seen") {
  AccountFixture f;
  f.live_as_nobody("http://localhost:7878/#owner=s3cret");
  CHECK(f.model.sign_in.open);
  CHECK(share_link(f.model).find("s3cret") == std::string::npos);
  f.act(action::EditNickname{"ann"});
  f.act(action::SubmitNickname{});
  f.act(action::GuestAnswered{server, 201, "secret", "", ""});
  f.welcome.account = f.ann();
  f.hear(f.welcome);
  const effect::Ask* own = f.asked<ask::Own>();
  REQUIRE(own != nullptr);
  CHECK(std::get<ask::Own>(own->question).secret == "s3cret");
  f.reply(own->id, 200, answer::Me{f.as(Role::Owner), {}});
  CHECK(f.model.account.role == Role::Owner);
  CHECK(f.has_toast(Text::RoleNow));
  CHECK(f.model.errand.empty());
  for (const RecentServer& recent : f.model.recent) CHECK(recent.server.find("s3cret") == std::string::npos);
}

TEST_CASE("Account: an invitation is accepted and leads to its canvas; one used up says so") {
  AccountFixture f;
  f.start("http://localhost:7878/#invite=tok");
  f.welcome.account = f.ann();
  f.come_back();
  CHECK(f.model.errand.invite == "tok");
  // Signed in already: asked for with the canvas.
  REQUIRE(f.model.errand.asked != unasked);
  SUBCASE("accepted") {
    f.reply(f.model.errand.asked, 200, answer::Invited{"club"});
    CHECK(f.has_toast(Text::InviteTaken));
    REQUIRE(f.sent<Enter>().size() == 1);
    CHECK(f.sent<Enter>()[0].canvas == "club");
  }
  SUBCASE("accepted, to the canvas that one is on: the view stays") {
    f.act(action::GoTo{{77, 66}});
    f.reply(f.model.errand.asked, 200, answer::Invited{"main"});
    CHECK(f.has_toast(Text::InviteTaken));
    CHECK(f.model.viewport.centre().x == 77);
  }
  SUBCASE("used up") {
    f.reply(f.model.errand.asked, 410, {}, "gone");
    CHECK(f.has_toast(Text::InviteOver));
  }
  SUBCASE("no answer: it is tried again") {
    const AskId first = f.model.errand.asked;
    f.reply(first, 0);
    CHECK_FALSE(f.model.errand.empty());
    f.lose();
    f.come_back();
    CHECK(f.model.errand.asked != first);
    return;
  }
  CHECK(f.model.errand.empty());
}

TEST_CASE("Account: in a browser a link's secret leaves the address at once, at the start and later") {
  AccountFixture f;
  Device browser;
  browser.web = true;
  f.act(action::WindowResized{800, 600, 1});
  action::Started started;
  started.device = browser;
  started.link = "http://localhost:7878/#canvas=main&owner=s3cret";
  f.act(started);
  REQUIRE(f.all<effect::SetAddress>().size() == 1);
  CHECK(f.all<effect::SetAddress>()[0].fragment == "#canvas=main");
  f.act(action::AddressChanged{"#canvas=main&invite=tok"});
  REQUIRE(f.all<effect::SetAddress>().size() == 1);
  CHECK(f.all<effect::SetAddress>()[0].fragment == "#canvas=main");
  CHECK(f.model.errand.invite == "tok");
}

TEST_CASE("Account: a secret goes to the server of its link and to no other") {
  AccountFixture f;
  f.live_as_nobody("http://localhost:7878/#owner=s3cret");
  f.act(action::OpenLink{"http://other.example"});
  CHECK(f.model.errand.empty());
  f.act(action::EditJoin{"http://third.example/#owner=s3cret"});
  f.act(action::Join{});
  CHECK(f.model.join.text.empty());
  CHECK(f.model.errand.server == "http://third.example");
}

TEST_CASE("Account: whoever signs in on the server this app hosts becomes its owner; on others nobody does") {
  AccountFixture f;
  f.model.host.available = true;
  f.act(action::WindowResized{800, 600, 1});
  f.act(action::HostCanvas{});
  f.welcome.account = f.ann();
  f.act(action::LocalServerChanged{HostState::Running, server, {}, {}, "token of the host"});
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(f.entered);
  const effect::Ask* own = f.asked<ask::Own>();
  REQUIRE(own != nullptr);
  CHECK(own->server == server);
  CHECK(std::get<ask::Own>(own->question).secret == "token of the host");
  f.reply(own->id, 403, {}, "forbidden");
  CHECK(f.model.toasts.empty());
  f.act(action::OpenLink{"http://other.example"});
  f.come_back();
  CHECK(f.asked<ask::Own>() == nullptr);
  CHECK(f.model.errand.empty());
}

TEST_CASE("Account: once all charges are back one is told, where that is wanted and took a while") {
  AccountFixture f;
  f.go_live();
  const auto spend_and_wait = [&](seconds wait) {
    f.hear(Charges{{5, 20, 1'000, 1'000}, true, {}});
    f.tick();
    f.now += wait;
    f.tick();
    return f.all<effect::Notify>().size();
  };
  CHECK(spend_and_wait(seconds{16}) == 0);
  Settings settings = f.model.settings;
  settings.notify = true;
  f.act(action::SetSettings{settings});
  CHECK(f.all<effect::AskNotifications>().empty());
  CHECK(spend_and_wait(seconds{10}) == 0);  // not full yet
  CHECK(spend_and_wait(seconds{16}) == 1);
  CHECK(f.all<effect::Notify>()[0].text == "All 20 charges are back");
  f.tick();
  CHECK(f.all<effect::Notify>().empty());
}

TEST_CASE("Account: a browser that allows no notifications switches the wish off again") {
  AccountFixture f;
  f.go_live();
  f.model.device.web = true;
  Settings settings = f.model.settings;
  settings.notify = true;
  f.act(action::SetSettings{settings});
  CHECK(f.all<effect::AskNotifications>().size() == 1);
  f.act(action::NotificationsAllowed{false});
  CHECK_FALSE(f.model.settings.notify);
  CHECK(f.has_toast(Text::NotifyRefused));
  CHECK(f.all<effect::SaveSettings>().size() == 1);
}
