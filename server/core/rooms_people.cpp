// Accounts, and the bots that they make.
#include <algorithm>

#include "server/core/account_rules.h"
#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t accounts_at_once = 5 * Roster::rows_a_part;  // copied between two ticks: about a millisecond
constexpr std::size_t most_bots = 10;

std::string name_of(AccountId id) { return target_name("account", id); }

/// What a change of an account is called in the audit log: one word for each part of it.
std::vector<const char*> account_actions(const AccountRecord& before, const AccountRecord& after) {
  std::vector<const char*> actions;
  if (before.role != after.role) actions.push_back("account.role");
  if (before.banned_until != after.banned_until || before.ban_reason != after.ban_reason)
    actions.push_back(after.banned_until ? "account.ban" : "account.unban");
  if (before.note != after.note) actions.push_back("account.note");
  return actions;
}

AccountRecord changed(AccountRecord account, const AccountChange& change) {
  if (change.role) account.role = *change.role;
  if (change.banned_until) {
    account.banned_until = *change.banned_until;
    if (!*change.banned_until) account.ban_reason.clear();
  }
  if (change.ban_reason) account.ban_reason = *change.ban_reason;
  if (change.note) account.note = *change.note;
  return account;
}

}  // namespace

// ---- turns ----

void Rooms::in_turn(Turn turn) {
  turns_.push_back(std::move(turn));
  take_turns();
}

void Rooms::take_turns() {
  while (!turn_taken_ && !turns_.empty()) {
    const Turn turn = std::move(turns_.front());
    turns_.pop_front();
    turn();
  }
}

/// Writes what a turn came to: the next one waits for it.
void Rooms::write_in_turn(WriteSet set, WasStored done) {
  turn_taken_ = true;
  write_people(std::move(set), [this, done = std::move(done)](bool stored) {
    turn_taken_ = false;
    done(stored);
    take_turns();
  });
}

// ---- accounts ----

/// Stored: from now on it counts, also on the account's open connections.
void Rooms::put_account(AccountRecord account) {
  const AccountRecord* before = accounts_.find(account.id);
  // Whoever is an alias now is told once its connections are the other account's.
  const bool shows = before != nullptr && account.alias_of == nobody && (before->info() != account.info() || before->banned_until != account.banned_until);
  const AccountId id = account.id;
  accounts_.put(std::move(account));
  if (!shows) return;
  for (Connection* connection : connections_.of(id)) tell_account(*connection);
}

void Rooms::roster(Reply<Roster> reply) {
  rosters_asked_.push_back(std::move(reply));
  if (rosters_asked_.size() == 1) roster_on();
}

/// One of very many accounts is made in parts, so that it holds up no placement. Whoever asks meanwhile waits for the next, which
/// has what was changed until then.
void Rooms::roster_on() {
  if (rosters_asked_.empty()) return;
  if (rosters_begun_ == 0) roster_.begin(accounts_.last(), accounts_.changed(), sessions_.changed());
  if (rosters_begun_ == 0) rosters_begun_ = rosters_asked_.size();
  if (!roster_.go_on(accounts_, sessions_, clock_.wall(), accounts_at_once)) return;
  const Roster roster = roster_.roster();
  for (; rosters_begun_ > 0; --rosters_begun_) {
    rosters_asked_.front()(roster);
    rosters_asked_.pop_front();
  }
}

void Rooms::accounts(std::vector<AccountId> ids, Reply<std::vector<AccountRecord>> reply) {
  std::vector<AccountRecord> found;
  for (const AccountId id : ids)
    if (const AccountRecord* account = accounts_.find(id)) found.push_back(*account);
  reply(std::move(found));
}

void Rooms::account(AccountId id, Reply<std::optional<AccountRecord>> reply) {
  const AccountRecord* account = accounts_.find(id);
  reply(account == nullptr ? std::nullopt : std::optional(*account));
}

