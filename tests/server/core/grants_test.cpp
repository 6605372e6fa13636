#include <doctest/doctest.h>

#include "tests/server/core/staff_fixture.h"

using namespace tessera;

namespace {

struct GrantFixture : StaffFixture {
  Changed<GrantView> grant(AccountId actor, AccountId account, Role role, const std::string& canvas = "main") {
    std::optional<std::uint32_t> version;
    if (const auto before = found(account, canvas)) version = before->record.version;
    return grant_at(actor, account, role, version, canvas);
  }
  Changed<GrantView> grant_at(AccountId actor, AccountId account, Role role, std::optional<std::uint32_t> version, const std::string& canvas = "main") {
    return ask<Changed<GrantView>>(&Rooms::grant, actor, canvas, account, role, version);
  }
  Changed<GrantView> take_away(AccountId actor, AccountId account, std::optional<std::uint32_t> version = {}, const std::string& canvas = "main") {
    return ask<Changed<GrantView>>(&Rooms::end_grant, actor, canvas, account, version);
  }
  std::vector<GrantView> list(const std::string& canvas = "main") { return *ask<std::optional<std::vector<GrantView>>>(&Rooms::grants, canvas); }
  std::optional<GrantView> found(AccountId account, const std::string& canvas) {
    for (const GrantView& grant : list(canvas))
      if (grant.record.account == account) return grant;
    return std::nullopt;
  }
  std::vector<CanvasRole> canvases(const FoundSession& of) { return ask<std::optional<FoundSession>>(&Rooms::find_session, of.session.hash)->canvases; }
};

NewLock corner(Role allowed = Role::Moderator) { return {.area = {0, 0, 10, 10}, .reason = "judging", .expires = {}, .allowed = allowed, .accounts = {}}; }

}  // namespace

TEST_CASE("Grants: whoever is made a moderator of one canvas is one there, and nowhere else") {
  GrantFixture f;
  CHECK(f.lock(f.ann, corner()).refused == Refusal::Forbidden);
  const auto made = f.grant(f.admin, f.ann, Role::Moderator);
  REQUIRE_FALSE(made.refused);
  CHECK(made.current->account.name == "ann");
  CHECK(made.current->maker.name == "Ada");
  CHECK(f.list().size() == 1);
  CHECK(f.list("den").empty());

  CHECK_FALSE(f.lock(f.ann, corner()).refused);
  CHECK(f.lock(f.ann, corner(), "den").refused == Refusal::Forbidden);
  f.draw(f.ben, {{20, 20, 3}});
  CHECK_FALSE(f.roll_back(f.ann, {.account = f.ben}).refused);
  CHECK(f.roll_back(f.ann, {.account = f.moderator}).refused == Refusal::Forbidden);
  CHECK(f.ask<Changed<std::vector<ReportView>>>(&Rooms::reports, f.ann, std::string("den"), ReportQuery{}).refused == Refusal::Forbidden);
  CHECK_FALSE(f.ask<Changed<std::vector<ReportView>>>(&Rooms::reports, f.ann, std::string("main"), ReportQuery{}).refused);
  // What concerns the whole server stays with the server's own staff.
  CHECK(f.ask<Changed<AnnouncementInfo>>(&Rooms::make_announcement, f.ann, NewAnnouncement{.text = "hello"}).refused == Refusal::Forbidden);
  CHECK(f.ask<Changed<AccountProfile>>(&Rooms::profile, f.ann, f.ben).refused == Refusal::Forbidden);
  CHECK(f.ask<Changed<SnapshotView>>(&Rooms::make_snapshot, f.ann, std::string("main"), std::string("now")).refused == Refusal::Forbidden);
}

