#include "tests/app/ui/ui_fixture.h"

namespace tessera {

TEST_CASE("Keyboard: Tab reaches every kind of control on the canvas, Enter uses it") {
  const auto reached = [](auto kind, Drawer drawer = Drawer::None) {
    UiFixture ui;
    ui.play();
    ui.model.drawer = drawer;
    ui.settle();
    return ui.reach<decltype(kind)>();
  };
  CHECK(reached(action::Leave{}));
  CHECK(reached(action::OpenDrawer{}));
  CHECK(reached(action::SelectTool{}));
  CHECK(reached(action::SelectColor{}));
  CHECK(reached(action::Fit{}));
  CHECK(reached(action::ZoomStep{}));
  CHECK(reached(action::CloseDrawer{}, Drawer::Help));
  CHECK(reached(action::CopyLink{}, Drawer::Share));
  CHECK(reached(action::SignOut{}, Drawer::Account));
  CHECK(reached(action::SetSettings{}, Drawer::Settings));
}

TEST_CASE("Keyboard: Tab goes round, Shift+Tab the other way") {
  UiFixture ui;
  ui.play();
  ui.settle();
  ui.press(ImGuiKey_Tab);
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::Leave>());
  ui.pushed.clear();
  ui.press(ImGuiKey_Tab, ImGuiMod_Shift);
  ui.press(ImGuiKey_Enter);
  REQUIRE(ui.last<action::ZoomStep>());
  ui.pushed.clear();
  ui.press(ImGuiKey_Tab);
  ui.press(ImGuiKey_Space);
  CHECK(ui.last<action::Leave>());
}

TEST_CASE("Keyboard: keys are the canvas's until Tab is pressed, and again after Escape or a click") {
  UiFixture ui;
  ui.play();
  ui.settle();
  ui.press(ImGuiKey_Enter);
  ui.press(ImGuiKey_Space);
  CHECK(ui.pushed.empty());
  CHECK_FALSE(ImGui::GetIO().WantCaptureKeyboard);
  ui.press(ImGuiKey_Tab);
  ui.frame();
  CHECK(ImGui::GetIO().WantCaptureKeyboard);
  ui.press(ImGuiKey_Escape);
  ui.frame();
  CHECK_FALSE(ImGui::GetIO().WantCaptureKeyboard);
  ui.press(ImGuiKey_Tab);
  ui.click({700, 400});
  ui.frame();
  CHECK_FALSE(ImGui::GetIO().WantCaptureKeyboard);
  ui.pushed.clear();
  ui.press(ImGuiKey_Enter);
  CHECK(ui.pushed.empty());
}

TEST_CASE("Keyboard: the palette is reached once, and arrows choose in it") {
  UiFixture ui;
  ui.play();
  ui.model.tool.color = 4;
  ui.settle();
  REQUIRE(ui.reach<action::SelectColor>());
  CHECK(ui.last<action::SelectColor>()->color == 4);
  ui.pushed.clear();
  ui.lives = true;
  const auto after = [&](ImGuiKey key) {
    ui.forget();
    ui.press(key);
    const auto chosen = ui.last<action::SelectColor>();
    return chosen ? static_cast<int>(chosen->color) : -1;
  };
  CHECK(after(ImGuiKey_RightArrow) == 5);
  CHECK(after(ImGuiKey_DownArrow) == 21);
  CHECK(after(ImGuiKey_DownArrow) == -1);
  CHECK(after(ImGuiKey_LeftArrow) == 20);
  CHECK(after(ImGuiKey_UpArrow) == 4);
  ui.forget();
  ui.press(ImGuiKey_Tab);
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::Fit>());
}

