#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <span>

#include "shared/protocol/refusal.h"

namespace tessera {

using Counter = std::atomic<std::uint64_t>;

inline void count(Counter& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }

/// How often a value fell between two of its bounds. Any thread.
class Histogram {
 public:
  static constexpr std::size_t most_bounds = 16;

  /// Ascending; borrowed.
  explicit Histogram(std::span<const std::uint64_t> bounds) : bounds_(bounds) { assert(bounds.size() <= most_bounds); }

  void add(std::uint64_t value) {
    count(counts_[static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin())]);
    count(sum_, value);
  }
  std::span<const std::uint64_t> bounds() const { return bounds_; }
  /// Values in bucket `i` are at most `bounds()[i]`, and more than the bound before; the last bucket, after all bounds, has none.
  std::uint64_t bucket(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }
  std::uint64_t total() const {
    std::uint64_t all = 0;
    for (const Counter& each : counts_) all += each.load(std::memory_order_relaxed);
    return all;
  }

 private:
  std::span<const std::uint64_t> bounds_;
  std::array<Counter, most_bounds + 1> counts_{};
  Counter sum_{0};
};

/// Bounds for times in microseconds: 100 µs to 10 s.
inline constexpr std::array<std::uint64_t, 16> time_bounds{100,    200,     500,     1'000,   2'000,     5'000,     10'000,    20'000,
                                                           50'000, 100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000};
/// Bounds for how many placements a batch has.
inline constexpr std::array<std::uint64_t, 16> batch_bounds{1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000};

/// What the core has done since the start, for /metrics. Plain atomics: any thread may read.
struct Counters {
  Counter accepted{0};                           ///< placements committed
  std::array<Counter, refusal_count> refused{};  ///< placements, by `Refusal`
  Counter repeated{0};                           ///< requests answered from memory
  Counter batches{0};
  Counter failed_commits{0};
  Counter checkpoints{0};
  Counter snapshots{0};   ///< compressions asked for
  Counter mismatches{0};  ///< clients that reported a wrong checksum
  Counter sign_ins{0};
  Histogram batch_placements{batch_bounds};
  Histogram commit_us{time_bounds};  ///< writer's time per group
  Histogram answer_us{time_bounds};  ///< from a request's acceptance to its answer
};

}  // namespace tessera
