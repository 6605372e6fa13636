#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "tests/support/question_fixture.h"

using namespace tessera;

namespace {

LockInfo lock_of(std::uint32_t version = 4) {
  LockInfo lock;
  lock.id = LockId{5};
  lock.x = 10;
  lock.y = 20;
  lock.width = 30;
  lock.height = 40;
  lock.reason = "judging";
  lock.version = version;
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

struct StaffDesk : QuestionFixture {
  explicit StaffDesk(Role role = Role::Moderator) { live_as(role); }

  void open_lock() {
    hear(Locks{true, {lock_of()}});
    act(action::EditLock{LockId{5}});
    REQUIRE(model.drawer == Drawer::Lock);
  }
  template <typename Edit>
  void edit(Edit change) {
    LockForm form = model.lock_editor.form;
    change(form);
    act(action::EditLockForm{form});
  }
  template <typename Kind>
  Kind question() const {
    const effect::Ask* ask = asked<Kind>();
    REQUIRE(ask);
    return std::get<Kind>(ask->question);
  }
};

}  // namespace

TEST_CASE("Until: usual times count from the server's now, typed ones are by this device's clock") {
  const WallTime now = *parse_time("2026-11-21T20:30:00Z");
  const Duration offset = std::chrono::hours(1);
  const auto read = [&](UntilChoice choice, std::string time = "") { return read_until({choice, std::move(time)}, now, offset); };
  const auto is = [&](const std::string& typed, const char* expected) {
    const auto until = read(UntilChoice::Time, typed);
    REQUIRE_MESSAGE(until, typed);
    CHECK(format_time(**until) == std::string(expected) + ":00.000Z");
  };
  CHECK_FALSE(*read(UntilChoice::None));
  CHECK(ms(**read(UntilChoice::Hour)) == ms(now) + 3'600'000);
  CHECK(ms(**read(UntilChoice::Day)) == ms(now) + 86'400'000);
  is("22:00", "2026-11-21T21:00");
  is("21:00", "2026-11-22T20:00");
  is(" 22h30 ", "2026-11-21T21:30");
  is("22h", "2026-11-21T21:00");
  is("2026-12-31 21:00", "2026-12-31T20:00");
  is("31/12/2026 21:00", "2026-12-31T20:00");
  for (const char* wrong : {"", "soon", "25:00", "21:60", "21", "2026-13-01 10:00", "2026-02-30 10:00", "1-2 10:00", "21:00:00:00"}) {
    const auto until = read(UntilChoice::Time, wrong);
    REQUIRE_MESSAGE(!until, wrong);
    CHECK(until.error() == Text::UntilWrong);
  }
  CHECK(read(UntilChoice::Time, "2026-11-21 21:00").error() == Text::UntilOver);
}

TEST_CASE("Lock drawer: a new lock goes out as it was typed, and nothing that is wrong does") {
  StaffDesk f;
  f.act(action::SelectTool{Tool::Lock});
  f.model.marker = {Cell{10, 10}, true};
  f.act(action::ActAtMarker{});
  f.act(action::ActAtMarker{});
  for (const char* wrong : {"", "-1", "601", "1.5", "600", "99999999999999999999"}) {
    f.edit([&](LockForm& form) { form.x = wrong; });
    f.act(action::SubmitLock{});
    CHECK(f.effects.empty());
    CHECK(f.model.lock_editor.error.value_or(Phrase{}).text == Text::LockAreaWrong);
  }
  f.edit([](LockForm& form) { form = {"590", "0", "10", "400", "contest judging", {UntilChoice::Time, "later"}, Role::Member}; });
  f.act(action::SubmitLock{});
  CHECK(f.model.lock_editor.error.value_or(Phrase{}).text == Text::UntilWrong);
  f.edit([](LockForm& form) { form.until.choice = UntilChoice::Hour; });
  f.act(action::SubmitLock{});
  const auto make = f.question<ask::MakeLock>();
  CHECK(make.canvas == "main");
  CHECK(make.wish == LockWish{{590, 0, 10, 400}, "contest judging", WallTime{ms(server_now(f.model)) + 3'600'000}, Role::Member});
  f.reply(f.id_of<ask::MakeLock>(), 201, answer::Lock{lock_of()});
  CHECK(f.model.drawer == Drawer::None);
  CHECK(f.model.locks.find(LockId{5}));
  CHECK(f.has_toast(Text::LockMade));
}

TEST_CASE("Lock drawer: a refusal stays in it, with what was typed") {
  StaffDesk f;
  f.open_lock();
  f.edit([](LockForm& form) { form.reason = "else"; });
  f.act(action::SubmitLock{});
  f.reply(f.id_of<ask::ChangeLock>(), 403, {}, "forbidden");
  CHECK(f.model.lock_editor.error == Phrase{Text::NotAllowed, {}});
  CHECK(f.model.lock_editor.form.reason == "else");
  CHECK_FALSE(f.model.lock_editor.busy);
}

TEST_CASE("Lock drawer: only what was changed goes out, with the version it was changed from") {
  StaffDesk f;
  f.open_lock();
  f.act(action::SubmitLock{});
  CHECK_FALSE(f.asked<ask::ChangeLock>());
  CHECK(f.has_toast(Text::SetupSame));
  f.open_lock();
  f.edit([](LockForm& form) { form.width = "31", form.reason = "over"; });
  f.act(action::SubmitLock{});
  const auto change = f.question<ask::ChangeLock>();
  CHECK(change.version == 4);
  CHECK(change.fields == std::vector{StaffField::Area, StaffField::Reason});
  CHECK(change.wish.area == Rect{10, 20, 31, 40});
}

TEST_CASE("Lock drawer: an end that was not touched keeps its seconds") {
  StaffDesk f;
  LockInfo lock = lock_of();
  lock.expires_ms = static_cast<std::uint64_t>(ms(server_now(f.model))) + 3'723'456;
  f.hear(Locks{true, {lock}});
  f.act(action::EditLock{LockId{5}});
  f.edit([](LockForm& form) { form.reason = "else"; });
  f.act(action::SubmitLock{});
  CHECK(f.question<ask::ChangeLock>().fields == std::vector{StaffField::Reason});
}

TEST_CASE("Lock drawer: where somebody was quicker both are shown, and what is chosen holds") {
  StaffDesk f;
  f.open_lock();
  f.edit([](LockForm& form) { form.reason = "mine", form.allowed = Role::Member; });
  f.act(action::SubmitLock{});
  LockInfo theirs = lock_of(6);
  theirs.reason = "theirs";
  theirs.width = 99;
  f.reply(f.id_of<ask::ChangeLock>(), 412, answer::Lock{theirs}, "stale");
  LockEditor& editor = f.model.lock_editor;
  REQUIRE(editor.conflicts.size() == 3);
  CHECK(editor.conflicts[0].field == StaffField::Area);
  CHECK(editor.conflicts[0].side == Side::Theirs);
  CHECK(editor.conflicts[1].side == Side::Mine);
  f.act(action::ChooseStaffSide{StaffField::Reason, Side::Theirs});
  f.act(action::ResolveStaffConflict{});
  const auto change = f.question<ask::ChangeLock>();
  CHECK(change.version == 6);
  CHECK(change.fields == std::vector{StaffField::Allowed});
  CHECK(change.wish.reason == "theirs");
}

TEST_CASE("Lock drawer: lifting goes with the version, and a lock that is gone closes it") {
  StaffDesk f;
  f.open_lock();
  f.act(action::LiftLock{});
  CHECK(f.question<ask::LiftLock>().version == 4);
  f.reply(f.id_of<ask::LiftLock>(), 412, answer::Lock{lock_of(5)}, "stale");
  CHECK(f.model.lock_editor.error == Phrase{Text::StaffChanged, {}});
  f.act(action::LiftLock{});
  CHECK(f.question<ask::LiftLock>().version == 5);
  f.reply(f.id_of<ask::LiftLock>(), 204);
  CHECK(f.model.locks.empty());
  CHECK(f.has_toast(Text::LockLifted));
  f.open_lock();
  f.hear(LockRemoved{LockId{5}});
  CHECK(f.model.drawer == Drawer::None);
  CHECK(f.has_toast(Text::LockGone));
}

TEST_CASE("Lock drawer: somebody else's change shows at once where nothing was typed, and never over what was") {
  StaffDesk f;
  f.open_lock();
  LockInfo changed = lock_of(5);
  changed.reason = "new";
  f.hear(LockChanged{false, changed});
  CHECK(f.model.lock_editor.form.reason == "new");
  f.edit([](LockForm& form) { form.reason = "mine"; });
  changed.version = 6;
  changed.reason = "newer";
  f.hear(LockChanged{false, changed});
  CHECK(f.model.lock_editor.form.reason == "mine");
}

TEST_CASE("Lock drawer: who is no moderator opens none") {
  StaffDesk f(Role::Member);
  f.hear(Locks{true, {lock_of()}});
  f.act(action::EditLock{LockId{5}});
  CHECK(f.model.drawer == Drawer::None);
  f.act(action::WriteAnnouncement{});
  CHECK_FALSE(f.model.announcements.editor.open);
}

TEST_CASE("Announcements: the pinned come first, then the newest; over and withdrawn ones go") {
  StaffDesk f(Role::Guest);
  AnnouncementInfo ends = announcement_of(2, "two");
  ends.expires_ms = static_cast<std::uint64_t>(ms(server_now(f.model)) + 60'000);
  f.hear(Announcements{{announcement_of(1, "one"), ends, announcement_of(3, "three", true)}});
  f.hear(AnnouncementChanged{true, announcement_of(4, "four")});
  const auto words = [&] {
    std::string all;
    for (const AnnouncementInfo* each : announced(f.model, WhichAnnouncements::InSight)) all += each->text + " ";
    return all;
  };
  CHECK(words() == "three four two one ");
  f.tick(std::chrono::seconds(61));
  CHECK(words() == "three four one ");
  f.hear(AnnouncementRemoved{AnnouncementId{4}});
  CHECK(words() == "three one ");
  f.hear(f.entered);
  CHECK(words().empty());
}

TEST_CASE("Announcements: one that was put away stays away, after a reconnection too, and is still in the list") {
  StaffDesk f(Role::Guest);
  const Announcements all{{announcement_of(1, "one"), announcement_of(2, "two", true)}};
  f.hear(all);
  f.act(action::DismissAnnouncement{AnnouncementId{1}});
  f.act(action::DismissAnnouncement{AnnouncementId{2}});
  CHECK(announced(f.model, WhichAnnouncements::InSight).size() == 1);  // the pinned one stays
  CHECK(announced(f.model, WhichAnnouncements::All).size() == 2);
  f.lose();
  f.come_back();
  f.hear(all);
  CHECK(announced(f.model, WhichAnnouncements::InSight).size() == 1);
  f.hear(AnnouncementChanged{true, announcement_of(3, "three")});
  CHECK(announced(f.model, WhichAnnouncements::InSight).size() == 2);
}

TEST_CASE("Announcements: staff write, change and withdraw them") {
  StaffDesk f;
  f.act(action::OpenDrawer{Drawer::Announcements});
  f.act(action::WriteAnnouncement{});
  f.act(action::EditAnnouncementForm{{"  ", true, {}}});
  f.act(action::SubmitAnnouncement{});
  CHECK(f.model.announcements.editor.error == Phrase{Text::AnnouncementEmpty, {}});
  f.act(action::EditAnnouncementForm{{"We begin at eight", true, {UntilChoice::Day, ""}}});
  f.act(action::SubmitAnnouncement{});
  CHECK(f.question<ask::MakeAnnouncement>().wish.pinned);
  f.reply(f.id_of<ask::MakeAnnouncement>(), 201, answer::Announcement{announcement_of(8, "We begin at eight", true)});
  CHECK_FALSE(f.model.announcements.editor.open);
  REQUIRE(f.model.announcements.items.size() == 1);

  f.act(action::EditAnnouncement{AnnouncementId{8}});
  f.act(action::EditAnnouncementForm{{"We begin at nine", true, {}}});
  f.act(action::SubmitAnnouncement{});
  CHECK(f.question<ask::ChangeAnnouncement>().fields == std::vector{StaffField::Words});
  AnnouncementInfo theirs = announcement_of(8, "We begin late", true);
  theirs.version = 2;
  f.reply(f.id_of<ask::ChangeAnnouncement>(), 412, answer::Announcement{theirs}, "stale");
  REQUIRE(f.model.announcements.editor.conflicts.size() == 1);
  f.act(action::ResolveStaffConflict{});
  CHECK(f.question<ask::ChangeAnnouncement>().version == 2);
  theirs.version = 3;
  f.reply(f.id_of<ask::ChangeAnnouncement>(), 200, answer::Announcement{theirs});

  f.act(action::EditAnnouncement{AnnouncementId{8}});
  f.act(action::WithdrawAnnouncement{});
  CHECK(f.question<ask::WithdrawAnnouncement>().version == 3);
  f.reply(f.id_of<ask::WithdrawAnnouncement>(), 204);
  CHECK(f.model.announcements.items.empty());
}
