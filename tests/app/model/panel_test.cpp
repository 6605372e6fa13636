#include <doctest/doctest.h>

#include <cmath>

#include "shared/base/text.h"
#include "tests/support/question_fixture.h"

using namespace tessera;

namespace {

AccountRow account_row(std::uint32_t id, std::string name) {
  AccountRow row;
  row.account = {AccountId{id}, std::move(name), AccountKind::Guest, Role::Guest};
  row.version = 1;
  return row;
}
ReportRow report_row(std::uint32_t id) {
  ReportRow row;
  row.id = ReportId{id};
  row.region = {10, 20, 30, 40};
  row.reason = "drew over the cat";
  row.seq = 12;
  row.similar = {ReportId{99}};
  row.version = 1;
  return row;
}
AuditRow audit_row(std::uint64_t id) {
  AuditRow row;
  row.id = id;
  row.action = "lock.create";
  return row;
}
template <typename Row>
PanelAnswer page_of(std::vector<Row> rows, std::string next = "", std::optional<std::uint64_t> total = {}) {
  return answer::Page<Row>{std::move(rows), std::move(next), total};
}

struct Panel : QuestionFixture {
  explicit Panel(Role role = Role::Admin) { live_as(role); }
  StaffPanel& staff() { return model.staff; }
  void open(StaffTab tab) { act(action::OpenStaff{tab}); }
};

}  // namespace

TEST_CASE("Panel: only staff open it, and it is gone with the role") {
  Panel guest(Role::Member), julie(Role::Moderator);
  guest.open(StaffTab::People);
  CHECK(guest.model.drawer == Drawer::None);
  CHECK_FALSE(guest.panel_asked<ask::FindAccounts>());
  julie.open(StaffTab::People);
  CHECK(julie.model.drawer == Drawer::Staff);
  CHECK(julie.panel_asked<ask::FindAccounts>());
  CHECK(julie.panel_asked<ask::VerifyAudit>());
  AccountInfo demoted = julie.model.account;
  demoted.role = Role::Member;
  julie.hear(AccountChanged{demoted});
  CHECK(julie.model.drawer == Drawer::None);
  CHECK(julie.staff().people.list.rows.empty());
  // What comes late for whoever is no staff any more does nothing.
  julie.act(action::PauseNow{true});
  CHECK_FALSE(julie.panel_asked<ask::Pause>());
}

TEST_CASE("Panel: a list goes on page by page, and keeps what it has when its head is read anew") {
  Panel panel;
  panel.open(StaffTab::Audit);
  panel.reply(panel.panel_id<ask::SearchAudit>(), 200, page_of<AuditRow>({audit_row(50), audit_row(49)}, "49"));
  panel.act(action::ReadMoreRows{});
  REQUIRE(panel.panel_asked<ask::SearchAudit>());
  CHECK(panel.panel_question<ask::SearchAudit>().after == "49");
  // Asked once, however long one stays at the end.
  const AskId more = panel.panel_id<ask::SearchAudit>();
  panel.act(action::ReadMoreRows{});
  CHECK_FALSE(panel.panel_asked<ask::SearchAudit>());
  panel.reply(more, 200, page_of<AuditRow>({audit_row(48), audit_row(47)}, "47"));
  CHECK(panel.staff().audit.list.rows.size() == 4);
  panel.act(action::ReadTabAgain{});
  panel.reply(panel.panel_id<ask::SearchAudit>(), 200, page_of<AuditRow>({audit_row(51), audit_row(50)}, "50"));
  const auto& rows = panel.staff().audit.list.rows;
  REQUIRE(rows.size() == 5);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i].id == 51 - i);
  CHECK(panel.staff().audit.list.next == "47");
  // So much has come that something would be missing in between: it begins anew.
  panel.act(action::ReadTabAgain{});
  panel.reply(panel.panel_id<ask::SearchAudit>(), 200, page_of<AuditRow>({audit_row(90), audit_row(89)}, "89"));
  CHECK(rows.size() == 2);
  CHECK(panel.staff().audit.list.next == "89");
}

TEST_CASE("Panel: a search waits until typing rests") {
  Panel panel;
  panel.open(StaffTab::People);
  panel.reply(panel.panel_id<ask::FindAccounts>(), 200, page_of<AccountRow>({account_row(1, "ann")}, "", 1));
  AccountSearch search;
  search.text = "vo";
  panel.act(action::EditSearch{search});
  CHECK_FALSE(panel.panel_asked<ask::FindAccounts>());
  search.text = "void";
  panel.act(action::EditSearch{search});
  panel.tick(std::chrono::milliseconds(100));
  CHECK_FALSE(panel.panel_asked<ask::FindAccounts>());
  panel.tick(std::chrono::milliseconds(300));
  REQUIRE(panel.panel_asked<ask::FindAccounts>());
  CHECK(panel.panel_question<ask::FindAccounts>().search.text == "void");
}

