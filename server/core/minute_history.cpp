#include "server/core/minute_history.h"

#include <algorithm>

namespace tessera {
namespace {

std::int64_t minute_of(WallTime time) { return ms(time) / MinuteHistory::minute_ms; }

Readings::Buckets difference(const Readings::Buckets& now, const Readings::Buckets& before) {
  Readings::Buckets counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = now[i] - before[i];
  return counts;
}

MinuteSample sample_of(const Readings& now, const Readings& before) {
  MinuteSample sample;
  sample.placements = now.placements - before.placements;
  for (std::size_t i = 0; i < sample.refused.size(); ++i) sample.refused[i] = static_cast<std::uint32_t>(now.refused[i] - before.refused[i]);
  sample.connections = now.connections;
  sample.online = now.online;
  const Readings::Buckets answers = difference(now.answer_us, before.answer_us);
  sample.answer_p50_us = quantile(answers, 0.5);
  sample.answer_p99_us = quantile(answers, 0.99);
  sample.commit_p99_us = quantile(difference(now.commit_us, before.commit_us), 0.99);
  sample.memory_bytes = now.memory_bytes;
  sample.cpu_us = now.cpu_us - before.cpu_us;
  sample.bytes_out = now.bytes_out - before.bytes_out;
  return sample;
}

/// A restart within a minute, or a clock that was set back. The worse of two times stands.
void join(MinuteSample& older, const MinuteSample& newer) {
  older.placements += newer.placements;
  for (std::size_t i = 0; i < older.refused.size(); ++i) older.refused[i] += newer.refused[i];
  older.connections = newer.connections;
  older.online = newer.online;
  older.answer_p50_us = std::max(older.answer_p50_us, newer.answer_p50_us);
  older.answer_p99_us = std::max(older.answer_p99_us, newer.answer_p99_us);
  older.commit_p99_us = std::max(older.commit_p99_us, newer.commit_p99_us);
  older.memory_bytes = newer.memory_bytes;
  older.cpu_us += newer.cpu_us;
  older.covered_ms += newer.covered_ms;
  older.bytes_out += newer.bytes_out;
}

}  // namespace

Readings::Buckets buckets_of(const Histogram& histogram) {
  Readings::Buckets counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = histogram.bucket(i);
  return counts;
}

std::optional<std::uint32_t> quantile(const Readings::Buckets& counts, double share) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  if (total == 0) return std::nullopt;
  const double wanted = share * static_cast<double>(total);
  double below = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (counts[i] == 0 || below + here < wanted) {
      below += here;
      continue;
    }
    const double from = i == 0 ? 0 : static_cast<double>(time_bounds[i - 1]);
    const double to = i == time_bounds.size() ? from : static_cast<double>(time_bounds[i]);
    return static_cast<std::uint32_t>(from + (to - from) * (wanted - below) / here);
  }
  return std::nullopt;
}

void MinuteHistory::restore(const std::vector<MinuteSample>& samples) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = minute_of(clock_.wall()), day_ago = now - static_cast<std::int64_t>(most_samples);
  for (const MinuteSample& sample : samples) {
    const bool in_order = samples_.empty() || sample.minute > samples_.back().minute;
    if (in_order && sample.minute > day_ago && sample.minute <= now && sample.covered_ms > 0) samples_.push_back(sample);
  }
}

void MinuteHistory::begin(const Readings& readings) {
  const std::lock_guard lock(mutex_);
  last_ = readings;
  last_time_ = clock_.now();
  minute_ = minute_of(clock_.wall());
}

void MinuteHistory::take(const Readings& readings) {
  const std::lock_guard lock(mutex_);
  MinuteSample sample = sample_of(readings, last_);
  sample.minute = minute_;
  const auto covered = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - last_time_).count();
  sample.covered_ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(covered, 1, UINT32_MAX / 2));
  add(sample);
  last_ = readings;
  last_time_ = clock_.now();
  minute_ = minute_of(clock_.wall());
}

void MinuteHistory::add(MinuteSample sample) {
  if (!samples_.empty() && sample.minute <= samples_.back().minute) join(samples_.back(), sample);
  else samples_.push_back(sample);
  while (samples_.front().minute <= samples_.back().minute - static_cast<std::int64_t>(most_samples)) samples_.pop_front();
}

WallTime MinuteHistory::next_due() const {
  const std::lock_guard lock(mutex_);
  return WallTime{(minute_ + 1) * minute_ms};
}

std::vector<MinuteSample> MinuteHistory::since(WallTime time) const {
  const std::lock_guard lock(mutex_);
  const auto first = std::find_if(samples_.begin(), samples_.end(), [&](const MinuteSample& sample) { return sample.minute * minute_ms >= ms(time); });
  return {first, samples_.end()};
}

double MinuteHistory::cores(std::uint64_t cpu_us) const {
  const std::lock_guard lock(mutex_);
  const Duration passed = clock_.now() - last_time_;
  if (passed < std::chrono::seconds{1}) return samples_.empty() ? 0 : samples_.back().cpu();
  return static_cast<double>(cpu_us - last_.cpu_us) / static_cast<double>(passed.count());
}

}  // namespace tessera
