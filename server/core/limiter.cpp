#include "server/core/limiter.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <unordered_map>

namespace tessera {
namespace {

__extension__ using Wide = __int128;  // products of µs and millionths pass 64 bits

constexpr std::int64_t micro = 1'000'000;
constexpr std::int64_t rate_unit = 1'000'000'000'000;
constexpr double fastest = 1e6;  // charges a second: so that a rate fits its 64 bits
constexpr std::int64_t slot_us = 5 * micro;
constexpr std::int64_t minute_us = 60 * micro;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min() / 4;
constexpr std::int64_t far_future = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t counter_max = std::numeric_limits<std::uint16_t>::max();
constexpr int first_bits = 4;

std::int64_t us(TimePoint time) { return time.time_since_epoch().count(); }

/// Trillionths of a charge a second, rounded up. By hand: `std::ceil` is a call where the processor has no instruction for it.
std::int64_t rate_of(double per_second) {
  const double exact = std::clamp(per_second, 0.0, fastest) * 1e12;
  const auto whole = static_cast<std::int64_t>(exact);
  return static_cast<double>(whole) < exact ? whole + 1 : whole;
}

std::int32_t slot_of(std::int64_t time_us) {
  const std::int64_t down = time_us >= 0 ? time_us / slot_us : -((-time_us + slot_us - 1) / slot_us);
  return static_cast<std::int32_t>(down);
}

std::size_t place_of(std::int32_t slot, int places) {
  return static_cast<std::size_t>((slot % places + places) % places);
}

std::uint32_t ms_up(std::int64_t time_us) {
  const std::int64_t ms = (time_us + 999) / 1'000;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(ms, 0, no_limit));
}

}  // namespace

struct Limiter::Units {
  bool bucket = false;
  bool minute = false;
  std::int64_t burst = 0;  // millionths
  std::int64_t rate = 0;   // trillionths a second, rounded up: millionths a µs, times `rate_unit`
  std::uint32_t cap = 0;
  std::int64_t cooldown_us = 0;

