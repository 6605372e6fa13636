// Signing in by Discord, and what becomes of the guest that somebody was before.
#include <algorithm>

#include "server/core/account_rules.h"
#include "server/core/names.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

/// `name` with a number behind it, shortened as far as that needs.
std::string numbered(std::string name, std::uint32_t number) {
  const std::string end = " " + std::to_string(number);
  while (code_points(name) + end.size() > display_name_code_points) {
    while ((static_cast<std::uint8_t>(name.back()) & 0xC0u) == 0x80) name.pop_back();
    name.pop_back();
  }
  return name + end;
}

/// The name on Discord, where that could be taken for one of the staff's the username there, else a number tells them apart: nobody
/// is kept from signing in by a name that is not this server's to choose.
std::string unlike_staff(const Accounts& accounts, const DiscordPerson& person) {
  if (!accounts.looks_like_staff(person.name)) return person.name;
  if (!person.username.empty() && !accounts.looks_like_staff(person.username)) return person.username;
  for (std::uint32_t number = 2;; ++number)
    if (std::string name = numbered(person.name, number); !accounts.looks_like_staff(name)) return name;
}

/// The account is one of the staff, and has this name or one that looks like it.
bool is_own(const AccountRecord* account, const std::string& name) {
  return account != nullptr && is_staff(account->role) && look_of(account->name) == look_of(name);
}

/// Signing in by Discord makes a member; a role of the guild may raise that, but makes no owner.
void become_discord(AccountRecord& account, const DiscordPerson& person, std::string name) {
  account.kind = AccountKind::Discord;
  account.name = std::move(name);
  account.discord = person.id;
  account.role = std::max({account.role, Role::Member, std::min(person.role.value_or(Role::Guest), Role::Admin)});
}

}  // namespace

void Rooms::sign_in_discord(DiscordPerson person, AccountId guest_id, NewSession session, Reply<SignInReply> reply) {
  in_turn([this, person = std::move(person), guest_id, session = std::move(session), reply = std::move(reply)] {
    const WallTime now = clock_.wall();
    const AccountRecord* guest = accounts_.find(guest_id);
    if (guest != nullptr && (guest->kind != AccountKind::Guest || guest->alias_of != nobody)) guest = nullptr;
    const AccountRecord* known = accounts_.find_discord(person.id);
    const AccountRecord* before = known != nullptr ? known : guest;
    SignInReply answer;
    const bool is_theirs = is_own(known, person.name) || is_own(guest, person.name);
    const std::string name = is_theirs ? person.name : unlike_staff(accounts_, person);
    answer.account = before != nullptr ? *before : accounts_.new_account(AccountKind::Discord, name, now);
    become_discord(answer.account, person, name);
    WriteSet writes;
    const bool aliased = known != nullptr && guest != nullptr;
    AccountRecord alias = aliased ? *guest : AccountRecord{};
    if (aliased) {
      become_alias(alias, answer.account, writes);
      pass_grants(alias, answer.account, writes);
      writes.accounts.push_back(alias);
    }
    if (before != nullptr && answer.account != *before) ++answer.account.version;
    writes.accounts.push_back(answer.account);
    answer.session = sessions_.begin(session.token, answer.account.id, now, session.label);
    add_session(answer.session, writes);
    note_sign_in(answer, writes);
    if (const SessionRecord* older = session.replaces ? sessions_.find(*session.replaces, now) : nullptr;
        older != nullptr && older->kind == SessionKind::Person && older->account == guest_id) {
      std::erase_if(writes.sessions, [&](const SessionRecord& kept) { return kept.hash == older->hash; });
      writes.ended_sessions.push_back(older->hash);
    }
    write_in_turn(writes, [this, answer, aliased, alias, writes, reply](bool stored) {
      if (!stored)
        return reply({.refused = Refusal::Busy, .detail = "the server is busy; try again", .account = {}, .session = {}});
      for (const AccountRecord& record : writes.accounts) put_account(record);
      if (aliased) alias_stored(alias.id, answer.account.id);
      for (const TokenHash& hash : writes.ended_sessions)
        if (const auto was = sessions_.end(hash, clock_.wall())) sign_out(*was);
      sessions_.put(answer.session);
      joined(writes);
      granted(writes);
      count(counters_.sign_ins);
      reply(answer);
    });
  });
}

/// What was the guest's is the account's: role, ban, sessions, where it has joined, its bots.
void Rooms::become_alias(AccountRecord& guest, AccountRecord& account, WriteSet& writes) const {
  merge_accounts(guest, account);
  for (SessionRecord session : sessions_.of(guest.id, clock_.wall())) {
    session.account = account.id;
    writes.sessions.push_back(std::move(session));
  }
  for (const auto& hall : halls_)
    if (hall->room.has_joined(guest.id)) add_join(*hall, account, writes);
  for (const AccountId id : accounts_.made_by(guest.id)) {
    AccountRecord bot = *accounts_.find(id);
    bot.maker = account.id;
    if (bot.charged == guest.id) bot.charged = account.id;
    ++bot.version;
    writes.accounts.push_back(std::move(bot));
  }
}

void Rooms::alias_stored(AccountId guest, AccountId id) {
  for (SessionRecord session : sessions_.of(guest, clock_.wall())) {
    session.account = id;
    sessions_.put(session);
  }
  const AccountRecord& account = *accounts_.find(id);
  const TimePoint now = clock_.now();
  for (const auto& hall : halls_) {
    const Role role = role_on(account, hall.get());
    hall->room.limiter().merge(guest, id, role, hall->room.record().policy.limits_for(role), now);
    hall->room.undo_log().merge(guest, id);
  }
  for (Connection* connection : connections_.of(guest)) {
    connections_.sign_in(*connection, id, connection->session);
    tell_account(*connection);
  }
}

}  // namespace tessera
