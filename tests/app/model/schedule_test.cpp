#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

struct ScheduleFixture : QuestionFixture {
  ScheduleFixture() { live_as(Role::Guest); }

  ScheduleInfo entry(std::uint32_t id, ScheduledAction action, milliseconds later, std::string text = "") const {
    return {ScheduleId{id}, static_cast<std::uint64_t>(ms(server_now(model)) + later.count()), action, std::move(text)};
  }
  void know(std::vector<ScheduleInfo> entries) { hear(Schedule{std::move(entries)}); }
  /// What the line at the top says; empty without one.
  std::string line(Language tongue = Language::English) {
    model.settings.language = tongue;
    const ScheduleInfo* next = countdown(model);
    const auto left = next ? time_left(model, *next) : std::nullopt;
    if (!left) return {};
    return translate(tongue, Text::ComingIn, {translate(tongue, explain(model, *next)), *left});
  }
  /// Until something changes by itself, where nothing but the schedule asks for it.
  milliseconds wait() {
    model.recent_due.reset();
    model.connection.next_ping_at = now + hours{100};
    model.connection.ping_sent_at.reset();
    const auto next = next_change(model);
    return next ? std::chrono::duration_cast<milliseconds>(*next - now) : milliseconds{-1};
  }
};

}  // namespace

TEST_CASE("Schedule: what comes next is told in words, in both languages") {
  ScheduleFixture f;
  const auto said = [&](ScheduledAction action, std::string text, Language tongue = Language::English) {
    f.know({f.entry(1, action, hours{2} + minutes{5}, std::move(text))});
    return f.line(tongue);
  };
  CHECK(said(ScheduledAction::Resize, "2000×1000") == "Grows to 2,000 × 1,000 in 2 h 5 min");
  CHECK(said(ScheduledAction::Resize, "2000×1000", Language::French) == "S’étend à 2\u202F000 × 1\u202F000 dans 2 h 5 min");
  CHECK(said(ScheduledAction::Resize, "1200×…") == "Grows to 1,200 × 400 in 2 h 5 min");
  CHECK(said(ScheduledAction::Resize, "…×100") == "Shrinks to 600 × 100 in 2 h 5 min");
  CHECK(said(ScheduledAction::Resize, "700×100") == "Becomes 700 × 100 in 2 h 5 min");
  for (const char* strange : {"", "×", "large", "0×5", "99999999×5", "-1×5"}) CHECK(said(ScheduledAction::Resize, strange) == "New size in 2 h 5 min");
  CHECK(said(ScheduledAction::Pause, "judging") == "Closes in 2 h 5 min");
  CHECK(said(ScheduledAction::Pause, "", Language::French) == "Ferme dans 2 h 5 min");
  CHECK(said(ScheduledAction::Palette, "") == "New palette in 2 h 5 min");
  CHECK(said(ScheduledAction::Policy, "") == "New rules in 2 h 5 min");
  CHECK(said(ScheduledAction::Reset, "") == "The canvas is reset in 2 h 5 min");
  CHECK(said(ScheduledAction::Resume, "").empty());  // it is open
  f.hear(PauseChanged{true, ""});
  CHECK(said(ScheduledAction::Resume, "") == "Opens in 2 h 5 min");
  CHECK(said(ScheduledAction::Pause, "").empty());
}

TEST_CASE("Schedule: what will be announced is nowhere to be seen before its time") {
  ScheduleFixture f;
  f.know({f.entry(1, ScheduledAction::Announce, minutes{1}, "the winner is ben"), f.entry(2, ScheduledAction::Reset, minutes{2})});
  f.hear(ScheduleChanged{f.entry(3, ScheduledAction::Announce, seconds{5}, "secret")});
  REQUIRE(f.model.schedule.entries.size() == 1);
  CHECK(f.model.schedule.entries.front().id == ScheduleId{2});
}

TEST_CASE("Schedule: it counts by the server's clock, and the line goes when it is time") {
  ScheduleFixture f;
  f.tick();
  const std::int64_t ahead = 3'600'000;
  f.hear(Pong{0, static_cast<std::uint64_t>(ms(f.model.wall) + ahead)});
  f.know({f.entry(1, ScheduledAction::Pause, seconds{200})});
  CHECK(f.line() == "Closes in 3 min 20 s");
  f.tick(seconds{191});
  CHECK(f.line() == "Closes in 9 s");
  f.tick(milliseconds{8'500});
  CHECK(f.line() == "Closes in 1 s");
  f.tick(milliseconds{500});
  CHECK(f.line().empty());
  CHECK(to_come(f.model).empty());
}

TEST_CASE("Schedule: only the next is told, within a day; what has happened or will not is forgotten") {
  ScheduleFixture f;
  f.know({f.entry(1, ScheduledAction::Palette, hours{30})});
  CHECK(f.line().empty());
  f.hear(ScheduleChanged{f.entry(2, ScheduledAction::Reset, hours{5})});
  f.hear(ScheduleChanged{f.entry(3, ScheduledAction::Pause, hours{3})});
  CHECK(f.line() == "Closes in 3 h");
  CHECK(to_come(f.model).size() == 3);
  f.hear(ScheduleRemoved{ScheduleId{3}});
  CHECK(f.line() == "The canvas is reset in 5 h");
  f.hear(ScheduleRemoved{ScheduleId{77}});
  CHECK(to_come(f.model).size() == 2);
  f.hear(f.entered);
  CHECK(to_come(f.model).empty());
}

TEST_CASE("Schedule: the screen moves each second in the last hour, each minute before, and else not at all") {
  ScheduleFixture f;
  f.tick();
  f.know({f.entry(1, ScheduledAction::Pause, minutes{59} + milliseconds{300})});
  CHECK(f.wait() == milliseconds{300});
  f.know({f.entry(1, ScheduledAction::Pause, minutes{59})});
  CHECK(f.wait() == seconds{1});
  f.know({f.entry(1, ScheduledAction::Pause, hours{5} + seconds{20})});
  CHECK(f.wait() == seconds{20});
  f.know({f.entry(1, ScheduledAction::Pause, hours{25})});
  CHECK(f.wait() == hours{1});
  f.know({f.entry(1, ScheduledAction::Pause, minutes{10})});
  f.act(action::PutAwayCountdown{ScheduleId{1}});
  CHECK(f.wait() == minutes{10});
  f.know({});
  CHECK(f.wait() == hours{100});
}

TEST_CASE("Schedule: a countdown that was put away stays away, after a reconnection too, until it is shown again") {
  ScheduleFixture f;
  const auto first = f.entry(1, ScheduledAction::Pause, minutes{10}), second = f.entry(2, ScheduledAction::Reset, minutes{20});
  f.know({first, second});
  f.act(action::PutAwayCountdown{ScheduleId{1}});
  CHECK(f.line().empty());
  f.lose();
  f.come_back();
  f.know({first, second});
  CHECK(f.line().empty());
  f.act(action::ShowCountdown{ScheduleId{1}});
  CHECK(f.line() == "Closes in 10 min 0 s");
  f.act(action::PutAwayCountdown{ScheduleId{1}});
  f.tick(minutes{10});
  CHECK(f.line() == "The canvas is reset in 10 min 0 s");
}
