#include "app/model/viewport.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

constexpr TimePoint start{};

Viewport over(Size canvas, double width = 1'000, double height = 500) {
  Viewport viewport;
  viewport.resize(width, height, 1);
  viewport.set_canvas(canvas);
  viewport.fit(Motion::AtOnce, start);
  return viewport;
}

bool near(CanvasPoint a, CanvasPoint b) { return std::hypot(a.x - b.x, a.y - b.y) < 1e-6; }

}  // namespace

TEST_CASE("Viewport: a canvas that fits shows every cell with a margin around it") {
  for (const Size size : {Size{256, 256}, Size{2'000, 2'000}, Size{4'000, 100}, Size{65'535, 10}, Size{1, 1}}) {
    const Viewport viewport = over(size);
    CHECK(viewport.visible_cells() == Rect{0, 0, size.width, size.height});
    CHECK(viewport.to_screen({0, 0}).x >= 0);
    CHECK(viewport.zoom() <= Viewport::max_zoom);
  }
}

TEST_CASE("Viewport: a small canvas fits at a whole-number zoom, so that it is sharp") {
  CHECK(over({256, 256}).zoom() == 1);
  CHECK(over({100, 100}).zoom() == 4);
  CHECK(over({3, 3}).zoom() == 64);
}

TEST_CASE("Viewport: screen to cell and back agree at every zoom") {
  Viewport viewport = over({2'000, 2'000});
  for (const double zoom : {0.3, 1.0, 2.5, 8.0, 64.0}) {
    viewport.go_to({700.3, 900.7}, zoom, Motion::AtOnce, start);
    const ScreenPoint point = viewport.to_screen({712.5, 903.5});
    CHECK(near(viewport.to_canvas(point), {712.5, 903.5}));
    REQUIRE(viewport.cell_at(point));
    CHECK(*viewport.cell_at(point) == Cell{712, 903});
  }
}

TEST_CASE("Viewport: beside the canvas there is no cell") {
  Viewport viewport = over({100, 100});
  CHECK_FALSE(viewport.cell_at({0, 0}));
  CHECK_FALSE(viewport.cell_at({999, 499}));
  CHECK(viewport.cell_at({500, 250}));
}

TEST_CASE("Viewport: what is under the pointer stays there while zooming, in the middle of the motion too") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({1'000, 1'000}, 4, Motion::AtOnce, start);
  const ScreenPoint pointer{320, 110};
  const CanvasPoint under = viewport.to_canvas(pointer);
  viewport.zoom_step(3, pointer, Motion::Smooth, start);
  REQUIRE(viewport.moving());
  for (int ms = 10; ms < 150; ms += 20) {
    viewport.advance(start + std::chrono::milliseconds{ms});
    CHECK(near(viewport.to_canvas(pointer), under));
  }
  viewport.advance(start + std::chrono::milliseconds{150});
  CHECK_FALSE(viewport.moving());
  CHECK(viewport.zoom() == 12);
  const CanvasPoint end = viewport.to_canvas(pointer);
  CHECK(std::hypot(end.x - under.x, end.y - under.y) < 1.0 / 12);  // origin on a whole pixel
}

TEST_CASE("Viewport: a motion eases out and ends after 150 ms") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({1'000, 1'000}, 1, Motion::AtOnce, start);
  viewport.zoom_step(1, {500, 250}, Motion::Smooth, start);
  CHECK(viewport.zoom() == 1);
  CHECK(viewport.target_zoom() == 2);
  viewport.advance(start + std::chrono::milliseconds{75});
  CHECK(viewport.zoom() > std::sqrt(2.0));
  CHECK(viewport.advance(start + std::chrono::milliseconds{151}));
  CHECK(viewport.zoom() == 2);
  CHECK_FALSE(viewport.advance(start + std::chrono::milliseconds{152}));
}

TEST_CASE("Viewport: steps of the wheel go over whole numbers and their inverses, and back the same way") {
  Viewport viewport = over({4'000, 4'000});
  viewport.go_to({2'000, 2'000}, 0.25, Motion::AtOnce, start);
  std::vector<double> zooms;
  for (int i = 0; i < 14; ++i) {
    viewport.zoom_step(1, {500, 250}, Motion::AtOnce, start);
    zooms.push_back(viewport.zoom());
  }
  const std::vector<double> ladder{1.0 / 3, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
  CHECK(zooms == ladder);
  viewport.zoom_step(-13, {500, 250}, Motion::AtOnce, start);
  CHECK(viewport.zoom() == 1.0 / 3);
}

TEST_CASE("Viewport: fast steps add up although the motion is under way") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({1'000, 1'000}, 1, Motion::AtOnce, start);
  viewport.zoom_step(1, {500, 250}, Motion::Smooth, start);
  viewport.zoom_step(1, {500, 250}, Motion::Smooth, start);
  CHECK(viewport.target_zoom() == 3);
}

