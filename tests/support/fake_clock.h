#pragma once

#include "server/core/moment.h"
#include "shared/base/clock.h"

namespace tessera {

/// Both clocks in the test's hand: they stand still until it moves them. For one thread.
class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  WallTime wall() const override { return wall_; }
  Moment moment() const { return {now_, wall_}; }

  void advance(std::chrono::microseconds by) {
    now_ += by;
    passed_ += by;
    wall_ = WallTime{ms(start_) + std::chrono::duration_cast<std::chrono::milliseconds>(passed_).count()};
  }
  /// Somebody sets the wall clock; monotonic time goes on as before.
  void set_wall(WallTime wall) {
    start_ = wall_ = wall;
    passed_ = {};
  }

 private:
  TimePoint now_{std::chrono::hours{1}};
  WallTime start_{1'700'000'000'000};
  WallTime wall_ = start_;
  std::chrono::microseconds passed_{};
};

}  // namespace tessera