void Rooms::change_account(AccountId actor_id, AccountId id, std::optional<std::uint32_t> version, AccountChange change,
                           Reply<Changed<AccountRecord>> reply) {
  in_turn([this, actor_id, id, version, change = std::move(change), reply = std::move(reply)] {
    const AccountRecord* actor = accounts_.resolve(actor_id);
    const AccountRecord* account = accounts_.find(id);
    if (account == nullptr || account->alias_of != nobody)
      return reply(refusal<AccountRecord>(Refusal::NotFound, "there is no such account"));
    if (actor == nullptr) return reply(refusal<AccountRecord>(Refusal::Forbidden, "only staff may change accounts"));
    if (const auto why = refuses_change(*actor, *account, change, accounts_.owners(), clock_.wall()))
      return reply(refusal(Refusal::Forbidden, *why, std::optional(*account)));
    if (change.banned_until && *change.banned_until && **change.banned_until <= clock_.wall())
      return reply(refusal(Refusal::Invalid, "the ban's end is past", std::optional(*account)));
    if (version && *version != account->version) return reply(stale_change("the account has changed since", *account));
    AccountRecord next = changed(*account, change);
    if (next == *account) return reply(changed_to(next));
    ++next.version;
    WriteSet writes;
    writes.accounts.push_back(next);
    change_bots(next, change, writes);
    for (const char* action : account_actions(*account, next))
      writes.audit.push_back(entry(actor, action, {}, name_of(id), change_detail(account_detail(*account), account_detail(next))));
    const auto records = writes.accounts;
    write_in_turn(std::move(writes), [this, records, reply](bool stored) {
      if (!stored) return reply(busy_change<AccountRecord>());
      for (const AccountRecord& record : records) put_account(record);
      reply(changed_to(records.front()));
    });
  });
}

/// What is done to a maker is done to its bots.
void Rooms::change_bots(const AccountRecord& maker, const AccountChange& change, WriteSet& writes) const {
  if (!change.role && !change.banned_until) return;
  for (const AccountId id : accounts_.made_by(maker.id)) {
    const SessionRecord* token = token_of(id);
    if (token == nullptr) continue;
    AccountRecord bot = *accounts_.find(id);
    bot.role = bot_role(maker.role, token->scopes);
    bot.charged = maker.role >= Role::Admin ? nobody : maker.id;
    if (change.banned_until) {
      bot.banned_until = maker.banned_until;
      bot.ban_reason = maker.ban_reason;
    }
    if (bot == *accounts_.find(id)) continue;
    ++bot.version;
    writes.accounts.push_back(std::move(bot));
  }
}

void Rooms::claim_ownership(const TokenHash& secret, AccountId id, Reply<Changed<AccountRecord>> reply) {
  in_turn([this, secret, id, reply = std::move(reply)] {
    const AccountRecord* account = accounts_.resolve(id);
    if (account == nullptr || !is_person(*account))
      return reply(refusal<AccountRecord>(Refusal::Forbidden, "sign in as a person to become the owner"));
    if (account->is_banned(clock_.wall())) return reply(refusal<AccountRecord>(Refusal::Banned, "this account is banned"));
    const SessionRecord* link = sessions_.find(secret, clock_.wall());
    const bool by_link = link != nullptr && link->kind == SessionKind::OwnerLink;
    if (!by_link && settings_.owner_token != secret)
      return reply(refusal<AccountRecord>(Refusal::Forbidden, "this link does not make an owner, or was used already"));
    AccountRecord next = *account;
    if (next.role != Role::Owner) ++next.version;
    next.role = Role::Owner;
    WriteSet writes;
    writes.accounts.push_back(next);
    if (by_link) writes.ended_sessions.push_back(secret);
    writes.audit.push_back(entry(&next, "account.owner", {}, name_of(next.id), change_detail(account_detail(*account), account_detail(next))));
    change_bots(next, {.role = Role::Owner}, writes);
    const auto records = writes.accounts;
    write_in_turn(std::move(writes), [this, secret, by_link, records, reply](bool stored) {
      if (!stored) return reply(busy_change<AccountRecord>());
      if (by_link) sessions_.end(secret, clock_.wall());
      for (const AccountRecord& record : records) put_account(record);
      reply(changed_to(records.front()));
    });
  });
}

