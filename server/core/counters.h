#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

#include "shared/protocol/refusal.h"

namespace tessera {

using Counter = std::atomic<std::uint64_t>;

inline void count(Counter& counter, std::uint64_t by = 1) { counter.fetch_add(by, std::memory_order_relaxed); }

/// How often a value fell below each power of two. Written by one thread, read by any.
class Histogram {
 public:
  static constexpr std::size_t buckets = 32;

  void add(std::uint64_t value) {
    count(counts_[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(value)), buckets - 1)]);
    count(sum_, value);
    count(total_);
  }
  /// Values in bucket `i` are below 2^i and not below 2^(i-1); the last bucket has no upper bound.
  std::uint64_t bucket(std::size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }
  std::uint64_t total() const { return total_.load(std::memory_order_relaxed); }

 private:
  std::array<Counter, buckets> counts_{};
  Counter sum_{0};
  Counter total_{0};
};

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
  Histogram batch_placements;
  Histogram commit_us;  ///< writer's time per group
  Histogram answer_us;  ///< from a request's acceptance to its answer
};

}  // namespace tessera
