#include "app/ui/transitions.h"

#include <doctest/doctest.h>

#include "app/ui/theme.h"

namespace tessera {

TEST_CASE("Transitions: what comes in moves for its time, fast first, and then rests") {
  Transitions transitions;
  CHECK(transitions.entered(1, 10, false) == doctest::Approx(0));
  CHECK(transitions.end_frame(10, false));
  const float half = transitions.entered(1, 10 + measure::motion / 2, false);
  CHECK(half > 0.5f);
  CHECK(half < 1);
  CHECK(transitions.end_frame(10 + measure::motion / 2, false));
  CHECK(transitions.entered(1, 10 + measure::motion, false) == doctest::Approx(1));
  CHECK_FALSE(transitions.end_frame(10 + measure::motion, false));
}

TEST_CASE("Transitions: what went away comes in anew") {
  Transitions transitions;
  transitions.entered(1, 0, false);
  transitions.end_frame(0, false);
  transitions.end_frame(1, false);
  CHECK(transitions.entered(1, 2, false) == doctest::Approx(0));
}

TEST_CASE(
    "Transitions: with reduced motion a panel is there at once, and only gets the frames it needs to be measured") {
  Transitions transitions;
  int frames = 0;
  do {
    CHECK(transitions.entered(1, 0.001 * frames, true) == 1);
  } while (transitions.end_frame(0.001 * frames++, true) && frames < 100);
  CHECK(frames == 3);
}

TEST_CASE("Transitions: a panel that is not yet as large as its content gets one more frame") {
  Transitions transitions;
  transitions.unsettled();
  CHECK(transitions.end_frame(0, true));
  CHECK_FALSE(transitions.end_frame(0, true));
}

}  // namespace tessera
