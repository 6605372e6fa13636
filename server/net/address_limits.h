#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include <boost/asio/ip/address.hpp>

namespace tessera {

/// Whose connections count together: an IPv4 address, or the /64 of an IPv6 one (one household, one customer).
using AddressKey = std::array<std::uint8_t, 9>;
AddressKey address_key(const boost::asio::ip::address& address);

/// Counts open connections, in all and per address. May be used from any thread.
class AddressLimits {
 public:
  struct Limits {
    std::size_t connections = 20'000;
    std::optional<std::size_t> per_address = 256;  ///< absent: no limit
  };
  enum class Verdict : std::uint8_t { Admitted, ServerFull, AddressFull };

  explicit AddressLimits(Limits limits) : limits_(limits) {}

  /// Nothing: a proxy's connection, which counts for no address.
  Verdict enter(const std::optional<AddressKey>& address);
  /// What is open without an address counts for this one from now on; not where that has as many as it may.
  bool claim(const AddressKey& address);
  void leave(const std::optional<AddressKey>& address);
  std::size_t open() const;

 private:
  bool count(const AddressKey& address);

  Limits limits_;
  mutable std::mutex mutex_;
  std::map<AddressKey, std::size_t> counts_;
  std::size_t open_ = 0;
};

}  // namespace tessera
