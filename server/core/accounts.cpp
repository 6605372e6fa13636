#include "server/core/accounts.h"

#include <algorithm>

#include "server/core/names.h"
#include "server/core/permissions.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

std::vector<AccountId> under(const std::unordered_multimap<AccountId, AccountId>& index, AccountId key) {
  std::vector<AccountId> ids;
  const auto [first, last] = index.equal_range(key);
  for (auto each = first; each != last; ++each) ids.push_back(each->second);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

const AccountRecord* Accounts::find(AccountId id) const {
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
}

const AccountRecord* Accounts::resolve(AccountId id) const {
  const AccountRecord* account = find(id);
  // What an alias stands for is never an alias itself.
  return account != nullptr && account->alias_of != nobody ? find(account->alias_of) : account;
}

const AccountRecord* Accounts::find_discord(std::uint64_t person) const {
  const auto found = discord_.find(person);
  return found == discord_.end() ? nullptr : find(found->second);
}

/// Counts the account in the indexes (`by` 1) or out of them (-1).
void Accounts::note(const AccountRecord& account, int by) {
  if (account.alias_of != nobody) return;
  if (account.role == Role::Owner) owners_ += static_cast<std::size_t>(by);
  if (is_staff(account.role)) {
    const std::string look = look_of(account.name);
    const std::uint32_t left = staff_looks_[look] += static_cast<std::uint32_t>(by);
    if (left == 0) staff_looks_.erase(look);
  }
  if (account.maker == nobody) return;
  if (by > 0) {
    made_.emplace(account.maker, account.id);
    return;
  }
  const auto [first, last] = made_.equal_range(account.maker);
  const auto found = std::find_if(first, last, [&](const auto& made) { return made.second == account.id; });
  if (found != last) made_.erase(found);
}

void Accounts::put(AccountRecord account) {
  last_id_ = std::max(last_id_, static_cast<std::uint32_t>(account.id));
  const AccountRecord* before = find(account.id);
  const bool becomes_alias = account.alias_of != nobody && (before == nullptr || before->alias_of == nobody);
  if (becomes_alias) aliases_.emplace(account.alias_of, account.id);
  if (before != nullptr) note(*before, -1);
  note(account, 1);
  if (account.discord != 0 && account.alias_of == nobody) discord_[account.discord] = account.id;
  const AccountId id = account.id;
  accounts_.insert_or_assign(id, std::move(account));
}

AccountRecord Accounts::new_account(AccountKind kind, std::string name, WallTime now) {
  AccountRecord account;
  account.id = AccountId{++last_id_};
  account.kind = kind;
  account.name = std::move(name);
  account.created = now;
  return account;
}

std::vector<AccountId> Accounts::made_by(AccountId maker) const { return under(made_, maker); }

std::vector<AccountId> Accounts::aliases_of(AccountId account) const { return under(aliases_, account); }

bool Accounts::looks_like_staff(const std::string& name) const { return staff_looks_.contains(look_of(name)); }

Accounts::Search Accounts::search(AccountQuery query) {
  Search search{.query = std::move(query), .found = {}, .next = 1};
  search.next = static_cast<std::uint32_t>(search.query.after) + 1;
  return search;
}

bool Accounts::go_on(Search& search, std::size_t most) const {
  const std::string look = look_of(search.query.text);
  const auto id = parse_number(search.query.text, UINT32_MAX);
  for (; search.next != 0 && search.next <= last_id_ && search.found.size() < search.query.limit; ++search.next) {
    if (most-- == 0) return false;
    const AccountRecord* account = find(AccountId{search.next});
    if (account == nullptr || account->alias_of != nobody) continue;
    if (search.among && !std::binary_search(search.among->begin(), search.among->end(), account->id)) continue;
    const bool wanted = search.query.text.empty() || (id && *id == search.next) ||
                        (!look.empty() && look_of(account->name).find(look) != std::string::npos);
    if (wanted) search.found.push_back(*account);
  }
  return true;
}

}  // namespace tessera