TEST_CASE("Panel: a profile is read with its picture and its heat; banned in one step with what was drawn") {
  Panel panel;
  panel.act(action::OpenProfile{AccountId{9}});
  CHECK(panel.staff().tab == StaffTab::People);
  CHECK(panel.panel_asked<ask::ReadActivity>());
  CHECK(panel.panel_asked<ask::ReadPlacedImage>());
  ProfileInfo profile;
  profile.row = account_row(9, "void_77");
  panel.reply(panel.panel_id<ask::ReadProfile>(), 200, PanelAnswer{profile});
  REQUIRE(panel.staff().people.profile);
  BanForm ban;
  ban.open = true;
  ban.reason = "drew over the cat";
  panel.act(action::EditProfile{"", "", ban});
  panel.act(action::SubmitBan{});
  REQUIRE(panel.panel_asked<ask::BanAccount>());
  const auto asked = panel.panel_question<ask::BanAccount>();
  CHECK(asked.id == AccountId{9});
  CHECK(asked.wish.roll_back);
  CHECK_FALSE(asked.wish.until);
  // Once is enough.
  const AskId id = panel.panel_id<ask::BanAccount>();
  panel.act(action::SubmitBan{});
  CHECK_FALSE(panel.panel_asked<ask::BanAccount>());
  panel.reply(id, 200);
  CHECK_FALSE(panel.staff().people.ban.open);
  CHECK(panel.panel_asked<ask::ReadProfile>());
}

TEST_CASE("Panel: a role on one canvas is offered where the server has such, and changed by its version") {
  Panel panel;
  panel.act(action::OpenProfile{AccountId{9}});
  const AskId grants = panel.panel_id<ask::ListGrants>();
  ProfileInfo profile;
  profile.row = account_row(9, "void_77");
  panel.reply(panel.panel_id<ask::ReadProfile>(), 200, PanelAnswer{profile});
  panel.act(action::GiveGrant{Role::Moderator});
  CHECK_FALSE(panel.panel_asked<ask::Grant>());
  panel.reply(grants, 200, page_of<GrantRow>({{{AccountId{9}, "void_77", AccountKind::Guest, Role::Guest}, Role::Member, {}, 3}}));
  panel.act(action::GiveGrant{Role::Moderator});
  REQUIRE(panel.panel_asked<ask::Grant>());
  CHECK(panel.panel_question<ask::Grant>().version == 3);
}

TEST_CASE("Panel: what may not be done is said, and nothing of the form is lost") {
  Panel panel;
  panel.act(action::OpenProfile{AccountId{9}});
  ProfileInfo profile;
  profile.row = account_row(9, "boss");
  panel.reply(panel.panel_id<ask::ReadProfile>(), 200, PanelAnswer{profile});
  panel.act(action::EditProfile{"careful", "", {}});
  panel.act(action::SaveNote{});
  panel.reply(panel.panel_id<ask::ChangeAccount>(), 403, {}, "forbidden");
  REQUIRE(panel.staff().people.task.error);
  CHECK(panel.staff().people.note == "careful");
  CHECK_FALSE(panel.staff().people.task.busy());
}

TEST_CASE("Panel: a report shows both pictures, and ends with its similar ones") {
  Panel panel;
  panel.open(StaffTab::Reports);
  panel.reply(panel.panel_id<ask::ListReports>(), 200, page_of<ReportRow>({report_row(4)}));
  panel.act(action::OpenReport{ReportId{4}});
  panel.reply(panel.panel_id<ask::ReadReport>(), 200, PanelAnswer{report_row(4)});
  REQUIRE(panel.panel_asked<ask::ReadRegion>());
  const auto then = panel.panel_question<ask::ReadRegion>();
  CHECK(then.at == Seq{12});
  const Rect with_surroundings{0, 8, 52, 64};
  CHECK(then.area == with_surroundings);
  CHECK(panel.staff().reports.then.asked != unasked);
  CHECK(panel.staff().reports.now.asked != unasked);
  panel.act(action::EditReport{"thank you", true});
  panel.act(action::MoveReport{ReportState::Resolved, false});
  const auto change = panel.panel_question<ask::ChangeReport>();
  CHECK(change.also == std::vector{ReportId{99}});
  CHECK(change.outcome == "thank you");
  // Somebody else holds it: said so, and it may be taken over.
  panel.reply(panel.panel_id<ask::ChangeReport>(), 409, {}, "claimed");
  REQUIRE(panel.staff().reports.task.error);
  CHECK(panel.staff().reports.task.error->text == Text::ReportClaimed);
  panel.act(action::MoveReport{ReportState::Resolved, true});
  CHECK(panel.panel_question<ask::ChangeReport>().take_over);
}

