#include <doctest/doctest.h>

#include "tests/server/core/staff_fixture.h"

using namespace tessera;

namespace {

struct NewsFixture : StaffFixture {
  std::vector<StaffNews> heard(RecordingGate& gate, std::chrono::milliseconds after = std::chrono::milliseconds{1'000}) {
    pass(after);
    commit_all();
    return messages<StaffNews>(gate.take());
  }
  ConnectionId enters(AccountId account, RecordingGate& gate, const std::string& canvas = "main") {
    const ConnectionId id = connect(account, gate);
    enter(id, canvas);
    return id;
  }
  void report() {
    const auto reply = ask<ReportReply>(&Rooms::make_report, ann, std::string("main"), NewReport{.area = {1, 1, 2, 2}, .reason = "look"});
    REQUIRE_FALSE(reply.report.refused);
  }
};

NewLock wanted(std::uint32_t x = 0) { return {.area = {x, 0, 1, 1}, .reason = "judging"}; }

}  // namespace

TEST_CASE("Staff news: on entering, and when something has changed; to staff of that canvas, and to nobody else") {
  NewsFixture f;
  RecordingGate mo, player, elsewhere, watcher;
  f.enters(f.moderator, mo);
  f.enters(f.ann, player);
  f.enters(f.admin, elsewhere, "den");
  f.enters(nobody, watcher);
  const auto first = messages<StaffNews>(mo.take());
  REQUIRE(first.size() == 1);
  CHECK(first[0] == StaffNews{});
  CHECK(messages<StaffNews>(elsewhere.take()).size() == 1);
  CHECK(f.heard(mo).empty());  // nothing has changed

  f.report();
  auto news = f.heard(mo);
  REQUIRE(news.size() == 1);
  CHECK(news[0].open_reports == 1);
  CHECK(f.heard(elsewhere).empty());
  f.lock(f.moderator, wanted());
  news = f.heard(mo);
  REQUIRE(news.size() == 1);
  CHECK(news[0].audit_entries == 1);
  f.draw(f.ben, {{5, 5, 3}});
  f.roll_back(f.moderator, {.account = f.ben});
  news = f.heard(mo);
  REQUIRE_FALSE(news.empty());
  CHECK(news.back().rollbacks_changed > 0);
  CHECK(news.back().audit_entries == 2);
  for (RecordingGate* gate : {&player, &watcher}) CHECK(messages<StaffNews>(gate->take()).empty());
}

TEST_CASE("Staff news: at most once a second, however much happens") {
  NewsFixture f;
  RecordingGate mo;
  f.enters(f.moderator, mo);
  mo.take();
  std::vector<StaffNews> told;
  const auto hear = [&](int milliseconds) {
    for (const StaffNews& news : f.heard(mo, std::chrono::milliseconds{milliseconds})) told.push_back(news);
  };
  for (std::uint32_t i = 0; i < 40; ++i) {
    f.lock(f.moderator, wanted(i));
    hear(100);
  }
  CHECK(told.size() >= 3);
  CHECK(told.size() <= 5);
  hear(1'000);
  CHECK(told.back().audit_entries == 40);
}

TEST_CASE("Staff news: whoever becomes staff of the canvas hears them at once, whoever is so no more hears nothing") {
  NewsFixture f;
  RecordingGate ann, den;
  f.enters(f.ann, ann);
  f.enters(f.ann, den, "den");
  ann.take();
  den.take();
  const auto grant = f.ask<Changed<GrantView>>(&Rooms::grant, f.owner, std::string("main"), f.ann, Role::Moderator, std::optional<std::uint32_t>{});
  REQUIRE_FALSE(grant.refused);
  const auto news = messages<StaffNews>(ann.take());
  REQUIRE_FALSE(news.empty());
  CHECK(news.back().audit_entries == 1);
  f.heard(ann);
  f.ask<Changed<GrantView>>(&Rooms::end_grant, f.owner, std::string("main"), f.ann, std::optional<std::uint32_t>{});
  ann.take();
  f.lock(f.moderator, wanted());
  CHECK(f.heard(ann).empty());
  CHECK(f.heard(den).empty());
  RecordingGate mo;
  f.enters(f.moderator, mo);
  f.heard(mo);
  AccountChange ban;
  ban.banned_until.emplace(WallTime{ms(f.clock.wall()) + 60'000});
  REQUIRE_FALSE(f.change(f.owner, f.moderator, ban).refused);
  mo.take();
  f.lock(f.admin, wanted(5));
  CHECK(f.heard(mo).empty());
}

TEST_CASE("Staff news: a connection that goes to another canvas hears of that one alone") {
  NewsFixture f;
  RecordingGate mo;
  const ConnectionId id = f.enters(f.moderator, mo);
  f.report();
  f.heard(mo);
  f.enter(id, "den");
  const auto news = messages<StaffNews>(mo.take());
  REQUIRE(news.size() == 1);
  CHECK(news[0].open_reports == 0);
  f.report();
  CHECK(f.heard(mo).empty());
}
