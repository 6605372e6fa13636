#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

CanvasSetup setup_of(const std::string& name) {
  CanvasSetup setup;
  setup.name = name;
  setup.width = 600;
  setup.height = 400;
  setup.palette = Palette::r_place_2022().colors();
  setup.rules = {10, 20, 100, 0};
  return setup;
}

void list(UiFixture& ui, Role role) {
  ui.play();
  ui.model.account.role = role;
  ui.model.drawer = Drawer::Canvases;
  ui.model.canvases.loaded = true;
  for (const char* name : {"club", "main", "old"}) ui.model.canvases.items.push_back({setup_of(name), {}, unasked, false});
  ui.model.canvases.items[2].setup.archived = true;
  ui.settle();
}

SetupPanel& set_up(UiFixture& ui, SetupPart part = SetupPart::General) {
  ui.play();
  ui.model.account.role = Role::Admin;
  ui.model.drawer = Drawer::Setup;
  SetupPanel& setup = ui.model.setup;
  setup.loaded = true;
  setup.part = part;
  setup.base = setup_of("main");
  setup.form = form_of(setup.base);
  ui.settle();
  return setup;
}

/// The middle of the nth row of the list.
ImVec2 row(const UiFixture& ui, int n) {
  return UiFixture::within(ui.box("drawer"), 160, 16 + 32 + 8 + 36 + static_cast<float>(n) * 76);
}

}  // namespace

TEST_CASE("Canvases: the bar's name opens the list and closes it") {
  UiFixture ui;
  ui.play();
  ui.settle();
  const ImVec2 name = UiFixture::within(ui.box("canvas"), 70, 24);
  ui.click(name);
  REQUIRE(ui.last<action::OpenDrawer>());
  CHECK(ui.last<action::OpenDrawer>()->drawer == Drawer::Canvases);
  ui.carry_out();
  ui.settle();
  CHECK(ui.box("drawer").min.x > ui.box("tools").max.x);
  ui.click(name);
  CHECK(ui.last<action::CloseDrawer>());
}

TEST_CASE("Canvases: a row leads to its canvas, the one that one is on only closes the list") {
  UiFixture ui;
  list(ui, Role::Guest);
  ui.click(row(ui, 0));
  REQUIRE(ui.last<action::OpenCanvas>());
  CHECK(ui.last<action::OpenCanvas>()->canvas == "club");
  ui.pushed.clear();
  ui.click(row(ui, 1));
  CHECK(ui.last<action::CloseDrawer>());
  CHECK_FALSE(ui.last<action::OpenCanvas>());
}

TEST_CASE("Canvases: an archived one is set up by admins, and nothing to others, who make none either") {
  UiFixture guest;
  list(guest, Role::Moderator);
  guest.click(row(guest, 2));
  CHECK(guest.pushed.empty());
  CHECK_FALSE(guest.reach<action::NewCanvas>());
  UiFixture admin;
  list(admin, Role::Admin);
  admin.click(row(admin, 2));
  REQUIRE(admin.last<action::SetUpCanvas>());
  CHECK(admin.last<action::SetUpCanvas>()->canvas == "old");
  CHECK(admin.reach<action::NewCanvas>());
}

TEST_CASE("Canvases: the end of the list, once it is seen, asks for what follows") {
  UiFixture ui;
  list(ui, Role::Guest);
  CHECK_FALSE(ui.last<action::ReadMoreCanvases>());
  ui.model.canvases.next = "old";
  ui.frame();
  CHECK(ui.last<action::ReadMoreCanvases>());
  ui.pushed.clear();
  ui.model.canvases.asked = AskId{99};
  ui.frame();
  CHECK_FALSE(ui.last<action::ReadMoreCanvases>());
  ui.model.canvases.asked = unasked;
  for (int i = 0; i < 30; ++i) ui.model.canvases.items.push_back({setup_of("c" + std::to_string(i)), {}, unasked, false});
  ui.settle();
  ui.pushed.clear();
  ui.frame();
  CHECK_FALSE(ui.last<action::ReadMoreCanvases>());
}

TEST_CASE("Canvases: a list that failed can be asked for again") {
  UiFixture ui;
  ui.play();
  ui.model.drawer = Drawer::Canvases;
  ui.model.canvases.error = Phrase{Text::SignInUnreachable, {}};
  ui.settle();
  CHECK(ui.reach<action::ReadCanvases>());
}

TEST_CASE("Setup: what is typed and chosen becomes a form, and is saved only where something was changed") {
  UiFixture ui;
  SetupPanel& setup = set_up(ui);
  CHECK_FALSE(ui.reach<action::SubmitSetup>());
  const Box drawer = ui.box("drawer");
  const float fields = 16 + 32 + 8 + 36 + 16 + 16 + 4 + 18;
  ui.click({drawer.min.x + 60, drawer.min.y + fields});
  ui.frame();
  ui.type("9");
  REQUIRE(ui.last<action::EditSetup>());
  CHECK(ui.last<action::EditSetup>()->form.width.find('9') != std::string::npos);
  CHECK(ui.last<action::EditSetup>()->form.height == "400");
  setup.form.width = "900";
  ui.press(ImGuiKey_Escape);
  ui.settle();
  CHECK(ui.reach<action::SubmitSetup>());
}

TEST_CASE("Setup: access by a code brings its field, and draws one") {
  UiFixture ui;
  SetupPanel& setup = set_up(ui);
  CHECK_FALSE(ui.reach<action::DrawCode>());
  setup.form.access = Access::Code;
  CHECK(ui.reach<action::DrawCode>());
}

TEST_CASE("Setup: pausing and archiving stand apart, and archiving is confirmed") {
  UiFixture ui;
  SetupPanel& setup = set_up(ui);
  CHECK(ui.reach<action::PauseCanvas>());
  CHECK(ui.reach<action::ArchiveCanvas>());
  setup.confirm = SetupConfirm::Archive;
  ui.settle();
  CHECK(ui.reach<action::ConfirmSetup>());
  CHECK(ui.reach<action::CancelConfirm>());
  ui.pushed.clear();
  CHECK_FALSE(ui.reach<action::ArchiveCanvas>());
}

TEST_CASE("Setup: each part can be reached, a colour chosen and one added") {
  UiFixture ui;
  set_up(ui, SetupPart::Colors);
  CHECK(ui.reach<action::EditColor>(120));
  CHECK(ui.reach<action::AddColor>(120));
  const Box drawer = ui.box("drawer");
  ui.click({drawer.max.x - 60, drawer.min.y + 16 + 32 + 8 + 18});
  REQUIRE(ui.last<action::ShowSetupPart>());
  CHECK(ui.last<action::ShowSetupPart>()->part == SetupPart::Rules);
}

TEST_CASE("Setup: of two versions each field is chosen by itself, and the choice is sent") {
  UiFixture ui;
  SetupPanel& setup = set_up(ui);
  setup.mine = setup.theirs = setup.base;
  setup.mine->width = 700;
  setup.theirs->width = 800;
  setup.conflicts = {{SetupField::Width, Side::Mine}};
  ui.settle();
  CHECK(ui.reach<action::ResolveConflict>());
  CHECK(ui.reach<action::DropConflict>());
  ui.pushed.clear();
  REQUIRE(ui.reach<action::ChooseSide>());
  CHECK(ui.last<action::ChooseSide>()->field == SetupField::Width);
}

}  // namespace tessera