TEST_CASE("Panel: a rollback is looked at before it is applied, and another wish wants another look") {
  Panel panel;
  panel.open(StaffTab::Rollbacks);
  panel.act(action::ForecastNow{});
  REQUIRE(panel.staff().rollbacks.task.error);
  CHECK(panel.staff().rollbacks.task.error->text == Text::RollbackOfNothing);
  RollbackForm form;
  form.account = "void_77";
  panel.act(action::EditRollback{form});
  CHECK_FALSE(panel.staff().rollbacks.task.error);
  panel.act(action::ForecastNow{});
  // Two of one name: nobody is taken for the other.
  panel.reply(panel.panel_id<ask::FindAccounts>(), 200, page_of<AccountRow>({account_row(9, "void_77"), account_row(10, "void_77")}));
  REQUIRE(panel.staff().rollbacks.task.error);
  CHECK(panel.staff().rollbacks.task.error->text == Text::AccountNotFound);
  panel.act(action::ForecastNow{});
  panel.reply(panel.panel_id<ask::FindAccounts>(), 200, page_of<AccountRow>({account_row(9, "void_77"), account_row(10, "void_778")}));
  REQUIRE(panel.panel_asked<ask::ForecastRollback>());
  CHECK(panel.panel_question<ask::ForecastRollback>().wish.account == AccountId{9});
  RollbackForecast forecast;
  forecast.cells = 1'204;
  forecast.area = {612, 804, 84, 56};
  panel.reply(panel.panel_id<ask::ForecastRollback>(), 200, PanelAnswer{forecast});
  CHECK(panel.panel_asked<ask::ForecastImage>());
  CHECK(rollback_area(panel.model) == Rect{612, 804, 84, 56});
  form.reason = "drew over the cat";
  panel.act(action::EditRollback{form});
  CHECK_MESSAGE(panel.staff().rollbacks.forecast, "why changes nothing of what");
  panel.act(action::ApplyRollback{});
  REQUIRE(panel.panel_asked<ask::RollBack>());
  CHECK(panel.panel_question<ask::RollBack>().wish.reason == "drew over the cat");
  panel.reply(panel.panel_id<ask::RollBack>(), 201, PanelAnswer{RollbackRow{}});
  CHECK(panel.staff().rollbacks.form == RollbackForm{});
  form.since = SinceChoice::Hour;
  panel.act(action::EditRollback{form});
  CHECK_FALSE(panel.staff().rollbacks.forecast);
  panel.act(action::ApplyRollback{});
  CHECK_FALSE(panel.panel_asked<ask::RollBack>());
}

TEST_CASE("Panel: the region is framed on the canvas with the staff's tool, which then is put away") {
  Panel panel;
  panel.open(StaffTab::Rollbacks);
  panel.act(action::PickRegion{});
  CHECK(panel.model.tool.tool == Tool::Lock);
  panel.model.marker = {Cell{10, 10}, true};
  panel.act(action::ActAtMarker{});
  panel.model.marker = {Cell{20, 30}, true};
  panel.act(action::ActAtMarker{});
  CHECK(panel.model.tool.tool == Tool::Pencil);
  CHECK_FALSE(panel.model.lock_editor.open);
  CHECK(panel.staff().rollbacks.form.x == "10");
  CHECK(panel.staff().rollbacks.form.height == "21");
  CHECK(panel.panel_asked<ask::ForecastRollback>());
}

TEST_CASE("Panel: a reset waits for the canvas's name") {
  Panel panel;
  panel.open(StaffTab::Events);
  panel.act(action::BeginRestore{});
  panel.act(action::EditRestore{"mai", ""});
  panel.act(action::SubmitRestore{});
  CHECK_FALSE(panel.panel_asked<ask::Restore>());
  panel.act(action::EditRestore{panel.model.canvas.name, "a new round"});
  panel.act(action::SubmitRestore{});
  REQUIRE(panel.panel_asked<ask::Restore>());
  CHECK_FALSE(panel.panel_question<ask::Restore>().snapshot);
}

