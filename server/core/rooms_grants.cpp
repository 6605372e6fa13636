// Roles on one canvas alone: granted, changed and taken away by its staff, and followed by open connections at once.
#include <algorithm>

#include "server/core/account_rules.h"
#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::size_t most_grants = 1'000;  // of one canvas

using GrantReply = Changed<GrantView>;

std::string name_of(AccountId id) { return target_name("account", id); }

}  // namespace

GrantView Rooms::view(const GrantRecord& grant) const { return {.record = grant, .account = shown(grant.account), .maker = shown(grant.maker)}; }

/// An account's bots have what it is granted, as far as their tokens may manage.
void Rooms::apply_grant(Hall& hall, AccountId account) {
  const auto found = hall.grants.find(account);
  const auto role = found == hall.grants.end() ? std::nullopt : std::optional(found->second.role);
  hall.room.grant(account, role);
  for (const AccountId bot : accounts_.made_by(account)) {
    const SessionRecord* token = token_of(bot);
    hall.room.grant(bot, role && token != nullptr ? std::optional(bot_role(*role, token->scopes)) : std::nullopt);
  }
}

void Rooms::granted(const WriteSet& writes) {
  std::vector<GrantKey> changed = writes.ended_grants;
  for (const GrantKey& key : writes.ended_grants)
    if (Hall* hall = hall_with(key.canvas)) hall->grants.erase(key.account);
  for (const GrantRecord& grant : writes.grants) {
    if (Hall* hall = hall_with(grant.canvas)) hall->grants.insert_or_assign(grant.account, grant);
    changed.push_back({grant.canvas, grant.account});
  }
  for (const GrantKey& key : changed) {
    Hall* hall = hall_with(key.canvas);
    if (hall == nullptr) continue;
    apply_grant(*hall, key.account);
    std::vector<AccountId> concerned = accounts_.made_by(key.account);
    concerned.push_back(key.account);
    for (const AccountId account : concerned)
      for (Connection* connection : connections_.of(account))
        if (connection->canvas == key.canvas) tell_account(*connection);
  }
}

/// What a guest was granted is the account's that it turned out to be.
void Rooms::pass_grants(const AccountRecord& guest, const AccountRecord& account, WriteSet& writes) {
  for (const auto& hall : halls_) {
    const auto from = hall->grants.find(guest.id);
    if (from == hall->grants.end()) continue;
    writes.ended_grants.push_back({hall->id(), guest.id});
    const auto own = hall->grants.find(account.id);
    if (own != hall->grants.end() && own->second.role >= from->second.role) continue;
    GrantRecord grant = from->second;
    grant.account = account.id;
    grant.version = writes.last_number = ++last_number_;
    JsonObject detail;
    detail.text("role", code(grant.role)).number("guest", static_cast<std::uint32_t>(guest.id));
    writes.audit.push_back(entry(&account, "grant.change", hall->room.record().name, name_of(account.id), detail));
    writes.grants.push_back(grant);
  }
}

void Rooms::grants(const std::string& canvas, const Reply<std::optional<std::vector<GrantView>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<GrantView> views;
  for (const auto& [account, grant] : hall->grants) views.push_back(view(grant));
  reply(std::move(views));
}

/// The grant that is to be changed; otherwise why it may not be, told to `reply`.
std::optional<GrantRecord> Rooms::grant_to_change(const AccountRecord& actor, const Hall& hall, AccountId id, std::optional<std::uint32_t> version,
                                                  const Reply<GrantReply>& reply) const {
  const auto found = hall.grants.find(id);
  const AccountRecord* account = accounts_.resolve(id);
  if (found == hall.grants.end()) {
    reply(refusal<GrantView>(Refusal::NotFound, "this account has no role of its own on this canvas: it may have been taken away"));
  } else if (account != nullptr && role_on(*account, &hall) >= role_on(actor, &hall)) {
    reply(refusal<GrantView>(Refusal::Forbidden, "this account's role on this canvas is not below yours", view(found->second)));
  } else if (version != found->second.version) {
    reply(stale_change("the role has changed since", view(found->second)));
  } else {
    return found->second;
  }
  return std::nullopt;
}

void Rooms::grant(AccountId actor_id, const std::string& canvas, AccountId id, Role role, std::optional<std::uint32_t> version,
                  Reply<GrantReply> reply) {
  in_turn([this, actor_id, canvas, id, role, version, reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* actor = staff(actor_id, Permission::ChangeRoles, hall);
    const AccountRecord* account = accounts_.find(id);
    if (actor == nullptr) return reply(refusal<GrantView>(Refusal::Forbidden, "only admins may give roles"));
    if (hall == nullptr) return reply(refusal<GrantView>(Refusal::NotFound, "there is no such canvas"));
    if (account == nullptr || account->alias_of != nobody) return reply(refusal<GrantView>(Refusal::NotFound, "there is no such account"));
    if (const auto why = refuses_grant(role_on(*actor, hall), *account, role_on(*account, hall), role))
      return reply(refusal<GrantView>(why->first, why->second));
    std::optional<GrantRecord> before;
    if (version || hall->grants.contains(id)) {
      before = grant_to_change(*actor, *hall, id, version, reply);
      if (!before) return;
      if (before->role == role) return reply(changed_to(view(*before)));
    }
    if (!before && hall->grants.size() >= most_grants)
      return reply(refusal<GrantView>(Refusal::TooLarge, "this canvas has given " + std::to_string(most_grants) + " roles: take some away first"));
    GrantRecord after{.canvas = hall->id(), .account = id, .role = role, .maker = actor->id, .created = clock_.wall(), .version = ++last_number_};
    if (before) after.created = before->created;
    const auto detail = [](Role given) { return JsonObject().text("role", code(given)); };
    WriteSet writes;
    writes.grants.push_back(after);
    writes.last_number = last_number_;
    writes.audit.push_back(entry(actor, before ? "grant.change" : "grant.create", hall->room.record().name, name_of(id),
                                 before ? change_detail(detail(before->role), detail(role)) : detail(role)));
    write_in_turn(writes, [this, writes, after, reply](bool stored) {
      if (!stored) return reply(busy_change<GrantView>());
      granted(writes);
      reply(changed_to(view(after)));
    });
  });
}

void Rooms::end_grant(AccountId actor_id, const std::string& canvas, AccountId id, std::optional<std::uint32_t> version, Reply<GrantReply> reply) {
  in_turn([this, actor_id, canvas, id, version, reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* actor = staff(actor_id, Permission::ChangeRoles, hall);
    if (actor == nullptr) return reply(refusal<GrantView>(Refusal::Forbidden, "only admins may take roles away"));
    if (hall == nullptr) return reply(refusal<GrantView>(Refusal::NotFound, "there is no such canvas"));
    const auto found = hall->grants.find(id);
    const bool any = !version && found != hall->grants.end();
    const auto grant = grant_to_change(*actor, *hall, id, any ? std::optional(found->second.version) : version, reply);
    if (!grant) return;
    WriteSet writes;
    writes.ended_grants.push_back({grant->canvas, grant->account});
    writes.audit.push_back(entry(actor, "grant.remove", hall->room.record().name, name_of(id), JsonObject().text("role", code(grant->role))));
    write_in_turn(writes, [this, writes, grant = *grant, reply](bool stored) {
      if (!stored) return reply(busy_change<GrantView>());
      granted(writes);
      reply(changed_to(view(grant)));
    });
  });
}

}  // namespace tessera
