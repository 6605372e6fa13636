// Joining a canvas: by its code, or by an invitation, which may give a role as well.
#include <algorithm>

#include "server/core/account_rules.h"
#include "server/core/audit_detail.h"
#include "server/core/canvas_change.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_invites = 200;  // of one maker, those used up included: they must be ended

std::string name_of(InviteId id) { return target_name("invite", id); }

JsonObject invite_detail(const InviteRecord& invite) {
  JsonObject detail;
  detail.text("role", code(invite.role));
  detail.json("uses", invite.uses ? std::to_string(*invite.uses) : "null");
  return detail.json("expires_at", invite.expires ? json_string(format_time(*invite.expires)) : "null");
}

}  // namespace

InviteView Rooms::view(const InviteRecord& invite) const {
  const Hall* hall = invite.canvas ? hall_with(*invite.canvas) : nullptr;
  return {.invite = invite, .canvas = hall == nullptr ? std::string() : hall->room.record().name};
}

/// Its bots may draw wherever it may.
void Rooms::add_join(const Hall& hall, const AccountRecord& account, WriteSet& writes) const {
  writes.joins.push_back({hall.id(), account.id});
  for (const AccountId bot : accounts_.made_by(account.id)) writes.joins.push_back({hall.id(), bot});
}

/// False where it had joined before.
bool Rooms::put_join(Hall& hall, AccountId account) {
  const bool is_new = !hall.room.has_joined(account);
  hall.room.join(account);
  return is_new;
}

/// Stored: from now on it counts, also on open connections.
void Rooms::joined(const WriteSet& writes) {
  for (const JoinRecord& join : writes.joins) {
    Hall* hall = hall_with(join.canvas);
    if (hall == nullptr || !put_join(*hall, join.account)) continue;
    for (const Connection* connection : connections_.of(join.account))
      if (connection->canvas == join.canvas) tell_charges(*connection);
  }
}

void Rooms::join(std::string canvas, AccountId id, std::string code, Reply<std::optional<Refusal>> reply) {
  in_turn([this, canvas = std::move(canvas), id, code = std::move(code), reply = std::move(reply)] {
    const Hall* hall = find(canvas);
    const AccountRecord* account = accounts_.resolve(id);
    if (hall == nullptr || canvas.empty()) return reply(Refusal::NotFound);
    if (account == nullptr) return reply(Refusal::NotSignedIn);
    if (account->is_banned(clock_.wall())) return reply(Refusal::Banned);
    const CanvasRecord& record = hall->room.record();
    if (record.archived) return reply(Refusal::Archived);
    if (record.access == Access::Open || hall->room.has_joined(account->id)) return reply(std::nullopt);
    const bool is_right = record.access == Access::Code && !record.access_code.empty() &&
                          plain_code(code) == plain_code(record.access_code);
    if (!is_right) return reply(Refusal::Forbidden);
    WriteSet writes;
    add_join(*hall, *account, writes);
    write_in_turn(writes, [this, writes, reply](bool stored) {
      if (!stored) return reply(Refusal::Busy);
      joined(writes);
      reply(std::nullopt);
    });
  });
}

void Rooms::make_invite(NewInvite invite, Reply<Changed<InviteView>> reply) {
  in_turn([this, invite = std::move(invite), reply = std::move(reply)] {
    const WallTime now = clock_.wall();
    const AccountRecord* maker = accounts_.resolve(invite.maker);
    if (maker == nullptr || !is_staff(maker->role) || maker->is_banned(now))
      return reply(refusal<InviteView>(Refusal::Forbidden, "only staff may invite"));
    if (invite.role >= maker->role) return reply(refusal<InviteView>(Refusal::Forbidden, "you may only give roles below yours"));
    const Hall* hall = invite.canvas.empty() ? nullptr : find(invite.canvas);
    if (hall == nullptr && !invite.canvas.empty()) return reply(refusal<InviteView>(Refusal::NotFound, "there is no such canvas"));
    if (hall == nullptr && invite.role == Role::Guest)
      return reply(refusal<InviteView>(Refusal::Invalid, "an invitation is to a canvas, or gives a role, or both"));
    if (invite.expires && *invite.expires <= now) return reply(refusal<InviteView>(Refusal::Invalid, "expires_at is past"));
    const auto& all = invites_.all();
    const auto own = std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.second.maker == maker->id; });
    if (static_cast<std::size_t>(own) >= most_invites)
      return reply(refusal<InviteView>(Refusal::Forbidden, "you have " + std::to_string(own) + " invitations: end some first"));

    InviteRecord record;
    record.id = invites_.new_id();
    record.hash = invite.token;
    if (hall != nullptr) record.canvas = hall->id();
    record.role = invite.role;
    record.uses = invite.uses;
    record.expires = invite.expires;
    record.maker = maker->id;
    record.created = now;
    WriteSet writes;
    writes.invites.push_back(record);
    writes.audit.push_back(entry(maker, "invite.create", invite.canvas, name_of(record.id), invite_detail(record)));
    write_in_turn(std::move(writes), [this, record, reply](bool stored) {
      if (!stored) return reply(busy_change<InviteView>());
      invites_.put(record);
      reply(changed_to(view(record)));
    });
  });
}