TEST_CASE("Grants: the role there lets draw in locks, in a pause, and where guests may not") {
  GrantFixture f;
  f.lock(f.moderator, corner());
  CHECK(f.draw(f.ann, {{1, 1, 3}}).accepted == 0);
  REQUIRE_FALSE(f.grant(f.owner, f.ann, Role::Member).refused);
  CHECK(f.draw(f.ann, {{1, 1, 3}}).accepted == 0);
  REQUIRE_FALSE(f.grant(f.owner, f.ann, Role::Moderator).refused);
  CHECK(f.draw(f.ann, {{1, 1, 3}}).accepted == 1);
  CanvasChange pause;
  pause.paused = true;
  f.ask<Changed<CanvasView>>(&Rooms::change_canvas, f.owner, std::string("main"), std::optional<std::uint32_t>{}, pause);
  CHECK(f.draw(f.ann, {{2, 2, 3}}).accepted == 1);
  CHECK(f.draw(f.ben, {{50, 50, 3}}).accepted == 0);
  const auto undone = f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Undo, 2, answer); });
  CHECK(undone.changed.size() == 2);
  f.set_access("den", Access::Members);
  CHECK(f.draw(f.ben, {{1, 1, 3}}, "den").accepted == 0);
  REQUIRE_FALSE(f.grant(f.owner, f.ben, Role::Member, "den").refused);
  CHECK(f.draw(f.ben, {{1, 1, 3}}, "den").accepted == 1);
}

TEST_CASE("Grants: nobody gives what is not below them, to somebody who is not below them, or to themselves") {
  GrantFixture f;
  REQUIRE_FALSE(f.grant(f.owner, f.ann, Role::Admin).refused);  // an admin of main from here on
  for (const Role role : {Role::Admin, Role::Moderator}) {
    CAPTURE(code(role));
    CHECK(f.grant(f.moderator, f.ben, role).refused == Refusal::Forbidden);
    CHECK(f.grant(f.ann, f.ann, role).refused == Refusal::Forbidden);
    CHECK(f.grant(f.ann, f.admin, role).refused == Refusal::Forbidden);
    CHECK(f.grant(f.admin, f.ann, role).refused == Refusal::Forbidden);
    CHECK(f.grant(f.ann, f.ben, role, "den").refused == Refusal::Forbidden);
    CHECK(f.grant(f.owner, f.owner, role).refused == Refusal::Forbidden);
  }
  CHECK(f.grant(f.ann, f.ben, Role::Admin).refused == Refusal::Forbidden);
  CHECK(f.grant(f.admin, f.ben, Role::Admin).refused == Refusal::Forbidden);
  CHECK(f.grant(f.owner, f.ben, Role::Owner).refused == Refusal::Invalid);
  CHECK(f.grant(f.owner, f.ben, Role::Guest).refused == Refusal::Invalid);
  CHECK(f.grant(f.owner, AccountId{99}, Role::Member).refused == Refusal::NotFound);
  CHECK(f.ask<Changed<GrantView>>(&Rooms::grant, f.owner, std::string("none"), f.ben, Role::Member, std::optional<std::uint32_t>{}).refused == Refusal::NotFound);
  REQUIRE_FALSE(f.grant(f.ann, f.ben, Role::Moderator).refused);
  CHECK(f.take_away(f.ben, f.ann).refused == Refusal::Forbidden);
  CHECK(f.take_away(f.ann, f.ann).refused == Refusal::Forbidden);
  CHECK(f.list().size() == 2);
  CHECK(f.actions() == std::vector<std::string>{"grant.create", "grant.create"});
  CHECK_FALSE(f.take_away(f.ann, f.ben).refused);
  CHECK_FALSE(f.take_away(f.admin, f.ben).refused == std::nullopt);
}

TEST_CASE("Grants: a change names the version it was made for; one that was taken away and given again has another") {
  GrantFixture f;
  const auto first = *f.grant_at(f.owner, f.ann, Role::Moderator, {}).current;
  const auto second = f.grant_at(f.owner, f.ann, Role::Member, {});
  CHECK(second.stale);
  CHECK(second.current->record == first.record);
  const auto changed = f.grant_at(f.owner, f.ann, Role::Admin, first.record.version);
  REQUIRE_FALSE(changed.refused);
  CHECK(changed.current->record.created == first.record.created);
  CHECK(f.grant_at(f.owner, f.ann, Role::Member, first.record.version).stale);
  CHECK(f.take_away(f.owner, f.ann, first.record.version).stale);
  REQUIRE_FALSE(f.take_away(f.owner, f.ann, changed.current->record.version).refused);
  CHECK(f.take_away(f.owner, f.ann).refused == Refusal::NotFound);
  const auto again = *f.grant_at(f.owner, f.ann, Role::Moderator, {}).current;
  CHECK(again.record.version > changed.current->record.version);
  CHECK(f.actions() == std::vector<std::string>{"grant.create", "grant.change", "grant.remove", "grant.create"});
  const AuditRecord entry = f.entries("grant.change").at(0);
  CHECK(entry.canvas == "main");
  CHECK(entry.target == "account:" + std::to_string(static_cast<std::uint32_t>(f.ann)));
  CHECK(entry.detail == R"({"after":{"role":"admin"},"before":{"role":"moderator"}})");
}

