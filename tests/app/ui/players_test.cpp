#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

ScheduleInfo entry(const UiFixture& ui, std::uint32_t id, ScheduledAction action, std::chrono::milliseconds later, std::string text = "") {
  return {ScheduleId{id}, static_cast<std::uint64_t>(ms(server_now(ui.model)) + later.count()), action, std::move(text)};
}

OwnReport report_of(std::uint32_t id, ReportState state, std::string outcome = "") {
  return {"main", ReportId{id}, state, {10, 20, 30, 40}, "Hateful or hurtful", std::move(outcome), {}};
}

/// With the form open, as from the drawer of a cell.
void write_report(UiFixture& ui) {
  ui.play();
  ui.act(action::ReportCell{{100, 100}});
  ui.settle();
}

}  // namespace

TEST_CASE("Countdown: it is put away by its cross, and shown again from the drawer") {
  UiFixture ui;
  ui.play();
  ui.settle();
  CHECK_FALSE(panel_box("countdown"));
  ui.hear(Schedule{{entry(ui, 1, ScheduledAction::Pause, std::chrono::minutes(10), "judging")}});
  ui.settle();
  CHECK(panel_box("countdown"));
  REQUIRE(ui.reach<action::PutAwayCountdown>());
  ui.act(*ui.last<action::PutAwayCountdown>());
  ui.settle();
  CHECK_FALSE(panel_box("countdown"));
  ui.forget();
  ui.act(action::OpenDrawer{Drawer::Announcements});
  ui.settle();
  REQUIRE(ui.reach<action::ShowCountdown>());
  ui.act(*ui.last<action::ShowCountdown>());
  ui.act(action::CloseDrawer{});
  ui.settle();
  CHECK(panel_box("countdown"));
}

TEST_CASE("Countdown: the line opens the list, which the bar offers as well") {
  UiFixture ui;
  ui.play();
  const float bar = [&] { return ui.settle(), ui.box("account").width(); }();
  ui.hear(Schedule{{entry(ui, 1, ScheduledAction::Reset, std::chrono::hours(40))}});
  ui.settle();
  CHECK_FALSE(panel_box("countdown"));
  CHECK(ui.box("account").width() > bar);
  ui.hear(ScheduleChanged{entry(ui, 2, ScheduledAction::Pause, std::chrono::seconds(40))});
  ui.settle();
  ui.forget();
  ui.click(ui.box("countdown").centre());
  REQUIRE(ui.last<action::OpenDrawer>());
  CHECK(ui.last<action::OpenDrawer>()->drawer == Drawer::Announcements);
}

