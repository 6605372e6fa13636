// Reports, warnings, and what staff see of people.
#include <doctest/doctest.h>

#include "server/core/area_placers.h"
#include "tests/server/core/staff_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

struct ReportsFixture : StaffFixture {
  ReportReply report(AccountId actor, Rect area = {10, 10, 5, 5}, const std::string& reason = "drew over the cat", const std::string& canvas = "main") {
    return ask<ReportReply>(&Rooms::make_report, actor, canvas, NewReport{area, reason});
  }
  ReportView made(AccountId actor, Rect area = {10, 10, 5, 5}) {
    const ReportReply reply = report(actor, area);
    REQUIRE_FALSE(reply.report.refused);
    return *reply.report.current;
  }
  ReportReply handle(AccountId actor, ReportId id, const ReportChange& wanted, std::optional<std::uint32_t> version = {}) {
    return ask<ReportReply>(&Rooms::change_report, actor, std::string("main"), id, version, wanted);
  }
  Changed<std::vector<ReportView>> list(AccountId actor, const ReportQuery& query = {}) {
    return ask<Changed<std::vector<ReportView>>>(&Rooms::reports, actor, std::string("main"), query);
  }
  std::vector<ReportRecord> own(AccountId actor) {
    return *ask<std::optional<std::vector<ReportRecord>>>(&Rooms::own_reports, actor, std::string("main"), ReportQuery{});
  }
};

ReportChange to(ReportState state, const std::string& outcome = {}) {
  ReportChange change;
  change.state = state;
  if (!outcome.empty()) change.outcome = outcome;
  return change;
}

std::vector<ReportId> ids(const std::vector<ReportView>& views) {
  std::vector<ReportId> all;
  for (const ReportView& view : views) all.push_back(view.record.id);
  return all;
}

}  // namespace

TEST_CASE("Reports: kept as they were made, with what the reporter saw; staff see them all, the newest first, also after a restart") {
  ReportsFixture f;
  REQUIRE(f.draw(f.ben, {{12, 12, 3}, {13, 12, 3}}).accepted == 2);
  const ReportView first = f.made(f.ann);
  CHECK(first.record.seq == 2);
  CHECK(first.record.state == ReportState::Open);
  CHECK(first.reporter.name == "ann");
  CHECK_FALSE(first.handler);
  const ReportView second = f.made(f.ben, {90, 90, 10, 10});
  f.restart();
  const auto listed = f.list(f.moderator);
  REQUIRE_FALSE(listed.refused);
  CHECK(ids(*listed.current) == std::vector{second.record.id, first.record.id});
  CHECK(listed.current->at(1).record == first.record);
  CHECK(ids(*f.list(f.moderator, {.state = {}, .before = second.record.id}).current) == std::vector{first.record.id});
  CHECK(ids(*f.list(f.moderator, {.state = {}, .limit = 1}).current) == std::vector{second.record.id});
  CHECK(f.list(f.ann).refused == Refusal::Forbidden);
  CHECK(f.list(nobody).refused == Refusal::Forbidden);
  CHECK(f.own(f.ann) == std::vector{first.record});
  CHECK(static_cast<std::uint32_t>(f.made(f.ann).record.id) > static_cast<std::uint32_t>(second.record.id));  // no id is given twice
}

