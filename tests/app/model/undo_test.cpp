#include <doctest/doctest.h>

#include "tests/support/model_fixture.h"

using namespace tessera;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// On the canvas, with a server that accepts what is placed when it is told to.
struct UndoFixture : ModelFixture {
  Seq seq = 0;

  UndoFixture() { go_live(); }

  void accept(const Place& place, std::uint32_t count) {
    PlaceResult result{place.request, Outcome::Answered, seq + 1, count, {}, {20, 20, 0, 100}};
    seq += count;
    for (std::size_t i = count; i < place.cells.size(); ++i) result.rejected.push_back({static_cast<std::uint16_t>(i), Refusal::Locked, 0});
    hear(result);
  }
  void draw(Cell cell, ColorIndex color = 5) { accept(place(cell, color), 1); }
  /// From one cell to another with Shift held, in as many requests as the pointer makes moves.
  void paint(std::uint16_t from, std::uint16_t to) {
    model.tool = {Tool::Pencil, 7};
    const auto at = [&](std::uint16_t x) { return model.viewport.to_screen({x + 0.5, 50.5}); };
    std::vector<Place> places;
    const auto gather = [&] {
      for (const Place& place : sent<Place>()) places.push_back(place);
    };
    act(action::PointerMoved{at(from), false}), gather();
    act(action::PointerPressed{at(from), PointerButton::Left, false, false, true}), gather();
    for (std::uint16_t x = from; x <= to; ++x) act(action::PointerMoved{at(x), false}), gather();
    act(action::PointerReleased{at(to), PointerButton::Left}), gather();
    for (const Place& place : places) accept(place, static_cast<std::uint32_t>(place.cells.size()));
  }
  Undo undo() {
    act(action::UndoStroke{});
    const auto all = sent<Undo>();
    return all.empty() ? Undo{RequestId{0}, 0} : all.front();
  }
  Redo redo() {
    act(action::RedoStroke{});
    const auto all = sent<Redo>();
    return all.empty() ? Redo{RequestId{0}, 0} : all.front();
  }
  UndoResult done(RequestId request, std::uint32_t changed, std::vector<SkippedCell> skipped = {}) {
    UndoResult result{request, false, {}, 100, {}, std::move(skipped), {20, 20, 0, 100}};
    for (std::uint32_t i = 0; i < changed; ++i) result.changed.push_back({static_cast<std::uint16_t>(i), 0, 255});
    return result;
  }
  UndoResult refused(RequestId request, Refusal why) { return {request, true, why, 0, {}, {}, {20, 20, 0, 100}}; }
};

}  // namespace

TEST_CASE("Undo: there is something to undo once a placement is stored, and it is asked for by count") {
  UndoFixture f;
  CHECK_FALSE(may_undo(f.model));
  CHECK(f.undo().count == 0);
  CHECK(f.has_toast(Text::NothingToUndo));
  f.draw({3, 4});
  CHECK(may_undo(f.model));
  CHECK_FALSE(may_redo(f.model));
  const Undo asked = f.undo();
  CHECK(asked.count == 1);
  CHECK_FALSE(may_undo(f.model));
  f.hear(f.done(asked.request, 1));
  CHECK(may_redo(f.model));
  CHECK(f.redo().count == 1);
}

TEST_CASE("Undo: a stroke is what was painted from one press to its release, as many as were accepted") {
  UndoFixture f;
  f.draw({3, 4});
  f.paint(100, 104);
  const Undo stroke = f.undo();
  CHECK(stroke.count == 5);
  f.hear(f.done(stroke.request, 5));
  const Undo single = f.undo();
  CHECK(single.count == 1);
}

TEST_CASE("Undo: of a request that was refused in part only the accepted count, of one refused whole nothing does") {
  UndoFixture f;
  const Place place = f.place({3, 4}, 5);
  f.accept(place, 0);
  CHECK_FALSE(may_undo(f.model));
}

TEST_CASE("Undo: pressed while something is not answered yet, it waits for that") {
  UndoFixture f;
  const Place place = f.place({3, 4}, 5);
  CHECK(may_undo(f.model));
  CHECK(f.undo().count == 0);
  f.accept(place, 1);
  REQUIRE(f.sent<Undo>().size() == 1);
  CHECK(f.sent<Undo>()[0].count == 1);
}

TEST_CASE("Undo: several presses go out one after another, and a held key never piles up") {
  UndoFixture f;
  for (std::uint16_t x = 0; x < 3; ++x) f.draw({x, 4});
  const Undo first = f.undo();
  CHECK(first.count == 1);
  for (int i = 0; i < 100; ++i) CHECK(f.undo().count == 0);
  f.hear(f.done(first.request, 1));
  REQUIRE(f.sent<Undo>().size() == 1);
  f.hear(f.done(f.sent<Undo>()[0].request, 1));
  REQUIRE(f.sent<Undo>().size() == 1);
  f.hear(f.done(f.sent<Undo>()[0].request, 1));
  CHECK(f.sent<Undo>().empty());
  CHECK(f.model.undo.waiting.empty());
}

