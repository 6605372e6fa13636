#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "server/core/address_prefix.h"
#include "server/core/records.h"
#include "server/core/staff_records.h"
#include "shared/base/result.h"

namespace tessera {

/// All that one durable transaction writes, in this order: several canvases' batches and sign-ins share one commit.
struct WriteSet {
  std::vector<CanvasRecord> canvases;  ///< created or changed; a change adds an event with it
  std::vector<std::pair<CanvasId, CanvasEvent>> events;
  std::vector<AccountRecord> accounts;  ///< created or changed
  std::vector<SessionRecord> sessions;  ///< begun or renewed
  std::vector<TokenHash> ended_sessions;
  std::vector<JoinRecord> joins;
  std::vector<InviteRecord> invites;  ///< made or used
  std::vector<InviteId> ended_invites;
  std::vector<LockRecord> locks;  ///< made or changed
  std::vector<LockId> ended_locks;
  std::vector<GrantRecord> grants;  ///< made or changed
  std::vector<GrantKey> ended_grants;
  std::vector<SeenRecord> seen;  ///< where accounts were seen
  std::string settings;          ///< in force from now on, as JSON; empty: as they were
  std::vector<AnnouncementRecord> announcements;  ///< made or changed
  std::vector<AnnouncementId> ended_announcements;
  std::vector<RollbackRecord> rollbacks;  ///< made or changed
  std::vector<ScheduleRecord> schedule;   ///< made
  std::vector<ScheduleId> ended_schedule;
  std::vector<SnapshotRecord> snapshots;  ///< made
  std::vector<ReportRecord> reports;      ///< made or changed
  std::uint32_t last_number = 0;          ///< given to any of these; 0: as it was
  std::vector<AuditRecord> audit;         ///< appended to the log, numbered, chained and sealed by the store
  std::vector<std::shared_ptr<const Batch>> batches;
  std::vector<TileCheckpoint> checkpoints;  ///< also merges the tile's journal rows up to that seq

  bool empty() const {
    return canvases.empty() && events.empty() && accounts.empty() && sessions.empty() && ended_sessions.empty() &&
           joins.empty() && invites.empty() && ended_invites.empty() && locks.empty() && ended_locks.empty() &&
           grants.empty() && ended_grants.empty() && seen.empty() && settings.empty() &&
           announcements.empty() && ended_announcements.empty() && rollbacks.empty() && schedule.empty() &&
           ended_schedule.empty() && snapshots.empty() && reports.empty() && last_number == 0 &&
           audit.empty() && batches.empty() && checkpoints.empty();
  }
};

enum class CommitOutcome : std::uint8_t {
  Stored,   ///< on disk
  Refused,  ///< cleanly failed: nothing of it is stored, seqs may be used again
  Unknown,  ///< an I/O error at a moment that leaves it open: `Store::reopen`, then ask `last_seq`
};
struct CommitResult {
  CommitOutcome outcome = CommitOutcome::Stored;
  std::string message;  ///< why, where it is not stored
};

/// What a server needs to know at start; cells come by `StoreReader::load_tiles`.
struct StoreContents {
  struct StoredCanvas {
    CanvasRecord record;
    Seq last_seq = 0;
    WallTime last_time{};  ///< of the last placement or event; stored time never runs backwards
  };
  std::vector<StoredCanvas> canvases;
  std::vector<AccountRecord> accounts;
  std::vector<SessionRecord> sessions;  ///< those not expired
  std::vector<JoinRecord> joins;
  std::vector<InviteRecord> invites;
  std::vector<LockRecord> locks;  ///< those expired too
  std::vector<GrantRecord> grants;
  std::vector<SeenRecord> seen;
  std::string settings;  ///< of the last start, as JSON; empty: there was none
  std::vector<AnnouncementRecord> announcements;
  std::vector<RollbackRecord> rollbacks;
  std::vector<ScheduleRecord> schedule;
  std::vector<SnapshotRecord> snapshots;
  std::vector<ReportRecord> reports;  ///< closed ones too
  std::uint32_t last_number = 0;
  std::vector<std::pair<CanvasId, RequestOutcome>> outcomes;  ///< of the last ten minutes
  std::vector<SavedCharges> charges;
};

/// Who is shown to have drawn what an account drew.
struct ShownName {
  AccountId account{};
  std::string name;
  bool operator==(const ShownName&) const = default;
};

/// Reads beside the writer: own connection, short transactions, committed state only. Each instance belongs to one thread.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  /// Every tile of the canvas that was ever drawn on, as of its last committed placement.
  virtual Result<std::vector<TileAt>> load_tiles(CanvasId canvas) = 0;
  /// A tile just after placement `at` of its canvas (nothing drawn since its base: seq 0).
  virtual Result<TileAt> tile_at(CanvasId canvas, TileIndex tile, Seq at) = 0;
  /// The placements of one cell, newest first, at most `limit`, with a seq below `before`.
  virtual Result<std::vector<Placement>> history(CanvasId canvas, Cell cell, std::size_t limit, Seq before = UINT64_MAX) = 0;
  /// The journal after `since`, by seq, at most `limit`.
  virtual Result<std::vector<Placement>> placements(CanvasId canvas, Seq since, std::size_t limit) = 0;
  /// The last seq whose time is not after `time`; 0 where there is none.
  virtual Result<Seq> seq_at(CanvasId canvas, WallTime time) = 0;
  virtual Result<std::vector<CanvasEvent>> events(CanvasId canvas) = 0;
  /// Names of accounts, in the order asked; empty for unknown ones. For an alias: the account that it stands for.
  virtual Result<std::vector<ShownName>> names(std::span<const AccountId> accounts) = 0;
  /// The tiles of the canvas that were ever drawn on.
  virtual Result<std::vector<TileIndex>> drawn_tiles(CanvasId canvas) = 0;
  /// Every placement of one tile up to `until`, by seq.
  virtual Result<std::vector<Placement>> tile_placements(CanvasId canvas, TileIndex tile, Seq until) = 0;

  virtual Result<std::vector<AuditEntry>> audit(const AuditQuery& query) = 0;
  /// Reads the log from its first entry to its last, and holds it against its chain and its seal.
  virtual Result<AuditCheck> check_audit() = 0;
};

/// Where everything durable lives. `commit` and `reopen` belong to the writer thread; `reader` may be called from any.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<StoreContents> contents(WallTime now) = 0;
  /// All or nothing; returns once it is on disk.
  virtual CommitResult commit(const WriteSet& set) = 0;
  /// After `Unknown`: opens anew, so that `last_seq` tells what is there. An error: give up with this message.
  virtual Status reopen() = 0;
  virtual Result<Seq> last_seq(CanvasId canvas) = 0;
  /// How many commits are stored: after `reopen`, tells whether the one of unknown outcome is.
  virtual std::uint64_t commits() = 0;
  virtual Result<std::unique_ptr<StoreReader>> reader() = 0;
};

}  // namespace tessera