TEST_CASE("Reports: what may not be is refused and kept nowhere") {
  ReportsFixture f;
  CHECK(f.report(nobody).report.refused == Refusal::NotSignedIn);
  CHECK(f.report(f.ann, {10, 10, 5, 5}, "x", "none").report.refused == Refusal::NotFound);
  for (const Rect outside : {Rect{98, 0, 3, 1}, Rect{0, 99, 1, 2}, Rect{100, 100, 1, 1}, Rect{5, 5, 0, 1}})
    CHECK(f.report(f.ann, outside).report.refused == Refusal::OutOfBounds);
  f.change(f.moderator, f.ben, {.banned_until = std::optional(WallTime{ms(f.clock.wall()) + 60'000})});
  CHECK(f.report(f.ben).report.refused == Refusal::Banned);
  f.refuse_writes = true;
  CHECK(f.report(f.ann).report.refused == Refusal::Busy);
  f.refuse_writes = false;
  CHECK(f.list(f.moderator).current->empty());
}

TEST_CASE("Reports: one of more than a million cells is refused, one of as many is not") {
  ReportsFixture f;
  CanvasChange change;
  change.size = Size{1'001, 1'000};
  f.ask<Changed<CanvasView>>(&Rooms::change_canvas, f.admin, std::string("main"), std::optional<std::uint32_t>{}, change);
  CHECK(f.report(f.ann, {0, 0, 1'001, 1'000}).report.refused == Refusal::TooLarge);
  CHECK_FALSE(f.report(f.ann, {0, 0, 1'000, 1'000}).report.refused);
}

TEST_CASE("Reports: five a minute and thirty a day of one account, and a restart forgives nothing") {
  ReportsFixture f;
  for (int i = 0; i < 5; ++i) f.made(f.ann);
  const ReportReply sixth = f.report(f.ann);
  CHECK(sixth.report.refused == Refusal::TooSoon);
  CHECK(sixth.retry_after_ms == 60'000);
  CHECK_FALSE(f.report(f.ben).report.refused);
  f.restart();
  CHECK(f.report(f.ann).report.refused == Refusal::TooSoon);
  f.pass(60s);
  for (int minute = 0; minute < 5; ++minute) {
    for (int i = 0; i < 5; ++i) f.made(f.ann);
    f.pass(61s);
  }
  const ReportReply next = f.report(f.ann);
  CHECK(next.report.refused == Refusal::TooSoon);
  CHECK(next.retry_after_ms == 1'000 * (24 * 3'600 - 60 - 5 * 61));
  f.pass(std::chrono::milliseconds{next.retry_after_ms});
  CHECK_FALSE(f.report(f.ann).report.refused);
}

TEST_CASE("Reports: similar are those of others, of an overlapping area, within a day") {
  ReportsFixture f;
  const ReportView ann = f.made(f.ann, {10, 10, 5, 5});
  const ReportView beside = f.made(f.ben, {15, 10, 5, 5});
  const ReportView over = f.made(f.ben, {14, 14, 5, 5});
  const ReportView again = f.made(f.ann, {14, 14, 1, 1});
  CHECK(f.ask<Changed<ReportView>>(&Rooms::report, f.moderator, std::string("main"), ann.record.id).current->similar == std::vector{over.record.id});
  CHECK(over.similar == std::vector{ann.record.id});
  CHECK(again.similar == std::vector{over.record.id});
  CHECK(beside.similar.empty());
  f.pass(24h);
  CHECK(f.made(f.ben, {10, 10, 5, 5}).similar == std::vector{again.record.id, ann.record.id});
  f.pass(1ms);
  CHECK(f.made(f.ben, {10, 10, 5, 5}).similar.empty());
}

TEST_CASE("Reports: claimed, resolved with those like it, and whoever made them hears it at once; the audit log names them by number alone") {
  ReportsFixture f;
  RecordingGate ann, ben;
  f.enter(f.connect(f.ann, ann));
  f.enter(f.connect(f.ben, ben), "den");
  const ReportView first = f.made(f.ann);
  const ReportView second = f.made(f.ben);
  CHECK(f.handle(f.ann, first.record.id, to(ReportState::Claimed)).report.refused == Refusal::Forbidden);
  const ReportReply claimed = f.handle(f.moderator, first.record.id, to(ReportState::Claimed), 1);
  REQUIRE_FALSE(claimed.report.refused);
  CHECK(claimed.report.current->handler->name == "Mo");
  CHECK(messages<ReportOutcome>(ann.take()) == std::vector{ReportOutcome{first.record.id, ReportState::Claimed, ""}});
  CHECK(messages<ReportOutcome>(ben.take()).empty());
  CHECK(f.handle(f.moderator, first.record.id, to(ReportState::Resolved), 1).report.stale);

  ReportChange resolve = to(ReportState::Resolved, "taken back");
  resolve.also = {second.record.id, second.record.id, first.record.id};
  const ReportReply resolved = f.handle(f.moderator, first.record.id, resolve, 2);
  CHECK(resolved.report.current->record.version == 3);
  CHECK(messages<ReportOutcome>(ann.take()).at(0).outcome == "taken back");
  CHECK(messages<ReportOutcome>(ben.take()) == std::vector{ReportOutcome{second.record.id, ReportState::Resolved, "taken back"}});
  CHECK(f.list(f.moderator, {.state = ReportState::Open}).current->empty());
  CHECK(f.list(f.moderator, {.state = ReportState::Resolved}).current->size() == 2);
  CHECK(f.actions() == std::vector<std::string>{"report.claim", "report.resolve", "report.resolve"});
  const AuditRecord entry = f.entries("report.resolve").at(0);
  CHECK(entry.target == "report:" + std::to_string(static_cast<std::uint32_t>(first.record.id)));
  CHECK(entry.detail.find("\"reporter\":" + std::to_string(static_cast<std::uint32_t>(f.ann))) != std::string::npos);
  CHECK(entry.detail.find("ann") == std::string::npos);

  const ReportReply reopened = f.handle(f.moderator, first.record.id, to(ReportState::Open));
  CHECK(reopened.report.current->record.outcome.empty());
  CHECK_FALSE(reopened.report.current->handler);
  f.handle(f.moderator, first.record.id, to(ReportState::Dismissed, "nothing is wrong there"));
  CHECK(f.entries("report.reopen").size() == 1);
  CHECK(f.entries("report.dismiss").size() == 1);
  ReportChange other;
  other.outcome = "look again, nothing is wrong there";
  CHECK(f.handle(f.moderator, first.record.id, other).report.current->record.state == ReportState::Dismissed);
  CHECK(f.actions().back() == "report.change");
}

TEST_CASE("Reports: what another has claimed is only taken over by saying so, and then all of it or none") {
  ReportsFixture f;
  const ReportView first = f.made(f.ann);
  const ReportView second = f.made(f.ben);
  f.handle(f.moderator, first.record.id, to(ReportState::Claimed));
  const ReportReply refused = f.handle(f.admin, first.record.id, to(ReportState::Resolved));
  CHECK(refused.is_others);
  CHECK(refused.report.current->handler->name == "Mo");
  ReportChange both = to(ReportState::Dismissed);
  both.also = {first.record.id};
  CHECK(f.handle(f.admin, second.record.id, both).is_others);
  CHECK(f.list(f.moderator, {.state = ReportState::Open}).current->size() == 1);
  both.also.push_back(ReportId{999});
  both.take_over = true;
  CHECK(f.handle(f.admin, second.record.id, both).report.refused == Refusal::NotFound);
  CHECK(f.list(f.moderator, {.state = ReportState::Dismissed}).current->empty());
  both.also.pop_back();
  CHECK_FALSE(f.handle(f.admin, second.record.id, both).report.refused);
  CHECK(f.list(f.moderator, {.state = ReportState::Dismissed}).current->size() == 2);
}

TEST_CASE("Reports: who reports what is dismissed is seen to do so") {
  ReportsFixture f;
  const ReportView first = f.made(f.ann);
  const ReportView second = f.made(f.ann);
  f.handle(f.moderator, first.record.id, to(ReportState::Dismissed));
  f.handle(f.moderator, second.record.id, to(ReportState::Dismissed));
  f.handle(f.moderator, second.record.id, to(ReportState::Resolved));
  const ReportView third = f.made(f.ann);
  CHECK(third.reporter_reports == 3);
  CHECK(third.reporter_dismissed == 1);
  f.restart();
  CHECK(f.list(f.moderator).current->at(0).reporter_dismissed == 1);
}

TEST_CASE("Reports: a guest who turns out to be somebody keeps what was reported, and its limit") {
  ReportsFixture f;
  const FoundSession guest = f.guest("cat");
  REQUIRE(f.discord(42, "Cleo").account.id != nobody);
  for (int i = 0; i < 5; ++i) f.made(guest.account.id);
  const AccountId cleo = f.discord(42, "Cleo", guest.account.id).account.id;
  REQUIRE(cleo != guest.account.id);
  CHECK(f.own(cleo).size() == 5);
  CHECK(f.report(cleo).report.refused == Refusal::TooSoon);
  CHECK(f.list(f.moderator).current->at(0).reporter.name == "Cleo");
  CHECK(f.list(f.moderator).current->at(0).reporter_reports == 5);
}

TEST_CASE("Area placers: who placed in an area, up to a placement, as far as tiles may be read") {
  ReportsFixture f;
  f.draw(f.ann, {{10, 10, 1}, {11, 10, 1}, {50, 50, 1}});
  f.draw(f.ben, {{10, 10, 2}});
  f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ben, PlacementKind::Undo, 1, answer); });
  const auto reader = f.store.reader();
  std::size_t tiles = 1;
  const auto placers = placers_of(**reader, CanvasId{1}, {10, 10, 5, 5}, 5, tiles);
  REQUIRE(placers.ok());
  CHECK(placers->accounts == std::vector<std::pair<AccountId, std::uint64_t>>{{f.ann, 2}, {f.ben, 1}});
  CHECK(placers->is_complete);
  CHECK(tiles == 0);
  CHECK_FALSE(placers_of(**reader, CanvasId{1}, {10, 10, 5, 5}, 5, tiles)->is_complete);
  tiles = 1;
  CHECK(placers_of(**reader, CanvasId{1}, {10, 10, 5, 5}, 3, tiles)->accounts.size() == 1);
}

TEST_CASE("Warnings: told live to the account, kept in the audit log, and only for those below") {
  ReportsFixture f;
  RecordingGate ann, ben;
  f.enter(f.connect(f.ann, ann));
  f.enter(f.connect(f.ben, ben));
  const auto warn = [&](AccountId actor, AccountId whom) { return f.ask<Changed<AccountRecord>>(&Rooms::warn, actor, whom, std::string("leave the cat alone")); };
  CHECK(warn(f.ben, f.ann).refused == Refusal::Forbidden);
  CHECK(warn(f.moderator, f.admin).refused == Refusal::Forbidden);
  CHECK(warn(f.moderator, AccountId{999}).refused == Refusal::NotFound);
  CHECK(messages<Warning>(ann.take()).empty());
  CHECK_FALSE(warn(f.moderator, f.ann).refused);
  CHECK(messages<Warning>(ann.take()) == std::vector{Warning{"leave the cat alone"}});
  CHECK(messages<Warning>(ben.take()).empty());
  REQUIRE(f.entries("account.warn").size() == 1);
  CHECK(f.entries("account.warn")[0].detail == R"({"text":"leave the cat alone"})");
}

TEST_CASE("Profiles: for staff alone: devices, bots, and what was reported") {
  ReportsFixture f;
  const auto profile = [&](AccountId actor, AccountId whom) { return f.ask<Changed<AccountProfile>>(&Rooms::profile, actor, whom); };
  CHECK(profile(f.ben, f.ann).refused == Refusal::Forbidden);
  CHECK(profile(f.moderator, AccountId{999}).refused == Refusal::NotFound);
  const ReportView report = f.made(f.ann);
  f.bot(f.moderator);
  const AccountProfile ann = *profile(f.moderator, f.ann).current;
  CHECK(ann.account.name == "ann");
  CHECK(ann.sessions.size() == 1);
  CHECK(ann.reports_made == 1);
  CHECK(ann.reports.at(0).record == report.record);
  CHECK(ann.recent.size() == 1);
  CHECK(profile(f.owner, f.moderator).current->bots.size() == 1);
}

}  // namespace tessera