TEST_CASE("Countdown: it stands still while it counts, beneath what is more urgent, and never over the cell one draws") {
  for (const TestWindow window : {TestWindow{1'440, 900}, TestWindow{400, 800}, TestWindow{700, 500}}) {
    UiFixture ui(window);
    ui.play();
    ui.hear(Schedule{{entry(ui, 1, ScheduledAction::Reset, std::chrono::seconds(1'280))}});
    AnnouncementInfo announcement;
    announcement.id = AnnouncementId{1};
    announcement.text = "Be kind";
    ui.hear(AnnouncementChanged{true, announcement});
    ui.hear(PauseChanged{true, "judging"});
    ui.settle();
    const Box line = ui.box("countdown");
    CHECK(line.min.y >= ui.box("announcements").max.y);
    CHECK(line.min.x >= 0);
    CHECK(line.max.x <= window.width);
    ui.tick(std::chrono::seconds(11));
    ui.settle();
    CHECK(ui.box("countdown").min.x == line.min.x);
    const auto under = ui.model.viewport.cell_at({line.centre().x, line.centre().y});
    if (!under) continue;
    ui.model.marker = {under, true};
    ui.settle();
    CHECK_FALSE(panel_box("countdown"));
  }
}

TEST_CASE("Countdown: a mouse that comes near can use it; where one is drawing it does not come") {
  UiFixture ui;
  ui.play();
  ui.hear(Schedule{{entry(ui, 1, ScheduledAction::Reset, std::chrono::seconds(1'280))}});
  ui.act(action::ZoomStep{20});
  ui.settle();
  const Box line = ui.box("countdown");
  const ScreenPoint beneath{line.centre().x, line.max.y + 2.0};
  REQUIRE(ui.model.viewport.cell_at(beneath));
  ui.act(action::PointerMoved{beneath, false});
  ui.settle();
  CHECK(panel_box("countdown"));
  ui.act(action::PutAwayCountdown{ScheduleId{1}});
  ui.settle();
  ui.act(action::ShowCountdown{ScheduleId{1}});
  ui.settle();
  CHECK_FALSE(panel_box("countdown"));
  ui.act(action::PointerLeft{});
  ui.settle();
  CHECK(panel_box("countdown"));
}

TEST_CASE("Report: from the cell's drawer, for those who may") {
  UiFixture ui;
  ui.play();
  ui.act(action::Inspect{{5, 5}});
  ui.model.cell.loading = false;
  ui.settle();
  REQUIRE(ui.reach<action::ReportCell>());
  CHECK(ui.last<action::ReportCell>()->cell == Cell{5, 5});
  ui.forget();
  ui.model.account = {};
  ui.settle();
  CHECK_FALSE(ui.reach<action::ReportCell>());
}

TEST_CASE("Report: the form is filled in and sent by the keyboard alone") {
  for (const TestWindow window : {TestWindow{1'440, 900}, TestWindow{400, 800}, TestWindow{320, 480}}) {
    UiFixture ui(window);
    write_report(ui);
    ui.reach<action::EditReportForm>();
    REQUIRE(ui.last<action::EditReportForm>());
    ui.act(*ui.last<action::EditReportForm>());
    CHECK(ui.model.report_desk.form.reason.has_value());
    ui.forget();
    CHECK(ui.reach<action::MarkReportArea>());
    CHECK(ui.reach<action::SubmitReport>());
    ui.press(ImGuiKey_Escape);
    CHECK(ui.last<action::CloseDrawer>());
  }
}

TEST_CASE("Report: on a phone the drawer gives way while the area is marked, and two corners are aimed at") {
  UiFixture ui({400, 800});
  write_report(ui);
  CHECK(panel_box("drawer"));
  ui.act(action::MarkReportArea{true});
  ui.settle();
  CHECK_FALSE(panel_box("drawer"));
  REQUIRE(ui.reach<action::ActAtMarker>());
  ui.act(action::ActAtMarker{});
  REQUIRE(ui.model.lock_frame.from);
  ui.act(action::ActAtMarker{});
  ui.settle();
  CHECK(panel_box("drawer"));
  CHECK(ui.model.report_desk.form.width == "1");
}

TEST_CASE("Report: one's own are listed, and lead to where they were") {
  UiFixture ui;
  ui.play();
  ui.model.report_desk.own = {report_of(2, ReportState::Open), report_of(1, ReportState::Dismissed, "that is allowed")};
  ui.act(action::ShowOwnReports{});
  ui.settle();
  REQUIRE(ui.reach<action::LookAtReport>());
  CHECK(ui.last<action::LookAtReport>()->id == ReportId{2});
  ui.model.report_desk.failed = true;
  ui.settle();
  CHECK(ui.reach<action::ReadOwnReports>());
}

TEST_CASE("Report: what staff decided lies beside the canvas, with the drawer beneath it, until it is put away") {
  UiFixture ui;
  ui.play();
  ui.model.report_desk.own = {report_of(1, ReportState::Resolved)};
  ui.model.report_desk.news = {{ReportId{1}, ReportState::Resolved, "taken back"}, {ReportId{2}, ReportState::Dismissed, ""}};
  ui.act(action::OpenDrawer{Drawer::Help});
  ui.settle();
  CHECK(ui.box("outcome").max.y < ui.box("drawer").min.y);
  REQUIRE(ui.reach<action::LookAtReport>());
  REQUIRE(ui.reach<action::PutAwayNews>());
  ui.act(action::PutAwayNews{});
  ui.settle();
  CHECK(panel_box("outcome"));
  ui.act(action::PutAwayNews{});
  ui.settle();
  CHECK_FALSE(panel_box("outcome"));
}

TEST_CASE("Notices: one lies over all else, takes the keyboard, and goes when it was understood, not by Escape") {
  for (const TestWindow window : {TestWindow{1'440, 900}, TestWindow{400, 800}, TestWindow{320, 480}}) {
    UiFixture ui(window);
    ui.play();
    ui.model.sign_in.open = true;
    ui.settle();
    ui.hear(Warning{std::string(1'000, 'w')});
    ui.settle();
    CHECK(ImGui::GetTopMostPopupModal() == ImGui::FindWindowByName("notice"));
    CHECK_FALSE(ui.reach<action::UnderstandNotice>(10));
    ui.press(ImGuiKey_Escape);
    CHECK(ui.model.notices.waiting.size() == 1);
    ui.tick(std::chrono::seconds(1));
    REQUIRE(ui.reach<action::UnderstandNotice>(10));
    ui.carry_out();
    ui.settle();
    CHECK(ImGui::GetTopMostPopupModal() == ImGui::FindWindowByName("sign_in"));
    ui.model.sign_in.open = false;
    ui.settle();
    CHECK(ImGui::GetTopMostPopupModal() == nullptr);
  }
}

TEST_CASE("Notices: long words are read on with the keys") {
  UiFixture ui({320, 480});
  ui.play();
  ui.hear(Warning{[] {
    std::string words;
    for (int i = 0; i < 200; ++i) words += "word ";
    return words;
  }()});
  ui.settle();
  const auto scrolled = [&] {
    float most = 0;
    for (const ImGuiWindow* panel : ui.context->Windows)
      if (panel->Active && std::string_view(panel->Name).find("words") != std::string_view::npos) most = std::max(most, panel->Scroll.y);
    return most;
  };
  CHECK(scrolled() == 0);
  ui.press(ImGuiKey_PageDown);
  ui.settle();
  CHECK(scrolled() > 0);
}

}  // namespace tessera
