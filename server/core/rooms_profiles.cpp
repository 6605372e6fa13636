// Accounts as staff see them, and what staff tell them.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"

namespace tessera {

void Rooms::warn(AccountId actor_id, AccountId id, std::string text, Reply<Changed<AccountRecord>> reply) {
  in_turn([this, actor_id, id, text = std::move(text), reply = std::move(reply)] {
    const AccountRecord* actor = staff(actor_id, Permission::Ban);
    const AccountRecord* account = accounts_.resolve(id);
    if (actor == nullptr) return reply(refusal<AccountRecord>(Refusal::Forbidden, "only staff may warn"));
    if (account == nullptr) return reply(refusal<AccountRecord>(Refusal::NotFound, "there is no such account"));
    if (account->role >= actor->role) return reply(refusal<AccountRecord>(Refusal::Forbidden, "this account's role is not below yours"));
    WriteSet writes;
    writes.audit.push_back(entry(actor, "account.warn", {}, target_name("account", account->id), JsonObject().text("text", text)));
    write_in_turn(std::move(writes), [this, account = *account, text, reply](bool stored) {
      if (!stored) return reply(busy_change<AccountRecord>());
      for (const Connection* connection : connections_.of(account.id)) connection->gate->post(Directed{connection->id, Warning{text}});
      reply(changed_to(account));
    });
  });
}

void Rooms::profile(AccountId actor, AccountId id, const Reply<Changed<AccountProfile>>& reply) {
  constexpr std::size_t most_reports = 50, most_recent = 50;
  if (staff(actor, Permission::FindPeople) == nullptr) return reply(refusal<AccountProfile>(Refusal::Forbidden, "only staff see accounts"));
  const AccountRecord* account = accounts_.resolve(id);
  if (account == nullptr) return reply(refusal<AccountProfile>(Refusal::NotFound, "there is no such account"));
  AccountProfile profile{.account = *account, .aliases = accounts_.aliases_of(account->id)};
  sessions(account->id, [&](std::vector<SessionRecord> all) { profile.sessions = std::move(all); });
  services(account->id, [&](std::vector<ServiceView> all) { profile.bots = std::move(all); });
  for (const AccountId each : all_ids_of(account->id)) {
    profile.reports_made += reports_.made_by(each);
    profile.reports_dismissed += reports_.dismissed_of(each);
    for (const ReportRecord* record : reports_.of(each, most_reports)) profile.reports.push_back(view(*record));
  }
  std::sort(profile.reports.begin(), profile.reports.end(), [](const auto& a, const auto& b) { return a.record.id > b.record.id; });
  if (profile.reports.size() > most_reports) profile.reports.resize(most_reports);
  profile.prefixes = prefixes_of(account->id);
  for (const ReportRecord* record : reports_.newest(most_recent)) profile.recent.push_back(*record);
  reply(changed_to(std::move(profile)));
}

}  // namespace tessera
