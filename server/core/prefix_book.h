#pragma once

#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "server/core/address_prefix.h"

namespace tessera {

/// Where each account was seen, and who was seen where. Belongs to the room loop. Knows nothing of addresses, nor of accounts that stand
/// for others.
class PrefixBook {
 public:
  /// As it is stored.
  void put(const SeenRecord& record);
  /// The account is there now. What is new of it, or an hour old, is to be written.
  void note(AccountId account, std::span<const AddressPrefix> prefixes, WallTime now);
  /// Those to be written since the last call.
  std::vector<SeenRecord> take_changed();
  /// They could not be written: they are taken again.
  void give_back(const std::vector<SeenRecord>& records);

  /// The newest first.
  std::vector<SeenPrefix> of(AccountId account) const;
  /// By id.
  std::vector<AccountId> accounts_of(const AddressPrefix& prefix) const;

 private:
  std::unordered_map<AccountId, std::vector<SeenPrefix>> seen_;  // the newest first
  std::map<AddressPrefix, std::set<AccountId>> accounts_;
  std::unordered_set<AccountId> changed_;
};

}  // namespace tessera
