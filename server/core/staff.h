#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/core/changed.h"
#include "server/core/reports.h"
#include "server/core/rollback.h"
#include "server/core/staff_records.h"

namespace tessera {

struct NewLock {
  Rect area;
  std::string reason;
  std::optional<WallTime> expires{};
  Role allowed = Role::Moderator;
  std::vector<AccountId> accounts{};
};
/// What is absent stays.
struct LockChange {
  std::optional<Rect> area{};
  std::optional<std::string> reason{};
  std::optional<std::optional<WallTime>> expires{};  ///< an inner nothing: it stays until it is lifted
  std::optional<Role> allowed{};
  std::optional<std::vector<AccountId>> accounts{};
};

struct GrantView {
  GrantRecord record;
  AccountInfo account;
  AccountInfo maker;
};

struct NewAnnouncement {
  std::string text;
  bool pinned = false;
  std::optional<WallTime> expires{};
};
/// What is absent stays.
struct AnnouncementChange {
  std::optional<std::string> text{};
  std::optional<bool> pinned{};
  std::optional<std::optional<WallTime>> expires{};
};

/// What is to be rolled back, as people say it.
struct RollbackAsked {
  using Bound = std::variant<Seq, WallTime>;
  AccountId account{};  ///< nobody: everybody's
  std::optional<AddressPrefix> address{};  ///< of all accounts seen there whose role is below the actor's
  Rect region{};        ///< empty: the whole canvas
  std::optional<Bound> since{};  ///< the first placement, or the time from which on; absent: all
  std::optional<Bound> until{};  ///< the last one, or its time; absent: up to now
  std::string reason{};
};
struct RollbackPreview {
  Selection selection;
  std::shared_ptr<const RollbackPlan> plan;
};
struct RollbackView {
  RollbackRecord record;
  AccountInfo maker;
  std::uint64_t drawn = 0;    ///< of the cells that are left to draw, where it is being applied or undone
  std::uint64_t to_draw = 0;  ///< 0: not known yet, or nothing is left
};
enum class RollbackStep : std::uint8_t { Undo, Redo };

struct NewSchedule {
  WallTime at{};
  ScheduledWork work;
};
struct ScheduleView {
  ScheduleRecord record;
  AccountInfo maker;
};
struct SnapshotView {
  SnapshotRecord record;
  AccountInfo maker;
};
/// What changes a whole canvas: whoever asks for it types the canvas's name.
struct Confirmation {
  std::string name;
  std::string reason{};
};

/// The staff's work. Like the `Hub`, of which it is a part: every call returns at once and may come from any thread; replies are called
/// on the room loop, after the commit, and must only post. Every change is an entry of the audit log, in the same commit. `actor`
/// must have the permission (permissions.h), on the canvas where it is of one, else `Forbidden`; `version`: absent where any will do.
class Staff {
 public:
  template <typename Answer>
  using Reply = std::function<void(Answer)>;

  virtual ~Staff() = default;

