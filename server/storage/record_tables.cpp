#include "server/storage/record_tables.h"

#include <algorithm>

#include "server/storage/event_codec.h"
#include "server/storage/journal_reading.h"
#include "server/storage/meta_table.h"
#include "server/storage/packing.h"
#include "server/storage/report_codec.h"
#include "server/storage/seal.h"
#include "server/storage/staff_codec.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

/// Room for 4,096 batches of one millisecond.
constexpr int outcome_id_shift = 12;
/// The one row of its table.
constexpr std::int64_t settings_row = 1;

/// Of an account, an invitation, a lock …
template <typename Id>
std::int64_t number(Id id) {
  return static_cast<std::int64_t>(id);
}
std::uint64_t key(std::int64_t number) { return static_cast<std::uint64_t>(number); }

Status put(SqliteStatement& statement, int parameter, SealedTable table, std::initializer_list<std::uint64_t> keys,
           const Bytes& body) {
  const Bytes value = seal(key_crc(table, keys), body);
  return statement.bind(parameter, ByteSpan(value)).run();
}

Error damaged(const char* table, std::initializer_list<std::optional<std::int64_t>> keys) {
  std::string message = std::string("the row of table '") + table + "' with key";
  for (const auto& number : keys) message += number ? " " + std::to_string(*number) : std::string(" (not a number)");
  return {message + " is damaged"};
}

/// Visits all rows of a table with one or two numbers for a key.
template <typename Record, typename Unpack>
Status read_table(SqliteConnection& connection, SealedTable table, const char* name, const char* sql, int keys,
                  const Unpack& unpack, const VisitRecord<Record>& visit) {
  auto rows = connection.prepare(sql);
  if (!rows) return rows.error();
  for (;;) {
    const Step step = rows->step();
    if (step == Step::Done) return {};
    if (step == Step::Failed) return rows->error();
    const auto first = rows->integer(0);
    const auto second = keys == 2 ? rows->integer(1) : std::optional<std::int64_t>(0);
    const auto value = rows->blob(keys);
    std::optional<Record> record;
    if (first && second && value) {
      const std::uint32_t crc = keys == 2 ? key_crc(table, {key(*first), key(*second)}) : key_crc(table, {key(*first)});
      if (const auto body = unseal(crc, *value)) record = unpack(*first, *second, *body);
    }
    const Error error = keys == 2 ? damaged(name, {first, second}) : damaged(name, {first});
    if (!visit(record ? Result<Record>(std::move(*record)) : Result<Record>(error))) return {};
  }
}

template <typename Id>
Id id_of(std::int64_t number) {
  return Id{static_cast<std::uint32_t>(number)};
}
CanvasId canvas_id(std::int64_t number) { return CanvasId{static_cast<std::uint32_t>(number)}; }
AccountId account_id(std::int64_t number) { return AccountId{static_cast<std::uint32_t>(number)}; }

/// Reads a table whole; the first damaged row is the error.
template <typename Record>
Status collect(SqliteConnection& connection, Status (*read)(SqliteConnection&, const VisitRecord<Record>&),
               const auto& take) {
  Status first_damage;
  const Status status = read(connection, [&](Result<Record> record) {
    if (record)
      take(std::move(*record));
    else
      first_damage = record.error();
    return record.ok();
  });
  return status ? first_damage : status;
}

}  // namespace

