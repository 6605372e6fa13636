#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "server/core/records.h"

namespace tessera {

/// What became of the requests of the last ten minutes on one canvas, so that the same id sent or asked for again gets
/// the old answer. Oldest first out, by age or by bound. Belongs to the room loop. Knows nothing of batches: a pending
/// request carries a number that its owner understands.
class Outcomes {
 public:
  static constexpr std::chrono::minutes kept{10};

  enum class State : std::uint8_t {
    Pending,  ///< accepted, not yet committed: neither expires nor is pushed out
    Answered,
    Unknown,    ///< asked for before it came: it is never to be stored
    Forgotten,  ///< only inside: no longer to be found
  };
  /// Finds an entry again as long as it is pending.
  enum class Handle : std::uint64_t {};

  struct Known {
    State state{};
    std::uint64_t pending = 0;
    Seq first_seq = 0;
    std::uint32_t accepted = 0;
    std::vector<Rejection> rejected{};
  };

  /// At most about `max_requests` entries and as many runs of rejections.
  explicit Outcomes(std::size_t max_requests);

  std::optional<Known> find(AccountId account, RequestId request, TimePoint now) const;
  /// The id must not be known. `pending` is any number of the owner's.
  Handle add_pending(AccountId account, RequestId request, std::uint64_t pending, TimePoint now);
  void answer(Handle handle, Seq first_seq, std::uint32_t accepted, std::span<const Rejection> rejected, TimePoint now);
  void add_answered(AccountId account, RequestId request, Seq first_seq, std::uint32_t accepted,
                    std::span<const Rejection> rejected, TimePoint now);
  void add_unknown(AccountId account, RequestId request, TimePoint now);

  /// Lets go of what is too old in one shard of many; call about once a second.
  void sweep(TimePoint now);
  std::size_t size() const;

 private:
  static constexpr std::size_t shard_count = 64;

  /// Neighbouring cells refused for one reason: a request far over its charges takes one.
  struct Run {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    Refusal reason{};
    std::uint32_t retry_after_ms = 0;
  };
  struct Entry {
    RequestId request{};
    Seq first_seq = 0;  // or the pending number
    AccountId account{};
    std::int32_t second = 0;  // of monotonic time
    std::uint32_t runs = 0;   // place in `runs` + 1; 0: none rejected
    std::uint16_t accepted = 0;
    State state{};
  };
  static_assert(sizeof(Entry) == 32);

  /// A ring in order of arrival and an open-addressed index into it, small enough to grow without anyone noticing.
  struct Shard {
    std::vector<Entry> ring;           // a power of two
    std::vector<std::uint32_t> index;  // twice that: place in ring + 1, 0: free
    std::uint64_t head = 0;            // oldest
    std::uint64_t tail = 0;            // one past the newest
    std::vector<std::vector<Run>> runs;
    std::vector<std::uint32_t> free_runs;
    std::size_t run_total = 0;

    Entry& at(std::uint64_t position) { return ring[position & (ring.size() - 1)]; }
  };

  static std::uint64_t hash(AccountId account, RequestId request);
  static std::int32_t second_of(TimePoint time);
  static std::optional<std::size_t> find_place(const Shard& shard, std::uint64_t hashed, AccountId account,
                                               RequestId request);  // in its ring
  Handle add(const Entry& entry, TimePoint now);
  static void put_in_index(Shard& shard, std::uint64_t hashed, std::uint64_t position);
  static void remove_from_index(Shard& shard, Entry& entry);
  static void grow(Shard& shard);
  static void keep_runs(Shard& shard, Entry& entry, std::span<const Rejection> rejected);
  static void pop(Shard& shard);
  void expire(Shard& shard, TimePoint now, std::size_t at_most);
  Entry& entry(Handle handle);

  std::array<Shard, shard_count> shards_;
  std::size_t max_per_shard_;
  std::size_t next_sweep_ = 0;
};

}  // namespace tessera
