#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "server/core/http.h"

namespace tessera {

/// An address as 128 bits: IPv4 as mapped into IPv6.
using AddressBits = std::array<std::uint8_t, 16>;
/// Nothing where it is none.
std::optional<AddressBits> read_address(std::string_view text);

/// A network as `10.0.0.0/8`, `fd00::/8`, or one address.
class Network {
 public:
  static std::optional<Network> parse(std::string_view text);
  /// IPv4 addresses mapped into IPv6 count as IPv4.
  bool contains(std::string_view address) const;

 private:
  AddressBits bits_{};
  unsigned length_ = 0;
};

bool is_trusted(std::string_view address, const std::vector<Network>& trusted);

/// Where a request comes from a trusted proxy, makes it look as if its client had come itself: `peer` is the last address of
/// `X-Forwarded-For` that is not a trusted proxy's, a port behind it dropped, `is_secure` as `X-Forwarded-Proto` says. From others these headers
/// mean nothing.
void apply_forwarding(HttpRequest& request, const std::vector<Network>& trusted);

}  // namespace tessera