TEST_CASE("Undo: what others drew over is said in words, with its number") {
  UndoFixture f;
  f.paint(100, 104);
  const Undo asked = f.undo();
  f.hear(f.done(asked.request, 2, {{1, 1, Refusal::DrawnOver}, {2, 1, Refusal::DrawnOver}, {3, 1, Refusal::DrawnOver}}));
  REQUIRE(f.has_toast(Text::DrawnOverMany));
  CHECK(translate(Language::English, f.model.toasts.back().phrase) == "3 cells were drawn over by others");
  CHECK(translate(Language::French, f.model.toasts.back().phrase) == "3 cases ont été recouvertes par d’autres");
  CHECK(f.redo().count == 2);
}

TEST_CASE("Undo: what was left for another reason says which") {
  UndoFixture f;
  f.draw({3, 4});
  const Undo asked = f.undo();
  f.hear(f.done(asked.request, 0, {{3, 4, Refusal::Locked}}));
  REQUIRE(f.has_toast(Text::LeftAloneOne));
  CHECK(translate(Language::English, f.model.toasts.back().phrase) == "1 cell was left as it is · This area is locked");
  CHECK_FALSE(may_redo(f.model));
}

TEST_CASE("Undo: refused for a while it can be tried again, refused for good it is forgotten") {
  UndoFixture f;
  f.draw({3, 4});
  f.hear(f.refused(f.undo().request, Refusal::Paused));
  CHECK(f.has_toast(Text::WhyPaused));
  CHECK(may_undo(f.model));
  f.hear(f.refused(f.undo().request, Refusal::NothingToUndo));
  CHECK(f.has_toast(Text::NothingToUndo));
  CHECK_FALSE(may_undo(f.model));
}

TEST_CASE("Undo: an answer that nobody asked for, or twice, changes nothing but the charges") {
  UndoFixture f;
  f.draw({3, 4});
  const Undo asked = f.undo();
  f.hear(f.done(RequestId{12345}, 1));
  CHECK_FALSE(may_redo(f.model));
  UndoResult result = f.done(asked.request, 1);
  result.charges = {7, 20, 100, 100};
  f.hear(result);
  f.hear(result);
  CHECK(charges_now(f.model).charges == 7);
  REQUIRE(f.model.undo.undone.size() == 1);
  CHECK(f.model.undo.undone[0].count == 1);
}

TEST_CASE("Undo: after a minute there is nothing to undo, and the button knows it") {
  UndoFixture f;
  f.draw({3, 4});
  REQUIRE(next_change(f.model));
  f.tick(seconds{59});
  CHECK(may_undo(f.model));
  f.tick(milliseconds{1'100});
  CHECK_FALSE(may_undo(f.model));
  CHECK(f.model.undo.done.empty());
}

TEST_CASE("Undo: a server's own window counts, and stays when the strokes are forgotten") {
  UndoFixture f;
  f.model.undo.window = seconds{120};
  f.draw({3, 4});
  f.tick(seconds{119});
  CHECK(may_undo(f.model));
  f.tick(milliseconds{1'100});
  CHECK_FALSE(may_undo(f.model));
  f.act(action::OpenCanvas{"other"});
  CHECK(f.model.undo.window == seconds{120});
}

TEST_CASE("Undo: drawing anew leaves nothing to redo") {
  UndoFixture f;
  f.draw({3, 4});
  f.hear(f.done(f.undo().request, 1));
  CHECK(may_redo(f.model));
  f.draw({5, 5});
  CHECK_FALSE(may_redo(f.model));
}

TEST_CASE("Undo: a cut while it is out leaves nothing that could be undone wrongly") {
  UndoFixture f;
  f.draw({3, 4});
  f.draw({4, 4});
  const Undo asked = f.undo();
  f.lose();
  f.come_back();
  CHECK_FALSE(may_undo(f.model));
  f.hear(f.done(asked.request, 1));
  CHECK_FALSE(may_redo(f.model));
}

TEST_CASE("Undo: another canvas or another person has nothing to undo") {
  UndoFixture f;
  f.draw({3, 4});
  SUBCASE("another canvas") { f.act(action::OpenCanvas{"other"}); }
  SUBCASE("signed out") { f.act(action::SignOut{}); }
  SUBCASE("signed out elsewhere") { f.hear(AccountChanged{{}}); }
  CHECK(f.model.undo.done.empty());
}

TEST_CASE("Undo: a stroke of more than one message may ask for is undone in parts") {
  UndoFixture f;
  f.model.undo.done.push_back({1, 1'500, f.now});
  const Undo first = f.undo();
  CHECK(first.count == limits::undo_count);
  f.hear(f.done(first.request, 1'024));
  CHECK(f.undo().count == 1'500 - limits::undo_count);
}