TEST_CASE("Viewport: zoom stays between the whole canvas and 64") {
  Viewport viewport = over({2'000, 2'000});
  viewport.zoom_step(1'000'000, {500, 250}, Motion::AtOnce, start);
  CHECK(viewport.zoom() == 64);
  viewport.zoom_step(-1'000'000, {500, 250}, Motion::AtOnce, start);
  CHECK(viewport.zoom() == viewport.min_zoom());
  CHECK(viewport.min_zoom() == viewport.fit_zoom());
  CHECK(over({10, 10}).min_zoom() == 1);
}

TEST_CASE("Viewport: the middle of the window never leaves the canvas") {
  Viewport viewport = over({300, 200});
  viewport.pan(1e9, -1e9);
  CHECK(viewport.centre() == CanvasPoint{0, 200});
  viewport.go_to({-5, 9'999}, 8, Motion::AtOnce, start);
  CHECK(viewport.centre() == CanvasPoint{0, 200});
}

TEST_CASE("Viewport: numbers that are none change nothing") {
  Viewport viewport = over({300, 200});
  const CanvasPoint centre = viewport.centre();
  const double zoom = viewport.zoom();
  viewport.go_to({NAN, 3}, 8, Motion::AtOnce, start);
  viewport.zoom_by(NAN, {3, 3});
  viewport.zoom_by(-1, {3, 3});
  viewport.pan(INFINITY, 0);
  CHECK(viewport.centre() == centre);
  CHECK(viewport.zoom() == zoom);
}

TEST_CASE("Viewport: at whole-number zooms cells begin on whole pixels") {
  Viewport viewport = over({2'000, 2'000}, 1'001, 501);
  viewport.go_to({1'000.37, 500.21}, 8, Motion::AtOnce, start);
  const ScreenPoint origin = viewport.origin();
  CHECK(origin.x == std::round(origin.x));
  CHECK(origin.y == std::round(origin.y));
}

TEST_CASE("Viewport: the tiles in view are those whose cells are seen, the middle ones first") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({256, 256}, 8, Motion::AtOnce, start);
  auto tiles = viewport.visible_tiles(100);
  std::sort(tiles.begin(), tiles.end());
  CHECK(tiles == std::vector<TileIndex>{{0, 0}, {0, 1}, {1, 0}, {1, 1}});

  viewport.go_to({128, 128}, 64, Motion::AtOnce, start);
  CHECK(viewport.visible_tiles(100) == std::vector<TileIndex>{{0, 0}});

  viewport.fit(Motion::AtOnce, start);
  CHECK(viewport.visible_tiles(100).size() == 64);
  const auto few = viewport.visible_tiles(4);
  REQUIRE(few.size() == 4);
  for (const TileIndex tile : few) CHECK((tile.tx >= 3 && tile.tx <= 4 && tile.ty >= 3 && tile.ty <= 4));
}

TEST_CASE("Viewport: revealing a cell moves as little as needed") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({1'000, 1'000}, 10, Motion::AtOnce, start);
  viewport.reveal({1'010, 1'000}, 20, Motion::AtOnce, start);
  CHECK(viewport.centre() == CanvasPoint{1'000, 1'000});
  viewport.reveal({1'060, 1'000}, 20, Motion::AtOnce, start);
  CHECK(viewport.to_screen({1'060.5, 1'000}).x == doctest::Approx(980).epsilon(0.01));
  CHECK(viewport.centre().y == 1'000);
}

TEST_CASE("Viewport: after a pinch the zoom settles on a whole number") {
  Viewport viewport = over({2'000, 2'000});
  viewport.go_to({1'000, 1'000}, 4, Motion::AtOnce, start);
  viewport.zoom_by(1.4, {500, 250});
  CHECK(viewport.zoom() == doctest::Approx(5.6));
  viewport.settle({500, 250}, Motion::AtOnce, start);
  CHECK(viewport.zoom() == 6);
}
