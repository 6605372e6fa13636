#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

/// On the canvas as nobody, with the panel open.
void ask_who(UiFixture& ui, bool discord) {
  ui.play();
  ui.model.account = {};
  ui.model.ways.discord = discord;
  ui.model.sign_in.open = true;
  ui.settle();
}

void with_devices(UiFixture& ui) {
  ui.play();
  ui.model.drawer = Drawer::Account;
  ui.model.devices.loaded = true;
  ui.model.devices.items = {{"here", "Tessera", {}, true}, {"there", "Firefox", {}, false}};
  ui.settle();
}

}  // namespace

TEST_CASE("People: Discord is offered where the server has it, and only there") {
  UiFixture without;
  ask_who(without, false);
  CHECK_FALSE(without.reach<action::ContinueWithDiscord>(20));
  UiFixture with;
  ask_who(with, true);
  CHECK(with.reach<action::ContinueWithDiscord>(20));
}

TEST_CASE("People: where guests are not taken there is no field to type a name into") {
  UiFixture ui;
  ui.play();
  ui.model.account = {};
  ui.model.server.guests_allowed = false;
  ui.model.ways.discord = true;
  ui.model.sign_in.open = true;
  ui.settle();
  ui.type("ann");
  CHECK_FALSE(ui.last<action::EditNickname>());
  CHECK(ui.reach<action::ContinueWithDiscord>(20));
}

TEST_CASE("People: the code of a device can be copied, its page opened, and all of it left by Escape") {
  UiFixture ui;
  ask_who(ui, true);
  ui.model.sign_in.step = SignInStep::Device;
  ui.model.sign_in.device = {"d", "WDJB-MJHT", "https://a.example", "https://a.example", ui.now + std::chrono::seconds(60), {}, {}, false};
  ui.settle();
  CHECK(ui.reach<action::CopyUserCode>(20));
  CHECK(ui.reach<action::OpenVerification>(20));
  ui.pushed.clear();
  ui.press(ImGuiKey_Escape);
  CHECK(ui.last<action::CloseSignIn>());
  ui.model.sign_in.device.over = true;
  ui.settle();
  CHECK(ui.reach<action::ContinueWithDiscord>(20));
}

TEST_CASE("People: a canvas's code is typed at once, and sent by Enter") {
  UiFixture ui;
  ui.play();
  ui.model.sign_in.open = true;
  ui.model.sign_in.step = SignInStep::Code;
  ui.settle();
  ui.type("PLUMES");
  REQUIRE(ui.last<action::EditCode>());
  CHECK(ui.last<action::EditCode>()->text == "PLUMES");
  ui.carry_out();
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::SubmitCode>());
}

TEST_CASE("People: who is not signed in can sign in from the account's drawer") {
  UiFixture ui;
  ui.play();
  ui.model.account = {};
  ui.model.drawer = Drawer::Account;
  ui.settle();
  CHECK(ui.reach<action::OpenSignIn>());
}

TEST_CASE("People: another device is ended by its cross, all others after a second question, this one by signing out") {
  UiFixture ui;
  with_devices(ui);
  REQUIRE(ui.reach<action::EndDevice>());
  CHECK(ui.last<action::EndDevice>()->id == "there");
  REQUIRE(ui.reach<action::EndOtherDevices>());
  CHECK_FALSE(ui.reach<action::KeepOtherDevices>());
  ui.model.devices.confirming = true;
  ui.settle();
  CHECK(ui.reach<action::KeepOtherDevices>());
  CHECK(ui.reach<action::EndOtherDevices>());
  CHECK(ui.reach<action::SignOut>());
}

TEST_CASE("People: devices that could not be listed can be asked for again") {
  UiFixture ui;
  ui.play();
  ui.model.drawer = Drawer::Account;
  ui.model.devices.failed = true;
  ui.settle();
  CHECK(ui.reach<action::ReadDevices>());
}

TEST_CASE("People: undo and redo are used where there is something, in the tool bar and on the phone") {
  for (const TestWindow window : {TestWindow{1'440, 900, 1}, TestWindow{390, 844, 1}}) {
    UiFixture ui(window);
    ui.play();
    ui.settle();
    CHECK_FALSE(ui.reach<action::UndoStroke>(60));
    CHECK_FALSE(ui.reach<action::RedoStroke>(60));
    ui.model.undo.done = {{1, 3, ui.now}};
    ui.model.undo.undone = {{2, 3, ui.now}};
    CHECK(ui.reach<action::UndoStroke>(60));
    CHECK(ui.reach<action::RedoStroke>(60));
  }
}

}  // namespace tessera
