#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "server/core/records.h"
#include "server/core/roster.h"

namespace tessera {

/// Every account: by id, by Discord's number, bots by who made them, the staff by what their names look like. Belongs to the
/// room loop. Knows nothing of sessions or of the store: whoever changes an account writes it, and puts it here once it
/// is stored.
class Accounts {
 public:
  /// Null where there is none; borrowed until the next change.
  const AccountRecord* find(AccountId id) const;
  /// The same; for an alias, the account that it stands for.
  const AccountRecord* resolve(AccountId id) const;
  const AccountRecord* find_discord(std::uint64_t person) const;
  /// New, or in place of the older one.
  void put(AccountRecord account);
  /// A record under an id that was never given out; not yet in the table.
  AccountRecord new_account(AccountKind kind, std::string name, WallTime now);
  /// How many stand for themselves.
  std::size_t size() const { return accounts_.size() - aliases_.size(); }
  /// The highest id that was ever given out; nobody: none was.
  AccountId last() const { return AccountId{last_id_}; }
  /// Those put here since whoever makes rosters took them.
  RosterMarks& changed() { return changed_; }

  /// The bots that `maker` made, by id.
  std::vector<AccountId> made_by(AccountId maker) const;
  /// Those that stand for `account`, by id.
  std::vector<AccountId> aliases_of(AccountId account) const;
  std::size_t owners() const { return owners_; }
  /// Whether that name could be taken for that of a moderator, an admin or an owner.
  bool looks_like_staff(const std::string& name) const;

 private:
  void note(const AccountRecord& account, int by);

  std::unordered_map<AccountId, AccountRecord> accounts_;
  std::unordered_map<std::uint64_t, AccountId> discord_;
  std::unordered_multimap<AccountId, AccountId> made_;        // by maker
  std::unordered_multimap<AccountId, AccountId> aliases_;     // by what they stand for; an alias stays one
  std::unordered_map<std::string, std::uint32_t> staff_looks_;  // and how many look so
  std::size_t owners_ = 0;
  std::uint32_t last_id_ = 0;
  RosterMarks changed_;
};

}  // namespace tessera
