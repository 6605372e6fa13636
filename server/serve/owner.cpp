#include "server/serve/owner.h"

#include <algorithm>

namespace tessera {

Result<AccountRecord> find_or_make_owner(Store& store, WallTime now) {
  const auto contents = store.contents(now);
  if (!contents) return contents.error();
  std::uint32_t last_id = 0;
  for (const AccountRecord& account : contents->accounts) {
    if (account.role == Role::Owner) return account;
    last_id = std::max(last_id, static_cast<std::uint32_t>(account.id));
  }
  AccountRecord owner;
  owner.id = AccountId{last_id + 1};
  owner.name = "owner";
  owner.kind = AccountKind::Service;
  owner.role = Role::Owner;
  owner.created = now;
  WriteSet writes;
  writes.accounts.push_back(owner);
  const CommitResult result = store.commit(writes);
  if (result.outcome != CommitOutcome::Stored) return Error{"the owner's account could not be stored: " + result.message};
  return owner;
}

}  // namespace tessera
