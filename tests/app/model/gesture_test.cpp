#include <doctest/doctest.h>

#include "tests/support/model_fixture.h"

using namespace tessera;

namespace {

/// On a canvas at zoom 8, with (300, 200) in the middle of the window (400, 300).
struct CanvasFixture : ModelFixture {
  CanvasFixture() {
    go_live();
    model.viewport.go_to({300.5, 200.5}, 8, Motion::AtOnce, now);
    tick();
    answer_watches(Tile{}, 0);
    model.tool = {Tool::Pencil, 5};
  }
  ScreenPoint at(Cell cell) { return model.viewport.to_screen({cell.x + 0.5, cell.y + 0.5}); }
  void press(Cell cell, PointerButton button = PointerButton::Left, bool pan = false, bool paint = false) {
    act(action::PointerPressed{at(cell), button, false, pan, paint});
  }
  void release(Cell cell, PointerButton button = PointerButton::Left) {
    act(action::PointerReleased{at(cell), button});
  }
};

}  // namespace

TEST_CASE("Gesture: a click places, when it is released") {
  CanvasFixture f;
  f.press({301, 200});
  CHECK(f.sent<Place>().empty());
  f.release({301, 200});
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{301, 200, 5}});
}

TEST_CASE("Gesture: a hand that trembles still clicks, on the cell it pressed") {
  CanvasFixture f;
  const ScreenPoint point = f.at({301, 200});
  f.act(action::PointerPressed{point, PointerButton::Left});
  f.act(action::PointerMoved{{point.x + 3, point.y}});
  f.act(action::PointerReleased{{point.x + 3, point.y}, PointerButton::Left});
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells[0].x == 301);
}

TEST_CASE("Gesture: a drag pans, and places nothing") {
  CanvasFixture f;
  f.act(action::PointerPressed{{400, 300}, PointerButton::Left});
  f.act(action::PointerMoved{{410, 300}});
  f.act(action::PointerMoved{{480, 340}});
  f.act(action::PointerReleased{{480, 340}, PointerButton::Left});
  CHECK(f.sent<Place>().empty());
  CHECK(f.model.viewport.centre() == CanvasPoint{290.5, 195.5});
}

TEST_CASE("Gesture: on a dense display the same small movement is still a click") {
  CanvasFixture f;
  f.act(action::WindowResized{800, 600, 2});
  f.act(action::PointerPressed{{400, 300}, PointerButton::Left});
  f.act(action::PointerMoved{{406, 300}});
  f.act(action::PointerReleased{{406, 300}, PointerButton::Left});
  CHECK(f.sent<Place>().size() == 1);
}

TEST_CASE("Gesture: middle button, Space and the hand pan from the first pixel") {
  for (int way = 0; way < 3; ++way) {
    CanvasFixture f;
    if (way == 2) f.model.tool.tool = Tool::Hand;
    f.act(action::PointerPressed{{400, 300}, way == 0 ? PointerButton::Middle : PointerButton::Left, false, way == 1});
    f.act(action::PointerMoved{{402, 300}});
    CHECK(f.model.viewport.centre().x == doctest::Approx(300.25));
    f.act(action::PointerReleased{{402, 300}, way == 0 ? PointerButton::Middle : PointerButton::Left});
    CHECK(f.sent<Place>().empty());
  }
}

TEST_CASE("Gesture: a right click tells who drew it, a right drag pans") {
  CanvasFixture f;
  f.press({301, 200}, PointerButton::Right);
  f.release({301, 200}, PointerButton::Right);
  CHECK(f.sent<Inspect>() == std::vector<Inspect>{{301, 200}});
  f.act(action::PointerPressed{{400, 300}, PointerButton::Right});
  f.act(action::PointerMoved{{440, 300}});
  f.act(action::PointerReleased{{440, 300}, PointerButton::Right});
  CHECK(f.effects.empty());
  CHECK(f.model.viewport.centre().x == 295.5);
}

TEST_CASE("Gesture: with Shift a drag paints every cell on its way, once") {
  CanvasFixture f;
  f.press({300, 200}, PointerButton::Left, false, true);
  REQUIRE(f.sent<Place>().size() == 1);
  f.act(action::PointerMoved{f.at({304, 202})});
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{301, 201, 5}, {302, 201, 5}, {303, 202, 5}, {304, 202, 5}});
  f.act(action::PointerMoved{f.at({304, 202})});
  CHECK(f.effects.empty());
  f.act(action::PointerMoved{f.at({304, 205})});
  CHECK(f.sent<Place>()[0].cells.size() == 3);
  f.act(action::PointerMoved{f.at({304, 202})});
  CHECK(f.sent<Place>().empty());
  f.release({304, 202});
  CHECK(f.sent<Place>().empty());
  CHECK(charges_now(f.model).charges == 12);
}

