#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

/// The middle of the nth control of a bar, `measure::target` wide and high, from its beginning or its end.
ImVec2 in_bar(const Box& bar, int n) {
  const float side = measure::target;
  const float x = 4 + side / 2 + static_cast<float>(n) * side;
  return UiFixture::within(bar, x, 4 + side / 2);
}
ImVec2 tool(const UiFixture& ui, int n) {
  return UiFixture::within(ui.box("tools"), 24, 24 + static_cast<float>(n) * 42);
}
ImVec2 swatch_at(const UiFixture& ui, int column, int row) {
  return UiFixture::within(ui.box("palette"), 16 + 16 + static_cast<float>(column) * 34,
                           16 + 16 + static_cast<float>(row) * 34);
}

}  // namespace

TEST_CASE("Clicking: a tool, a colour") {
  UiFixture ui;
  ui.play();
  ui.settle();
  ui.click(tool(ui, 1));
  REQUIRE(ui.last<action::SelectTool>());
  CHECK(ui.last<action::SelectTool>()->tool == Tool::Hand);
  ui.click(tool(ui, 3));
  CHECK(ui.last<action::SelectTool>()->tool == Tool::Inspect);
  ui.click(swatch_at(ui, 5, 1));
  REQUIRE(ui.last<action::SelectColor>());
  CHECK(ui.last<action::SelectColor>()->color == 21);
}

TEST_CASE("Clicking: a retired colour is not offered, and the others keep their numbers") {
  UiFixture ui;
  ui.play();
  ui.model.palette = *Palette::make({{{1, 1, 1}, "A", false}, {{2, 2, 2}, "B", true}, {{3, 3, 3}, "C", false}});
  ui.settle();
  ui.click(swatch_at(ui, 1, 0));
  REQUIRE(ui.last<action::SelectColor>());
  CHECK(ui.last<action::SelectColor>()->color == 2);
}

TEST_CASE("Clicking: a drawer is opened by its button, closed by it again, by its cross and by Escape") {
  UiFixture ui;
  ui.play();
  ui.settle();
  const ImVec2 share = in_bar(ui.box("account"), 0), settings = in_bar(ui.box("account"), 2);
  ui.click(settings);
  REQUIRE(ui.last<action::OpenDrawer>());
  CHECK(ui.last<action::OpenDrawer>()->drawer == Drawer::Settings);
  ui.carry_out();
  ui.settle();
  ui.click(share);
  CHECK(ui.last<action::OpenDrawer>()->drawer == Drawer::Share);
  ui.pushed.clear();
  ui.click(settings);
  CHECK(ui.last<action::CloseDrawer>());
  ui.pushed.clear();
  const Box drawer = ui.box("drawer");
  ui.click({drawer.max.x - 24, drawer.min.y + 32});
  CHECK(ui.last<action::CloseDrawer>());
}

TEST_CASE("Clicking: settings are set as a whole, each control its own") {
  UiFixture ui;
  ui.play();
  ui.model.drawer = Drawer::Settings;
  ui.settle();
  const Box drawer = ui.box("drawer");
  const float caption = 16 + 4, row = 36;
  const float theme = 16 + 32 + 8 + caption + row / 2, language = theme + row + 16 + caption;
  ui.click({drawer.max.x - 40, drawer.min.y + theme});
  REQUIRE(ui.last<action::SetSettings>());
  CHECK(ui.last<action::SetSettings>()->settings.theme == Theme::Light);
  ui.click({drawer.max.x - 40, drawer.min.y + language});
  CHECK(ui.last<action::SetSettings>()->settings.language == Language::French);
  CHECK(ui.last<action::SetSettings>()->settings.theme == Theme::System);
  ui.click({drawer.max.x - 40, drawer.min.y + language + row + 16 + caption});
  CHECK(ui.last<action::SetSettings>()->settings.scale == 2);
  ui.click({drawer.max.x - 30, drawer.min.y + language + row + 16 + caption + row / 2 + 12 + row / 2});
  CHECK_FALSE(ui.last<action::SetSettings>()->settings.grid);
}

TEST_CASE("Clicking: zoom goes both ways and fits, and the minimap leads where one points, while it is held") {
  UiFixture ui;
  ui.play();
  ui.settle();
  const Box card = ui.box("zoom");
  ui.click({card.max.x - 8 - 18, card.max.y - 8 - 20});
  REQUIRE(ui.last<action::ZoomStep>());
  CHECK(ui.last<action::ZoomStep>()->steps == 1);
  ui.click({card.max.x - 8 - 54, card.max.y - 8 - 20});
  CHECK(ui.last<action::ZoomStep>()->steps == -1);
  ui.click({card.max.x - 8 - 96, card.max.y - 8 - 20});
  CHECK(ui.last<action::Fit>());

  // 600 × 400 cells: as wide as the card, in the middle of its height.
  const float width = card.width() - 16, height = width * 400 / 600;
  ui.click({card.min.x + 8 + width / 4, card.min.y + 8 + height / 2});
  REQUIRE(ui.last<action::GoTo>());
  CHECK(ui.last<action::GoTo>()->centre.x == doctest::Approx(150).epsilon(0.03));
  CHECK(ui.last<action::GoTo>()->centre.y == doctest::Approx(200).epsilon(0.03));
  ui.pushed.clear();
  ui.settle();
  CHECK_FALSE(ui.last<action::GoTo>());
}

