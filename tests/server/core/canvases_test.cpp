#include <doctest/doctest.h>

#include "tests/support/rooms_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;
using CanvasReply = Changed<CanvasView>;

/// Rooms whose canvases are changed, and what was answered.
struct Workshop : RoomsFixture {
  using RoomsFixture::RoomsFixture;

  CanvasReply change(CanvasChange wanted, std::optional<std::uint32_t> version = std::nullopt, const std::string& name = "main") {
    std::optional<CanvasReply> answer;
    rooms->change_canvas(nobody, name, version, std::move(wanted), [&](CanvasReply reply) { answer = std::move(reply); });
    commit_all();
    REQUIRE(answer);
    return *answer;
  }
  CanvasReply create(NewCanvas wanted) {
    std::optional<CanvasReply> answer;
    rooms->create_canvas(nobody, std::move(wanted), [&](CanvasReply reply) { answer = std::move(reply); });
    commit_all();
    REQUIRE(answer);
    return *answer;
  }
  CanvasView view(const std::string& name = "main") {
    std::optional<CanvasView> found;
    rooms->canvas(name, [&](std::optional<CanvasView> answer) { found = std::move(answer); });
    REQUIRE(found);
    return *found;
  }
  PlaceReply draw(AccountId account, std::vector<WireCell> cells, const std::string& canvas = "main") {
    std::optional<PlaceReply> answer;
    rooms->place(canvas, account, std::move(cells), [&](PlaceReply reply) { answer = std::move(reply); });
    pass(100ms);
    commit_all();
    REQUIRE(answer);
    return *answer;
  }
  std::vector<CanvasEvent> events() { return *(*store.reader())->events(CanvasId{1}); }
};

CanvasChange sized(std::uint32_t width, std::uint32_t height) {
  CanvasChange change;
  change.size = Size{width, height};
  return change;
}

CanvasChange pausing(bool paused, const std::string& message = {}) {
  CanvasChange change;
  change.paused = paused;
  change.pause_message = message;
  return change;
}

}  // namespace

TEST_CASE("Canvases: a change is an event after the placements before it, and everyone hears of it in its place") {
  Workshop f;
  RecordingGate gate;
  const AccountId ann = f.sign_in("ann");
  f.enter(f.connect(ann, gate));
  f.draw(ann, {{1, 1, 1}, {2, 2, 2}});
  gate.take();
  const CanvasReply reply = f.change(pausing(true, "tea"), 1);
  CHECK_FALSE(reply.refused);
  CHECK(reply.current->record.version == 2);
  CHECK(words(gate.take()) == "announced, announced, charges");
  const auto events = f.events();
  REQUIRE(events.size() == 2);
  CHECK(events[1].after_seq == 2);
  CHECK(events[1].record.paused);
  CHECK(f.draw(ann, {{3, 3, 3}}).refused == Refusal::Paused);
  f.change(pausing(false));
  CHECK(f.draw(ann, {{3, 3, 3}}).result.accepted == 1);
}

TEST_CASE("Canvases: what comes while a change is on its way goes by the new rules") {
  Workshop f;
  const AccountId ann = f.sign_in("ann");
  std::vector<PlaceReply> answers;
  const auto place = [&](std::uint16_t x) {
    f.rooms->place("main", ann, {{x, 1, 1}}, [&](PlaceReply reply) { answers.push_back(std::move(reply)); });
  };
  place(1);
  f.rooms->tick();  // its batch is under way
  place(2);         // accepted into the open batch
  bool changed = false;
  f.rooms->change_canvas(nobody, "main", std::nullopt, sized(100, 100), [&](const CanvasReply&) { changed = true; });
  place(3);
  place(200);
  CHECK_FALSE(changed);
  f.commit_all();
  f.pass(100ms);
  f.commit_all();
  CHECK(changed);
  REQUIRE(answers.size() == 4);
  CHECK(answers[2].result.rejected.front().reason == Refusal::OutOfBounds);  // at once, while 3 waited for its commit
  CHECK(answers[3].result.first_seq == 3);
  CHECK(f.events()[1].after_seq == 2);
}

TEST_CASE("Canvases: shrinking hides cells, growing back shows them, also after a restart") {
  Workshop f({{"main", {600, 600}}});
  const AccountId ann = f.sign_in("ann");
  f.draw(ann, {{10, 10, 1}, {599, 599, 2}});
  f.change(sized(300, 300));
  CHECK(f.draw(ann, {{599, 599, 3}}).result.rejected.front().reason == Refusal::OutOfBounds);
  std::shared_ptr<const Picture> picture;
  const auto look = [&] {
    f.rooms->picture("main", [&](const std::optional<Hub::CanvasPicture>& answer) { picture = answer->picture; });
  };
  look();
  CHECK(picture->size() == Size{300, 300});
  f.restart();
  f.change(sized(900, 700));
  look();
  CHECK(picture->size() == Size{900, 700});
  CHECK(picture->at({10, 10}) == 1);
  CHECK(picture->at({599, 599}) == 2);
  CHECK(f.draw(ann, {{899, 699, 4}}).result.accepted == 1);
  look();
  CHECK(picture->at({899, 699}) == 4);
}

