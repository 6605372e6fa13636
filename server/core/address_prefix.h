#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/ids.h"

/// Where accounts come from, as it is kept: never an address, but keyed hashes of the networks that it is of.
namespace tessera {

enum class PrefixKind : std::uint8_t { V4Address, V4Network, V6Address, V6Subnet, V6Site };
inline constexpr std::uint8_t prefix_kind_count = 5;

/// Of each kind: how many bits of an address it has.
inline constexpr std::array<unsigned, prefix_kind_count> prefix_bits{32, 24, 128, 64, 48};
constexpr unsigned bits_of(PrefixKind kind) { return prefix_bits[static_cast<std::size_t>(kind)]; }

/// One network. Two addresses have the same where they are of the same network, as long as the server keeps its key.
struct AddressPrefix {
  PrefixKind kind{};
  std::uint64_t hash = 0;
  auto operator<=>(const AddressPrefix&) const = default;
};

/// `v4-24/9f86d081884c7d65`: the name under which staff see it.
std::string prefix_id(const AddressPrefix& prefix);
/// Nothing where it is none.
std::optional<AddressPrefix> parse_prefix_id(std::string_view text);

/// What one household has: an address, of IPv6 a /64.
constexpr bool is_one_address(const AddressPrefix& prefix) { return prefix.kind == PrefixKind::V4Address || prefix.kind == PrefixKind::V6Subnet; }

/// Of some accounts, the addresses at which they were seen.
using AddressesOf = std::unordered_map<AccountId, std::vector<AddressPrefix>>;

/// That an account was seen there.
struct SeenPrefix {
  AddressPrefix prefix;
  WallTime first{};
  WallTime last{};  ///< to within an hour
  bool operator==(const SeenPrefix&) const = default;
};

/// The newest of an account.
inline constexpr std::size_t most_prefixes = 16;
struct SeenRecord {
  AccountId account{};
  std::vector<SeenPrefix> prefixes;  ///< the one seen last first; at most `most_prefixes`
  bool operator==(const SeenRecord&) const = default;
};

}  // namespace tessera
