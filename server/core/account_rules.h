#pragma once

#include <optional>
#include <string>
#include <utility>

#include "server/core/people.h"

/// What accounts may do to accounts, as values: `Rooms` asks here, and writes.
namespace tessera {

/// Why `actor` may not change `account` so, as a sentence; nothing where it may. `owners`: how many there are.
std::optional<std::string> refuses_change(const AccountRecord& actor, const AccountRecord& account,
                                          const AccountChange& change, std::size_t owners, WallTime now);

/// Why somebody of the role `actor` on a canvas may not grant `role` there to `account`, who has the role `has` there, with the reason as
/// a sentence; nothing where it may.
std::optional<std::pair<Refusal, std::string>> refuses_grant(Role actor, const AccountRecord& account, Role has, Role role);

/// The role of a bot with these scopes: its maker's, for what staff do, where it may manage; else a member's at most.
Role bot_role(Role maker, std::uint8_t scopes);

/// A person's or a guest's own account: not a bot's, not one of an import.
bool is_person(const AccountRecord& account);

/// What is left to a guest's account once it is an alias, and to the one that it stands for: the higher role, the longer ban.
void merge_accounts(AccountRecord& guest, AccountRecord& into);

}  // namespace tessera