TEST_CASE("Gesture: a painted line ends where the charges do") {
  CanvasFixture f;
  f.hear(Charges{{3, 20, 500, 1'000}, true, {}});
  f.press({300, 200}, PointerButton::Left, false, true);
  f.act(action::PointerMoved{f.at({310, 200})});
  REQUIRE(f.sent<Place>().size() == 1);
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{301, 200, 5}, {302, 200, 5}});
}

TEST_CASE("Gesture: a gesture that is cancelled does nothing") {
  CanvasFixture f;
  f.press({300, 200});
  f.act(action::PointerCancelled{});
  f.release({300, 200});
  CHECK(f.effects.empty());
}

TEST_CASE("Gesture: a second button does not disturb the first") {
  CanvasFixture f;
  f.press({300, 200});
  f.press({300, 200}, PointerButton::Right);
  f.release({300, 200}, PointerButton::Right);
  CHECK(f.effects.empty());
  f.release({300, 200});
  CHECK(f.sent<Place>().size() == 1);
}

TEST_CASE("Gesture: beside the canvas nothing is placed") {
  CanvasFixture f;
  f.model.viewport.go_to({0, 0}, 8, Motion::AtOnce, f.now);
  f.act(action::PointerPressed{{10, 10}, PointerButton::Left});
  f.act(action::PointerReleased{{10, 10}, PointerButton::Left});
  CHECK(f.effects.empty());
  CHECK(marker_look(f.model) == MarkerLook::Hidden);
}

TEST_CASE("Gesture: the marker follows the pointer, and the view under it") {
  CanvasFixture f;
  f.act(action::PointerMoved{f.at({301, 200})});
  CHECK(f.model.marker.cell == Cell{301, 200});
  CHECK(marker_look(f.model) == MarkerLook::Filled);
  f.act(action::Pan{-80, 0});
  f.tick();
  CHECK(f.model.marker.cell == Cell{311, 200});
  f.act(action::PointerLeft{});
  CHECK(marker_look(f.model) == MarkerLook::Hidden);
}

TEST_CASE("Gesture: arrows move the cell cursor within the canvas and bring it into view, Enter places there") {
  CanvasFixture f;
  f.act(action::MoveCursor{1, 0});
  CHECK(f.model.marker.cell == Cell{300, 200});
  f.act(action::MoveCursor{1, -1});
  CHECK(f.model.marker.cell == Cell{301, 199});
  f.act(action::Pan{-8, 0});
  f.tick();
  CHECK(f.model.marker.cell == Cell{301, 199});
  f.act(action::ActAtMarker{});
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{301, 199, 5}});
  for (int i = 0; i < 700; ++i) f.act(action::MoveCursor{-1, -1});
  CHECK(f.model.marker.cell == Cell{0, 0});
  f.tick(std::chrono::milliseconds{200});
  const ScreenPoint shown = f.at({0, 0});
  CHECK(shown.x >= 0);
  CHECK(shown.y >= 0);
  f.act(action::PointerMoved{{400, 300}});
  CHECK_FALSE(f.model.marker.stays);
}

TEST_CASE("Gesture: a mouse that is seen again where it was leaves the keyboard's marker alone") {
  CanvasFixture f;
  f.act(action::PointerMoved{f.at({300, 200}), false});
  f.act(action::MoveCursor{2, 0});
  f.act(action::PointerLeft{});
  f.act(action::PointerMoved{f.at({300, 200}), false});
  CHECK(f.model.marker.cell == Cell{302, 200});
  f.act(action::PointerMoved{f.at({299, 200}), false});
  CHECK(f.model.marker.cell == Cell{299, 200});
}

TEST_CASE("Gesture: on a phone a tap aims, and the button places") {
  CanvasFixture f;
  f.act(action::WindowResized{500, 600, 1});
  const ScreenPoint point = f.at({301, 200});
  f.act(action::PointerPressed{point, PointerButton::Left, true});
  f.act(action::PointerReleased{point, PointerButton::Left});
  CHECK(f.effects.empty());
  CHECK(f.model.marker.cell == Cell{301, 200});
  f.act(action::PlaceAtMarker{});
  CHECK(f.sent<Place>()[0].cells == std::vector<WireCell>{{301, 200, 5}});
}

TEST_CASE("Gesture: on a phone the middle aims until a tap does") {
  CanvasFixture f;
  f.act(action::WindowResized{500, 600, 1});
  const auto middle = f.model.viewport.cell_at({250, 300});
  REQUIRE(middle);
  CHECK(f.model.marker.cell == middle);
  f.act(action::Pan{-80, 0});
  CHECK(f.model.marker.cell->x > middle->x);
  const ScreenPoint point = f.at({301, 200});
  f.act(action::PointerPressed{point, PointerButton::Left, true});
  f.act(action::PointerReleased{point, PointerButton::Left});
  f.act(action::Pan{-80, 0});
  f.tick();
  CHECK(f.model.marker.cell == Cell{301, 200});
}

TEST_CASE("Gesture: on a tablet a tap places") {
  CanvasFixture f;
  const ScreenPoint point = f.at({301, 200});
  f.act(action::PointerPressed{point, PointerButton::Left, true});
  f.act(action::PointerReleased{point, PointerButton::Left});
  CHECK(f.sent<Place>().size() == 1);
}