Result<RecordWriting> RecordWriting::open(SqliteConnection& connection) {
  RecordWriting writing;
  const Status status = connection.prepare({
      {&writing.canvas_, "INSERT OR REPLACE INTO canvases (id, value) VALUES (?1, ?2)"},
      {&writing.event_, "INSERT INTO events (canvas, number, value) VALUES (?1, ?2, ?3)"},
      {&writing.last_event_, "SELECT coalesce(max(number), 0) FROM events WHERE canvas = ?1"},
      {&writing.account_, "INSERT OR REPLACE INTO accounts (id, value) VALUES (?1, ?2)"},
      {&writing.session_, "INSERT OR REPLACE INTO sessions (hash, value) VALUES (?1, ?2)"},
      {&writing.end_session_, "DELETE FROM sessions WHERE hash = ?1"},
      {&writing.join_, "INSERT OR REPLACE INTO joins (canvas, account, value) VALUES (?1, ?2, ?3)"},
      {&writing.invite_, "INSERT OR REPLACE INTO invites (id, value) VALUES (?1, ?2)"},
      {&writing.end_invite_, "DELETE FROM invites WHERE id = ?1"},
      {&writing.lock_, "INSERT OR REPLACE INTO locks (id, value) VALUES (?1, ?2)"},
      {&writing.end_lock_, "DELETE FROM locks WHERE id = ?1"},
      {&writing.grant_, "INSERT OR REPLACE INTO grants (canvas, account, value) VALUES (?1, ?2, ?3)"},
      {&writing.end_grant_, "DELETE FROM grants WHERE canvas = ?1 AND account = ?2"},
      {&writing.seen_, "INSERT OR REPLACE INTO seen (account, value) VALUES (?1, ?2)"},
      {&writing.settings_, "INSERT OR REPLACE INTO settings (id, value) VALUES (?1, ?2)"},
      {&writing.announcement_, "INSERT OR REPLACE INTO announcements (id, value) VALUES (?1, ?2)"},
      {&writing.end_announcement_, "DELETE FROM announcements WHERE id = ?1"},
      {&writing.rollback_, "INSERT OR REPLACE INTO rollbacks (id, value) VALUES (?1, ?2)"},
      {&writing.schedule_, "INSERT OR REPLACE INTO schedule (id, value) VALUES (?1, ?2)"},
      {&writing.end_scheduled_, "DELETE FROM schedule WHERE id = ?1"},
      {&writing.snapshot_, "INSERT OR REPLACE INTO snapshots (id, value) VALUES (?1, ?2)"},
      {&writing.report_, "INSERT OR REPLACE INTO reports (id, value) VALUES (?1, ?2)"},
      {&writing.outcomes_, "INSERT INTO outcomes (id, value) VALUES (?1, ?2)"},
      {&writing.last_outcome_, "SELECT coalesce(max(id), 0) FROM outcomes"},
      {&writing.drop_outcomes_, "DELETE FROM outcomes WHERE id < ?1"},
      {&writing.charges_, "INSERT OR REPLACE INTO charges (canvas, account, value) VALUES (?1, ?2, ?3)"},
      {&writing.head_, "INSERT OR REPLACE INTO heads (canvas, value) VALUES (?1, ?2)"},
  });
  if (!status) return status.error();
  return writing;
}

Status RecordWriting::write(const CanvasRecord& record) {
  const std::int64_t id = stored(record.id);
  return put(canvas_.bind(1, id), 2, SealedTable::Canvases, {key(id)}, pack_canvas(record));
}

Status RecordWriting::write(CanvasId canvas, const CanvasEvent& event) {
  const auto last = highest(last_event_.bind(1, stored(canvas)));
  if (!last) return last.error();
  const std::int64_t next = *last + 1;
  event_.bind(1, stored(canvas)).bind(2, next);
  return put(event_, 3, SealedTable::Events, {key(stored(canvas)), key(next)}, pack_event(event));
}

Status RecordWriting::write(const AccountRecord& record) {
  return put(account_.bind(1, number(record.id)), 2, SealedTable::Accounts, {key(number(record.id))},
             pack_account(record));
}

Status RecordWriting::write(const SessionRecord& record) {
  const Bytes value = seal(key_crc(SealedTable::Sessions, record.hash), pack_session(record));
  return session_.bind(1, ByteSpan(record.hash)).bind(2, ByteSpan(value)).run();
}

Status RecordWriting::end_session(const TokenHash& hash) { return end_session_.bind(1, ByteSpan(hash)).run(); }

Status RecordWriting::write(const JoinRecord& record) {
  join_.bind(1, stored(record.canvas)).bind(2, number(record.account));
  return put(join_, 3, SealedTable::Joins, {key(stored(record.canvas)), key(number(record.account))}, pack_join());
}

Status RecordWriting::write(const InviteRecord& record) {
  return put(invite_.bind(1, number(record.id)), 2, SealedTable::Invites, {key(number(record.id))},
             pack_invite(record));
}