// ---- bots ----

/// Null where it was ended.
const SessionRecord* Rooms::token_of(AccountId service) const { return sessions_.token_of(service, clock_.wall()); }

void Rooms::make_service(NewService service, Reply<Changed<ServiceView>> reply) {
  in_turn([this, service = std::move(service), reply = std::move(reply)] {
    const auto refuse = [&](Refusal reason, const char* detail) { reply(refusal<ServiceView>(reason, detail)); };
    const WallTime now = clock_.wall();
    const AccountRecord* maker = accounts_.resolve(service.maker);
    if (maker == nullptr) return refuse(Refusal::NotFound, "there is no such account");
    if (maker->kind == AccountKind::Imported || maker->maker != nobody) return refuse(Refusal::Forbidden, "only people make bots");
    if (maker->is_banned(now)) return refuse(Refusal::Banned, "this account is banned");
    if (maker->role < Role::Member) return refuse(Refusal::Forbidden, "guests may not make bots");
    const auto made = accounts_.made_by(maker->id);
    const auto live = std::count_if(made.begin(), made.end(), [&](AccountId id) { return token_of(id) != nullptr; });
    if (static_cast<std::size_t>(live) >= most_bots)
      return refuse(Refusal::Forbidden, "an account has at most 10 bots: end one first");
    if (!is_staff(maker->role) && accounts_.looks_like_staff(service.name))
      return refuse(Refusal::Invalid, "that name looks like one of this server's staff: choose another");

    ServiceView view;
    view.account = accounts_.new_account(AccountKind::Service, service.name, now);
    view.account.role = bot_role(maker->role, service.scopes);
    view.account.maker = maker->id;
    if (maker->role < Role::Admin) view.account.charged = maker->id;
    view.session = sessions_.begin(service.token, view.account.id, now);
    view.session.kind = SessionKind::Service;
    view.session.scopes = service.scopes;
    view.session.expires = never_expires;
    WriteSet writes;
    writes.accounts.push_back(view.account);
    writes.sessions.push_back(view.session);
    if (is_staff(maker->role))
      writes.audit.push_back(entry(maker, "bot.create", {}, name_of(view.account.id), JsonObject().text("name", view.account.name)));
    // Where its maker may draw, it may.
    for (const auto& hall : halls_)
      if (hall->room.has_joined(maker->id)) writes.joins.push_back({hall->id(), view.account.id});
    write_in_turn(writes, [this, view, writes, reply](bool stored) {
      if (!stored) return reply(busy_change<ServiceView>());
      accounts_.put(view.account);
      sessions_.put(view.session);
      joined(writes);
      for (const auto& hall : halls_)
        if (hall->grants.contains(view.account.maker)) apply_grant(*hall, view.account.maker);
      reply(changed_to(view));
    });
  });
}

void Rooms::services(AccountId maker, Reply<std::vector<ServiceView>> reply) {
  std::vector<ServiceView> views;
  for (const AccountId id : accounts_.made_by(maker))
    if (const SessionRecord* token = token_of(id)) views.push_back({*accounts_.find(id), *token});
  reply(std::move(views));
}

void Rooms::end_service(AccountId maker, AccountId service, Reply<bool> reply) {
  const AccountRecord* account = accounts_.find(service);
  const SessionRecord* token = account == nullptr || account->maker != maker ? nullptr : token_of(service);
  if (token == nullptr) return reply(false);
  end_session(TokenHash(token->hash), std::move(reply));
}

}  // namespace tessera