TEST_CASE("Keyboard: arrows choose among segments, and the keyboard stays on them") {
  UiFixture ui;
  ui.play();
  ui.model.drawer = Drawer::Settings;
  ui.lives = true;
  ui.settle();
  for (int i = 0; i < 80 && !ui.last<action::SetSettings>(); ++i) {
    ui.press(ImGuiKey_Tab);
    ui.press(ImGuiKey_RightArrow);
  }
  REQUIRE(ui.last<action::SetSettings>());
  CHECK(ui.last<action::SetSettings>()->settings.theme == Theme::Dark);
  ui.forget();
  ui.press(ImGuiKey_RightArrow);
  REQUIRE(ui.last<action::SetSettings>());
  CHECK(ui.last<action::SetSettings>()->settings.theme == Theme::Light);
}

TEST_CASE("Keyboard: Escape closes a drawer, and a drawer that closes leaves the keyboard where it came from") {
  UiFixture ui;
  ui.play();
  ui.settle();
  for (int i = 0; i < 3; ++i) ui.press(ImGuiKey_Tab);
  ui.lives = true;
  ui.press(ImGuiKey_Enter);
  REQUIRE(ui.model.drawer == Drawer::Share);
  ui.settle();
  for (int i = 0; i < 4; ++i) ui.press(ImGuiKey_Tab);
  ui.press(ImGuiKey_Enter);
  ui.settle();
  CHECK(ui.state.focus.shown());
  REQUIRE(ui.model.drawer == Drawer::None);
  ui.model.drawer = Drawer::Help;
  ui.settle();
  ui.pushed.clear();
  ui.press(ImGuiKey_Escape);
  CHECK(ui.last<action::CloseDrawer>());
}

TEST_CASE("Keyboard: in a dialog Tab stays in the dialog") {
  UiFixture ui;
  ui.play();
  ui.model.account = {};
  ui.model.sign_in.open = true;
  ui.model.sign_in.text = "ann";
  ui.settle();
  for (int i = 0; i < 12; ++i) {
    ui.press(ImGuiKey_Tab);
    ui.press(ImGuiKey_Space);
  }
  CHECK_FALSE(ui.last<action::SelectTool>());
  CHECK_FALSE(ui.last<action::OpenDrawer>());
  CHECK_FALSE(ui.last<action::Leave>());
  CHECK(ui.last<action::CloseSignIn>());
  CHECK(ui.last<action::SubmitNickname>());
}

TEST_CASE("Keyboard: text is selected, copied and pasted") {
  static std::string clipboard;
  UiFixture ui;
  ImGui::GetIO().SetClipboardTextFn = [](void*, const char* text) { clipboard = text; };
  ImGui::GetIO().GetClipboardTextFn = [](void*) { return clipboard.c_str(); };
  ui.model.host.available = true;
  ui.model.join.text = "http://one.example";
  ui.settle();
  for (int i = 0; i < 8 && !ImGui::GetIO().WantTextInput; ++i) {
    ui.press(ImGuiKey_Tab);
    ui.frame();
  }
  REQUIRE(ImGui::GetIO().WantTextInput);
  ui.press(ImGuiKey_A, ImGuiMod_Ctrl);
  ui.press(ImGuiKey_C, ImGuiMod_Ctrl);
  CHECK(clipboard == "http://one.example");
  clipboard = "http://two.example";
  ui.press(ImGuiKey_V, ImGuiMod_Ctrl);
  REQUIRE(ui.last<action::EditJoin>());
  CHECK(ui.last<action::EditJoin>()->text == "http://two.example");
}

TEST_CASE("Keyboard: Tab leaves a text field for the next control") {
  UiFixture ui;
  ui.model.host.available = true;
  ui.settle();
  for (int i = 0; i < 8 && !ImGui::GetIO().WantTextInput; ++i) {
    ui.press(ImGuiKey_Tab);
    ui.frame();
  }
  REQUIRE(ImGui::GetIO().WantTextInput);
  ui.press(ImGuiKey_Tab);
  ui.frame();
  ui.frame();
  CHECK_FALSE(ImGui::GetIO().WantTextInput);
  ui.pushed.clear();
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::Join>());
}

}  // namespace tessera
