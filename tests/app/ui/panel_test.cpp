#include <cmath>

#include "app/ui/plot.h"
#include "app/ui/table.h"
#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

AccountRow account_row(std::uint32_t id, std::string name) {
  AccountRow row;
  row.account = {AccountId{id}, std::move(name), AccountKind::Guest, Role::Guest};
  row.placements = id;
  row.version = 1;
  return row;
}

/// Staff on a canvas, with something in every tab.
struct Desk : UiFixture {
  explicit Desk(TestWindow of_size = {}, Role role = Role::Admin) : UiFixture(of_size) {
    play();
    model.account.role = role;
    fill();
  }
  void open(StaffTab tab) {
    act(action::OpenStaff{tab});
    settle();
    forget();
  }
  void fill() {
    StaffPanel& staff = model.staff;
    staff.settled = true;
    staff.audit.verdict = AuditVerdict{true, 18'204, std::string(64, 'a'), {}, ""};
    staff.open_reports = 4;
    ServerHistory& history = staff.figures.history;
    history.step = std::chrono::minutes(1);
    for (auto* column : {&history.placements, &history.connections, &history.online, &history.answer_p50_ms, &history.answer_p99_ms, &history.commit_p99_ms, &history.memory_bytes, &history.cpu})
      for (int i = 0; i < 1'440; ++i) column->push_back(i % 97 == 0 ? std::nan("") : i % 61);
    history.refused = {{"too_soon", history.placements}, {"locked", history.online}, {"a_reason_of_tomorrow", history.cpu}};
    staff.figures.state = ServerStatus{};
    staff.figures.state->settings = {{"listen", "127.0.0.1:7878", "default"}, {"discord-client-secret", "hidden", "environment"}};
    for (std::uint32_t i = 1; i <= 300; ++i) staff.people.list.rows.push_back(account_row(i, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"));
    staff.people.list.loaded = true;
    staff.people.list.total = 60'000;
    for (std::uint32_t i = 1; i <= 60; ++i) {
      ReportRow row;
      row.id = ReportId{100 - i};
      row.state = static_cast<ReportState>(i % 4);
      row.region = {i, i, 84, 56};
      row.reason = std::string(1'000, 'W');
      row.reporter.name = "ann";
      row.similar = {ReportId{1}};
      staff.reports.list.rows.push_back(row);
      RollbackRow rollback;
      rollback.id = RollbackId{100 - i};
      rollback.state = static_cast<RollbackStage>(i % 4);
      rollback.cells = 1'204;
      rollback.drawn = 1;
      rollback.to_draw = 3;
      rollback.maker.name = "julie";
      staff.rollbacks.list.rows.push_back(rollback);
      AuditRow entry;
      entry.id = 100 - i;
      entry.action = i % 2 ? "lock.create" : "an.action.of.tomorrow";
      entry.target = "lock:5";
      entry.detail = {{"after.reason", std::string(1'000, 'x')}};
      staff.audit.list.rows.push_back(entry);
    }
    staff.reports.list.loaded = staff.rollbacks.list.loaded = staff.audit.list.loaded = true;
    staff.events.schedule.rows.push_back({ScheduleId{1}, WallTime{1}, ScheduledAction::Resize, "width 2000", {}});
    staff.events.snapshots.rows.push_back({SnapshotId{2}, "before the party", 5, {}, WallTime{1}});
  }
  void show_profile() {
    act(action::OpenProfile{AccountId{9}});
    ProfileInfo profile;
    profile.row = account_row(9, "void_77");
    profile.placed = {{"main", 1'204, WallTime{1}}, {"other", 2, {}}};
    profile.prefixes = {{"v4-24/0011223344556677", 24, 5, WallTime{1}}};
    profile.history = model.staff.audit.list.rows;
    profile.about = {{ReportId{4}, ReportState::Open, "main", "black over the cat", {1, 1, 2, 2}, 33}};
    model.staff.people.profile = profile;
    model.staff.people.activity = Activity{WallTime{1'700'000'000'000}, std::vector<std::uint32_t>(168, 3)};
  }
  void show_report() {
    act(action::OpenReport{model.staff.reports.list.rows[0].id});
    ReportRow report = model.staff.reports.list.rows[3];
    report.state = ReportState::Open;
    report.drawn_by = {{AccountId{9}, "void_77", 1'204}, {AccountId{10}, "ann", 2}};
    report.id = model.staff.reports.chosen;
    model.staff.reports.report = report;
  }
  void show_forecast() {
    RollbacksTab& tab = model.staff.rollbacks;
    tab.form.account = "9";
    tab.form.reason = "drew over the cat";
    tab.account = account_row(9, "void_77");
    tab.wish = RollbackWish{};
    tab.wish->account = AccountId{9};
    tab.wish->reason = tab.form.reason;
    tab.forecast = RollbackForecast{1'204, 1'300, {10, 10, 84, 56}, {}, 17};
  }
  template <typename Kind>
  std::optional<Kind> done_in_panel() const {
    for (auto action = pushed.rbegin(); action != pushed.rend(); ++action)
      if (const auto* of_panel = std::get_if<PanelAction>(&*action))
        if (const Kind* match = std::get_if<Kind>(of_panel)) return *match;
    return std::nullopt;
  }
  /// Tab and Enter until such an action is pushed.
  template <typename Kind>
  bool reach_in_panel(int most = 120) {
    for (int i = 0; i < most; ++i) {
      press(ImGuiKey_Tab);
      press(ImGuiKey_Enter);
      if (done_in_panel<Kind>()) return true;
    }
    return false;
  }
};

constexpr TestWindow narrow{390, 780, 1};

}  // namespace

TEST_CASE("Panel: every tab is drawn within its panel, large and small, in both languages, dark and light") {
  for (const TestWindow& window : {TestWindow{1'440, 900, 1}, TestWindow{900, 600, 1}, TestWindow{2'880, 1'800, 2}, narrow}) {
    for (const Language language : {Language::English, Language::French}) {
      Desk desk(window);
      desk.model.settings.language = language;
      desk.model.settings.theme = language == Language::French ? Theme::Light : Theme::Dark;
      for (std::uint8_t i = 0; i < staff_tab_count; ++i) {
        desk.open(static_cast<StaffTab>(i));
        const Box box = desk.box("staff");
        CHECK(box.min.x >= 0);
        CHECK(box.max.x <= window.width);
        CHECK(box.max.y <= window.height);
        CHECK(box.height() > window.height / 2);
      }
      desk.show_profile();
      desk.settle();
      desk.model.staff.people.ban.open = true;
      desk.settle();
      desk.open(StaffTab::Reports);
      desk.show_report();
      desk.settle();
      desk.show_forecast();
      desk.open(StaffTab::Rollbacks);
      desk.model.staff.rollbacks.chosen = desk.model.staff.rollbacks.list.rows[0].id;
      desk.settle();
      desk.open(StaffTab::Audit);
      desk.act(action::OpenEntry{50});
      desk.settle();
      for (std::uint8_t part = 0; part < events_part_count; ++part) {
        desk.open(StaffTab::Events);
        desk.act(action::ShowEvents{static_cast<EventsPart>(part)});
        desk.settle();
      }
      desk.act(action::BeginRestore{});
      desk.settle();
      CHECK(desk.box("staff").max.x <= window.width);
    }
  }
}

TEST_CASE("Panel: the most urgent is reached by the keyboard alone, also on a phone") {
  for (const TestWindow& window : {TestWindow{}, narrow}) {
    Desk desk(window);
    desk.open(StaffTab::Overview);
    CHECK(desk.reach_in_panel<action::EditPause>());
    desk.model.staff.figures.pausing = true;
    desk.forget();
    CHECK(desk.reach_in_panel<action::PauseNow>());
    desk.open(StaffTab::People);
    CHECK(desk.reach_in_panel<action::OpenProfile>());
    desk.show_profile();
    desk.model.staff.people.ban.open = true;
    desk.model.staff.people.ban.reason = "drew over the cat";
    desk.settle();
    desk.forget();
    CHECK(desk.reach_in_panel<action::SubmitBan>());
    desk.open(StaffTab::Locks);
    CHECK(desk.reach<action::SelectTool>());
  }
}

TEST_CASE("Panel: a moderator sees nothing of what admins alone may do") {
  Desk desk({}, Role::Moderator);
  desk.open(StaffTab::Overview);
  CHECK_FALSE(desk.reach_in_panel<action::EditPause>(60));
  desk.open(StaffTab::Events);
  CHECK_FALSE(desk.reach_in_panel<action::EditSchedule>(60));
}

TEST_CASE("Panel: a row is clicked, chosen by arrows, and opened by Enter") {
  Desk desk;
  desk.open(StaffTab::Reports);
  CHECK(desk.reach_in_panel<action::OpenReport>());
  const auto first = desk.done_in_panel<action::OpenReport>();
  CHECK(first->id == desk.model.staff.reports.list.rows[0].id);
  desk.forget();
  desk.press(ImGuiKey_DownArrow);
  desk.press(ImGuiKey_DownArrow);
  desk.press(ImGuiKey_Enter);
  REQUIRE(desk.done_in_panel<action::OpenReport>());
  CHECK(desk.done_in_panel<action::OpenReport>()->id == desk.model.staff.reports.list.rows[2].id);
  desk.forget();
  desk.press(ImGuiKey_End);
  desk.press(ImGuiKey_Enter);
  CHECK(desk.done_in_panel<action::OpenReport>()->id == desk.model.staff.reports.list.rows.back().id);
}

TEST_CASE("Panel: a hundred thousand rows cost what those in sight cost, and the end asks for more once") {
  Desk desk;
  auto& rows = desk.model.staff.people.list.rows;
  desk.open(StaffTab::People);
  const auto drawn = [&] {
    int vertices = 0;
    for (const ImGuiWindow* window : desk.context->Windows)
      if (window->Active) vertices += window->DrawList->VtxBuffer.Size;
    return vertices;
  };
  desk.frame();
  const int few = drawn();
  rows.clear();
  for (std::uint32_t i = 1; i <= 100'000; ++i) rows.push_back(account_row(i, "ann"));
  desk.model.staff.people.list.next = "more";
  desk.settle();
  desk.forget();
  desk.frame();
  CHECK(drawn() < few * 3 / 2);
  CHECK_FALSE(desk.done_in_panel<action::ReadMoreRows>());
  CHECK(desk.reach_in_panel<action::OpenProfile>());
  desk.forget();
  desk.press(ImGuiKey_End);
  desk.settle();
  CHECK(desk.done_in_panel<action::ReadMoreRows>());
  desk.forget();
  desk.press(ImGuiKey_Enter);
  REQUIRE(desk.done_in_panel<action::OpenProfile>());
  CHECK(desk.done_in_panel<action::OpenProfile>()->id == AccountId{100'000});
  // While a page is on its way nothing more is asked.
  desk.model.staff.people.list.asked = AskId{77};
  desk.model.staff.people.list.adding = true;
  desk.forget();
  desk.settle();
  CHECK_FALSE(desk.done_in_panel<action::ReadMoreRows>());
}

TEST_CASE("Panel: figures that are gathered keep their sum, their largest, and their gaps") {
  const double gap = std::nan("");
  const auto sums = gathered({1, 2, 3, 4, 5}, 3, Gather::Sum);
  CHECK(sums == std::vector<double>{1, 5, 9});
  const auto most = gathered({1, gap, gap, gap, 5, 4}, 3, Gather::Largest);
  REQUIRE(most.size() == 3);
  CHECK(most[0] == 1);
  CHECK(std::isnan(most[1]));
  CHECK(most[2] == 5);
  CHECK(gathered({1, 2}, 3, Gather::Sum) == std::vector<double>{1, 2});
}

}  // namespace tessera