TEST_CASE("Grants: open connections on that canvas follow at once, and are told who they are on the next one") {
  GrantFixture f;
  const FoundSession cy = f.guest("cy");
  RecordingGate on_main, on_den;
  const ConnectionId first = f.open(cy, on_main), second = f.open(cy, on_den, "den");
  f.grant(f.owner, cy.account.id, Role::Moderator);
  CHECK(told(on_main) == "cy moderator, may place");
  CHECK(told(on_den) == "");
  CHECK(f.canvases(cy) == std::vector<CanvasRole>{{"main", Role::Moderator}, {"", Role::Moderator}});
  f.enter(first, "den");
  CHECK(told(on_main) == "cy guest, may place");
  f.enter(second, "main");
  CHECK(told(on_den) == "cy moderator, may place");
  f.enter(first, "main");
  CHECK(told(on_main) == "cy moderator, may place");
  f.take_away(f.owner, cy.account.id);
  CHECK(told(on_main) == "cy guest, may place");
  CHECK(told(on_den) == "cy guest, may place");
  CHECK(f.canvases(cy).empty());
}

TEST_CASE("Grants: they outlive the server, and what a bot's token is for limits what it has of its maker's") {
  GrantFixture f;
  const FoundSession cy = f.person("cy", Role::Member);
  REQUIRE_FALSE(f.grant(f.owner, cy.account.id, Role::Moderator).refused);
  const AccountId placer = f.bot(cy.account.id).current->account.id;
  const AccountId manager = f.bot(cy.account.id, all_scopes, "helper").current->account.id;
  CHECK(f.grant(f.owner, manager, Role::Moderator).refused == Refusal::Invalid);
  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    if (restarted) f.restart();
    CHECK(f.list().size() == 1);
    CHECK_FALSE(f.lock(cy.account.id, corner()).refused);
    CHECK_FALSE(f.lock(manager, corner()).refused);
    CHECK(f.lock(placer, corner()).refused == Refusal::Forbidden);
  }
  f.take_away(f.owner, cy.account.id);
  CHECK(f.lock(manager, corner()).refused == Refusal::Forbidden);
}

TEST_CASE("Grants: what a guest was granted is the account's that it turns out to be") {
  GrantFixture f;
  const auto known = f.discord(5, "dora");
  f.grant(f.owner, f.ann, Role::Moderator);
  f.grant(f.owner, f.ben, Role::Member);
  CHECK(f.discord(5, "dora", f.ann).account.id == known.account.id);
  REQUIRE(f.list().size() == 2);
  CHECK(f.found(known.account.id, "main")->record.role == Role::Moderator);
  f.discord(5, "dora", f.ben);
  REQUIRE(f.list().size() == 1);
  CHECK(f.list()[0].record.role == Role::Moderator);
  CHECK_FALSE(f.lock(known.account.id, corner()).refused);
  f.restart();
  CHECK(f.list().size() == 1);
}

TEST_CASE("Grants: an admin of one canvas schedules what happens on it, but tells not everyone on the server something") {
  GrantFixture f;
  f.grant(f.owner, f.ann, Role::Admin);
  NewSchedule wanted{.at = WallTime{ms(f.clock.wall()) + 60'000}, .work = {.action = ScheduledAction::Pause}};
  CHECK_FALSE(f.ask<Changed<ScheduleView>>(&Rooms::make_schedule, f.ann, std::string("main"), wanted).refused);
  CHECK(f.ask<Changed<ScheduleView>>(&Rooms::make_schedule, f.ann, std::string("den"), wanted).refused == Refusal::Forbidden);
  wanted.work.action = ScheduledAction::Announce;
  wanted.work.text = "hello";
  CHECK(f.ask<Changed<ScheduleView>>(&Rooms::make_schedule, f.ann, std::string("main"), wanted).refused == Refusal::Forbidden);
  f.take_away(f.owner, f.ann);
  f.clock.advance(std::chrono::seconds(61));
  f.commit_all();
  CHECK(f.entries("schedule.failed").size() == 1);
}