TEST_CASE("Canvases: a change made for an older version is refused with the canvas as it is") {
  Workshop f;
  f.change(sized(500, 500), 1);
  const CanvasReply stale = f.change(sized(700, 700), 1);
  CHECK(stale.stale);
  CHECK(stale.current->record.size == Size{500, 500});
  CHECK(stale.current->record.version == 2);
  CHECK(f.events().size() == 2);
}

TEST_CASE("Canvases: two changes at once are two events, the second made of the first") {
  Workshop f;
  std::vector<CanvasReply> replies;
  const auto keep = [&](CanvasReply reply) { replies.push_back(std::move(reply)); };
  f.rooms->change_canvas(nobody, "main", 1, sized(500, 500), keep);
  f.rooms->change_canvas(nobody, "main", 1, sized(700, 700), keep);
  f.rooms->change_canvas(nobody, "main", std::nullopt, pausing(true), keep);
  f.commit_all();
  REQUIRE(replies.size() == 3);
  CHECK(replies[1].stale);
  CHECK(f.view().record.size == Size{500, 500});
  CHECK(f.view().record.paused);
  CHECK(f.view().record.version == 3);
}

TEST_CASE("Canvases: a palette grows, renames and retires, and never loses or recolours an entry") {
  Workshop f;
  const AccountId ann = f.sign_in("ann");
  f.draw(ann, {{1, 1, 3}});
  auto colors = f.view().record.palette.colors();
  colors[3].retired = true;
  colors.push_back({{1, 2, 3}, "Night", false});
  CanvasChange change;
  change.palette = *Palette::make(colors);
  CHECK_FALSE(f.change(change).refused);
  CHECK(f.draw(ann, {{2, 2, 3}}).result.rejected.front().reason == Refusal::BadColor);
  CHECK(f.draw(ann, {{2, 2, 32}}).result.accepted == 1);
  auto fewer = colors;
  fewer.pop_back();
  change.palette = *Palette::make(fewer);
  CHECK(f.change(change).refused == Refusal::Invalid);
  auto other = colors;
  other[0].color = {9, 9, 9};
  change.palette = *Palette::make(other);
  CHECK(f.change(change).refused == Refusal::Invalid);
  CHECK(f.view().record.version == 2);
}

TEST_CASE("Canvases: one is made, drawn on, archived and restored, also across restarts") {
  Workshop f;
  NewCanvas wanted;
  wanted.name = "second";
  wanted.size = {20, 10};
  wanted.policy.limits = no_limits;
  const CanvasReply made = f.create(wanted);
  CHECK_FALSE(made.refused);
  CHECK(made.current->record.id == CanvasId{2});
  CHECK(f.create(wanted).refused == Refusal::Invalid);
  const AccountId ann = f.sign_in("ann");
  CHECK(f.draw(ann, {{1, 1, 1}}, "second").result.accepted == 1);
  CanvasChange away;
  away.archived = true;
  CHECK_FALSE(f.change(away, 1, "second").refused);
  CHECK(f.draw(ann, {{1, 1, 1}}, "second").refused == Refusal::Archived);
  RecordingGate gate;
  f.enter(f.connect(ann, gate), "second");
  CHECK(words(gate.take()) == "refused");
  f.restart();
  CHECK(f.view("second").record.archived);
  CHECK(f.view("").record.name == "main");
  CanvasChange back;
  back.archived = false;
  CHECK_FALSE(f.change(back, 2, "second").refused);
  CHECK(f.draw(ann, {{2, 2, 2}}, "second").result.first_seq == 2);
}

TEST_CASE("Canvases: too large, of no size, or one too many: nothing is made") {
  RoomsSettings settings;
  settings.max_cells = 1'000'000;
  settings.max_canvases = 2;
  Workshop f({{"main", {100, 100}}}, settings);
  NewCanvas wanted;
  wanted.name = "big";
  wanted.size = {1'001, 1'000};
  CHECK(f.create(wanted).refused == Refusal::TooLarge);
  wanted.size = {0, 5};
  CHECK(f.create(wanted).refused == Refusal::TooLarge);
  CHECK(f.change(sized(1'001, 1'000)).refused == Refusal::TooLarge);
  wanted.size = {5, 5};
  CHECK_FALSE(f.create(wanted).refused);
  wanted.name = "third";
  CHECK(f.create(wanted).refused == Refusal::Busy);
}

TEST_CASE("Canvases: a change that cannot be stored changes nothing, and what waited goes on") {
  Workshop f;
  const AccountId ann = f.sign_in("ann");
  std::optional<CanvasReply> answer;
  f.rooms->change_canvas(nobody, "main", std::nullopt, pausing(true), [&](CanvasReply reply) { answer = std::move(reply); });
  std::optional<PlaceReply> placed;
  f.rooms->place("main", ann, {{1, 1, 1}}, [&](PlaceReply reply) { placed = std::move(reply); });
  CHECK_FALSE(placed);
  auto [set, done] = std::move(f.writes.front());
  f.writes.pop_front();
  done({.result = {CommitOutcome::Refused, "disk full"}, .took = {}});
  REQUIRE(answer);
  CHECK(answer->refused == Refusal::Busy);
  f.pass(100ms);
  f.commit_all();
  REQUIRE(placed);
  CHECK(placed->result.accepted == 1);
  CHECK(f.view().record.version == 1);
}

}  // namespace tessera
