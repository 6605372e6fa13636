#pragma once

#include "shared/base/clock.h"

namespace tessera {

/// One instant on both clocks: monotonic time drives limits and timers, wall time is what is stored and shown.
struct Moment {
  TimePoint now{};
  WallTime wall{};

  static Moment of(const Clock& clock) { return {clock.now(), clock.wall()}; }
};

/// The monotonic time at which `wall` was, as seen from `moment`; a wall time in the future counts as now.
inline TimePoint monotonic_of(WallTime wall, Moment moment) {
  const std::int64_t ago_ms = ms(moment.wall) - ms(wall);
  return moment.now - std::chrono::milliseconds(ago_ms > 0 ? ago_ms : 0);
}

/// The wall time at which `time` was, as seen from `moment`.
inline WallTime wall_of(TimePoint time, Moment moment) {
  const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(moment.now - time);
  return WallTime{ms(moment.wall) - ago.count()};
}

}  // namespace tessera
