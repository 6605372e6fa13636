#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct NoticesFixture : QuestionFixture {
  NoticesFixture() { live_as(Role::Guest); }

  void ban() { hear(Charges{{}, false, Refusal::Banned}); }
  void tell_why(std::string reason, std::optional<WallTime> until) {
    reply(id_of<ask::Me>(), 200, answer::Me{model.account, Ban{std::move(reason), until}});
  }
  const std::vector<StaffNotice>& waiting() const { return model.notices.waiting; }
};

}  // namespace

TEST_CASE("Notices: warnings wait for each other, and none is put away by a click that was meant for the canvas") {
  NoticesFixture f;
  f.hear(Warning{"Please leave the cat alone"});
  f.tick(milliseconds{300});
  f.hear(Warning{"And the dog"});
  REQUIRE(f.waiting().size() == 2);
  CHECK(f.waiting().front().words == "Please leave the cat alone");
  CHECK(f.waiting().front().server == "Test");
  f.act(action::UnderstandNotice{});
  CHECK(f.waiting().size() == 2);
  REQUIRE(next_change(f.model));
  CHECK(*next_change(f.model) <= f.now + milliseconds{700});
  f.tick(milliseconds{700});
  f.act(action::UnderstandNotice{});
  REQUIRE(f.waiting().size() == 1);
  CHECK(f.waiting().front().words == "And the dog");
  f.act(action::UnderstandNotice{});
  CHECK(f.waiting().size() == 1);
  f.tick(seconds{1});
  f.act(action::UnderstandNotice{});
  CHECK(f.waiting().empty());
  f.act(action::UnderstandNotice{});
}

TEST_CASE("Notices: a warning outlasts the connection, signing out and leaving") {
  NoticesFixture f;
  f.hear(Warning{"Please leave the cat alone"});
  f.lose();
  f.come_back();
  f.act(action::SignOut{});
  f.act(action::Leave{});
  REQUIRE(f.waiting().size() == 1);
  CHECK(f.waiting().front().server == "Test");
}

TEST_CASE("Notices: a ban that comes while one draws is told at once, with its reason and its end") {
  NoticesFixture f;
  f.ban();
  REQUIRE(f.asked<ask::Me>());
  CHECK(f.waiting().empty());
  const WallTime until{NoticesFixture::wall_base_ms + 86'400'000};
  f.tell_why("drew over the cat — write to staff@canvas.test", until);
  REQUIRE(f.waiting().size() == 1);
  CHECK(f.waiting().front().kind == NoticeKind::Ban);
  CHECK(f.waiting().front().words == "drew over the cat — write to staff@canvas.test");
  CHECK(f.waiting().front().until == until);
  f.ban();  // said again, as with every change of the charges
  f.tell_why("drew over the cat", until);
  CHECK(f.waiting().size() == 1);
  f.hear(Charges{{20, 20, 0, 100}, true, {}});
  CHECK(f.has_toast(Text::BanOver));
  CHECK_FALSE(f.model.ban);
  f.ban();
  f.tell_why("again", std::nullopt);
  REQUIRE(f.waiting().size() == 2);
  CHECK_FALSE(f.waiting().back().until);
}

TEST_CASE("Notices: where the reason cannot be read a ban is told without it, where there is none any more not at all") {
  NoticesFixture f;
  f.ban();
  f.reply(f.id_of<ask::Me>(), 0);
  REQUIRE(f.waiting().size() == 1);
  CHECK(f.waiting().front().words.empty());
  f.hear(Charges{{20, 20, 0, 100}, true, {}});
  f.ban();
  f.reply(f.id_of<ask::Me>(), 200, answer::Me{f.model.account, std::nullopt});
  CHECK(f.waiting().size() == 1);
}

TEST_CASE("Notices: who comes banned is not told anew, who comes back so is") {
  NoticesFixture known;
  known.act(action::Leave{});
  known.entered.may_place = false;
  known.entered.why_not = Refusal::Banned;
  known.start();
  known.go_live();
  CHECK(known.model.ban_told);
  CHECK_FALSE(known.model.ban_due);

  NoticesFixture f;
  f.lose();
  f.entered.may_place = false;
  f.entered.why_not = Refusal::Banned;
  f.come_back();
  CHECK(f.model.ban_due);
}
