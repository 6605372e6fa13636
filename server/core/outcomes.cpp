#include "server/core/outcomes.h"

#include <algorithm>
#include <cassert>

namespace tessera {
namespace {

constexpr std::size_t first_ring = 16;
constexpr std::size_t looked_at_per_add = 4;  // so that what is too old leaves at least as fast as new comes
constexpr int shard_shift = 58;
constexpr std::uint64_t position_mask = (std::uint64_t{1} << shard_shift) - 1;

}  // namespace

Outcomes::Outcomes(std::size_t max_requests) : max_per_shard_(std::max<std::size_t>(1, max_requests / shard_count)) {}

std::uint64_t Outcomes::hash(AccountId account, RequestId request) {
  std::uint64_t mixed = static_cast<std::uint64_t>(request) ^ static_cast<std::uint64_t>(account) * 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93u;
  mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93u;
  return mixed ^ (mixed >> 32);
}

std::int32_t Outcomes::second_of(TimePoint time) {
  return static_cast<std::int32_t>(time.time_since_epoch().count() / 1'000'000);
}

std::optional<std::size_t> Outcomes::find_place(const Shard& shard, std::uint64_t hashed, AccountId account,
                                                RequestId request) {
  if (shard.head == shard.tail) return std::nullopt;
  const std::size_t mask = shard.index.size() - 1;
  for (std::size_t place = hashed & mask; shard.index[place] != 0; place = (place + 1) & mask) {
    const Entry& entry = shard.ring[shard.index[place] - 1];
    if (entry.request == request && entry.account == account) return shard.index[place] - 1;
  }
  return std::nullopt;
}

std::optional<Outcomes::Known> Outcomes::find(AccountId account, RequestId request, TimePoint now) const {
  const std::uint64_t hashed = hash(account, request);
  const Shard& shard = shards_[hashed >> shard_shift];
  const auto place = find_place(shard, hashed, account, request);
  if (!place) return std::nullopt;
  const Entry& entry = shard.ring[*place];
  Known known{.state = entry.state, .accepted = entry.accepted};
  if (entry.state == State::Pending) {
    known.pending = entry.first_seq;
    return known;
  }
  if (second_of(now) - entry.second >= std::chrono::seconds(kept).count()) return std::nullopt;
  known.first_seq = entry.first_seq;
  if (entry.runs == 0) return known;
  for (const Run& run : shard.runs[entry.runs - 1]) {
    for (std::uint32_t index = run.first; index <= run.last; ++index) {
      known.rejected.push_back({static_cast<std::uint16_t>(index), run.reason, run.retry_after_ms});
    }
  }
  return known;
}

Outcomes::Handle Outcomes::add(const Entry& entry, TimePoint now) {
  const std::uint64_t hashed = hash(entry.account, entry.request);
  const std::size_t number = hashed >> shard_shift;
  Shard& shard = shards_[number];
  expire(shard, now, looked_at_per_add);
  // One too old for an answer may still stand behind others: it makes way for the new.
  if (const auto old = find_place(shard, hashed, entry.account, entry.request)) {
    assert(shard.ring[*old].state != State::Pending && "a request may be added once");
    remove_from_index(shard, shard.ring[*old]);
  }
  if (shard.tail - shard.head == shard.ring.size()) grow(shard);
  const std::uint64_t position = shard.tail++;
  shard.at(position) = entry;
  put_in_index(shard, hashed, position);
  return Handle{static_cast<std::uint64_t>(number) << shard_shift | (position & position_mask)};
}

void Outcomes::put_in_index(Shard& shard, std::uint64_t hashed, std::uint64_t position) {
  const std::size_t mask = shard.index.size() - 1;
  std::size_t place = hashed & mask;
  while (shard.index[place] != 0) place = (place + 1) & mask;
  shard.index[place] = static_cast<std::uint32_t>(position & (shard.ring.size() - 1)) + 1;
}

void Outcomes::remove_from_index(Shard& shard, Entry& entry) {
  entry.state = State::Forgotten;
  const std::size_t mask = shard.index.size() - 1;
  const auto hashed_at = [&](std::size_t place) {
    const Entry& other = shard.ring[shard.index[place] - 1];
    return hash(other.account, other.request) & mask;
  };
  std::size_t hole = hash(entry.account, entry.request) & mask;
  while (&shard.ring[shard.index[hole] - 1] != &entry) hole = (hole + 1) & mask;
  for (std::size_t next = (hole + 1) & mask; shard.index[next] != 0; next = (next + 1) & mask) {
    if (((next - hashed_at(next)) & mask) < ((next - hole) & mask)) continue;
    shard.index[hole] = shard.index[next];
    hole = next;
  }
  shard.index[hole] = 0;
}

void Outcomes::grow(Shard& shard) {
  std::vector<Entry> old = std::move(shard.ring);
  shard.ring.assign(std::max(first_ring, old.size() * 2), Entry{});
  shard.index.assign(shard.ring.size() * 2, 0);
  for (std::uint64_t position = shard.head; position < shard.tail; ++position) {
    const Entry& entry = old[position & (old.size() - 1)];
    shard.at(position) = entry;
    if (entry.state != State::Forgotten) put_in_index(shard, hash(entry.account, entry.request), position);
  }
}

void Outcomes::pop(Shard& shard) {
  Entry& oldest = shard.at(shard.head);
  if (oldest.state != State::Forgotten) remove_from_index(shard, oldest);
  if (oldest.runs != 0) {
    std::vector<Run>& runs = shard.runs[oldest.runs - 1];
    shard.run_total -= runs.size();
    runs = {};
    shard.free_runs.push_back(oldest.runs - 1);
  }
  ++shard.head;
}

void Outcomes::expire(Shard& shard, TimePoint now, std::size_t at_most) {
  for (; at_most > 0 && shard.head != shard.tail; --at_most) {
    const Entry& oldest = shard.at(shard.head);
    if (oldest.state == State::Pending) return;
    const bool too_old = second_of(now) - oldest.second >= std::chrono::seconds(kept).count();
    const bool too_many = shard.tail - shard.head >= max_per_shard_ || shard.run_total > max_per_shard_;
    if (!too_old && !too_many && oldest.state != State::Forgotten) return;
    pop(shard);
  }
}

void Outcomes::keep_runs(Shard& shard, Entry& entry, std::span<const Rejection> rejected) {
  if (rejected.empty()) return;
  std::vector<Run> runs;
  for (const Rejection& cell : rejected) {
    if (!runs.empty() && runs.back().last + 1 == cell.index && runs.back().reason == cell.reason &&
        runs.back().retry_after_ms == cell.retry_after_ms) {
      runs.back().last = cell.index;
    } else {
      runs.push_back({cell.index, cell.index, cell.reason, cell.retry_after_ms});
    }
  }
  runs.shrink_to_fit();
  shard.run_total += runs.size();
  if (shard.free_runs.empty()) {
    shard.runs.push_back(std::move(runs));
    entry.runs = static_cast<std::uint32_t>(shard.runs.size());
  } else {
    entry.runs = shard.free_runs.back() + 1;
    shard.free_runs.pop_back();
    shard.runs[entry.runs - 1] = std::move(runs);
  }
}

Outcomes::Entry& Outcomes::entry(Handle handle) {
  Shard& shard = shards_[static_cast<std::uint64_t>(handle) >> shard_shift];
  Entry& found = shard.at(static_cast<std::uint64_t>(handle) & position_mask);
  assert(found.state == State::Pending);
  return found;
}

Outcomes::Handle Outcomes::add_pending(AccountId account, RequestId request, std::uint64_t pending, TimePoint now) {
  return add(
      {.request = request, .first_seq = pending, .account = account, .second = second_of(now), .state = State::Pending},
      now);
}

void Outcomes::answer(Handle handle, Seq first_seq, std::uint32_t accepted, std::span<const Rejection> rejected,
                      TimePoint now) {
  Entry& pending = entry(handle);
  pending.first_seq = first_seq;
  pending.accepted = static_cast<std::uint16_t>(accepted);
  pending.state = State::Answered;
  pending.second = second_of(now);
  keep_runs(shards_[static_cast<std::uint64_t>(handle) >> shard_shift], pending, rejected);
}

void Outcomes::add_answered(AccountId account, RequestId request, Seq first_seq, std::uint32_t accepted,
                            std::span<const Rejection> rejected, TimePoint now) {
  answer(add_pending(account, request, 0, now), first_seq, accepted, rejected, now);
}

void Outcomes::add_unknown(AccountId account, RequestId request, TimePoint now) {
  add({.request = request, .account = account, .second = second_of(now), .state = State::Unknown}, now);
}

void Outcomes::sweep(TimePoint now) {
  Shard& shard = shards_[next_sweep_];
  next_sweep_ = (next_sweep_ + 1) % shard_count;
  expire(shard, now, shard.ring.size());
  if (shard.head == shard.tail) shard = Shard{};
}

std::size_t Outcomes::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) total += shard.tail - shard.head;
  return total;
}

}  // namespace tessera
