#pragma once

#include <string>
#include <unordered_map>

#include "server/core/records.h"

namespace tessera {

/// Every account, by id. Belongs to the room loop. Knows nothing of sessions or of the store: whoever changes an
/// account writes it, and puts it here once it is stored.
class Accounts {
 public:
  /// Null where there is none; borrowed until the next change.
  const AccountRecord* find(AccountId id) const;
  /// New, or in place of the older one.
  void put(AccountRecord account);
  /// A guest's record under an id that was never given out; not yet in the table.
  AccountRecord new_guest(std::string name, WallTime now);
  std::size_t size() const { return accounts_.size(); }

 private:
  std::unordered_map<AccountId, AccountRecord> accounts_;
  std::uint32_t last_id_ = 0;
};

}  // namespace tessera
