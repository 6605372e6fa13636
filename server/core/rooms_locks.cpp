// Locks: made, changed and lifted by staff, ended by time.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::size_t most_locks = 10'000;  // of one canvas

std::string name_of(LockId id) { return target_name("lock", id); }

/// Why it may not be so, as a sentence; nothing where it may. `before`: what it was, null of a new one; it may reach over the edge since the
/// canvas has shrunk, and stay there.
std::optional<std::pair<Refusal, std::string>> refuses(const LockRecord& lock, const LockRecord* before, Size size, WallTime now) {
  const Rect whole{0, 0, size.width, size.height};
  const bool is_moved = before == nullptr || before->area != lock.area;
  if (is_moved && (lock.area.empty() || lock.area.intersect(whole) != lock.area))
    return std::pair(Refusal::OutOfBounds, "the rectangle is not within the canvas, which has " + std::to_string(size.width) + "×" +
                                               std::to_string(size.height) + " cells");
  if (lock.expires && *lock.expires <= now) return std::pair(Refusal::Invalid, std::string("expires_at is past"));
  if (lock.allowed == Role::Guest) return std::pair(Refusal::Invalid, std::string("a lock that lets guests draw locks nothing"));
  return std::nullopt;
}

}  // namespace

LockInfo Rooms::info(const LockRecord& lock) const {
  LockInfo info{.id = lock.id,
                .x = static_cast<std::uint16_t>(lock.area.x),
                .y = static_cast<std::uint16_t>(lock.area.y),
                .width = lock.area.width,
                .height = lock.area.height,
                .reason = lock.reason,
                .expires_ms = lock.expires ? static_cast<std::uint64_t>(ms(*lock.expires)) : 0,
                .allowed = lock.allowed,
                .accounts = {},
                .maker = shown(lock.maker),
                .created_ms = static_cast<std::uint64_t>(ms(lock.created)),
                .version = lock.version};
  for (const AccountId account : lock.accounts) info.accounts.push_back({account});
  return info;
}

void Rooms::locks(const std::string& canvas, const Reply<std::optional<std::vector<LockInfo>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<LockInfo> all;
  for (const auto& [id, lock] : hall->room.locks().all()) all.push_back(info(lock));
  reply(std::move(all));
}

/// What a connection is told of locks as it enters.
void Rooms::send_locks(const Hall& hall, const Connection& connection) const {
  Locks message;
  for (const auto& [id, lock] : hall.room.locks().all()) {
    message.locks.push_back(info(lock));
    if (message.locks.size() < limits::locks_per_message) continue;
    connection.gate->post(Directed{connection.id, std::exchange(message, {.first = false, .locks = {}})});
  }
  if (!message.locks.empty()) connection.gate->post(Directed{connection.id, std::move(message)});
}

void Rooms::make_lock(AccountId actor, const std::string& canvas, NewLock wanted, Reply<Changed<LockInfo>> reply) {
  in_turn([this, actor, canvas, wanted = std::move(wanted), reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* maker = staff(actor, Permission::LockCells, hall);
    if (maker == nullptr) return reply(refusal<LockInfo>(Refusal::Forbidden, "only staff may lock cells"));
    if (hall == nullptr) return reply(refusal<LockInfo>(Refusal::NotFound, "there is no such canvas"));
    if (hall->room.locks().all().size() >= most_locks)
      return reply(refusal<LockInfo>(Refusal::TooLarge, "this canvas has " + std::to_string(most_locks) + " locks: lift some first"));
    const LockRecord lock{.id = LockId{last_number_ + 1},
                          .canvas = hall->id(),
                          .area = wanted.area,
                          .reason = wanted.reason,
                          .expires = wanted.expires,
                          .allowed = wanted.allowed,
                          .accounts = wanted.accounts,
                          .maker = maker->id,
                          .created = clock_.wall()};
    if (const auto why = refuses(lock, nullptr, hall->room.record().size, clock_.wall())) return reply(refusal<LockInfo>(why->first, why->second));
    WriteSet writes;
    writes.locks.push_back(lock);
    writes.last_number = ++last_number_;
    writes.audit.push_back(entry(maker, "lock.create", hall->room.record().name, name_of(lock.id), lock_detail(lock)));
    write_in_turn(std::move(writes), [this, hall, lock, reply](bool stored) {
      if (!stored) return reply(busy_change<LockInfo>());
      put_lock(*hall, lock, true);
      reply(changed_to(info(lock)));
    });
  });
}

