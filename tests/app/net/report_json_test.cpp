#include "app/net/report_json.h"

#include <doctest/doctest.h>

#include "app/net/api.h"
#include "shared/base/text.h"

using namespace tessera;
using nlohmann::json;

namespace {

json report_json() {
  return json::parse(R"({"id":4,"state":"resolved","region":{"x":10,"y":20,"width":30,"height":40},"reason":"drew over the cat",
    "created":"2026-11-21T20:00:00.000Z","changed":"2026-11-21T20:10:00.000Z","outcome":"taken back"})");
}

}  // namespace

TEST_CASE("Reports by HTTP: one goes out with its region and words, one's own are asked for") {
  const WebRequest make = request_of("http://a", "tok", ask::MakeReport{"a b", {1, 2, 3, 4}, "<b>that</b>"});
  CHECK(make.method == "POST");
  CHECK(make.url == "http://a/api/v1/canvases/a%20b/reports");
  CHECK(make.bearer == "tok");
  CHECK(json::parse(make.json) == json::parse(R"({"region":{"x":1,"y":2,"width":3,"height":4},"reason":"<b>that</b>"})"));
  const WebRequest mine = request_of("http://a", "tok", ask::OwnReports{"main"});
  CHECK(mine.method == "GET");
  CHECK(mine.url == "http://a/api/v1/canvases/main/reports/mine");
}

TEST_CASE("Reports by HTTP: one is read whole, and nothing that is none is taken for one") {
  const auto report = read_own_report(report_json(), "main");
  REQUIRE(report);
  CHECK(report->canvas == "main");
  CHECK(report->id == ReportId{4});
  CHECK(report->state == ReportState::Resolved);
  CHECK(report->area == Rect{10, 20, 30, 40});
  CHECK(report->reason == "drew over the cat");
  CHECK(report->outcome == "taken back");
  CHECK(format_time(report->created) == "2026-11-21T20:00:00.000Z");
  for (const char* field : {"id", "state", "region"}) {
    json broken = report_json();
    broken[field] = "no";
    CHECK_FALSE(read_own_report(broken, "main"));
    broken.erase(field);
    CHECK_FALSE(read_own_report(broken, "main"));
  }
  json flat = report_json();
  flat["region"]["height"] = 0;
  CHECK_FALSE(read_own_report(flat, "main"));
  flat["region"]["height"] = 9'999'999;
  CHECK_FALSE(read_own_report(flat, "main"));
  CHECK_FALSE(read_own_report(json::array(), "main"));
}

TEST_CASE("Reports by HTTP: of a page what is none is left out, and an answer without a page is none") {
  const json page{{"items", {report_json(), "no", report_json()}}, {"next", nullptr}};
  const action::Answered read = read_answer(ask::OwnReports{"main"}, {200, page.dump()});
  REQUIRE(std::holds_alternative<answer::OwnReports>(read.answer));
  CHECK(std::get<answer::OwnReports>(read.answer).items.size() == 2);
  CHECK_FALSE(read_answer(ask::OwnReports{"main"}, {200, "{}"}).response.ok());
  const action::Answered made = read_answer(ask::MakeReport{"main", {}, ""}, {201, report_json().dump()});
  CHECK(std::get<answer::MadeReport>(made.answer).report.canvas == "main");
  CHECK_FALSE(read_answer(ask::MakeReport{}, {201, "{}"}).response.ok());
}

TEST_CASE("Reports by HTTP: a refusal brings its code and how long to wait") {
  const action::Answered late = read_answer(ask::MakeReport{}, {.status = 429, .body = R"({"code":"too_soon","detail":"wait"})", .retry_after = "42"});
  CHECK(late.response.code == "too_soon");
  CHECK(late.response.retry_after == std::chrono::seconds(42));
}
