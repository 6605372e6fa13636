#include "shared/canvas/dirty.h"

#include <doctest/doctest.h>

namespace tessera {

TEST_CASE("DirtyRect: covers what was added, once") {
  DirtyRect dirty;
  CHECK(dirty.empty());
  dirty.add(10, 20);
  dirty.add(12, 19);
  CHECK(dirty.take() == Rect{10, 19, 3, 2});
  CHECK(dirty.empty());
  dirty.add(Rect{0, 0, 5, 5});
  dirty.add(Rect{});
  CHECK(dirty.take() == Rect{0, 0, 5, 5});
}

}  // namespace tessera