TEST_CASE("Clicking: the start screen hosts, joins what was typed, and opens or forgets a recent one") {
  UiFixture ui;
  ui.model.host.available = true;
  ui.model.recent = {{"http://place.example.org", "place", {}, 0, {}}};
  ui.settle();
  const Box card = ui.box("start");
  const float host = 40 + 42 + 16 + 20 + 24 + 24, join = host + 24 + 8 + 16 + 8 + 36 + 24 + 24;
  ui.click({card.min.x + 100, card.min.y + host});
  CHECK(ui.last<action::HostCanvas>());
  ui.pushed.clear();
  ui.click({card.min.x + 120, card.min.y + join});
  ui.frame();
  ui.type("192.168.1.5:7878");
  REQUIRE(ui.last<action::EditJoin>());
  CHECK(ui.last<action::EditJoin>()->text == "192.168.1.5:7878");
  ui.carry_out();
  ui.pushed.clear();
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::Join>());

  const float row = card.min.y + 40 + 16 + 8 + 28;
  ui.click({card.max.x - 300, row});
  REQUIRE(ui.last<action::OpenLink>());
  CHECK(ui.last<action::OpenLink>()->link == "http://place.example.org/#canvas=place");
  ui.pushed.clear();
  ui.click({card.max.x - 40 - 24, row});
  CHECK(ui.last<action::ForgetRecent>());
  CHECK_FALSE(ui.last<action::OpenLink>());
}

TEST_CASE("Clicking: without a server to launch nothing offers hosting") {
  UiFixture ui;
  ui.model.host.available = false;
  CHECK_FALSE(ui.reach<action::HostCanvas>(20));
  UiFixture other;
  other.model.host.available = true;
  CHECK(other.reach<action::HostCanvas>(20));
}

TEST_CASE("Clicking: while a nickname is asked, nothing behind the dialog can be used") {
  UiFixture ui;
  ui.play();
  ui.settle();
  const ImVec2 hand = tool(ui, 1);
  ui.model.account = {};
  ui.model.sign_in.open = true;
  ui.settle();
  REQUIRE(ImGui::GetTopMostPopupModal() != nullptr);
  ui.click(hand);
  ui.click({700, 300});
  CHECK_FALSE(ui.last<action::SelectTool>());
  CHECK(ImGui::GetTopMostPopupModal() != nullptr);
  CHECK(ImGui::GetIO().WantCaptureKeyboard);
  ui.model.sign_in.open = false;
  ui.settle();
  CHECK(ImGui::GetTopMostPopupModal() == nullptr);
  ui.click(hand);
  CHECK(ui.last<action::SelectTool>());
}

TEST_CASE("Clicking: a name is typed at once, and Enter, the button or Escape end the dialog") {
  UiFixture ui;
  ui.play();
  ui.model.account = {};
  ui.model.sign_in.open = true;
  ui.settle();
  ui.press(ImGuiKey_Enter);
  CHECK_FALSE(ui.last<action::SubmitNickname>());  // nothing typed yet
  ui.settle();
  ui.type("ann");
  REQUIRE(ui.last<action::EditNickname>());
  CHECK(ui.last<action::EditNickname>()->text == "ann");
  ui.carry_out();
  ui.press(ImGuiKey_Enter);
  CHECK(ui.last<action::SubmitNickname>());
  ui.pushed.clear();
  const Box dialog = ui.box("sign_in");
  ui.click({dialog.max.x - 60, dialog.max.y - 44});
  CHECK(ui.last<action::SubmitNickname>());
  ui.pushed.clear();
  ui.press(ImGuiKey_Escape);
  CHECK(ui.last<action::CloseSignIn>());
}

TEST_CASE("Clicking: a name that is being tried cannot be sent again") {
  UiFixture ui;
  ui.play();
  ui.model.account = {};
  ui.model.sign_in.open = ui.model.sign_in.busy = true;
  ui.model.sign_in.text = "ann";
  ui.settle();
  const Box dialog = ui.box("sign_in");
  ui.click({dialog.max.x - 60, dialog.max.y - 44});
  ui.press(ImGuiKey_Enter);
  CHECK_FALSE(ui.last<action::SubmitNickname>());
}

TEST_CASE("Clicking: the phone's one large button places at the marker, where that may be") {
  UiFixture ui({390, 844, 1});
  ui.play();
  ui.model.marker = {Cell{300, 200}, true};
  ui.settle();
  const Box sheet = ui.box("palette");
  const ImVec2 place{sheet.max.x - 60, sheet.max.y - measure::panel_radius - 16 - 26};
  ui.click(place);
  CHECK(ui.last<action::PlaceAtMarker>());
  ui.pushed.clear();
  ui.model.canvas.paused = true;
  ui.settle();
  ui.click(place);
  CHECK_FALSE(ui.last<action::PlaceAtMarker>());
}

TEST_CASE("Clicking: trouble offers another try, a toast goes when it is clicked, the mark leads back") {
  UiFixture ui;
  ui.play();
  ui.model.toasts.push_back({41, Level::Info, {Text::LinkCopied, {}}, ui.now, ui.now + std::chrono::seconds(4)});
  ui.lose();
  ui.model.connection.state = ConnectionState::Waiting;
  ui.model.connection.retry_at = ui.now + std::chrono::seconds(4);
  ui.settle();
  const Box banner = ui.box("banner");
  ui.click({banner.max.x - 40, banner.centre().y});
  CHECK(ui.last<action::RetryNow>());
  ui.click(ui.box("toast41").centre());
  REQUIRE(ui.last<action::DismissToast>());
  CHECK(ui.last<action::DismissToast>()->id == 41);
  ui.click(in_bar(ui.box("canvas"), 0));
  CHECK(ui.last<action::Leave>());
}

}  // namespace tessera