Status RecordWriting::end_invite(InviteId id) { return end_invite_.bind(1, number(id)).run(); }

Status RecordWriting::write(const LockRecord& record) {
  return put(lock_.bind(1, number(record.id)), 2, SealedTable::Locks, {key(number(record.id))}, pack_lock(record));
}

Status RecordWriting::end_lock(LockId id) { return end_lock_.bind(1, number(id)).run(); }

Status RecordWriting::write(const GrantRecord& record) {
  grant_.bind(1, stored(record.canvas)).bind(2, number(record.account));
  return put(grant_, 3, SealedTable::Grants, {key(stored(record.canvas)), key(number(record.account))}, pack_grant(record));
}

Status RecordWriting::end_grant(GrantKey key) { return end_grant_.bind(1, stored(key.canvas)).bind(2, number(key.account)).run(); }

Status RecordWriting::write(const SeenRecord& record) {
  return put(seen_.bind(1, number(record.account)), 2, SealedTable::Seen, {key(number(record.account))}, pack_seen(record));
}

Status RecordWriting::write_settings(const std::string& settings) {
  Packer body;
  body.text(settings);
  return put(settings_.bind(1, settings_row), 2, SealedTable::Settings, {key(settings_row)}, body.take());
}

Status RecordWriting::write(const AnnouncementRecord& record) {
  return put(announcement_.bind(1, number(record.id)), 2, SealedTable::Announcements, {key(number(record.id))},
             pack_announcement(record));
}

Status RecordWriting::end_announcement(AnnouncementId id) { return end_announcement_.bind(1, number(id)).run(); }

Status RecordWriting::write(const RollbackRecord& record) {
  return put(rollback_.bind(1, number(record.id)), 2, SealedTable::Rollbacks, {key(number(record.id))},
             pack_rollback(record));
}

Status RecordWriting::write(const ScheduleRecord& record) {
  return put(schedule_.bind(1, number(record.id)), 2, SealedTable::Schedule, {key(number(record.id))}, pack_schedule(record));
}

Status RecordWriting::end_scheduled(ScheduleId id) { return end_scheduled_.bind(1, number(id)).run(); }

Status RecordWriting::write(const SnapshotRecord& record) {
  return put(snapshot_.bind(1, number(record.id)), 2, SealedTable::Snapshots, {key(number(record.id))}, pack_snapshot(record));
}

Status RecordWriting::write(const ReportRecord& record) {
  return put(report_.bind(1, number(record.id)), 2, SealedTable::Reports, {key(number(record.id))}, pack_report(record));
}

Status RecordWriting::write_results(const Batch& batch) {
  for (const SavedCharges& charges : batch.charges) {
    charges_.bind(1, stored(charges.canvas)).bind(2, number(charges.account));
    const Status status = put(charges_, 3, SealedTable::Charges,
                              {key(stored(charges.canvas)), key(number(charges.account))}, pack_charges(charges));
    if (!status) return status;
  }
  if (batch.outcomes.empty()) return {};
  std::int64_t newest = 0;
  for (const RequestOutcome& outcome : batch.outcomes) newest = std::max(newest, ms(outcome.time));
  const auto last = highest(last_outcome_);
  if (!last) return last.error();
  const std::int64_t id = std::max(*last + 1, newest << outcome_id_shift);
  const Status status =
      put(outcomes_.bind(1, id), 2, SealedTable::Outcomes, {key(id)}, pack_outcomes(batch.canvas, batch.outcomes));
  if (!status) return status;
  return drop_outcomes_.bind(1, (newest - outcome_ms) << outcome_id_shift).run();
}

Status RecordWriting::write(CanvasId canvas, const CanvasHead& head) {
  return put(head_.bind(1, stored(canvas)), 2, SealedTable::Heads, {key(stored(canvas))}, pack_head(head));
}

Result<std::int64_t> RecordWriting::highest(SqliteStatement& query) {
  StatementUse use(query);
  if (use->step() != Step::Row) return use->error();
  return use->integer(0).value_or(0);
}

