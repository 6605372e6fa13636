#include "server/core/account_rules.h"

#include <algorithm>

#include "server/core/permissions.h"

namespace tessera {

bool is_person(const AccountRecord& account) {
  return account.kind == AccountKind::Guest || account.kind == AccountKind::Discord;
}

Role bot_role(Role maker, std::uint8_t scopes) {
  const bool manages = (scopes & static_cast<std::uint8_t>(Scope::Manage)) != 0;
  return std::min(maker, manages ? Role::Admin : Role::Member);
}

std::optional<std::string> refuses_change(const AccountRecord& actor, const AccountRecord& account,
                                          const AccountChange& change, std::size_t owners, WallTime now) {
  const bool is_owner = actor.role == Role::Owner;
  if (!is_staff(actor.role) || actor.is_banned(now)) return "only staff may change accounts";
  if (actor.role <= account.role && !is_owner) return "this account's role is not below yours";
  if (change.banned_until && *change.banned_until && actor.id == account.id) return "nobody bans themselves";
  if (!change.role || *change.role == account.role) return std::nullopt;
  if (*change.role >= actor.role && !is_owner) return "you may only give roles below yours";
  if (account.kind == AccountKind::Imported) return "an account of an import has no role";
  if (account.maker != nobody) return "a bot's role follows from its maker's";
  if (account.role == Role::Owner && owners <= 1) return "the last owner stays the owner: make another one first";
  return std::nullopt;
}

std::optional<std::pair<Refusal, std::string>> refuses_grant(Role actor, const AccountRecord& account, Role has, Role role) {
  if (role == Role::Guest || role == Role::Owner) return std::pair(Refusal::Invalid, std::string("role must be member, moderator or admin"));
  if (account.kind == AccountKind::Imported) return std::pair(Refusal::Invalid, std::string("an account of an import has no role"));
  if (account.maker != nobody) return std::pair(Refusal::Invalid, std::string("a bot's role follows from its maker's"));
  if (has >= actor) return std::pair(Refusal::Forbidden, std::string("this account's role on this canvas is not below yours"));
  if (role >= actor) return std::pair(Refusal::Forbidden, std::string("you may only give roles below yours"));
  return std::nullopt;
}

void merge_accounts(AccountRecord& guest, AccountRecord& into) {
  into.role = std::max(into.role, guest.role);
  if (guest.banned_until && (!into.banned_until || *into.banned_until < *guest.banned_until)) {
    into.banned_until = guest.banned_until;
    into.ban_reason = guest.ban_reason;
  }
  if (into.note.empty()) into.note = guest.note;
  guest.alias_of = into.id;
  guest.role = Role::Guest;
  ++guest.version;
}

}  // namespace tessera
