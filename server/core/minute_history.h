#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "server/core/counters.h"
#include "shared/base/clock.h"

namespace tessera {

/// What a server has counted since its start, and what it holds, at one instant.
struct Readings {
  using Buckets = std::array<std::uint64_t, time_bounds.size() + 1>;  ///< as a histogram over `time_bounds` has them

  std::uint64_t placements = 0;
  std::array<std::uint64_t, refusal_count> refused{};  ///< placements, by `Refusal`
  std::uint64_t bytes_out = 0;
  std::uint64_t cpu_us = 0;
  Buckets answer_us{};
  Buckets commit_us{};
  std::uint32_t connections = 0;
  std::uint32_t online = 0;
  std::uint64_t memory_bytes = 0;
};
Readings::Buckets buckets_of(const Histogram& histogram);

/// What came of one minute: sums over it, and what there was at its end.
struct MinuteSample {
  std::int64_t minute = 0;  ///< since 1970
  std::uint64_t placements = 0;
  std::array<std::uint32_t, refusal_count> refused{};
  std::uint32_t connections = 0;
  std::uint32_t online = 0;
  std::optional<std::uint32_t> answer_p50_us{};  ///< absent where nothing was answered
  std::optional<std::uint32_t> answer_p99_us{};
  std::optional<std::uint32_t> commit_p99_us{};
  std::uint64_t memory_bytes = 0;
  std::uint64_t cpu_us = 0;
  std::uint32_t covered_ms = 0;  ///< how long the server ran in that minute, at least 1
  std::uint64_t bytes_out = 0;
  bool operator==(const MinuteSample&) const = default;

  /// Cores in use, on average.
  double cpu() const { return static_cast<double>(cpu_us) / 1'000 / static_cast<double>(covered_ms); }
};

/// How a server fared in each minute of the last day in which it ran. Any thread. Knows nothing of where readings come from, or of
/// the file that keeps it.
class MinuteHistory {
 public:
  static constexpr std::int64_t minute_ms = 60'000;
  static constexpr std::size_t most_samples = 1'440;

  explicit MinuteHistory(const Clock& clock) : clock_(clock) {}

  /// What an earlier run left; before `begin`. What is not of the last day, or in no order, is dropped.
  void restore(const std::vector<MinuteSample>& samples);
  /// From now on is counted.
  void begin(const Readings& readings);
  /// Ends the sample of the minute that was current at the reading before. At the end of each minute, and of the run: two samples
  /// of one minute become one.
  void take(const Readings& readings);
  /// When the current minute ends.
  WallTime next_due() const;

  /// Those of the minutes that begin at `time` or later, the oldest first; minutes in which the server did not run are left out.
  std::vector<MinuteSample> since(WallTime time) const;
  /// Cores in use since the last reading; within a second after it, those of the minute before.
  double cores(std::uint64_t cpu_us) const;

 private:
  void add(MinuteSample sample);

  const Clock& clock_;
  mutable std::mutex mutex_;  // guards what follows
  std::deque<MinuteSample> samples_;
  Readings last_;
  TimePoint last_time_{};
  std::int64_t minute_ = 0;  // that began, or went on, at the last reading
};

/// The value below which `share` of what was counted lies, between the bounds of its bucket in proportion; nothing where nothing
/// was counted.
std::optional<std::uint32_t> quantile(const Readings::Buckets& counts, double share);

}  // namespace tessera
