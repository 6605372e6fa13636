#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "server/core/huge_pages.h"
#include "server/core/moment.h"
#include "server/core/records.h"

namespace tessera {

/// How fast each account may place on one canvas: a token bucket, a sliding minute and a cooldown, of which the least
/// counts. The minute is the counter of the current 5 seconds and the twelve before it, so that no 60 seconds anywhere
/// hold more than the cap (one 5-second counter ends at 65,535). Belongs to the room loop. Accounts that have all
/// their charges take no memory; the others 64 bytes each, at 40 % load of their table or more.
class Limiter {
 public:
  /// What `give_back` needs to undo a `take`.
  struct Taken {
    std::int64_t at_us = 0;
    std::int64_t last_before_us = 0;
  };

  Limiter();

  static bool unlimited(const PlacingLimits& limits);
  /// Whether charges under these limits can take over a minute to be full again, so that they must be saved.
  static bool outlasts_a_minute(const PlacingLimits& limits);

  /// Placements that `account` may make now; UINT32_MAX where nothing limits it.
  std::uint32_t available(AccountId account, const PlacingLimits& limits, TimePoint now) const;
  /// `count` is at most `available`.
  Taken take(AccountId account, Role role, const PlacingLimits& limits, std::uint32_t count, TimePoint now);
  /// What was taken but not stored; the newest first where one account has several.
  void give_back(AccountId account, const PlacingLimits& limits, std::uint32_t count, const Taken& taken,
                 TimePoint now);
  /// Charges of placements that were undone: they count in the sliding minute all the same, and the cooldown is over.
  void refund(AccountId account, const PlacingLimits& limits, std::uint32_t count, TimePoint now);
  /// `from` turned out to be `to`, whose limits these are: the lower tokens, the sum of what both placed within the minute, the
  /// later of their last placements. `from` keeps what it has.
  void merge(AccountId from, AccountId to, Role role, const PlacingLimits& limits, TimePoint now);
  ChargeState state(AccountId account, const PlacingLimits& limits, TimePoint now) const;

  /// What must outlive a restart by itself: nothing where all is full again within a minute of `moment`.
  std::optional<SavedCharges> saved(AccountId account, const PlacingLimits& limits, CanvasId canvas,
                                    Moment moment) const;
  /// Whose charges an account's placements use, and the role whose limits hold for them.
  struct Charged {
    AccountId account{};
    Role role{};
  };
  /// At start: what was saved (of one account twice: as if merged), then the journal's placements of the last `replayed`, in
  /// order. Errs on the side of
  /// fewer charges, by no more than comes back within two minutes.
  void rebuild(std::span<const SavedCharges> saved, std::span<const Placement> recent, const Policy& policy,
               const std::function<Charged(AccountId)>& charged, Moment start);
  static constexpr std::chrono::seconds replayed{65};

  /// Forgets accounts that have all their charges again, in a 64th of the table; call about once a second.
  void sweep(const Policy& policy, TimePoint now);
  std::size_t accounts() const;
  std::size_t bytes() const;

 private:
  static constexpr int counters = 13;
  static constexpr int shard_bits = 6;
  static constexpr std::size_t shard_count = std::size_t{1} << shard_bits;

  struct alignas(64) Entry {
    std::int64_t tokens = 0;                       // millionths, as of `updated`
    std::int64_t updated = 0;                      // µs
    std::int64_t last = 0;                         // µs of the last placement
    AccountId account{};                           // nobody: a free place
    std::int32_t slot = 0;                         // 5-second number of the newest counter
    std::array<std::uint16_t, counters> counts{};  // of slot s at s modulo 13
    Role role{};
  };
  static_assert(sizeof(Entry) == 64 && alignof(Entry) == 64, "one cache line an account");

  /// Open addressing, linear probing.
  struct Shard {
    std::vector<Entry, HugePageAllocator<Entry>> entries;  // a power of two of them
    std::size_t used = 0;
    int bits = 0;  // log2 of their number

    std::size_t mask() const { return entries.size() - 1; }
    /// Where the search for an account begins; only where there are entries.
    std::size_t home(std::uint64_t hashed) const { return hashed << shard_bits >> (64 - bits); }
  };

  /// Limits in the units of the entries.
  struct Units;

  /// Fibonacci hashing (Knuth, volume 3, 6.4), to be read from its high bits: numbers in a row, as accounts have, end up
  /// far from each other, so that an account nearly always stands where the search for it begins.
  static std::uint64_t hash(AccountId account) { return static_cast<std::uint64_t>(account) * 0x9E3779B97F4A7C15u; }
  static std::int64_t tokens_at(const Entry& entry, const Units& units, std::int64_t now_us);
  static std::int64_t next_token_us(const Entry& entry, const Units& units, std::uint32_t wanted, std::int64_t now_us);
  static std::uint32_t minute_at(const Entry& entry, const Units& units, std::int32_t slot);
  static std::int64_t next_minute_us(const Entry& entry, const Units& units, std::uint32_t wanted, std::int64_t now_us);
  static std::uint32_t least(const Entry& entry, const Units& units, std::int64_t now_us);
  static void advance(Entry& entry, std::int32_t slot);
  static void merge(Entry& into, const Entry& other, const Units& units, std::int64_t now_us);
  static bool is_full(const Entry& entry, const Units& units, std::int64_t now_us);
  const Entry* find(AccountId account) const;
  Entry& find_or_add(AccountId account, Role role, const Units& units, std::int64_t now_us);
  /// The entry of an account with `count` charges more; null where nothing limits it, or it has all of them.
  Entry* recharge(AccountId account, const PlacingLimits& limits, std::uint32_t count, TimePoint now);
  static void grow(Shard& shard);
  static void erase(Shard& shard, std::size_t place);

  std::array<Shard, shard_count> shards_;
  std::size_t next_sweep_ = 0;
};

}  // namespace tessera