TEST_CASE("Panel: an event is only sent where it can be") {
  Panel panel;
  panel.open(StaffTab::Events);
  ScheduleForm form;
  form.open = true;
  form.action = ScheduledAction::Resize;
  form.at = "soon";
  panel.act(action::EditSchedule{form});
  panel.act(action::SubmitSchedule{});
  CHECK(panel.staff().events.task.error);
  form.at = "2099-01-01 12:00";
  panel.act(action::EditSchedule{form});
  panel.act(action::SubmitSchedule{});
  CHECK_MESSAGE(panel.staff().events.task.error, "it has no size");
  form.width = "2000";
  panel.act(action::EditSchedule{form});
  panel.act(action::SubmitSchedule{});
  REQUIRE(panel.panel_asked<ask::MakeSchedule>());
  CHECK(panel.panel_question<ask::MakeSchedule>().wish.width == 2'000);
}

TEST_CASE("Panel: figures grow by what is new, and hold a day") {
  Panel panel;
  panel.open(StaffTab::Overview);
  const auto history = [](const char* start, std::size_t size, double value) {
    ServerHistory out;
    out.start = *parse_time(start);
    out.step = std::chrono::minutes(1);
    for (auto* column : {&out.placements, &out.connections, &out.online, &out.answer_p50_ms, &out.answer_p99_ms, &out.commit_p99_ms, &out.memory_bytes, &out.cpu})
      column->assign(size, value);
    return out;
  };
  panel.reply(panel.panel_id<ask::ReadHistory>(), 200, PanelAnswer{history("2030-01-01T00:00:00Z", 3, 1)});
  panel.act(action::ReadTabAgain{});
  CHECK(panel.panel_question<ask::ReadHistory>().since == parse_time("2030-01-01T00:02:00Z"));
  auto more = history("2030-01-01T00:02:00Z", 2, 7);
  more.refused.emplace_back("locked", ServerHistory::Column{4, 5});
  panel.reply(panel.panel_id<ask::ReadHistory>(), 200, PanelAnswer{more});
  const ServerHistory& now = panel.staff().figures.history;
  CHECK(now.placements == ServerHistory::Column{1, 1, 7, 7});
  REQUIRE(now.refused.size() == 1);
  REQUIRE(now.refused[0].second.size() == 4);
  CHECK(std::isnan(now.refused[0].second[0]));
  CHECK(now.refused[0].second[3] == 5);
  // The server forgot, or another answers: what came is all there is.
  panel.act(action::ReadTabAgain{});
  panel.reply(panel.panel_id<ask::ReadHistory>(), 200, PanelAnswer{history("2030-01-02T00:00:00Z", 1'441, 2)});
  CHECK(now.size() == 1'441);
  panel.act(action::ReadTabAgain{});
  panel.reply(panel.panel_id<ask::ReadHistory>(), 200, PanelAnswer{history("2030-01-03T00:00:00Z", 10, 3)});
  CHECK(now.size() == 1'440);
  CHECK(now.cpu.size() == 1'440);
  CHECK(now.placements.back() == 3);
}

TEST_CASE("Panel: the log is taken along page by page, as one file with its columns named once") {
  Panel panel;
  panel.open(StaffTab::Audit);
  panel.act(action::ExportAudit{true});
  panel.reply(panel.panel_id<ask::ExportAudit>(), 200, PanelAnswer{answer::File{"id,time\n2,b\n", "2"}});
  CHECK(panel.panel_question<ask::ExportAudit>().after == "2");
  panel.reply(panel.panel_id<ask::ExportAudit>(), 200, PanelAnswer{answer::File{"id,time\n1,a\n", ""}});
  REQUIRE(panel.all<effect::SaveFile>().size() == 1);
  CHECK(panel.all<effect::SaveFile>()[0].bytes == "id,time\n2,b\n1,a\n");
}

TEST_CASE("Panel: another canvas has other lists; the tab stays") {
  Panel panel;
  panel.open(StaffTab::Reports);
  panel.reply(panel.panel_id<ask::ListReports>(), 200, page_of<ReportRow>({report_row(4)}));
  panel.act(action::OpenCanvas{"other"});
  CHECK(panel.staff().reports.list.rows.empty());
  CHECK(panel.staff().tab == StaffTab::Reports);
}
