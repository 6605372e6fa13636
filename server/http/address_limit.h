#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/base/clock.h"

namespace tessera {

/// How many calls a minute one address may make: no 60 seconds anywhere hold more than the cap. IPv6 counts by /64. Any thread.
class AddressLimit {
 public:
  /// Nothing: no limit.
  explicit AddressLimit(std::optional<std::uint32_t> per_minute) { set(per_minute); }

  /// Counts one call of `address` and returns nothing; or, where the minute is used up, how long until the next may come. A
  /// refused call costs nothing.
  std::optional<std::chrono::milliseconds> refuse(std::string_view address, TimePoint now);

  std::optional<std::uint32_t> per_minute() const {
    const std::int64_t most = per_minute_.load(std::memory_order_relaxed);
    return most < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(most));
  }
  /// Calls refused since the start.
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }
  /// From now on; what was counted stays.
  void set(std::optional<std::uint32_t> per_minute) { per_minute_ = per_minute ? std::int64_t{*per_minute} : no_limit; }

 private:
  static constexpr std::chrono::seconds window{60};
  static constexpr std::size_t most_addresses = 1u << 14;

  void make_room(TimePoint now);

  static constexpr std::int64_t no_limit = -1;

  std::atomic<std::int64_t> per_minute_{no_limit};
  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<TimePoint>> calls_;  // by address, the oldest first, none older than the window
};

/// Not a whole address but its network, /24 or /48: what logs may hold.
std::string network_of(std::string_view address);

/// An address as limits count it: IPv4 (also where it is mapped into IPv6) as it is, IPv6 by its first 64 bits.
std::string counted_address(std::string_view address);

}  // namespace tessera
