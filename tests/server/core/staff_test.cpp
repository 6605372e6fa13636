// Locks, announcements, and what the audit log is told.
#include <doctest/doctest.h>

#include "tests/server/core/staff_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

NewLock wanted_lock(Rect area = {10, 10, 5, 5}) { return {.area = area, .reason = "a memorial"}; }

}  // namespace

TEST_CASE("Locks: made by staff, told to everyone on the canvas, kept from those below, undone placements too") {
  StaffFixture f;
  RecordingGate gate;
  f.open({*f.account(f.ann), {}}, gate);
  REQUIRE(f.draw(f.ann, {{12, 12, 3}}).accepted == 1);
  gate.take();
  const auto made = f.lock(f.moderator, wanted_lock());
  REQUIRE_FALSE(made.refused);
  CHECK(made.current->maker.name == "Mo");
  const auto told = messages<LockChanged>(gate.take());
  REQUIRE(told.size() == 1);
  CHECK(told[0].created);
  CHECK(told[0].lock == *made.current);

  const PlaceResult refused = f.draw(f.ann, {{11, 11, 4}, {20, 20, 4}});
  CHECK(refused.accepted == 1);
  REQUIRE(refused.rejected.size() == 1);
  CHECK(refused.rejected[0].reason == Refusal::Locked);
  CHECK(f.draw(f.moderator, {{11, 11, 4}}).accepted == 1);

  const auto taken = f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Undo, 2, answer); });
  CHECK(taken.changed.size() == 1);
  REQUIRE(taken.skipped.size() == 1);
  CHECK(taken.skipped[0].reason == Refusal::Locked);
  CHECK(f.at(12, 12) == 3);
}

TEST_CASE("Locks: what may not be is refused with a sentence and changes nothing") {
  StaffFixture f;
  CHECK(f.lock(f.ann, wanted_lock()).refused == Refusal::Forbidden);
  CHECK(f.lock(nobody, wanted_lock()).refused == Refusal::Forbidden);
  CHECK(f.lock(f.moderator, wanted_lock(), "none").refused == Refusal::NotFound);
  for (const Rect outside : {Rect{98, 0, 3, 1}, Rect{0, 99, 1, 2}, Rect{100, 100, 1, 1}, Rect{5, 5, 0, 1}})
    CHECK(f.lock(f.moderator, wanted_lock(outside)).refused == Refusal::OutOfBounds);
  NewLock past = wanted_lock();
  past.expires = WallTime{ms(f.clock.wall()) - 1};
  CHECK(f.lock(f.moderator, past).refused == Refusal::Invalid);
  CHECK(f.actions().empty());
  CHECK(f.draw(f.ann, {{11, 11, 4}}).accepted == 1);
}

TEST_CASE("Locks: two who change the same one: the second is told what is there now") {
  StaffFixture f;
  const LockInfo lock = *f.lock(f.moderator, wanted_lock()).current;
  const auto change = [&](const char* reason) {
    LockChange wanted;
    wanted.reason = reason;
    return f.ask<Changed<LockInfo>>(&Rooms::change_lock, f.admin, std::string("main"), lock.id, std::optional(lock.version), wanted);
  };
  CHECK(change("moved").current->version == 2);
  const auto stale = change("mended");
  CHECK(stale.stale);
  CHECK(stale.current->reason == "moved");
  const auto lift = [&](std::optional<std::uint32_t> version) {
    return f.ask<Changed<LockInfo>>(&Rooms::lift_lock, f.moderator, std::string("main"), lock.id, version);
  };
  CHECK(lift(1).stale);
  CHECK_FALSE(lift(2).refused);
  CHECK(lift(std::nullopt).refused == Refusal::NotFound);
  CHECK(f.actions() == std::vector<std::string>{"lock.create", "lock.change", "lock.remove"});
  CHECK(f.entries("lock.change")[0].detail.find(R"("before":{"allowed_accounts":[],"allowed_role":"moderator","expires_at":null,"height":5,"reason":"a memorial")") != std::string::npos);
}

