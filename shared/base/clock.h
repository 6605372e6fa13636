#pragma once

#include <chrono>
#include <cstdint>

namespace tessera {

/// Monotonic time of this process; only differences mean something.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// Milliseconds since 1970-01-01T00:00Z, as stored and shown.
enum class WallTime : std::int64_t {};
constexpr std::int64_t ms(WallTime time) { return static_cast<std::int64_t>(time); }

/// Both clocks, passed in wherever time is needed, so that tests own it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;
};

/// The machine's clocks. May be used from any thread.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
  }
  WallTime wall() const override {
    return WallTime{
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count()};
  }
};

}  // namespace tessera