Status RecordWriting::clean(SqliteConnection& connection, WallTime now) {
  std::vector<TokenHash> expired;
  const Status read = read_sessions(connection, [&](Result<SessionRecord> session) {
    if (session && session->expires <= now) expired.push_back(session->hash);
    return true;
  });
  if (!read) return read;
  for (const TokenHash& hash : expired)
    if (Status status = end_session(hash); !status) return status;
  return drop_outcomes_.bind(1, (ms(now) - outcome_ms) << outcome_id_shift).run();
}

Status read_canvases(SqliteConnection& connection, const VisitRecord<CanvasRecord>& visit) {
  return read_table<CanvasRecord>(
      connection, SealedTable::Canvases, "canvases", "SELECT id, value FROM canvases ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_canvas(canvas_id(id), body); }, visit);
}

Status read_heads(SqliteConnection& connection, const VisitRecord<StoredHead>& visit) {
  return read_table<StoredHead>(
      connection, SealedTable::Heads, "heads", "SELECT canvas, value FROM heads ORDER BY canvas", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) {
        const auto head = unpack_head(body);
        return head ? std::optional<StoredHead>({canvas_id(id), *head}) : std::nullopt;
      },
      visit);
}

Status read_events(SqliteConnection& connection, const VisitRecord<NumberedEvent>& visit) {
  return read_table<NumberedEvent>(
      connection, SealedTable::Events, "events", "SELECT canvas, number, value FROM events ORDER BY canvas, number", 2,
      [](std::int64_t canvas, std::int64_t number, ByteSpan body) -> std::optional<NumberedEvent> {
        auto event = unpack_event(canvas_id(canvas), body);
        if (!event) return std::nullopt;
        return NumberedEvent{canvas_id(canvas), key(number), std::move(*event)};
      },
      visit);
}

Status read_accounts(SqliteConnection& connection, const VisitRecord<AccountRecord>& visit) {
  return read_table<AccountRecord>(
      connection, SealedTable::Accounts, "accounts", "SELECT id, value FROM accounts ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_account(account_id(id), body); }, visit);
}

Status read_sessions(SqliteConnection& connection, const VisitRecord<SessionRecord>& visit) {
  auto rows = connection.prepare("SELECT hash, value FROM sessions ORDER BY hash");
  if (!rows) return rows.error();
  for (;;) {
    const Step step = rows->step();
    if (step == Step::Done) return {};
    if (step == Step::Failed) return rows->error();
    const auto stored_hash = rows->blob(0);
    const auto value = rows->blob(1);
    std::optional<SessionRecord> record;
    TokenHash hash{};
    if (stored_hash && value && stored_hash->size() == hash.size()) {
      std::copy(stored_hash->begin(), stored_hash->end(), hash.begin());
      if (const auto body = unseal(key_crc(SealedTable::Sessions, hash), *value)) record = unpack_session(hash, *body);
    }
    if (!visit(record ? Result<SessionRecord>(*record)
                      : Result<SessionRecord>(Error{"a row of table 'sessions' is damaged"})))
      return {};
  }
}

Status read_joins(SqliteConnection& connection, const VisitRecord<JoinRecord>& visit) {
  return read_table<JoinRecord>(
      connection, SealedTable::Joins, "joins", "SELECT canvas, account, value FROM joins ORDER BY canvas, account", 2,
      [](std::int64_t canvas, std::int64_t account, ByteSpan body) {
        return unpack_join(body) ? std::optional(JoinRecord{canvas_id(canvas), account_id(account)}) : std::nullopt;
      },
      visit);
}

Status read_invites(SqliteConnection& connection, const VisitRecord<InviteRecord>& visit) {
  return read_table<InviteRecord>(
      connection, SealedTable::Invites, "invites", "SELECT id, value FROM invites ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) {
        return unpack_invite(id_of<InviteId>(id), body);
      },
      visit);
}