TEST_CASE("Locks: one ends at its time, for everyone, and stays ended after a restart; the others stay") {
  StaffFixture f;
  NewLock brief = wanted_lock();
  brief.expires = WallTime{ms(f.clock.wall()) + 30'000};
  f.lock(f.moderator, brief);
  const LockInfo other = *f.lock(f.moderator, wanted_lock({50, 50, 2, 2})).current;
  RecordingGate gate;
  const FoundSession watcher{*f.account(f.ben), {}};
  f.open(watcher, gate);
  f.pass(31s);
  CHECK(messages<LockRemoved>(gate.take()).size() == 1);
  CHECK(f.draw(f.ann, {{11, 11, 4}}).accepted == 1);
  f.commit_all();
  f.restart();
  CHECK(f.draw(f.ann, {{51, 51, 4}}).rejected.at(0).reason == Refusal::Locked);
  CHECK(f.draw(f.ann, {{11, 11, 5}}).accepted == 1);
  const LockInfo next = *f.lock(f.moderator, wanted_lock()).current;
  CHECK(static_cast<std::uint32_t>(next.id) > static_cast<std::uint32_t>(other.id));  // no id is given twice
}

TEST_CASE("Locks and announcements: whoever enters is told of them all, after Entered") {
  StaffFixture f;
  f.lock(f.moderator, wanted_lock());
  f.lock(f.moderator, wanted_lock({1, 1, 1, 1}));
  f.ask<Changed<AnnouncementInfo>>(&Rooms::make_announcement, f.moderator, NewAnnouncement{.text = "It grows at noon"});
  RecordingGate gate;
  const ConnectionId id = f.connect(f.ann, gate);
  f.enter(id);
  const auto events = gate.take();
  REQUIRE(std::holds_alternative<Joined>(events.at(0)));
  const auto locks = messages<Locks>(events);
  REQUIRE(locks.size() == 1);
  CHECK(locks[0].first);
  CHECK(locks[0].locks.size() == 2);
  const auto said = messages<Announcements>(events);
  REQUIRE(said.size() == 1);
  CHECK(said[0].announcements.at(0).text == "It grows at noon");
}

TEST_CASE("Announcements: live to every canvas, changed, withdrawn, ended by time") {
  StaffFixture f;
  RecordingGate main, den;
  f.open({*f.account(f.ann), {}}, main);
  f.open({*f.account(f.ben), {}}, den, "den");
  const auto announce = [&](AccountId actor, NewAnnouncement wanted) {
    return f.ask<Changed<AnnouncementInfo>>(&Rooms::make_announcement, actor, std::move(wanted));
  };
  CHECK(announce(f.ann, {.text = "free cookies"}).refused == Refusal::Forbidden);
  const AnnouncementInfo made = *announce(f.moderator, {.text = "It grows at noon"}).current;
  CHECK(messages<AnnouncementChanged>(main.take()).at(0).created);
  CHECK(messages<AnnouncementChanged>(den.take()).at(0).announcement == made);
  AnnouncementChange pin;
  pin.pinned = true;
  pin.expires.emplace(WallTime{ms(f.clock.wall()) + 10'000});
  const auto changed = f.ask<Changed<AnnouncementInfo>>(&Rooms::change_announcement, f.admin, made.id, std::optional<std::uint32_t>(1), pin);
  CHECK(changed.current->pinned);
  CHECK_FALSE(messages<AnnouncementChanged>(main.take()).at(0).created);
  f.pass(11s);
  CHECK(messages<AnnouncementRemoved>(den.take()).at(0).id == made.id);
  CHECK(f.ask<std::vector<AnnouncementInfo>>(&Rooms::announcements).empty());
  CHECK(f.actions() == std::vector<std::string>{"announcement.create", "announcement.change"});
}

TEST_CASE("Audit: changes of canvases, accounts, roles and sign-ins of staff are each told with before and after, who and whom") {
  StaffFixture f;
  CanvasChange change;
  change.size = Size{200, 100};
  change.paused = true;
  change.pause_message = "back soon";
  f.ask<Changed<CanvasView>>(&Rooms::change_canvas, f.admin, std::string("main"), std::optional<std::uint32_t>{}, change);
  CHECK(f.actions() == std::vector<std::string>{"canvas.pause", "canvas.resize"});
  const AuditRecord resize = f.entries("canvas.resize").at(0);
  CHECK(resize.actor->name == "Ada");
  CHECK(resize.canvas == "main");
  CHECK(resize.detail == R"({"after":{"height":100,"width":200},"before":{"height":100,"width":100}})");

  f.change(f.moderator, f.ann, {.banned_until = std::optional(WallTime{ms(f.clock.wall()) + 60'000}), .ban_reason = "drew over the cat", .note = "second time"});
  const AuditRecord ban = f.entries("account.ban").at(0);
  CHECK(ban.target == "account:" + std::to_string(static_cast<std::uint32_t>(f.ann)));
  CHECK(ban.detail.find("drew over the cat") != std::string::npos);
  CHECK(f.entries("account.note").size() == 1);
  f.change(f.admin, f.ben, {.role = Role::Member});
  CHECK(f.entries("account.role").size() == 1);
  f.ask<SignInReply>(&Rooms::begin_session, f.moderator, NewSession{PeopleFixture::token(9), "Firefox on Linux"});
  f.ask<SignInReply>(&Rooms::begin_session, f.ben, NewSession{PeopleFixture::token(10), "Firefox on Linux"});
  REQUIRE(f.entries("auth.sign_in").size() == 1);
  CHECK(f.entries("auth.sign_in")[0].detail == R"({"device":"Firefox on Linux"})");
}

TEST_CASE("Audit: an action that is not stored is not told either, and the other way round") {
  StaffFixture f;
  f.store.next(CoreStore::Next::RefuseCleanly);
  CHECK(f.lock(f.moderator, wanted_lock()).refused == Refusal::Busy);
  CHECK(f.actions().empty());
  CHECK(f.draw(f.ann, {{11, 11, 4}}).accepted == 1);
  f.refuse_writes = true;
  CHECK(f.lock(f.moderator, wanted_lock()).refused == Refusal::Busy);
}

TEST_CASE("Audit: what is denied is told at once, then summed up once a minute") {
  StaffFixture f;
  for (int i = 0; i < 50; ++i) f.rooms->note_denied(f.ann, "POST /api/v1/canvases");
  f.rooms->note_denied(f.ben, "POST /api/v1/canvases");
  f.commit_all();
  REQUIRE(f.entries("auth.denied").size() == 2);
  CHECK(f.entries("auth.denied")[0].detail == R"({"count":1})");
  CHECK(f.entries("auth.denied")[0].target == "POST /api/v1/canvases");
  f.pass(61s);
  f.commit_all();
  REQUIRE(f.entries("auth.denied").size() == 3);
  CHECK(f.entries("auth.denied")[2].detail == R"({"count":49})");
  CHECK(f.entries("auth.denied")[2].actor->name == "ann");
  f.pass(61s);
  f.commit_all();
  CHECK(f.entries("auth.denied").size() == 3);
}

}  // namespace tessera
