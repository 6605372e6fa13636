#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

LockInfo lock_of(std::uint32_t id, Rect area) {
  LockInfo lock;
  lock.id = LockId{id};
  lock.x = static_cast<std::uint16_t>(area.x);
  lock.y = static_cast<std::uint16_t>(area.y);
  lock.width = area.width;
  lock.height = area.height;
  lock.reason = "contest judging";
  lock.maker.name = "julie";
  lock.version = 1;
  return lock;
}

AnnouncementInfo announcement_of(std::uint32_t id, std::string text, bool pinned = false) {
  AnnouncementInfo out;
  out.id = AnnouncementId{id};
  out.text = std::move(text);
  out.pinned = pinned;
  out.version = 1;
  return out;
}

void play_as(UiFixture& ui, Role role) {
  ui.play();
  ui.model.account.role = role;
  ui.settle();
}

}  // namespace

TEST_CASE("Staff: only they have the tool that locks") {
  UiFixture guest, staff;
  play_as(guest, Role::Guest);
  const float short_bar = guest.box("tools").height();
  guest.act(action::SelectTool{Tool::Lock});
  play_as(staff, Role::Moderator);
  CHECK(staff.box("tools").height() > short_bar);
}

TEST_CASE("Staff: a new lock is filled in and sent by the keyboard alone, and put away by Escape") {
  UiFixture ui;
  play_as(ui, Role::Moderator);
  ui.act(action::SelectTool{Tool::Lock});
  ui.model.marker = {Cell{10, 10}, true};
  ui.act(action::ActAtMarker{});
  ui.model.marker = {Cell{20, 20}, true};
  ui.act(action::ActAtMarker{});
  ui.settle();
  ui.forget();
  CHECK(ui.reach<action::SubmitLock>());
  ui.forget();
  ui.press(ImGuiKey_Escape);
  CHECK(ui.last<action::CloseDrawer>());
}

TEST_CASE("Staff: a lock's drawer lifts it, from the cell's drawer one comes there") {
  UiFixture ui;
  play_as(ui, Role::Moderator);
  ui.hear(Locks{true, {lock_of(1, {0, 0, 30, 30})}});
  ui.act(action::Inspect{{5, 5}});
  ui.settle();
  ui.model.cell.loading = false;
  REQUIRE(ui.reach<action::EditLock>());
  ui.act(*ui.last<action::EditLock>());
  REQUIRE(ui.model.drawer == Drawer::Lock);
  ui.settle();
  CHECK(ui.reach<action::LiftLock>());
}

TEST_CASE("Staff: of two versions of a lock one is chosen") {
  UiFixture ui;
  play_as(ui, Role::Moderator);
  ui.hear(Locks{true, {lock_of(1, {0, 0, 30, 30})}});
  ui.act(action::EditLock{LockId{1}});
  LockEditor& editor = ui.model.lock_editor;
  editor.mine = wish_of(*editor.base);
  editor.mine->reason = "mine";
  editor.theirs = *editor.base;
  editor.conflicts = {{StaffField::Reason, Side::Mine}};
  ui.settle();
  CHECK(ui.reach<action::ChooseStaffSide>());
  CHECK(ui.reach<action::ResolveStaffConflict>());
}

TEST_CASE("Announcements: those that are not pinned can be put away, and the list has all of them") {
  UiFixture ui;
  play_as(ui, Role::Guest);
  CHECK_FALSE(panel_box("announcements"));
  ui.hear(Announcements{{announcement_of(1, "We begin at eight"), announcement_of(2, "Be kind", true)}});
  ui.settle();
  const float two = ui.box("announcements").height();
  REQUIRE(ui.reach<action::DismissAnnouncement>());
  ui.act(*ui.last<action::DismissAnnouncement>());
  ui.settle();
  CHECK(ui.box("announcements").height() < two);
  CHECK(ui.model.announcements.dismissed.front().second == AnnouncementId{1});
  ui.forget();
  ui.act(action::OpenDrawer{Drawer::Announcements});
  ui.settle();
  CHECK(panel_box("drawer"));
  CHECK_FALSE(ui.reach<action::WriteAnnouncement>());
}

TEST_CASE("Announcements: they lie beneath what is more urgent, and never over the cell one draws") {
  for (const TestWindow window : {TestWindow{1'440, 900}, TestWindow{400, 800}, TestWindow{700, 500}}) {
    UiFixture ui(window);
    play_as(ui, Role::Guest);
    ui.hear(Announcements{{announcement_of(1, "We begin at eight, and end when all is drawn"), announcement_of(2, "Be kind", true)}});
    ui.hear(PauseChanged{true, "judging"});
    ui.settle();
    const Box lines = ui.box("announcements"), banner = ui.box("banner");
    CHECK(lines.min.y >= banner.max.y);
    CHECK(lines.min.x >= 0);
    CHECK(lines.max.x <= window.width);
    const auto under = ui.model.viewport.cell_at({lines.centre().x, lines.centre().y});
    if (!under) continue;
    ui.model.marker = {under, true};
    ui.settle();
    CHECK_FALSE(panel_box("announcements"));
  }
}

TEST_CASE("Announcements: staff write one by the keyboard alone") {
  UiFixture ui;
  play_as(ui, Role::Moderator);
  ui.act(action::OpenDrawer{Drawer::Announcements});
  ui.settle();
  REQUIRE(ui.reach<action::WriteAnnouncement>());
  ui.act(action::WriteAnnouncement{});
  REQUIRE(ui.model.announcements.editor.open);
  ui.act(action::EditAnnouncementForm{{"Hear, hear", false, {}}});
  ui.settle();
  CHECK(ui.reach<action::SubmitAnnouncement>());
}

TEST_CASE("Staff: on a phone two corners are aimed at with the large button") {
  UiFixture ui({400, 800});
  play_as(ui, Role::Moderator);
  REQUIRE(ui.reach<action::SelectTool>());
  ui.act(*ui.last<action::SelectTool>());
  REQUIRE(ui.model.tool.tool == Tool::Lock);
  ui.forget();
  ui.settle();
  REQUIRE(ui.reach<action::ActAtMarker>());
  ui.act(action::ActAtMarker{});
  CHECK(ui.model.lock_frame.from.has_value());
}
}  // namespace tessera