/// Stored: from now on it counts, and everyone sees it.
void Rooms::put_lock(Hall& hall, const LockRecord& lock, bool created) {
  hall.room.locks().put(lock);
  tell(hall, LockChanged{created, info(lock)});
}

/// The lock that is to be changed, as a copy; otherwise why it may not be, told to `reply`.
std::optional<LockRecord> Rooms::lock_to_change(AccountId actor, const Hall* hall, LockId id, std::optional<std::uint32_t> version,
                                                const Reply<Changed<LockInfo>>& reply) const {
  const LockRecord* lock = hall == nullptr ? nullptr : hall->room.locks().find(id);
  if (staff(actor, Permission::LockCells, hall) == nullptr) {
    reply(refusal<LockInfo>(Refusal::Forbidden, "only staff may change locks"));
  } else if (lock == nullptr) {
    reply(refusal<LockInfo>(Refusal::NotFound, "there is no such lock: it may have been lifted, or has expired"));
  } else if (version && *version != lock->version) {
    reply(stale_change("the lock has changed since", info(*lock)));
  } else {
    return *lock;
  }
  return std::nullopt;
}

void Rooms::change_lock(AccountId actor, const std::string& canvas, LockId id, std::optional<std::uint32_t> version, LockChange change,
                        Reply<Changed<LockInfo>> reply) {
  in_turn([this, actor, canvas, id, version, change = std::move(change), reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const auto before = lock_to_change(actor, hall, id, version, reply);
    if (!before) return;
    LockRecord after = *before;
    if (change.area) after.area = *change.area;
    if (change.reason) after.reason = *change.reason;
    if (change.expires) after.expires = *change.expires;
    if (change.allowed) after.allowed = *change.allowed;
    if (change.accounts) after.accounts = *change.accounts;
    if (after == *before) return reply(changed_to(info(after)));
    if (const auto why = refuses(after, &*before, hall->room.record().size, clock_.wall()))
      return reply(refusal<LockInfo>(why->first, why->second, info(*before)));
    ++after.version;
    WriteSet writes;
    writes.locks.push_back(after);
    writes.audit.push_back(entry(staff(actor, Permission::LockCells, hall), "lock.change", hall->room.record().name, name_of(id),
                                 change_detail(lock_detail(*before), lock_detail(after))));
    write_in_turn(std::move(writes), [this, hall, after, reply](bool stored) {
      if (!stored) return reply(busy_change<LockInfo>());
      put_lock(*hall, after, false);
      reply(changed_to(info(after)));
    });
  });
}

void Rooms::lift_lock(AccountId actor, const std::string& canvas, LockId id, std::optional<std::uint32_t> version,
                      Reply<Changed<LockInfo>> reply) {
  in_turn([this, actor, canvas, id, version, reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const auto lock = lock_to_change(actor, hall, id, version, reply);
    if (!lock) return;
    WriteSet writes;
    writes.ended_locks.push_back(id);
    writes.audit.push_back(entry(staff(actor, Permission::LockCells, hall), "lock.remove", hall->room.record().name, name_of(id), lock_detail(*lock)));
    write_in_turn(std::move(writes), [this, hall, lock = *lock, reply](bool stored) {
      if (!stored) return reply(busy_change<LockInfo>());
      end_lock(*hall, lock.id);
      reply(changed_to(info(lock)));
    });
  });
}

void Rooms::end_lock(Hall& hall, LockId id) {
  hall.room.locks().end(id);
  tell(hall, LockRemoved{id});
}

/// About once a second. What cannot be written now is ended all the same, and again after a restart.
void Rooms::end_expired_locks(Hall& hall, WallTime now) {
  const std::vector<LockId> ended = hall.room.locks().expired(now);
  if (ended.empty()) return;
  for (const LockId id : ended) end_lock(hall, id);
  WriteSet writes;
  writes.ended_locks = ended;
  write(std::move(writes), [](const Written&) {});
}

}  // namespace tessera
