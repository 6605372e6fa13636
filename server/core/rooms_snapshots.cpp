// Named moments of a canvas, its restoring to one, and its reset: rollbacks of everybody's placements, and like each of those kept in
// the history, undone and redone.
#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::size_t most_snapshots = 1'000;  // of one canvas

std::string name_of(SnapshotId id) { return target_name("snapshot", id); }

Changed<RollbackView> not_confirmed(const CanvasRecord& record) {
  return refusal<RollbackView>(Refusal::Invalid, "name must be the canvas's own, '" + record.name + "', to confirm it");
}

}  // namespace

void Rooms::reset_canvas(AccountId actor, const std::string& canvas, const Confirmation& confirmation, bool at_once,
                         Reply<Changed<RollbackView>> reply) {
  Hall* hall = find(canvas);
  if (staff(actor, Permission::RunEvents, hall) == nullptr) return reply(refusal<RollbackView>(Refusal::Forbidden, "only admins may reset a canvas"));
  if (hall == nullptr) return reply(refusal<RollbackView>(Refusal::NotFound, "there is no such canvas"));
  if (confirmation.name != hall->room.record().name) return reply(not_confirmed(hall->room.record()));
  roll_back_after(*hall, 0,
                  {.actor = actor, .reason = confirmation.reason, .at_once = at_once, .action = "canvas.reset", .permission = Permission::RunEvents},
                  reply);
}

SnapshotView Rooms::view(const SnapshotRecord& record) const { return {record, shown(record.maker)}; }

void Rooms::snapshots(const std::string& canvas, const Reply<std::optional<std::vector<SnapshotView>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<SnapshotView> views;
  for (const auto& [id, record] : hall->snapshots) views.push_back(view(record));
  reply(std::move(views));
}

void Rooms::make_snapshot(AccountId actor, const std::string& canvas, std::string name, Reply<Changed<SnapshotView>> reply) {
  in_turn([this, actor, canvas, name = std::move(name), reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* maker = staff(actor, Permission::RunEvents, hall);
    if (maker == nullptr) return reply(refusal<SnapshotView>(Refusal::Forbidden, "only admins may take snapshots"));
    if (hall == nullptr) return reply(refusal<SnapshotView>(Refusal::NotFound, "there is no such canvas"));
    if (hall->snapshots.size() >= most_snapshots)
      return reply(refusal<SnapshotView>(Refusal::TooLarge, "this canvas has " + std::to_string(most_snapshots) + " snapshots"));
    const SnapshotRecord record{.id = SnapshotId{last_number_ + 1},
                                .canvas = hall->id(),
                                .name = name,
                                .seq = hall->room.seq(),
                                .maker = maker->id,
                                .created = clock_.wall(),
                                .counting = counting_rollbacks(*hall)};
    WriteSet writes;
    writes.snapshots.push_back(record);
    writes.last_number = ++last_number_;
    writes.audit.push_back(entry(maker, "snapshot.create", hall->room.record().name, name_of(record.id),
                                 JsonObject().text("name", name).number("seq", static_cast<std::int64_t>(record.seq))));
    write_in_turn(std::move(writes), [this, hall, record, reply](bool stored) {
      if (!stored) return reply(busy_change<SnapshotView>());
      hall->snapshots.emplace(record.id, record);
      reply(changed_to(view(record)));
    });
  });
}

void Rooms::restore_snapshot(AccountId actor, const std::string& canvas, SnapshotId id, const Confirmation& confirmation, bool at_once,
                             Reply<Changed<RollbackView>> reply) {
  Hall* hall = find(canvas);
  if (staff(actor, Permission::RunEvents, hall) == nullptr) return reply(refusal<RollbackView>(Refusal::Forbidden, "only admins may restore a canvas"));
  if (hall == nullptr || !hall->snapshots.contains(id)) return reply(refusal<RollbackView>(Refusal::NotFound, "there is no such snapshot"));
  if (confirmation.name != hall->room.record().name) return reply(not_confirmed(hall->room.record()));
  roll_back_after(*hall, hall->snapshots.at(id).seq,
                  {.actor = actor,
                   .reason = confirmation.reason,
                   .at_once = at_once,
                   .action = "snapshot.restore",
                   .permission = Permission::RunEvents,
                   .snapshot = id},
                  reply);
}

}  // namespace tessera