Status read_locks(SqliteConnection& connection, const VisitRecord<LockRecord>& visit) {
  return read_table<LockRecord>(
      connection, SealedTable::Locks, "locks", "SELECT id, value FROM locks ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_lock(id_of<LockId>(id), body); }, visit);
}

Status read_grants(SqliteConnection& connection, const VisitRecord<GrantRecord>& visit) {
  return read_table<GrantRecord>(
      connection, SealedTable::Grants, "grants", "SELECT canvas, account, value FROM grants ORDER BY canvas, account", 2,
      [](std::int64_t canvas, std::int64_t account, ByteSpan body) { return unpack_grant({canvas_id(canvas), account_id(account)}, body); }, visit);
}

Status read_seen(SqliteConnection& connection, const VisitRecord<SeenRecord>& visit) {
  return read_table<SeenRecord>(
      connection, SealedTable::Seen, "seen", "SELECT account, value FROM seen ORDER BY account", 1,
      [](std::int64_t account, std::int64_t, ByteSpan body) { return unpack_seen(account_id(account), body); }, visit);
}

Status read_settings(SqliteConnection& connection, const VisitRecord<std::string>& visit) {
  return read_table<std::string>(
      connection, SealedTable::Settings, "settings", "SELECT id, value FROM settings ORDER BY id", 1,
      [](std::int64_t, std::int64_t, ByteSpan body) -> std::optional<std::string> {
        Unpacker in(body);
        std::string settings = in.text();
        return in.done() ? std::optional(std::move(settings)) : std::nullopt;
      },
      visit);
}

Status read_announcements(SqliteConnection& connection, const VisitRecord<AnnouncementRecord>& visit) {
  return read_table<AnnouncementRecord>(
      connection, SealedTable::Announcements, "announcements", "SELECT id, value FROM announcements ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_announcement(id_of<AnnouncementId>(id), body); },
      visit);
}

Status read_rollbacks(SqliteConnection& connection, const VisitRecord<RollbackRecord>& visit) {
  return read_table<RollbackRecord>(
      connection, SealedTable::Rollbacks, "rollbacks", "SELECT id, value FROM rollbacks ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_rollback(id_of<RollbackId>(id), body); }, visit);
}

Status read_schedule(SqliteConnection& connection, const VisitRecord<ScheduleRecord>& visit) {
  return read_table<ScheduleRecord>(
      connection, SealedTable::Schedule, "schedule", "SELECT id, value FROM schedule ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_schedule(id_of<ScheduleId>(id), body); }, visit);
}

Status read_snapshots(SqliteConnection& connection, const VisitRecord<SnapshotRecord>& visit) {
  return read_table<SnapshotRecord>(
      connection, SealedTable::Snapshots, "snapshots", "SELECT id, value FROM snapshots ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_snapshot(id_of<SnapshotId>(id), body); }, visit);
}

Status read_reports(SqliteConnection& connection, const VisitRecord<ReportRecord>& visit) {
  return read_table<ReportRecord>(
      connection, SealedTable::Reports, "reports", "SELECT id, value FROM reports ORDER BY id", 1,
      [](std::int64_t id, std::int64_t, ByteSpan body) { return unpack_report(id_of<ReportId>(id), body); }, visit);
}

Status read_outcomes(SqliteConnection& connection, const VisitRecord<BatchOutcomes>& visit) {
  return read_table<BatchOutcomes>(
      connection, SealedTable::Outcomes, "outcomes", "SELECT id, value FROM outcomes ORDER BY id", 1,
      [](std::int64_t, std::int64_t, ByteSpan body) { return unpack_outcomes(body); }, visit);
}

Status read_charges(SqliteConnection& connection, const VisitRecord<SavedCharges>& visit) {
  return read_table<SavedCharges>(
      connection, SealedTable::Charges, "charges",
      "SELECT canvas, account, value FROM charges ORDER BY canvas, account", 2,
      [](std::int64_t canvas, std::int64_t account, ByteSpan body) {
        return unpack_charges(canvas_id(canvas), account_id(account), body);
      },
      visit);
}

Result<std::optional<AccountRecord>> read_account(SqliteStatement& by_id, AccountId id) {
  StatementUse use(by_id);
  use->bind(1, number(id));
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  if (step == Step::Done) return std::optional<AccountRecord>();
  const auto value = use->blob(0);
  const auto body = value ? unseal(key_crc(SealedTable::Accounts, {key(number(id))}), *value) : std::nullopt;
  auto record = body ? unpack_account(id, *body) : std::nullopt;
  if (!record) return damaged("accounts", {number(id)});
  return record;
}

Result<CanvasHeads> read_all_heads(SqliteConnection& connection) {
  CanvasHeads heads;
  const Status status = collect<StoredHead>(connection, read_heads, [&](StoredHead head) { heads.insert(head); });
  if (!status) return status.error();
  return heads;
}

Result<StoreContents> read_contents(SqliteConnection& connection, WallTime now) {
  StoreContents contents;
  auto heads = read_all_heads(connection);
  if (!heads) return heads.error();
  std::vector<Status> done;
  done.push_back(collect<NumberedEvent>(connection, read_events, [&](const NumberedEvent& event) {
    CanvasHead& head = (*heads)[event.canvas];
    head.last_time = std::max(head.last_time, event.event.time);
  }));
  done.push_back(collect<CanvasRecord>(connection, read_canvases, [&](CanvasRecord record) {
    const CanvasHead head = (*heads)[record.id];
    contents.canvases.push_back({std::move(record), head.last_seq, head.last_time});
  }));
  done.push_back(collect<AccountRecord>(connection, read_accounts,
                                        [&](AccountRecord record) { contents.accounts.push_back(std::move(record)); }));
  done.push_back(collect<SessionRecord>(connection, read_sessions, [&](const SessionRecord& record) {
    if (record.expires > now) contents.sessions.push_back(record);
  }));
  done.push_back(collect<JoinRecord>(connection, read_joins,
                                     [&](const JoinRecord& record) { contents.joins.push_back(record); }));
  done.push_back(collect<InviteRecord>(connection, read_invites,
                                       [&](const InviteRecord& record) { contents.invites.push_back(record); }));
  done.push_back(collect<LockRecord>(connection, read_locks,
                                     [&](LockRecord record) { contents.locks.push_back(std::move(record)); }));
  done.push_back(collect<GrantRecord>(connection, read_grants, [&](const GrantRecord& record) { contents.grants.push_back(record); }));
  done.push_back(collect<SeenRecord>(connection, read_seen, [&](SeenRecord record) { contents.seen.push_back(std::move(record)); }));
  done.push_back(collect<std::string>(connection, read_settings, [&](std::string settings) { contents.settings = std::move(settings); }));
  done.push_back(collect<AnnouncementRecord>(connection, read_announcements, [&](AnnouncementRecord record) {
    contents.announcements.push_back(std::move(record));
  }));
  done.push_back(collect<RollbackRecord>(connection, read_rollbacks, [&](RollbackRecord record) {
    contents.rollbacks.push_back(std::move(record));
  }));
  done.push_back(collect<ScheduleRecord>(connection, read_schedule, [&](ScheduleRecord record) {
    contents.schedule.push_back(std::move(record));
  }));
  done.push_back(collect<SnapshotRecord>(connection, read_snapshots, [&](SnapshotRecord record) {
    contents.snapshots.push_back(std::move(record));
  }));
  done.push_back(collect<ReportRecord>(connection, read_reports,
                                       [&](ReportRecord record) { contents.reports.push_back(std::move(record)); }));
  done.push_back(collect<BatchOutcomes>(connection, read_outcomes, [&](BatchOutcomes batch) {
    for (RequestOutcome& outcome : batch.outcomes)
      if (ms(outcome.time) >= ms(now) - outcome_ms) contents.outcomes.emplace_back(batch.canvas, std::move(outcome));
  }));
  done.push_back(collect<SavedCharges>(connection, read_charges,
                                       [&](const SavedCharges& charges) { contents.charges.push_back(charges); }));
  for (const Status& status : done)
    if (!status) return status.error();
  auto meta = MetaTable::open(connection);
  if (!meta) return meta.error();
  const auto last_number = meta->read(meta_last_number);
  if (!last_number) return last_number.error();
  contents.last_number = static_cast<std::uint32_t>(*last_number);
  return contents;
}

}  // namespace tessera
