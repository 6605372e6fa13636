#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;
using std::chrono::seconds;

namespace {

struct ReportsFixture : QuestionFixture {
  ReportsFixture() { live_as(Role::Guest); }

  OwnReport report_of(std::uint32_t id, ReportState state = ReportState::Open, std::string canvas = "main") const {
    return {std::move(canvas), ReportId{id}, state, {100, 50, 20, 10}, "Vandalism", "", model.wall};
  }
  void open(Cell cell = {100, 100}) {
    act(action::ReportCell{cell});
    REQUIRE(model.drawer == Drawer::Report);
    reply(id_of<ask::OwnReports>(), 200, answer::OwnReports{});
  }
  template <typename Edit>
  void edit(Edit change) {
    ReportForm form = model.report_desk.form;
    change(form);
    act(action::EditReportForm{form});
  }
  const ask::MakeReport* submit() {
    act(action::SubmitReport{});
    const effect::Ask* ask = asked<ask::MakeReport>();
    return ask ? &std::get<ask::MakeReport>(ask->question) : nullptr;
  }
  Text error() const { return model.report_desk.error.value_or(Phrase{Text::Yes, {}}).text; }
  Effects& refuse(int status, std::string code, std::optional<Duration> wait = std::nullopt) {
    return act(action::Answered{model.report_desk.asked, {status, std::move(code), "in words", wait}, {}});
  }
  ScreenPoint point_of(Cell cell) const { return model.viewport.to_screen({cell.x + 0.5, cell.y + 0.5}); }
};

}  // namespace

TEST_CASE("Report: what is around the cell is proposed, moved where the canvas ends, and framed while the form is open") {
  ReportsFixture f;
  f.open({100, 100});
  CHECK(edited_area(f.model) == Rect{92, 92, 16, 16});
  f.open({0, 399});
  CHECK(edited_area(f.model) == Rect{0, 384, 16, 16});
  f.edit([](ReportForm& form) { form.width = "900"; });
  CHECK_FALSE(edited_area(f.model));
  f.act(action::CloseDrawer{});
  CHECK_FALSE(edited_area(f.model));
  f.entered.canvas.width = 5;
  f.entered.canvas.height = 300;
  f.hear(f.entered);
  f.open({4, 299});
  CHECK(edited_area(f.model) == Rect{0, 284, 5, 16});
}

TEST_CASE("Report: only who is signed in and not banned reports") {
  ReportsFixture f;
  f.model.account = {};
  f.act(action::ReportCell{{5, 5}});
  CHECK(f.model.drawer == Drawer::None);
  f.model.account = ReportsFixture::as(Role::Guest);
  CHECK(may_report(f.model));
  f.hear(Charges{{}, false, Refusal::Banned});
  CHECK_FALSE(may_report(f.model));
  f.act(action::ReportCell{{5, 5}});
  CHECK(f.model.drawer == Drawer::None);
}

