// `Staff` before the room loop: each call is posted to it.
#include "server/core/room_loop.h"

namespace tessera {

void RoomLoop::locks(std::string canvas, Reply<std::optional<std::vector<LockInfo>>> reply) {
  forward(&Rooms::locks, std::move(canvas), std::move(reply));
}
void RoomLoop::make_lock(AccountId actor, std::string canvas, NewLock lock, Reply<Changed<LockInfo>> reply) {
  forward(&Rooms::make_lock, actor, std::move(canvas), std::move(lock), std::move(reply));
}
void RoomLoop::change_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version, LockChange change,
                           Reply<Changed<LockInfo>> reply) {
  forward(&Rooms::change_lock, actor, std::move(canvas), id, version, std::move(change), std::move(reply));
}
void RoomLoop::lift_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version,
                         Reply<Changed<LockInfo>> reply) {
  forward(&Rooms::lift_lock, actor, std::move(canvas), id, version, std::move(reply));
}

void RoomLoop::grants(std::string canvas, Reply<std::optional<std::vector<GrantView>>> reply) {
  forward(&Rooms::grants, std::move(canvas), std::move(reply));
}
void RoomLoop::grant(AccountId actor, std::string canvas, AccountId account, Role role, std::optional<std::uint32_t> version,
                     Reply<Changed<GrantView>> reply) {
  forward(&Rooms::grant, actor, std::move(canvas), account, role, version, std::move(reply));
}
void RoomLoop::end_grant(AccountId actor, std::string canvas, AccountId account, std::optional<std::uint32_t> version,
                         Reply<Changed<GrantView>> reply) {
  forward(&Rooms::end_grant, actor, std::move(canvas), account, version, std::move(reply));
}

void RoomLoop::announcements(Reply<std::vector<AnnouncementInfo>> reply) { forward(&Rooms::announcements, std::move(reply)); }
void RoomLoop::make_announcement(AccountId actor, NewAnnouncement announcement, Reply<Changed<AnnouncementInfo>> reply) {
  forward(&Rooms::make_announcement, actor, std::move(announcement), std::move(reply));
}
void RoomLoop::change_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                   AnnouncementChange change, Reply<Changed<AnnouncementInfo>> reply) {
  forward(&Rooms::change_announcement, actor, id, version, std::move(change), std::move(reply));
}
void RoomLoop::withdraw_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                     Reply<Changed<AnnouncementInfo>> reply) {
  forward(&Rooms::withdraw_announcement, actor, id, version, std::move(reply));
}

void RoomLoop::preview_rollback(AccountId actor, std::string canvas, RollbackAsked asked, Reply<Changed<RollbackPreview>> reply) {
  forward(&Rooms::preview_rollback, actor, std::move(canvas), std::move(asked), std::move(reply));
}
void RoomLoop::roll_back(AccountId actor, std::string canvas, RollbackAsked asked, bool at_once, Reply<Changed<RollbackView>> reply) {
  forward(&Rooms::roll_back, actor, std::move(canvas), std::move(asked), at_once, std::move(reply));
}
void RoomLoop::change_rollback(AccountId actor, std::string canvas, RollbackId id, RollbackStep step, bool at_once,
                               Reply<Changed<RollbackView>> reply) {
  forward(&Rooms::change_rollback, actor, std::move(canvas), id, step, at_once, std::move(reply));
}
void RoomLoop::rollbacks(std::string canvas, Reply<std::optional<std::vector<RollbackView>>> reply) {
  forward(&Rooms::rollbacks, std::move(canvas), std::move(reply));
}

void RoomLoop::schedule(std::string canvas, Reply<std::optional<std::vector<ScheduleView>>> reply) {
  forward(&Rooms::schedule, std::move(canvas), std::move(reply));
}
void RoomLoop::make_schedule(AccountId actor, std::string canvas, NewSchedule wanted, Reply<Changed<ScheduleView>> reply) {
  forward(&Rooms::make_schedule, actor, std::move(canvas), std::move(wanted), std::move(reply));
}
void RoomLoop::remove_schedule(AccountId actor, std::string canvas, ScheduleId id, Reply<Changed<ScheduleView>> reply) {
  forward(&Rooms::remove_schedule, actor, std::move(canvas), id, std::move(reply));
}
void RoomLoop::reset_canvas(AccountId actor, std::string canvas, Confirmation confirmation, bool at_once,
                            Reply<Changed<RollbackView>> reply) {
  forward(&Rooms::reset_canvas, actor, std::move(canvas), std::move(confirmation), at_once, std::move(reply));
}
void RoomLoop::snapshots(std::string canvas, Reply<std::optional<std::vector<SnapshotView>>> reply) {
  forward(&Rooms::snapshots, std::move(canvas), std::move(reply));
}
void RoomLoop::make_snapshot(AccountId actor, std::string canvas, std::string name, Reply<Changed<SnapshotView>> reply) {
  forward(&Rooms::make_snapshot, actor, std::move(canvas), std::move(name), std::move(reply));
}
void RoomLoop::restore_snapshot(AccountId actor, std::string canvas, SnapshotId id, Confirmation confirmation, bool at_once,
                                Reply<Changed<RollbackView>> reply) {
  forward(&Rooms::restore_snapshot, actor, std::move(canvas), id, std::move(confirmation), at_once, std::move(reply));
}

void RoomLoop::note_settings(std::string detail, std::string settings) { forward(&Rooms::note_settings, std::move(detail), std::move(settings)); }
void RoomLoop::note_denied(AccountId account, std::string what) { forward(&Rooms::note_denied, account, std::move(what)); }

}  // namespace tessera
