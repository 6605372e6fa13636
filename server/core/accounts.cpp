#include "server/core/accounts.h"

#include <algorithm>

namespace tessera {

const AccountRecord* Accounts::find(AccountId id) const {
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
}

void Accounts::put(AccountRecord account) {
  last_id_ = std::max(last_id_, static_cast<std::uint32_t>(account.id));
  const AccountId id = account.id;
  accounts_.insert_or_assign(id, std::move(account));
}

AccountRecord Accounts::new_guest(std::string name, WallTime now) {
  AccountRecord account;
  account.id = AccountId{++last_id_};
  account.name = std::move(name);
  account.created = now;
  return account;
}

}  // namespace tessera