TEST_CASE("Report: it goes out with its area and words, and nothing that is wrong does") {
  ReportsFixture f;
  f.open();
  CHECK_FALSE(f.submit());
  CHECK(f.error() == Text::ReportNoReason);
  f.edit([](ReportForm& form) { form.reason = ReportReason::Other, form.words = " \u200B "; });
  CHECK_FALSE(f.submit());
  CHECK(f.error() == Text::ReportNoWords);
  f.edit([](ReportForm& form) { form.reason = ReportReason::Hateful, form.x = "1.5"; });
  CHECK_FALSE(f.submit());
  CHECK(f.error() == Text::LockAreaWrong);
  f.edit([](ReportForm& form) { form.x = "590", form.y = "0", form.width = "10", form.height = "400", form.words = std::string(1'000, 'x'); });
  CHECK_FALSE(f.submit());
  CHECK(f.model.report_desk.error == Phrase{Text::ReportLong, {"522"}});
  f.edit([](ReportForm& form) { form.words = "the cat"; });
  const ask::MakeReport* made = f.submit();
  REQUIRE(made);
  CHECK(made->canvas == "main");
  CHECK(made->area == Rect{590, 0, 10, 400});
  CHECK(made->reason == "Hateful or hurtful · the cat");
  CHECK(f.model.report_desk.busy);
  CHECK_FALSE(f.submit());
  f.reply(f.model.report_desk.asked, 201, answer::MadeReport{f.report_of(4)});
  CHECK_FALSE(f.model.report_desk.writing);
  CHECK(f.model.report_desk.sent);
  CHECK(f.model.report_desk.form == ReportForm{});
  CHECK(own_reports(f.model).size() == 1);
}

TEST_CASE("Report: what is too long is counted in characters, not in bytes") {
  ReportsFixture f;
  f.open();
  f.edit([](ReportForm& form) {
    form.reason = ReportReason::Other;
    for (int i = 0; i < 251; ++i) form.words += "é";
  });
  CHECK_FALSE(f.submit());
  CHECK(f.model.report_desk.error == Phrase{Text::ReportLong, {"1"}});
}

TEST_CASE("Report: of a million cells and more one is told before it is sent") {
  ReportsFixture f;
  f.entered.canvas.width = f.entered.canvas.height = 2'000;
  f.hear(f.entered);
  f.open();
  f.edit([](ReportForm& form) { form.reason = ReportReason::Spam, form.x = form.y = "0", form.width = "1000", form.height = "1001"; });
  CHECK_FALSE(f.submit());
  CHECK(f.model.report_desk.error == Phrase{Text::ReportAreaLarge, {"1,000,000"}});
}

TEST_CASE("Report: a refusal says what to do, with the wait, and keeps what was typed") {
  ReportsFixture f;
  f.open();
  f.edit([](ReportForm& form) { form.reason = ReportReason::Spam, form.words = "there"; });
  const auto refused = [&](int status, std::string code, std::optional<Duration> wait = std::nullopt) {
    REQUIRE(f.submit());
    f.refuse(status, std::move(code), wait);
    CHECK(f.model.report_desk.writing);
    CHECK_FALSE(f.model.report_desk.busy);
    CHECK(f.model.report_desk.form.words == "there");
    return f.model.report_desk.error.value_or(Phrase{});
  };
  CHECK(refused(429, "too_soon", seconds{42}) == Phrase{Text::ReportTooOftenIn, {"42 s"}});
  CHECK(refused(429, "too_soon", seconds{7'230}) == Phrase{Text::ReportTooOftenIn, {"2 h 1 min"}});
  CHECK(refused(429, "too_soon").text == Text::ReportTooOften);
  CHECK(refused(413, "too_large").text == Text::ReportTooMany);
  CHECK(refused(403, "banned").text == Text::ReportBanned);
  CHECK(refused(400, "out_of_bounds").text == Text::LockAreaWrong);
  CHECK(refused(0, "").text == Text::SignInUnreachable);
  f.act(action::CloseDrawer{});
  f.act(action::ReportCell{{9, 9}});
  CHECK(f.model.report_desk.form.words == "there");
  REQUIRE(f.submit());
  f.act(action::CloseDrawer{});
  f.refuse(413, "too_large");
  CHECK(f.has_toast(Text::ReportTooMany));
}

TEST_CASE("Report: its area is drawn on the canvas by dragging or by two corners, and nothing is placed meanwhile") {
  ReportsFixture f;
  f.open();
  f.act(action::MarkReportArea{true});
  CHECK(marker_look(f.model) == MarkerLook::Hidden);
  f.act(action::PointerMoved{f.point_of({10, 20}), false});
  CHECK(marker_look(f.model) == MarkerLook::Outline);
  f.act(action::PointerPressed{f.point_of({10, 20}), PointerButton::Left, false, false, true});
  CHECK(f.sent<Place>().empty());
  f.act(action::PointerMoved{f.point_of({29, 24}), false});
  CHECK(lock_frame(f.model) == Rect{10, 20, 20, 5});
  f.act(action::PointerReleased{f.point_of({29, 24}), PointerButton::Left});
  CHECK(edited_area(f.model) == Rect{10, 20, 20, 5});
  CHECK_FALSE(marks_report(f.model));

  f.act(action::MarkReportArea{true});
  f.model.marker = {Cell{50, 60}, true};
  f.act(action::ActAtMarker{});
  f.act(action::CancelLock{});  // the corner
  CHECK(marks_report(f.model));
  f.act(action::ActAtMarker{});
  f.model.marker = {Cell{40, 61}, true};
  f.act(action::ActAtMarker{});
  CHECK(f.sent<Place>().empty());
  CHECK(edited_area(f.model) == Rect{40, 60, 11, 2});
  f.act(action::MarkReportArea{true});
  f.act(action::CancelLock{});
  CHECK_FALSE(marks_report(f.model));
  CHECK(f.model.drawer == Drawer::Report);
}

TEST_CASE("Report: what staff decide is told, with where it was, until it is put away") {
  ReportsFixture f;
  f.open();
  f.edit([](ReportForm& form) { form.reason = ReportReason::Spam; });
  REQUIRE(f.submit());
  f.reply(f.model.report_desk.asked, 201, answer::MadeReport{f.report_of(4)});
  f.hear(ReportOutcome{ReportId{4}, ReportState::Claimed, ""});
  CHECK(f.has_toast(Text::NewsClaimed));
  CHECK(f.model.report_desk.news.empty());
  f.hear(ReportOutcome{ReportId{4}, ReportState::Resolved, "taken back"});
  REQUIRE(f.model.report_desk.news.size() == 1);
  CHECK(f.model.report_desk.news.front().outcome == "taken back");
  CHECK(own_report(f.model, ReportId{4})->state == ReportState::Resolved);
  // Said once more with other words, only these count.
  f.hear(ReportOutcome{ReportId{4}, ReportState::Resolved, "all of it"});
  REQUIRE(f.model.report_desk.news.size() == 1);
  f.act(action::LookAtReport{ReportId{4}});
  CHECK(f.model.viewport.target_zoom() > 8);
  CHECK(edited_area(f.model) == Rect{100, 50, 20, 10});
  f.tick(seconds{6});
  CHECK_FALSE(edited_area(f.model));
  CHECK(f.model.viewport.centre().x == doctest::Approx(110).epsilon(0.01));
  f.act(action::PutAwayNews{});
  CHECK(f.model.report_desk.news.empty());
}

TEST_CASE("Report: an outcome of one that is not known here asks where it was") {
  ReportsFixture f;
  f.hear(ReportOutcome{ReportId{9}, ReportState::Dismissed, "that is allowed"});
  REQUIRE(f.asked<ask::OwnReports>());
  CHECK_FALSE(own_report(f.model, ReportId{9}));
  OwnReport report = f.report_of(9, ReportState::Dismissed);
  f.reply(f.id_of<ask::OwnReports>(), 200, answer::OwnReports{{report}});
  CHECK(own_report(f.model, ReportId{9}));
  CHECK(f.model.report_desk.news.size() == 1);
}

TEST_CASE("Report: what was decided while the connection was lost is told after it") {
  ReportsFixture f;
  f.open();
  f.act(action::ShowOwnReports{});
  f.reply(f.id_of<ask::OwnReports>(), 200, answer::OwnReports{{f.report_of(5), f.report_of(3, ReportState::Dismissed)}});
  CHECK(f.model.report_desk.news.empty());
  f.lose();
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(f.entered);
  REQUIRE(f.asked<ask::OwnReports>());
  f.reply(f.id_of<ask::OwnReports>(), 200, answer::OwnReports{{f.report_of(5, ReportState::Resolved), f.report_of(3, ReportState::Dismissed)}});
  REQUIRE(f.model.report_desk.news.size() == 1);
  CHECK(f.model.report_desk.news.front().id == ReportId{5});
}

TEST_CASE("Report: one on another canvas leads there") {
  ReportsFixture f;
  f.hear(ReportOutcome{ReportId{9}, ReportState::Resolved, ""});
  f.reply(f.id_of<ask::OwnReports>(), 200, answer::OwnReports{{f.report_of(9, ReportState::Resolved, "attic")}});
  CHECK(own_reports(f.model).empty());
  f.act(action::LookAtReport{ReportId{9}});
  REQUIRE(f.sent<Enter>().size() == 1);
  CHECK(f.sent<Enter>().front().canvas == "attic");
}

TEST_CASE("Report: all of it goes with the person") {
  ReportsFixture f;
  f.open();
  f.hear(ReportOutcome{ReportId{9}, ReportState::Resolved, ""});
  f.act(action::SignOut{});
  CHECK(f.model.report_desk.news.empty());
  CHECK_FALSE(f.model.report_desk.writing);
}
