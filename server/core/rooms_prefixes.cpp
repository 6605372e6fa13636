// Where accounts are seen, by networks whose addresses nobody here knows.
#include <algorithm>

#include "server/core/rooms.h"

namespace tessera {

void Rooms::note_address(AccountId id, std::vector<AddressPrefix> prefixes) {
  const AccountRecord* account = accounts_.resolve(id);
  if (account != nullptr && !stopping_) prefixes_.note(account->id, prefixes, clock_.wall());
}

/// About once a second, and at the end.
void Rooms::write_prefixes() {
  WriteSet writes;
  writes.seen = prefixes_.take_changed();
  if (writes.seen.empty()) return;
  const auto records = writes.seen;
  const bool posted = write(std::move(writes), [this, records](const Written& written) {
    if (written.result.outcome != CommitOutcome::Stored && !stopping_) prefixes_.give_back(records);
  });
  if (!posted) prefixes_.give_back(records);
}

std::vector<AccountId> Rooms::seen_at(const AddressPrefix& prefix) const {
  std::vector<AccountId> accounts;
  for (const AccountId id : prefixes_.accounts_of(prefix))
    if (const AccountRecord* account = accounts_.resolve(id)) accounts.push_back(account->id);
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return accounts;
}

void Rooms::accounts_at(const AddressPrefix& prefix, const Reply<std::vector<AccountId>>& reply) { reply(seen_at(prefix)); }

void Rooms::addresses_of(std::vector<AccountId> accounts, const Reply<AddressesOf>& reply) {
  AddressesOf all;
  for (const AccountId account : accounts)
    for (const AccountId id : all_ids_of(account))
      for (const SeenPrefix& seen : prefixes_.of(id))
        if (is_one_address(seen.prefix)) all[account].push_back(seen.prefix);
  reply(all);
}

/// Where it was seen, under each of its ids.
std::vector<AccountProfile::Prefix> Rooms::prefixes_of(AccountId account) const {
  std::vector<AccountProfile::Prefix> all;
  for (const AccountId id : all_ids_of(account))
    for (const SeenPrefix& seen : prefixes_.of(id)) {
      const auto known = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.seen.prefix == seen.prefix; });
      if (known == all.end()) {
        all.push_back({seen, seen_at(seen.prefix).size()});
        continue;
      }
      known->seen.first = std::min(known->seen.first, seen.first);
      known->seen.last = std::max(known->seen.last, seen.last);
    }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.seen.last > b.seen.last; });
  if (all.size() > most_prefixes) all.resize(most_prefixes);
  return all;
}

}  // namespace tessera
