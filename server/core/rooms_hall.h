#pragma once

#include <deque>
#include <set>

#include "server/core/rollback_job.h"
#include "server/core/rooms.h"

namespace tessera {

/// One canvas's room and who is in it. Only for the bodies of `Rooms`.
struct Rooms::Hall {
  Hall(const Opening::OpenedCanvas& canvas, const RoomSettings& settings, Counters& counters)
      : room(canvas.stored.record, canvas.stored.last_seq, canvas.stored.last_time, settings, counters) {}

  CanvasId id() const { return room.record().id; }

  Room room;
  std::vector<std::pair<Gate*, std::uint32_t>> gates;  // and how many connections each has here
  std::uint32_t online = 0;
  std::uint32_t online_told = 0;
  TimePoint next_online{};
  TimePoint next_hash{};

  struct PendingChange {
    AccountId actor{};
    std::optional<std::uint32_t> version;
    CanvasChange change;
    Hub::Reply<Changed<CanvasView>> reply;
    std::optional<ScheduleRecord> scheduled{};  // that makes it, in place of `change`; its end is in the same commit
  };
  std::deque<PendingChange> changes;  // the first is on its way where `changing`
  bool changing = false;

  std::map<AccountId, GrantRecord> grants;
  std::set<ConnectionId> staff;  // connections of staff that are here
  StaffNews news_told;
  TimePoint next_news{};
  std::uint32_t rollbacks_changed = 0;

  std::map<RollbackId, RollbackRecord> rollbacks;
  std::deque<RollbackJob> jobs;  // of those that are going on: one after the other
  std::shared_ptr<TouchedCells> touched;  // since the plan of the first was begun
  TimePoint next_plan{};                  // nothing is planned or drawn before
  bool rollback_turn = false;             // people's batch went last
  struct RollbackReply {
    RollbackId id{};
    TimePoint until{};
    Staff::Reply<Changed<RollbackView>> reply;
  };
  std::vector<RollbackReply> rollback_replies;

  std::map<ScheduleId, ScheduleRecord> schedule;
  std::map<SnapshotId, SnapshotRecord> snapshots;
};

}  // namespace tessera
