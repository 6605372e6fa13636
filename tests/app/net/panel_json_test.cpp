#include "app/net/panel_json.h"

#include <doctest/doctest.h>

#include <cmath>

#include "app/net/api.h"
#include "shared/base/text.h"

using namespace tessera;
using nlohmann::json;

namespace {

/// Numbers as a parser reads them, not as C++ writes them.
json as_sent(const json& object) { return json::parse(object.dump()); }

template <typename Row>
std::optional<Row> row_of(const json& object) {
  return read_row(as_sent(object), static_cast<const Row*>(nullptr));
}

const json julie{{"id", 3}, {"name", "julie"}, {"kind", "guest"}, {"role", "moderator"}};

std::string url_of(const PanelQuestion& question) { return request_of("http://a", "", question).url; }
json body_of(const PanelQuestion& question) { return json::parse(request_of("http://a", "", question).json); }

/// What the app makes of an answer to that question.
action::Answered read(const PanelQuestion& question, int status, const std::string& body) { return read_answer(question, {status, body}); }

template <typename Answer>
const Answer* in_panel(const action::Answered& answered) {
  const auto* of_panel = std::get_if<PanelAnswer>(&answered.answer);
  return of_panel ? std::get_if<Answer>(of_panel) : nullptr;
}

}  // namespace

TEST_CASE("Panel by HTTP: rows are read whole, and what is none is left out") {
  const auto report = row_of<ReportRow>({{"id", 4}, {"state", "claimed"}, {"region", {{"x", 1}, {"y", 2}, {"width", 3}, {"height", 4}}},
                                         {"reason", "a\nb"}, {"outcome", ""}, {"created", "2030-01-01T00:00:00.000Z"}, {"reporter", julie}, {"handler", nullptr},
                                         {"seq", 12}, {"similar", {5, 6}}, {"version", 2},
                                         {"reporter_reports", 9}, {"reporter_dismissed", 8}});
  REQUIRE(report);
  CHECK(report->state == ReportState::Claimed);
  CHECK(report->region == Rect{1, 2, 3, 4});
  CHECK(report->reason.find('\n') == std::string::npos);
  CHECK(report->reporter.name == "julie");
  CHECK_FALSE(report->handler);
  CHECK(report->seq == 12);
  CHECK(report->similar == std::vector{ReportId{5}, ReportId{6}});
  CHECK(report->version == 2);
  CHECK_FALSE(row_of<ReportRow>({{"id", 4}, {"state", "lost"}}));
  CHECK_FALSE(row_of<ReportRow>(json::array()));

  const auto account = row_of<AccountRow>({{"id", 7}, {"name", "ann"}, {"kind", "guest"}, {"role", "guest"}, {"banned_until", nullptr}, {"placements", 12}, {"seen", nullptr}});
  REQUIRE(account);
  CHECK(account->placements == 12);
  CHECK_FALSE(account->banned_until);
  CHECK_FALSE(row_of<AccountRow>({{"name", "nobody"}}));

  const auto rollback = row_of<RollbackRow>({{"id", 2}, {"state", "undoing"}, {"cells", 5}, {"placements", 6}, {"accounts", {7}}, {"drawn", 1}, {"to_draw", 4}, {"created_by", julie}});
  REQUIRE(rollback);
  CHECK(rollback->state == RollbackStage::Undoing);
  CHECK(rollback->accounts == std::vector{AccountId{7}});
  CHECK(rollback->region.empty());

  const auto entry = row_of<AuditRow>({{"id", 9}, {"action", "lock.change"}, {"actor", nullptr}, {"canvas", "main"}, {"target", "lock:5"},
                                       {"detail", {{"before", {{"reason", "a"}}}, {"after", {{"reason", "b"}, {"accounts", {1, 2}}}}}}, {"hash", std::string(64, 'a')}});
  REQUIRE(entry);
  CHECK_FALSE(entry->actor);
  REQUIRE(entry->detail.size() == 3);
  CHECK(entry->detail[0] == std::pair<std::string, std::string>{"after.accounts", "[1,2]"});
  CHECK(entry->detail[2] == std::pair<std::string, std::string>{"before.reason", "a"});
}

