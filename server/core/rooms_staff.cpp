// What the staff's work has in common: who may, entries of the audit log, attempts that were denied.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr Duration denials_summed = std::chrono::minutes{1};
constexpr std::size_t most_denials = 10'000;  // accounts and addresses within a minute
constexpr std::size_t most_denied_bytes = 200;

}  // namespace

const AccountRecord* Rooms::staff(AccountId id, Permission permission, const Hall* hall) const {
  const AccountRecord* account = accounts_.resolve(id);
  const bool may = account != nullptr && has_permission(role_on(*account, hall), permission) && !account->is_banned(clock_.wall());
  return may ? account : nullptr;
}

Role Rooms::role_on(const AccountRecord& account, const Hall* hall) const { return hall == nullptr ? account.role : hall->room.role_of(account); }

AccountInfo Rooms::shown(AccountId id) const {
  const AccountRecord* account = accounts_.resolve(id);
  return account == nullptr ? AccountInfo{.id = id, .name = {}, .kind = {}, .role = {}} : account->info();
}

AuditRecord Rooms::entry(const AccountRecord* actor, std::string action, const std::string& canvas, std::string target,
                         const JsonObject& detail) const {
  return {.time = clock_.wall(),
          .actor = actor == nullptr ? std::nullopt : std::optional(actor->info()),
          .action = std::move(action),
          .canvas = canvas,
          .target = std::move(target),
          .detail = detail.str()};
}

void Rooms::tell_all(const ServerMessage& message) {
  for (const auto& hall : halls_) tell(*hall, message);
}

void Rooms::tell(const Hall& hall, const ServerMessage& message) {
  for (const auto& [gate, connections] : hall.gates) gate->post(Announced{hall.id(), message});
}

void Rooms::note_settings(std::string detail, std::string settings) {
  AuditRecord change = entry(nullptr, "setting.change", {}, {}, {});
  change.detail = std::move(detail);
  WriteSet writes;
  writes.settings = std::move(settings);
  writes.audit.push_back(std::move(change));
  write(std::move(writes), [](const Written&) {});
}

// ---- denied attempts ----

void Rooms::note_denied(AccountId account, std::string what) {
  if (what.size() > most_denied_bytes) what.resize(most_denied_bytes);
  if (!is_utf8(what)) what = std::string(1, '?');
  const auto key = std::pair(account, std::move(what));
  const auto known = denials_.find(key);
  if (known != denials_.end()) {
    ++known->second.count;
    return;
  }
  if (denials_.size() >= most_denials || lost_) return;
  denials_.emplace(key, Denials{.since = clock_.now(), .count = 0});
  write_denial(key.first, key.second, 1);
}

void Rooms::write_denial(AccountId account, const std::string& what, std::uint64_t count) {
  const AccountRecord* actor = accounts_.resolve(account);
  if (actor == nullptr) return;
  WriteSet writes;
  writes.audit.push_back(entry(actor, "auth.denied", {}, what, JsonObject().number("count", static_cast<std::int64_t>(count))));
  write(std::move(writes), [](const Written&) {});
}

/// What was tried again within its minute is told at the end of it.
void Rooms::sum_denials(TimePoint now) {
  for (auto each = denials_.begin(); each != denials_.end();) {
    if (!stopping_ && now - each->second.since < denials_summed) {
      ++each;
      continue;
    }
    if (each->second.count > 0) write_denial(each->first.first, each->first.second, each->second.count);
    each = denials_.erase(each);
  }
}

}  // namespace tessera