  /// By id; nothing where there is no such canvas.
  virtual void locks(std::string canvas, Reply<std::optional<std::vector<LockInfo>>> reply) = 0;
  /// `OutOfBounds` where it is not within the canvas.
  virtual void make_lock(AccountId actor, std::string canvas, NewLock lock, Reply<Changed<LockInfo>> reply) = 0;
  virtual void change_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version, LockChange change,
                           Reply<Changed<LockInfo>> reply) = 0;
  virtual void lift_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version,
                         Reply<Changed<LockInfo>> reply) = 0;

  /// By account; nothing where there is no such canvas.
  virtual void grants(std::string canvas, Reply<std::optional<std::vector<GrantView>>> reply) = 0;
  /// Gives an account a role on that canvas alone. `actor` has a higher role there than the account has and than it gives; bots
  /// have what their makers have. `version`: of the grant that is changed; absent: there must be none.
  virtual void grant(AccountId actor, std::string canvas, AccountId account, Role role, std::optional<std::uint32_t> version,
                     Reply<Changed<GrantView>> reply) = 0;
  /// `version` absent: any will do.
  virtual void end_grant(AccountId actor, std::string canvas, AccountId account, std::optional<std::uint32_t> version,
                         Reply<Changed<GrantView>> reply) = 0;

  /// By id.
  virtual void announcements(Reply<std::vector<AnnouncementInfo>> reply) = 0;
  virtual void make_announcement(AccountId actor, NewAnnouncement announcement, Reply<Changed<AnnouncementInfo>> reply) = 0;
  virtual void change_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version, AnnouncementChange change,
                                   Reply<Changed<AnnouncementInfo>> reply) = 0;
  virtual void withdraw_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                     Reply<Changed<AnnouncementInfo>> reply) = 0;

  /// What a rollback would change now.
  virtual void preview_rollback(AccountId actor, std::string canvas, RollbackAsked asked, Reply<Changed<RollbackPreview>> reply) = 0;
  /// Answered once it is recorded and, unless `at_once`, drawn too or going on for a while: see its state.
  virtual void roll_back(AccountId actor, std::string canvas, RollbackAsked asked, bool at_once, Reply<Changed<RollbackView>> reply) = 0;
  /// Takes a rollback back as a whole, also one that is still being applied; or applies it again.
  virtual void change_rollback(AccountId actor, std::string canvas, RollbackId id, RollbackStep step, bool at_once,
                               Reply<Changed<RollbackView>> reply) = 0;
  /// The newest first; nothing where there is no such canvas.
  virtual void rollbacks(std::string canvas, Reply<std::optional<std::vector<RollbackView>>> reply) = 0;

  /// By time, then id; nothing where there is no such canvas.
  virtual void schedule(std::string canvas, Reply<std::optional<std::vector<ScheduleView>>> reply) = 0;
  /// `Invalid` where its time is past, or where it can never be.
  virtual void make_schedule(AccountId actor, std::string canvas, NewSchedule wanted, Reply<Changed<ScheduleView>> reply) = 0;
  virtual void remove_schedule(AccountId actor, std::string canvas, ScheduleId id, Reply<Changed<ScheduleView>> reply) = 0;

  /// A rollback of all that was ever placed on the canvas; `Invalid` where the name is not the canvas's.
  virtual void reset_canvas(AccountId actor, std::string canvas, Confirmation confirmation, bool at_once, Reply<Changed<RollbackView>> reply) = 0;
  /// By id; nothing where there is no such canvas.
  virtual void snapshots(std::string canvas, Reply<std::optional<std::vector<SnapshotView>>> reply) = 0;
  virtual void make_snapshot(AccountId actor, std::string canvas, std::string name, Reply<Changed<SnapshotView>> reply) = 0;
  /// A rollback of all that was placed after it; `Invalid` where the name is not the canvas's.
  virtual void restore_snapshot(AccountId actor, std::string canvas, SnapshotId id, Confirmation confirmation, bool at_once,
                                Reply<Changed<RollbackView>> reply) = 0;

  /// By any signed-in account that is not banned. `OutOfBounds`, `TooLarge`: of more cells than a report may have, or with more reports
  /// open than the staff can read; `TooSoon`: the account has made too many.
  virtual void make_report(AccountId actor, std::string canvas, NewReport report, Reply<ReportReply> reply) = 0;
  /// The newest first.
  virtual void reports(AccountId actor, std::string canvas, ReportQuery query, Reply<Changed<std::vector<ReportView>>> reply) = 0;
  /// Those that `actor` made, the newest first; nothing where there is no such canvas.
  virtual void own_reports(AccountId actor, std::string canvas, ReportQuery query, Reply<std::optional<std::vector<ReportRecord>>> reply) = 0;
  virtual void report(AccountId actor, std::string canvas, ReportId id, Reply<Changed<ReportView>> reply) = 0;
  /// All that the change names become the same, or none does; whoever made them is told at once.
  virtual void change_report(AccountId actor, std::string canvas, ReportId id, std::optional<std::uint32_t> version, ReportChange change,
                             Reply<ReportReply> reply) = 0;
  /// Tells an account of a lower role something, on its open connections.
  virtual void warn(AccountId actor, AccountId account, std::string text, Reply<Changed<AccountRecord>> reply) = 0;
  virtual void profile(AccountId actor, AccountId account, Reply<Changed<AccountProfile>> reply) = 0;

  /// A signed-in account tried what it may not: `what` is the route's method and address. Written to the audit log at once, then
  /// summed up and written once a minute.
  virtual void note_denied(AccountId account, std::string what) = 0;
  /// The server itself took over other settings: what the audit log tells of it, and all of them as the store keeps them, both as JSON.
  virtual void note_settings(std::string detail, std::string settings) = 0;
};

}  // namespace tessera