TEST_CASE("Panel by HTTP: a page has rows, its cursor as it was given, and how many there are") {
  const auto page = read_page<AccountRow>(as_sent(json{{"items", {{{"id", 1}, {"name", "a"}}, {{"id", "x"}}, {{"id", 2}, {"name", "b"}}}}, {"next", "cur/1"}, {"total", 60'000}}));
  REQUIRE(page);
  CHECK(page->rows.size() == 2);
  CHECK(page->next == "cur/1");
  CHECK(page->total == 60'000);
  CHECK(read_next(as_sent(json{{"next", 17}})) == "17");
  CHECK(read_next(json{{"next", nullptr}}).empty());
  CHECK_FALSE(read_page<AccountRow>(json{{"items", 3}}));
}

TEST_CASE("Panel by HTTP: figures come in columns of one length; what nobody knows is no number") {
  const auto history = read_history(json::parse(R"({"start":"2030-01-01T00:00:00.000Z","step_ms":60000,"placements":[1,null,3],"refused":{"too_soon":[1,2,3]},
    "connections":[5,6],"online":[1,1,1],"answer_p50_ms":[1.5,null,2],"answer_p99_ms":"no","commit_p99_ms":[],"memory_bytes":[1,2,3,4],"cpu":[0.1,0.2,0.3]})"));
  REQUIRE(history);
  CHECK(history->size() == 3);
  CHECK(std::isnan(history->placements[1]));
  CHECK(history->connections.size() == 3);
  CHECK(std::isnan(history->connections[2]));
  CHECK(std::isnan(history->answer_p99_ms[0]));
  CHECK(history->memory_bytes.size() == 3);
  REQUIRE(history->refused.size() == 1);
  CHECK(history->refused[0].second[2] == 3);
  CHECK_FALSE(read_history(json{{"start", "yesterday"}, {"step_ms", 60'000}, {"placements", json::array()}}));
  CHECK_FALSE(read_history(json{{"start", "2030-01-01T00:00:00.000Z"}, {"step_ms", 0}, {"placements", json::array()}}));
}

TEST_CASE("Panel by HTTP: questions go out as the API wants them") {
  AccountSearch search;
  search.text = "void 77";
  search.banned = true;
  search.sort = PeopleSort::Placements;
  CHECK(url_of(ask::FindAccounts{"main", search, "c/2"}) ==
        "http://a/api/v1/accounts?q=void%2077&canvas=main&state=banned&sort=-placements&limit=200&after=c%2F2");
  search = {};
  search.rising = true;
  search.sort = PeopleSort::Name;
  CHECK(url_of(ask::FindAccounts{"main", search, ""}) == "http://a/api/v1/accounts?canvas=main&sort=name&limit=200");

  RollbackWish wish;
  wish.account = AccountId{7};
  wish.region = {1, 2, 3, 4};
  wish.since = parse_time("2030-01-01T00:00:00Z");
  wish.reason = "drew over the cat";
  CHECK(body_of(ask::ForecastRollback{"main", wish}) ==
        json::parse(R"({"account":7,"region":{"x":1,"y":2,"width":3,"height":4},"since":"2030-01-01T00:00:00.000Z","reason":"drew over the cat","dry_run":true})"));
  CHECK(url_of(ask::ForecastImage{"main", wish, true}) ==
        "http://a/api/v1/canvases/main/rollbacks/preview.png?account=7&region=1%2C2%2C3%2C4&since=2030-01-01T00%3A00%3A00.000Z&side=after");
  CHECK(url_of(ask::StepRollback{"main", RollbackId{3}, true}) == "http://a/api/v1/canvases/main/rollbacks/3/redo?wait=false");

  const WebRequest change = request_of("http://a", "tok", PanelQuestion{ask::ChangeReport{"main", ReportId{4}, ReportState::Resolved, "thank you", {ReportId{5}}, true, 2}});
  CHECK(change.method == "PATCH");
  CHECK(change.bearer == "tok");
  CHECK(change.if_match == "\"2\"");
  CHECK(json::parse(change.json) == json::parse(R"({"state":"resolved","outcome":"thank you","also":[5],"take_over":true})"));

  CHECK(body_of(ask::BanAccount{AccountId{7}, {{}, "r", "a@b", true, {}}, "main"}) ==
        json::parse(R"({"until":null,"reason":"r","appeal":"a@b","roll_back":{"canvas":"main","since":null}})"));
  CHECK(body_of(ask::ChangeAccount{AccountId{7}, {.role = {}, .note = {}, .lift_ban = true}, 4}) == json{{"banned_until", nullptr}});

  ScheduleWish event{*parse_time("2030-01-01T00:00:00Z"), ScheduledAction::Policy, 0, 0, "", false, ColorIndex{31}};
  CHECK(body_of(ask::MakeSchedule{"main", event}) == json::parse(R"({"at":"2030-01-01T00:00:00.000Z","action":"policy","params":{"policy":{"only_color":31}}})"));
  event = {*parse_time("2030-01-01T00:00:00Z"), ScheduledAction::Resize, 2'000, 0, "", false, {}};
  CHECK(body_of(ask::MakeSchedule{"main", event})["params"] == json{{"width", 2'000}});
  const WebRequest taken = request_of("http://a", "", PanelQuestion{ask::Grant{"main", AccountId{7}, {}, 3}});
  CHECK(taken.method == "DELETE");
  CHECK(taken.if_match == "\"3\"");
}

TEST_CASE("Panel by HTTP: a success that lacks what it should bring counts as no answer; a problem is read as any other") {
  CHECK(read(ask::VerifyAudit{}, 200, "{}").response.status == 0);
  CHECK(read(ask::VerifyAudit{}, 200, "not json").response.status == 0);
  const auto verdict = read(ask::VerifyAudit{}, 200, R"({"ok":false,"entries":12,"head":"ab","bad":7,"detail":"its hash is another"})");
  REQUIRE(in_panel<AuditVerdict>(verdict));
  CHECK(in_panel<AuditVerdict>(verdict)->bad == 7);
  CHECK(read(ask::WarnAccount{AccountId{1}, "x"}, 204, "").response.ok());
  const auto refused = read(ask::WarnAccount{AccountId{1}, "x"}, 403, R"({"code":"forbidden","detail":"of a higher role"})");
  CHECK(refused.response.code == "forbidden");
  CHECK(refused.response.detail == "of a higher role");
  CHECK(url_of(ask::ReadRegion{"main", {1, 2, 3, 4}, Seq{12}}) == "http://a/api/v1/canvases/main/image.png?at=12&region=1%2C2%2C3%2C4");
  CHECK(read(ask::ReadPlacedImage{"main", AccountId{1}}, 200, "no picture").response.status == 0);
  WebAnswer file{200, "id,time\n1,x\n"};
  file.next = "42";
  const auto exported = read_answer(PanelQuestion{ask::ExportAudit{{}, true, ""}}, file);
  REQUIRE(in_panel<answer::File>(exported));
  CHECK(in_panel<answer::File>(exported)->next == "42");
}
