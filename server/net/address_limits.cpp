#include "server/net/address_limits.h"

#include <algorithm>

namespace tessera {

AddressKey address_key(const boost::asio::ip::address& address) {
  AddressKey key{};
  if (address.is_v6() && !address.to_v6().is_v4_mapped()) {
    const auto bytes = address.to_v6().to_bytes();
    key[0] = 6;
    std::copy_n(bytes.begin(), 8, key.begin() + 1);
    return key;
  }
  const auto v4 = address.is_v6() ? boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
                                  : address.to_v4();
  const auto bytes = v4.to_bytes();
  key[0] = 4;
  std::copy(bytes.begin(), bytes.end(), key.begin() + 1);
  return key;
}

bool AddressLimits::count(const AddressKey& address) {
  const auto found = counts_.find(address);
  if (limits_.per_address && found != counts_.end() && found->second >= *limits_.per_address) return false;
  ++counts_[address];
  return true;
}

AddressLimits::Verdict AddressLimits::enter(const std::optional<AddressKey>& address) {
  const std::lock_guard lock(mutex_);
  if (open_ >= limits_.connections) return Verdict::ServerFull;
  if (address && !count(*address)) return Verdict::AddressFull;
  ++open_;
  return Verdict::Admitted;
}

bool AddressLimits::claim(const AddressKey& address) {
  const std::lock_guard lock(mutex_);
  return count(address);
}

void AddressLimits::leave(const std::optional<AddressKey>& address) {
  const std::lock_guard lock(mutex_);
  --open_;
  if (!address) return;
  const auto found = counts_.find(*address);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

std::size_t AddressLimits::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace tessera