void Rooms::invites(AccountId actor_id, Reply<std::vector<InviteView>> reply) {
  const AccountRecord* actor = accounts_.resolve(actor_id);
  std::vector<InviteView> views;
  for (const auto& [id, invite] : invites_.all()) {
    const AccountRecord* maker = accounts_.resolve(invite.maker);
    const bool own = actor != nullptr && maker != nullptr && maker->id == actor->id;
    if (own || (actor != nullptr && actor->role >= Role::Admin)) views.push_back(view(invite));
  }
  reply(std::move(views));
}

void Rooms::end_invite(AccountId actor_id, InviteId id, Reply<bool> reply) {
  const AccountRecord* actor = accounts_.resolve(actor_id);
  const InviteRecord* invite = invites_.find(id);
  const AccountRecord* maker = invite == nullptr ? nullptr : accounts_.resolve(invite->maker);
  const bool may = actor != nullptr && invite != nullptr &&
                   (actor->role >= Role::Admin || (maker != nullptr && maker->id == actor->id));
  if (!may) return reply(false);
  invites_.end(id);
  WriteSet writes;
  writes.ended_invites.push_back(id);
  writes.audit.push_back(entry(actor, "invite.remove", {}, name_of(id), {}));
  write_people(std::move(writes), [this, id, reply = std::move(reply)](bool stored) {
    if (!stored) ended_.ended_invites.push_back(id);
    reply(true);
  });
}

void Rooms::accept_invite(const TokenHash& token, AccountId account_id, Reply<Changed<InviteView>> reply) {
  in_turn([this, token, account_id, reply = std::move(reply)] {
    const WallTime now = clock_.wall();
    const InviteRecord* invite = invites_.find(token);
    if (invite == nullptr) return reply(refusal<InviteView>(Refusal::NotFound, "there is no such invitation"));
    const AccountRecord* account = accounts_.resolve(account_id);
    if (account == nullptr || !is_person(*account)) return reply(refusal<InviteView>(Refusal::Forbidden, "only people accept invitations"));
    if (account->is_banned(now)) return reply(refusal<InviteView>(Refusal::Banned, "this account is banned"));
    const AccountRecord* maker = accounts_.resolve(invite->maker);
    const Hall* hall = invite->canvas ? hall_with(*invite->canvas) : nullptr;
    // It is worth what its maker may give now.
    const bool counts = maker != nullptr && is_staff(maker->role) && maker->role > invite->role && !maker->is_banned(now);
    const bool has_place = !invite->canvas || (hall != nullptr && !hall->room.record().archived);
    const bool joins = hall != nullptr && !hall->room.has_joined(account->id);
    const bool raises = invite->role > account->role;
    // Who has already what it gives uses nothing up.
    if (counts && has_place && !joins && !raises)
      return reply(changed_to(view(*invite)));
    if (!counts || !has_place || !Invites::is_open(*invite, now))
      return reply(refusal(Refusal::NotFound, "this invitation is used up or has expired", std::optional(view(*invite))));

    InviteRecord used = *invite;
    if (used.uses) --*used.uses;
    AccountRecord next = *account;
    if (raises) next.role = invite->role;
    if (raises) ++next.version;
    WriteSet writes;
    writes.invites.push_back(used);
    if (raises) {
      writes.accounts.push_back(next);
      change_bots(next, {.role = next.role}, writes);
      writes.audit.push_back(entry(account, "account.role", {}, target_name("account", next.id),
                                   change_detail(account_detail(*account), account_detail(next)).text("by", name_of(used.id))));
    }
    if (joins) add_join(*hall, *account, writes);
    write_in_turn(writes, [this, used, writes, reply](bool stored) {
      if (!stored) return reply(busy_change<InviteView>());
      if (invites_.find(used.id) != nullptr) invites_.put(used);
      for (const AccountRecord& record : writes.accounts) put_account(record);
      joined(writes);
      reply(changed_to(view(used)));
    });
  });
}

}  // namespace tessera
