#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/ports.h"
#include "server/storage/record_codec.h"
#include "server/storage/sqlite.h"
#include "server/storage/write_rules.h"

namespace tessera {

/// How long the outcome of a request is kept.
inline constexpr std::int64_t outcome_ms = 10 * 60 * 1'000;

/// Writes all tables but the journal's, within the transaction of whoever calls. One thread at a time.
class RecordWriting {
 public:
  RecordWriting() = default;
  static Result<RecordWriting> open(SqliteConnection& connection);

  Status write(const CanvasRecord& record);
  Status write(CanvasId canvas, const CanvasEvent& event);
  Status write(const AccountRecord& record);
  Status write(const SessionRecord& record);
  Status end_session(const TokenHash& hash);
  Status write(const JoinRecord& record);
  Status write(const InviteRecord& record);
  Status end_invite(InviteId id);
  Status write(const LockRecord& record);
  Status end_lock(LockId id);
  Status write(const GrantRecord& record);
  Status end_grant(GrantKey key);
  Status write(const SeenRecord& record);
  Status write_settings(const std::string& settings);
  Status write(const AnnouncementRecord& record);
  Status end_announcement(AnnouncementId id);
  Status write(const RollbackRecord& record);
  Status write(const ScheduleRecord& record);
  Status end_scheduled(ScheduleId id);
  Status write(const SnapshotRecord& record);
  Status write(const ReportRecord& record);
  /// The batch's outcomes, which also drops those older than ten minutes before its newest, and charges.
  Status write_results(const Batch& batch);
  Status write(CanvasId canvas, const CanvasHead& head);
  /// Drops what has expired.
  Status clean(SqliteConnection& connection, WallTime now);

 private:
  Result<std::int64_t> highest(SqliteStatement& query);

  SqliteStatement canvas_, event_, last_event_, account_, session_, end_session_;
  SqliteStatement join_, invite_, end_invite_;
  SqliteStatement grant_, end_grant_, seen_, settings_;
  SqliteStatement lock_, end_lock_, announcement_, end_announcement_, rollback_;
  SqliteStatement schedule_, end_scheduled_, snapshot_;
  SqliteStatement report_;
  SqliteStatement outcomes_, last_outcome_, drop_outcomes_, charges_, head_;
};

/// Visits every row of a table: its record, or the error that says which row is damaged. Answers whether to go on.
template <typename Record>
using VisitRecord = std::function<bool(Result<Record>)>;

Status read_canvases(SqliteConnection& connection, const VisitRecord<CanvasRecord>& visit);
using StoredHead = std::pair<CanvasId, CanvasHead>;
Status read_heads(SqliteConnection& connection, const VisitRecord<StoredHead>& visit);
/// Of every canvas, in order.
struct NumberedEvent {
  CanvasId canvas{};
  std::uint64_t number = 0;
  CanvasEvent event;
};
Status read_events(SqliteConnection& connection, const VisitRecord<NumberedEvent>& visit);
Status read_accounts(SqliteConnection& connection, const VisitRecord<AccountRecord>& visit);
Status read_sessions(SqliteConnection& connection, const VisitRecord<SessionRecord>& visit);
Status read_joins(SqliteConnection& connection, const VisitRecord<JoinRecord>& visit);
Status read_invites(SqliteConnection& connection, const VisitRecord<InviteRecord>& visit);
Status read_locks(SqliteConnection& connection, const VisitRecord<LockRecord>& visit);
Status read_grants(SqliteConnection& connection, const VisitRecord<GrantRecord>& visit);
Status read_seen(SqliteConnection& connection, const VisitRecord<SeenRecord>& visit);
Status read_settings(SqliteConnection& connection, const VisitRecord<std::string>& visit);
Status read_announcements(SqliteConnection& connection, const VisitRecord<AnnouncementRecord>& visit);
Status read_rollbacks(SqliteConnection& connection, const VisitRecord<RollbackRecord>& visit);
Status read_schedule(SqliteConnection& connection, const VisitRecord<ScheduleRecord>& visit);
Status read_snapshots(SqliteConnection& connection, const VisitRecord<SnapshotRecord>& visit);
Status read_reports(SqliteConnection& connection, const VisitRecord<ReportRecord>& visit);
Status read_outcomes(SqliteConnection& connection, const VisitRecord<BatchOutcomes>& visit);
Status read_charges(SqliteConnection& connection, const VisitRecord<SavedCharges>& visit);

/// An account, by a prepared `account_by_id_sql`; nothing where it is not known.
inline constexpr const char* account_by_id_sql = "SELECT value FROM accounts WHERE id = ?1";
Result<std::optional<AccountRecord>> read_account(SqliteStatement& by_id, AccountId id);

Result<CanvasHeads> read_all_heads(SqliteConnection& connection);
/// All but the cells. An error where a row is damaged.
Result<StoreContents> read_contents(SqliteConnection& connection, WallTime now);

}  // namespace tessera
