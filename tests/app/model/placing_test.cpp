#include <doctest/doctest.h>

#include "tests/support/model_fixture.h"

using namespace tessera;
using std::chrono::milliseconds;

namespace {

PlaceResult stored(const Place& place, Seq first, ChargeState charges) {
  return {place.request, Outcome::Answered, first, static_cast<std::uint32_t>(place.cells.size()), {}, charges};
}

}  // namespace

TEST_CASE("Placing: a placement shows at once, goes out, pulses, and is confirmed without a flicker") {
  ModelFixture f;
  f.go_live();
  const Place place = f.place({3, 4}, 5);
  CHECK(place.cells == std::vector<WireCell>{{3, 4, 5}});
  CHECK(f.model.replica.shown({3, 4}) == 5);
  CHECK(f.model.pulses.size() == 1);
  f.hear(deltas_of({0, 0}, 0, {{offset_of({3, 4}), 5}}));
  CHECK(f.model.replica.shown({3, 4}) == 5);
  f.hear(stored(place, 1, {19, 20, 100, 100}));
  CHECK(f.model.replica.shown({3, 4}) == 5);
  CHECK_FALSE(f.model.replica.pending({3, 4}));
  CHECK(f.model.toasts.empty());
  f.tick(milliseconds{1'000});
  CHECK(f.model.pulses.empty());
}

TEST_CASE("Placing: request ids are drawn at random") {
  ModelFixture f;
  f.go_live();
  const Place one = f.place({1, 1}, 5), two = f.place({2, 1}, 5);
  CHECK(one.request != two.request);
  CHECK(static_cast<std::uint64_t>(one.request) > 1'000'000);
}

TEST_CASE("Placing: a refused placement is taken back and says why") {
  ModelFixture f;
  f.go_live();
  const Place place = f.place({3, 4}, 5);
  f.hear(PlaceResult{place.request, Outcome::Answered, 0, 0, {{0, Refusal::Locked, 0}}, {20, 20, 0, 100}});
  CHECK(f.model.replica.shown({3, 4}) == empty_color);
  REQUIRE(f.model.toasts.size() == 1);
  CHECK(translate(Language::English, f.model.toasts[0].phrase) == "1 cell taken back · This area is locked");
  CHECK(f.model.pulses.empty());
  f.tick(milliseconds{10'000});
  CHECK(f.model.toasts.empty());
}

TEST_CASE("Placing: what never reached the server is taken back with a notice") {
  ModelFixture f;
  f.go_live();
  const Place place = f.place({3, 4}, 5);
  f.lose();
  CHECK(f.model.replica.shown({3, 4}) == 5);
  f.come_back();
  f.hear(PlaceResult{place.request, Outcome::Unknown, 0, 0, {}, {20, 20, 0, 100}});
  CHECK(f.model.replica.shown({3, 4}) == empty_color);
  CHECK(f.has_toast(Text::TakenBackLostOne));
}

TEST_CASE("Placing: charges count down as one places and up with time, and the server's word corrects them") {
  ModelFixture f;
  f.entered.charges = {3, 4, 500, 1'000};
  f.go_live();
  CHECK(charges_now(f.model).charges == 3);
  f.place({1, 1}, 5);
  f.place({2, 1}, 5);
  CHECK(charges_now(f.model).charges == 1);
  CHECK(charges_now(f.model).next == milliseconds{500});
  CHECK(charges_now(f.model).progress == doctest::Approx(0.5));
  f.tick(milliseconds{500});
  CHECK(charges_now(f.model).charges == 2);
  CHECK(charges_now(f.model).next == milliseconds{1'000});
  f.tick(milliseconds{5'000});
  CHECK(charges_now(f.model).charges == 4);
  CHECK(charges_now(f.model).next == Duration::zero());
  const Place place = f.place({3, 1}, 5);
  CHECK(charges_now(f.model).charges == 3);
  CHECK(charges_now(f.model).next == milliseconds{1'000});
  f.hear(stored(place, 1, {1, 4, 250, 1'000}));
  CHECK(charges_now(f.model).charges == 0);  // two more are on their way
}

TEST_CASE("Placing: without charges nothing is sent, the cell is hatched, and the wait is told") {
  ModelFixture f;
  f.entered.charges = {1, 20, 400, 1'000};
  f.go_live();
  CHECK(f.place({1, 1}, 5).cells.size() == 1);
  CHECK(marker_look(f.model) == MarkerLook::Hatched);
  CHECK(f.place({2, 1}, 5).cells.empty());
  CHECK(f.model.replica.shown({2, 1}) == empty_color);
  REQUIRE(f.has_toast(Text::WhyTooSoonIn));
  CHECK(translate(Language::English, f.model.toasts[0].phrase) == "No charge left · next in 0.4 s");
  f.tick(milliseconds{400});
  CHECK(marker_look(f.model) == MarkerLook::Filled);
  CHECK(f.place({2, 1}, 5).cells.size() == 1);
}

TEST_CASE("Placing: without limits there are no charges to count") {
  ModelFixture f;
  f.entered.charges = {};
  f.go_live();
  CHECK(charges_now(f.model).unlimited);
  for (std::uint16_t i = 0; i < 30; ++i) CHECK(f.place({i, 1}, 5).cells.size() == 1);
}

TEST_CASE("Placing: more requests than may be unanswered are not begun") {
  ModelFixture f;
  f.entered.charges = {};
  f.go_live();
  for (std::uint16_t i = 0; i < limits::unanswered_requests; ++i) REQUIRE(f.place({i, 1}, 5).cells.size() == 1);
  CHECK(f.place({200, 1}, 5).cells.empty());
  CHECK(f.has_toast(Text::WhyBusy));
}

TEST_CASE("Placing: each obstacle is known before anything is sent") {
  ModelFixture f;
  f.go_live();
  const auto obstacle = [&](Cell cell) { return may_place(f.model, cell); };
  CHECK_FALSE(obstacle({1, 1}));
  CHECK(obstacle({600, 1}) == Obstacle::OutOfBounds);
  f.model.tool.color = 40;
  CHECK(obstacle({1, 1}) == Obstacle::BadColor);
  f.model.tool.color = 5;
  f.hear(PauseChanged{true, "cleaning"});
  CHECK(obstacle({1, 1}) == Obstacle::Paused);
  CHECK(f.place({1, 1}, 5).cells.empty());
  CHECK(translate(Language::English, f.model.toasts[0].phrase) == "Paused · cleaning");
  CHECK(banner(f.model)->phrase == Phrase{Text::WhyPausedBecause, {"cleaning"}});
  f.hear(PauseChanged{false, ""});
  CHECK(f.has_toast(Text::Resumed));
  CHECK_FALSE(obstacle({1, 1}));
  f.hear(Charges{{5, 20, 0, 0}, false, Refusal::Banned});
  CHECK(obstacle({1, 1}) == Obstacle::Banned);
  f.hear(Charges{{5, 20, 0, 0}, false, Refusal::Forbidden});
  CHECK(obstacle({1, 1}) == Obstacle::Forbidden);
  f.hear(Charges{{5, 20, 0, 0}, true, {}});
  CHECK_FALSE(obstacle({1, 1}));
  f.lose();
  CHECK(obstacle({1, 1}) == Obstacle::Offline);
}

TEST_CASE("Placing: staff place while it is paused") {
  ModelFixture f;
  f.go_live();
  f.model.account.role = Role::Moderator;
  f.hear(PauseChanged{true, ""});
  CHECK_FALSE(may_place(f.model, {1, 1}));
}

TEST_CASE("Placing: not where the tile has not come yet") {
  ModelFixture f;
  f.start();
  f.welcome.account = ModelFixture::ann();
  f.act(action::Connected{f.model.connection.id});
  f.hear(f.welcome);
  f.hear(f.entered);
  CHECK(may_place(f.model, {1, 1}) == Obstacle::NotLoaded);
}

TEST_CASE("Placing: the eyedropper takes what is on screen, and the pencil comes back") {
  ModelFixture f;
  f.go_live();
  f.place({3, 4}, 9);
  f.model.tool = {Tool::Eyedropper, 1};
  f.model.marker = {Cell{3, 4}, true};
  f.act(action::ActAtMarker{});
  CHECK(f.model.tool.tool == Tool::Pencil);
  CHECK(f.model.tool.color == 9);
  f.model.tool = {Tool::Eyedropper, 1};
  f.model.marker = {Cell{30, 40}, true};
  f.act(action::ActAtMarker{});
  CHECK(f.model.tool.color == 1);
}

TEST_CASE("Placing: [ and ] go round the colours that may be placed") {
  ModelFixture f;
  f.entered.canvas.palette.resize(4);
  f.entered.canvas.palette[2].retired = true;
  f.go_live();
  f.act(action::SelectColor{1});
  f.act(action::StepColor{1});
  CHECK(f.model.tool.color == 3);
  f.act(action::StepColor{1});
  CHECK(f.model.tool.color == 0);
  f.act(action::StepColor{-1});
  CHECK(f.model.tool.color == 3);
  f.act(action::SelectColor{2});
  CHECK(f.model.tool.color == 3);
  f.act(action::SelectColor{77});
  CHECK(f.model.tool.color == 3);
}

TEST_CASE("Placing: who drew a cell is asked, shown, and asked again when the cell changes") {
  ModelFixture f;
  f.go_live();
  f.act(action::Inspect{{3, 4}});
  CHECK(f.model.drawer == Drawer::Cell);
  CHECK(f.model.cell.loading);
  CHECK(f.sent<Inspect>() == std::vector<Inspect>{{3, 4}});
  f.hear(Inspected{9, 9, 1, {{1, 1, 1, AccountId{1}, "bob"}}});
  CHECK(f.model.cell.items.empty());
  f.hear(Inspected{3, 4, 5, {{5, 12, 1'000, AccountId{7}, "ann"}}});
  CHECK_FALSE(f.model.cell.loading);
  CHECK(f.model.cell.items.size() == 1);

  f.hear(deltas_of({0, 0}, 0, {{offset_of({3, 4}), 6}}));
  f.tick(milliseconds{10});
  CHECK(f.sent<Inspect>().empty());
  f.tick(milliseconds{1'000});
  CHECK(f.sent<Inspect>().size() == 1);
  f.tick(milliseconds{1'000});
  CHECK(f.sent<Inspect>().empty());

  f.act(action::CloseDrawer{});
  CHECK_FALSE(f.model.cell.open);
  f.hear(Inspected{3, 4, 5, {}});
  CHECK(f.model.drawer == Drawer::None);
}

TEST_CASE("Placing: an inspection cut off by the network says that it is not known") {
  ModelFixture f;
  f.go_live();
  f.act(action::Inspect{{3, 4}});
  f.lose();
  CHECK_FALSE(f.model.cell.loading);
  CHECK(f.model.cell.failed);
}
