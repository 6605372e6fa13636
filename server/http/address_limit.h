#pragma once

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
  explicit AddressLimit(std::optional<std::uint32_t> per_minute) : per_minute_(per_minute) {}

  /// Counts one call of `address` and returns nothing; or, where the minute is used up, the seconds, rounded up, until the next
  /// may come. A refused call costs nothing.
  std::optional<std::uint32_t> refuse(std::string_view address, TimePoint now);

  std::optional<std::uint32_t> per_minute() const { return per_minute_; }

 private:
  static constexpr std::chrono::seconds window{60};
  static constexpr std::size_t most_addresses = 1u << 14;

  void make_room(TimePoint now);

  const std::optional<std::uint32_t> per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<TimePoint>> calls_;  // by address, the oldest first, none older than the window
};

/// An address as limits count it: IPv4 (also where it is mapped into IPv6) as it is, IPv6 by its first 64 bits.
std::string counted_address(std::string_view address);

}  // namespace tessera