  explicit Units(const PlacingLimits& limits)
      : bucket(limits.per_second.has_value()),
        minute(limits.per_minute.has_value()),
        burst(std::int64_t{limits.burst} * micro),
        rate(bucket ? rate_of(*limits.per_second) : 0),
        cap(limits.per_minute.value_or(0)),
        cooldown_us(std::int64_t{limits.cooldown_ms} * 1'000) {}

  std::uint32_t most() const {
    std::uint32_t least = no_limit;
    if (bucket) least = static_cast<std::uint32_t>(burst / micro);
    if (minute) least = std::min({least, cap, counter_max});
    if (cooldown_us > 0) least = std::min(least, 1u);
    return least;
  }
  std::int64_t full_but_a_minute() const {
    const Wide gained = Wide{minute_us} * rate / rate_unit;
    return gained >= burst ? 0 : burst - static_cast<std::int64_t>(gained);
  }
  std::uint32_t refill_ms() const {
    std::int64_t between = cooldown_us;
    if (bucket && rate > 0)
      between = std::max(between, static_cast<std::int64_t>((Wide{micro} * rate_unit + rate - 1) / rate));
    if (!bucket && minute && cap > 0) between = std::max(between, minute_us / cap);
    return ms_up(between);
  }
};

Limiter::Limiter() = default;

bool Limiter::unlimited(const PlacingLimits& limits) {
  return !limits.per_second && !limits.per_minute && limits.cooldown_ms == 0;
}

bool Limiter::outlasts_a_minute(const PlacingLimits& limits) {
  const Units units(limits);
  const bool slow_bucket = units.bucket && Wide{units.burst} * rate_unit > Wide{units.rate} * minute_us;
  return slow_bucket || units.cooldown_us > minute_us;
}

const Limiter::Entry* Limiter::find(AccountId account) const {
  const std::uint64_t hashed = hash(account);
  const Shard& shard = shards_[hashed >> (64 - shard_bits)];
  if (shard.used == 0 || account == nobody) return nullptr;
  for (std::size_t place = shard.home(hashed);; place = (place + 1) & shard.mask()) {
    const Entry& entry = shard.entries[place];
    if (entry.account == account) return &entry;
    if (entry.account == nobody) return nullptr;
  }
}

Limiter::Entry& Limiter::find_or_add(AccountId account, Role role, const Units& units, std::int64_t now_us) {
  assert(account != nobody);
  const std::uint64_t hashed = hash(account);
  Shard& shard = shards_[hashed >> (64 - shard_bits)];
  if ((shard.used + 1) * 5 > shard.entries.size() * 4) grow(shard);
  for (std::size_t place = shard.home(hashed);; place = (place + 1) & shard.mask()) {
    Entry& entry = shard.entries[place];
    if (entry.account == nobody) {
      entry =
          Entry{.tokens = units.burst, .updated = now_us, .last = never, .account = account, .slot = slot_of(now_us)};
      ++shard.used;
    }
    if (entry.account == account) {
      entry.role = role;
      return entry;
    }
  }
}

void Limiter::grow(Shard& shard) {
  const auto old = std::move(shard.entries);
  shard.bits = old.empty() ? first_bits : shard.bits + 1;
  shard.entries.assign(std::size_t{1} << shard.bits, Entry{});
  for (const Entry& entry : old) {
    if (entry.account == nobody) continue;
    std::size_t place = shard.home(hash(entry.account));
    while (shard.entries[place].account != nobody) place = (place + 1) & shard.mask();
    shard.entries[place] = entry;
  }
}

void Limiter::erase(Shard& shard, std::size_t place) {
  const std::size_t mask = shard.mask();
  std::size_t hole = place;
  for (std::size_t next = (hole + 1) & mask; shard.entries[next].account != nobody; next = (next + 1) & mask) {
    const std::size_t home = shard.home(hash(shard.entries[next].account));
    if (((next - home) & mask) < ((next - hole) & mask)) continue;  // it would move before its home
    shard.entries[hole] = shard.entries[next];
    hole = next;
  }
  shard.entries[hole] = Entry{};
  --shard.used;
}

std::int64_t Limiter::tokens_at(const Entry& entry, const Units& units, std::int64_t now_us) {
  const std::int64_t tokens = std::min(entry.tokens, units.burst);
  const std::int64_t elapsed = std::max<std::int64_t>(0, now_us - entry.updated);
  const Wide product = Wide{elapsed} * units.rate;
  // Full again, as most accounts are: a comparison in place of a division of 128 bits.
  if (product >= Wide{units.burst - tokens} * rate_unit) return units.burst;
  return tokens + static_cast<std::int64_t>(product / rate_unit);
}

/// µs until the bucket holds `wanted` charges, which is at most its size.
std::int64_t Limiter::next_token_us(const Entry& entry, const Units& units, std::uint32_t wanted, std::int64_t now_us) {
  const std::int64_t missing = std::int64_t{wanted} * micro - std::min(entry.tokens, units.burst);
  if (missing <= 0) return 0;
  if (units.rate == 0) return far_future;
  const Wide needed = (Wide{missing} * rate_unit + units.rate - 1) / units.rate;
  const std::int64_t elapsed = std::max<std::int64_t>(0, now_us - entry.updated);
  return static_cast<std::int64_t>(std::min<Wide>(std::max<Wide>(0, needed - elapsed), far_future));
}

/// Placements that the sliding minute still allows in this 5-second slot.
std::uint32_t Limiter::minute_at(const Entry& entry, const Units& units, std::int32_t slot) {
  std::uint32_t used = 0;
  for (const std::uint16_t in_slot : entry.counts) used += in_slot;
  const std::int32_t oldest = entry.slot - counters + 1;
  for (std::int32_t s = oldest; s <= std::min(entry.slot, slot - counters); ++s) used -= entry.counts[place_of(s, counters)];
  const bool held = slot >= oldest && slot <= entry.slot;
  const std::uint32_t current = held ? entry.counts[place_of(slot, counters)] : 0;
  return std::min(units.cap > used ? units.cap - used : 0, counter_max - current);
}

/// µs until the sliding minute allows `wanted`, which is at most the cap, if nothing is placed until then.
std::int64_t Limiter::next_minute_us(const Entry& entry, const Units& units, std::uint32_t wanted,
                                     std::int64_t now_us) {
  const std::int32_t now_slot = slot_of(now_us);
  for (std::int32_t slot = now_slot; slot <= now_slot + counters; ++slot) {
    if (minute_at(entry, units, slot) < wanted) continue;
    return slot == now_slot ? 0 : std::int64_t{slot} * slot_us - now_us;
  }
  return far_future;  // more than one counter can hold
}

std::uint32_t Limiter::least(const Entry& entry, const Units& units, std::int64_t now_us) {
  std::uint32_t charges = units.most();
  if (units.bucket) charges = std::min(charges, static_cast<std::uint32_t>(tokens_at(entry, units, now_us) / micro));
  if (units.minute) charges = std::min(charges, minute_at(entry, units, slot_of(now_us)));
  if (units.cooldown_us > 0 && now_us - entry.last < units.cooldown_us) charges = 0;
  return charges;
}

void Limiter::advance(Entry& entry, std::int32_t slot) {
  if (slot <= entry.slot) return;
  if (slot - entry.slot >= counters) {
    entry.counts.fill(0);
  } else {
    for (std::int32_t s = entry.slot + 1; s <= slot; ++s) entry.counts[place_of(s, counters)] = 0;
  }
  entry.slot = slot;
}

bool Limiter::is_full(const Entry& entry, const Units& units, std::int64_t now_us) {
  if (units.bucket && tokens_at(entry, units, now_us) < units.burst) return false;
  if (units.cooldown_us > 0 && now_us - entry.last < units.cooldown_us) return false;
  return !units.minute || minute_at(entry, units, slot_of(now_us)) >= std::min(units.cap, counter_max);
}

std::uint32_t Limiter::available(AccountId account, const PlacingLimits& limits, TimePoint now) const {
  if (unlimited(limits)) return no_limit;
  const Units units(limits);
  const Entry* entry = find(account);
  return entry == nullptr ? units.most() : least(*entry, units, us(now));
}

Limiter::Taken Limiter::take(AccountId account, Role role, const PlacingLimits& limits, std::uint32_t count,
                             TimePoint now) {
  Taken taken{.at_us = us(now), .last_before_us = never};
  if (unlimited(limits) || count == 0) return taken;
  const Units units(limits);
  Entry& entry = find_or_add(account, role, units, taken.at_us);
  taken.last_before_us = entry.last;
  entry.tokens = tokens_at(entry, units, taken.at_us) - std::int64_t{count} * micro;
  if (!units.bucket) entry.tokens = units.burst;
  assert(entry.tokens >= 0 && "more charges taken than available");
  entry.updated = taken.at_us;
  entry.last = taken.at_us;
  const std::int32_t slot = slot_of(taken.at_us);
  advance(entry, slot);
  auto& counter = entry.counts[place_of(slot, counters)];
  counter = static_cast<std::uint16_t>(std::min(counter + count, counter_max));
  return taken;
}

Limiter::Entry* Limiter::recharge(AccountId account, const PlacingLimits& limits, std::uint32_t count, TimePoint now) {
  if (unlimited(limits) || count == 0) return nullptr;
  auto* entry = const_cast<Entry*>(find(account));
  if (entry == nullptr) return nullptr;
  const Units units(limits);
  entry->tokens = std::min(units.burst, tokens_at(*entry, units, us(now)) + std::int64_t{count} * micro);
  entry->updated = us(now);
  return entry;
}

void Limiter::give_back(AccountId account, const PlacingLimits& limits, std::uint32_t count, const Taken& taken,
                        TimePoint now) {
  Entry* entry = recharge(account, limits, count, now);
  if (entry == nullptr) return;
  if (entry->last == taken.at_us) entry->last = taken.last_before_us;
  const std::int32_t slot = slot_of(taken.at_us);
  if (slot > entry->slot - counters) {
    auto& counter = entry->counts[place_of(slot, counters)];
    counter = static_cast<std::uint16_t>(counter > count ? counter - count : 0);
  }
}

void Limiter::refund(AccountId account, const PlacingLimits& limits, std::uint32_t count, TimePoint now) {
  if (Entry* entry = recharge(account, limits, count, now)) entry->last = never;
}

void Limiter::merge(AccountId from, AccountId to, Role role, const PlacingLimits& limits, TimePoint now) {
  const Entry* known = unlimited(limits) || from == to ? nullptr : find(from);
  if (known == nullptr) return;
  const Entry other = *known;  // adding an entry may move it
  const Units units(limits);
  merge(find_or_add(to, role, units, us(now)), other, units, us(now));
}

void Limiter::merge(Entry& into, const Entry& other, const Units& units, std::int64_t now_us) {
  into.tokens = std::min(tokens_at(into, units, now_us), tokens_at(other, units, now_us));
  into.updated = now_us;
  into.last = std::max(into.last, other.last);
  advance(into, other.slot);
  for (std::int32_t slot = other.slot - counters + 1; slot <= other.slot; ++slot) {
    if (slot <= into.slot - counters) continue;
    auto& counter = into.counts[place_of(slot, counters)];
    counter = static_cast<std::uint16_t>(std::min<std::uint32_t>(counter + other.counts[place_of(slot, counters)], counter_max));
  }
}

ChargeState Limiter::state(AccountId account, const PlacingLimits& limits, TimePoint now) const {
  if (unlimited(limits)) return {};
  const Units units(limits);
  ChargeState state{.charges = units.most(), .max = units.most(), .next_ms = 0, .refill_ms = units.refill_ms()};
  const Entry* entry = find(account);
  if (entry == nullptr) return state;
  const std::int64_t now_us = us(now);
  state.charges = least(*entry, units, now_us);
  if (state.charges >= state.max) return state;
  const std::uint32_t wanted = state.charges + 1;
  std::int64_t next = 0;
  if (units.bucket) next = next_token_us(*entry, units, wanted, now_us);
  if (units.minute) next = std::max(next, next_minute_us(*entry, units, wanted, now_us));
  if (units.cooldown_us > 0) next = std::max(next, entry->last + units.cooldown_us - now_us);
  state.next_ms = ms_up(next);
  return state;
}

std::optional<SavedCharges> Limiter::saved(AccountId account, const PlacingLimits& limits, CanvasId canvas,
                                           Moment moment) const {
  const Entry* entry = unlimited(limits) ? nullptr : find(account);
  if (entry == nullptr) return std::nullopt;
  const Units units(limits);
  const std::int64_t now_us = us(moment.now);
  const auto most = static_cast<std::uint32_t>(units.burst / micro);
  const bool bucket_soon = !units.bucket || next_token_us(*entry, units, most, now_us) <= minute_us;
  const bool cooldown_soon = entry->last + units.cooldown_us - now_us <= minute_us;
  if (bucket_soon && cooldown_soon) return std::nullopt;
  const TimePoint last{Duration{std::max(entry->last, now_us - far_future / 1'000)}};
  return SavedCharges{.canvas = canvas,
                      .account = account,
                      .time = moment.wall,
                      .tokens_micro = static_cast<std::uint64_t>(tokens_at(*entry, units, now_us)),
                      .last_placement = wall_of(last, moment)};
}

void Limiter::rebuild(std::span<const SavedCharges> saved, std::span<const Placement> recent, const Policy& policy,
                      const std::function<Charged(AccountId)>& charged, Moment start) {
  std::unordered_map<AccountId, WallTime> covered;  // placements up to then are in what was saved
  for (const SavedCharges& charges : saved) {
    if (charges.account == nobody) continue;
    const auto [account, role] = charged(charges.account);
    if (unlimited(policy.limits_for(role))) continue;
    const Units units(policy.limits_for(role));
    Entry& entry = find_or_add(account, role, units, us(start.now));
    Entry stored = entry;
    stored.tokens = static_cast<std::int64_t>(std::min<std::uint64_t>(charges.tokens_micro, far_future));
    stored.updated = us(monotonic_of(charges.time, start));
    stored.last = us(monotonic_of(charges.last_placement, start));
    const auto [until, is_first] = covered.try_emplace(account, charges.time);
    if (is_first) {
      entry = stored;
    } else {  // of a guest and of the account that it is an alias of
      merge(entry, stored, units, us(start.now));
      until->second = std::min(until->second, charges.time);
    }
  }
  const std::int64_t first_us = us(start.now) - std::chrono::microseconds(replayed).count();
  for (const Placement& placement : recent) {
    if (placement.account == nobody || placement.kind == PlacementKind::Undo || placement.kind == PlacementKind::Rollback) continue;
    const auto [account, role] = charged(placement.account);
    const Units units(policy.limits_for(role));
    const std::int64_t placed_us = us(monotonic_of(placement.time, start));
    if (unlimited(policy.limits_for(role)) || placed_us < first_us) continue;
    Entry& entry = find_or_add(account, role, units, first_us);
    if (entry.updated <= first_us) {  // nothing saved since: then no more than a minute's charges were missing
      entry.tokens = std::min(tokens_at(entry, units, first_us), units.full_but_a_minute());
      entry.updated = first_us + 1;
    }
    const auto until = covered.find(account);
    if (until == covered.end() || placement.time > until->second) {
      entry.tokens = std::max<std::int64_t>(0, tokens_at(entry, units, placed_us) - micro);
      entry.updated = std::max(entry.updated, placed_us);
      entry.last = std::max(entry.last, placed_us);
    }
    advance(entry, slot_of(placed_us));
    auto& counter = entry.counts[place_of(slot_of(placed_us), counters)];
    if (slot_of(placed_us) > entry.slot - counters && counter < counter_max) ++counter;
  }
}

void Limiter::sweep(const Policy& policy, TimePoint now) {
  Shard& shard = shards_[next_sweep_];
  next_sweep_ = (next_sweep_ + 1) % shard_count;
  for (std::size_t place = 0; place < shard.entries.size();) {
    const Entry& entry = shard.entries[place];
    if (entry.account != nobody && is_full(entry, Units(policy.limits_for(entry.role)), us(now))) {
      erase(shard, place);  // and look at what moved here
    } else {
      ++place;
    }
  }
  if (shard.used == 0) shard.entries = {};
}

std::size_t Limiter::accounts() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) total += shard.used;
  return total;
}

std::size_t Limiter::bytes() const {
  std::size_t total = sizeof *this;
  for (const Shard& shard : shards_) total += shard.entries.capacity() * sizeof(Entry);
  return total;
}

}  // namespace tessera
