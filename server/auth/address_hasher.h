#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "server/core/address_prefix.h"
#include "shared/base/result.h"

namespace tessera {

/// Turns addresses into what is kept of them: the first 64 bits of the HMAC-SHA-256 (RFC 2104), under a key of the server, of a
/// network's kind and its bits. Immutable: any thread. Keeps no address.
class AddressHasher {
 public:
  using Key = std::array<std::uint8_t, 32>;
  explicit AddressHasher(const Key& key) : key_(key) {}

  /// The networks that an address is of, the narrowest first; none where it is no address. IPv4 mapped into IPv6 counts as IPv4.
  std::vector<AddressPrefix> prefixes(std::string_view address) const;

  /// What staff type: the name of a network as they were shown it, an address, or one with as many bits as are kept, such as
  /// `192.0.2.0/24`. An error says what is expected, and holds nothing of what was typed.
  Result<AddressPrefix> find(std::string_view typed) const;

 private:
  Key key_;
};

}  // namespace tessera
