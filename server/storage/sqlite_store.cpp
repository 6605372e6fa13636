#include "server/storage/sqlite_store.h"

#include <sqlite3.h>

#include "server/storage/audit_key.h"
#include "server/storage/log_check.h"
#include "server/storage/sqlite_reader.h"
#include "server/storage/sqlite_schema.h"

namespace tessera {
namespace {

/// At so many times the length at which the log is copied beside the commits, they wait for the copy.
constexpr int log_overrun = 3;
/// Merging frees pages that later rows use again; where more than a part of the file is free, it is made shorter.
constexpr std::int64_t free_part = 16;
constexpr std::int64_t pages_left_free = 4;

/// The first schema that has an audit log.
constexpr std::int64_t audit_schema = 3;

int newest_schema() { return sqlite_migrations().back().number; }

bool is_io_error(int code) { return (code & 255) == SQLITE_IOERR; }

void checkpoint_on_close(const SqliteConnection& connection, bool wanted) {
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

}  // namespace

SqliteStore::SqliteStore(DataFiles files, StoreAccess access, SqliteOptions options)
    : files_(std::move(files)), access_(access), options_(std::move(options)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const DataFiles& files, StoreAccess access, RandomSource& random,
                                                       std::vector<std::string>& notices, SqliteOptions options) {
  std::unique_ptr<SqliteStore> store(new SqliteStore(files, access, std::move(options)));
  std::error_code ignored;
  const bool exists = std::filesystem::exists(files.database, ignored);
  if (access == StoreAccess::Read) {
    if (!exists) return Error{"there is no database at " + files.database.string()};
    if (Status status = store->connect(); !status) return status.error();
    return store;
  }

  if (Status status = make_directory(files.directory); !status) return status.error();
  auto lock = DataLock::take(files);
  if (!lock) return lock.error();
  store->lock_ = std::move(*lock);
  if (exists && std::filesystem::file_size(files.database, ignored) > 0) {
    if (Status status = check_database_header(files.database, newest_schema()); !status) return status.error();
    if (Status status = check_log(files.database); !status) return status.error();
  } else {
    store->begin_audit_log(notices);
    if (Status status = create_database(files.database, random.next_u64()); !status) return status.error();
  }
  if (Status status = store->connect(&notices); !status) return status.error();
  auto key = open_audit_key(files.audit_key, store->session_->connection, random);
  if (!key) return key.error();
  store->audit_key_ = *key;
  auto marker = EpochMarker::open(files);
  if (!marker) return marker.error();
  store->marker_ = std::move(*marker);
  if (Status status = store->draw_new_epochs(random, notices); !status) return status.error();
  return store;
}

void SqliteStore::begin_audit_log(std::vector<std::string>& notices) const {
  if (set_audit_key_aside(files_.audit_key))
    notices.push_back(files_.audit_key.string() + " belongs to an audit log that is not in the database: it is " +
                      files_.audit_key.filename().string() + ".old now, and the log begins anew");
}

Result<SqliteConnection> SqliteStore::open_connection(std::vector<std::string>* notices) const {
  const bool writes = access_ == StoreAccess::Write;
  const auto mode = writes ? SqliteConnection::Mode::Write : SqliteConnection::Mode::Read;
  auto connection = SqliteConnection::open(files_.database.string(), mode, options_.vfs);
  if (!connection) return connection.error();
  // Until it is known to be ours and whole, closing it must not change the file.
  checkpoint_on_close(*connection, false);
  if (Status status = check_schema(*connection, sqlite_migrations()); !status)
    return Error{files_.database.string() + ": " + status.error().message};
  if (!writes) {
    const auto version = connection->number("PRAGMA user_version");
    if (version && *version < newest_schema())
      return Error{files_.database.string() + " was written by an older version: start the server on it once"};
    return connection;
  }
  const bool durable = options_.durability == SqliteOptions::Durability::Full;
  const Status ready = connection->run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  if (!ready) return ready.error();
  // The log is copied by `limit_log`; a large import's is cut back to the limit afterwards.
  const Status set = connection->run(
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; "
      "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY");
  if (!set) return set.error();
  const auto version = connection->number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version < audit_schema && notices != nullptr) begin_audit_log(*notices);
  if (Status status = migrate(*connection, sqlite_migrations()); !status) return status.error();
  checkpoint_on_close(*connection, true);
  return connection;
}

Status SqliteStore::connect(std::vector<std::string>* notices) {
  auto connection = open_connection(notices);
  if (!connection) return connection.error();
  auto session = std::make_unique<Session>();
  session->connection = std::move(*connection);
  auto meta = MetaTable::open(session->connection);
  if (!meta) return meta.error();
  session->meta = std::move(*meta);
  const auto store = session->meta.read(meta_store);
  if (!store) return store.error();
  const auto commits = session->meta.read(meta_commits);
  if (!commits) return commits.error();
  auto heads = read_all_heads(session->connection);
  if (!heads) return heads.error();
  if (access_ == StoreAccess::Write) {
    auto journal = JournalWriting::open(session->connection);
    if (!journal) return journal.error();
    auto records = RecordWriting::open(session->connection);
    if (!records) return records.error();
    session->journal = std::move(*journal);
    session->records = std::move(*records);
    auto audit = AuditLog::open(session->connection);
    if (!audit) return audit.error();
    session->audit = std::move(*audit);
    if (options_.log_copy == SqliteOptions::LogCopy::Beside) {
      const bool durable = options_.durability == SqliteOptions::Durability::Full;
      auto keeper = LogKeeper::start(files_.database.string(), options_.vfs, durable);
      if (!keeper) return keeper.error();
      session->keeper = std::move(*keeper);
    }
  }
  const auto note_pages = [](void* place, sqlite3*, const char*, int pages) {
    *static_cast<int*>(place) = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(session->connection.handle(), note_pages, &session->log_pages);
  state_ = {*store, *commits};
  heads_ = std::move(*heads);
  session_ = std::move(session);
  return {};
}

Status SqliteStore::draw_new_epochs(RandomSource& random, std::vector<std::string>& notices) {
  const auto remembered = marker_->read();
  if (remembered && remembered->store == state_.store && remembered->commits <= state_.commits) return {};
  if (heads_.empty()) return marker_->write(state_);

  WriteSet set;
  Status damage;
  const Status read = read_canvases(session_->connection, [&](Result<CanvasRecord> record) {
    if (!record)
      damage = record.error();
    else
      set.canvases.push_back(std::move(*record));
    return record.ok();
  });
  if (!read) return read;
  if (!damage) return damage;
  for (CanvasRecord& record : set.canvases) record.epoch = Epoch{random.next_u64()};
  const CommitResult result = commit(set);
  if (result.outcome != CommitOutcome::Stored) return Error{"new epochs could not be stored: " + result.message};
  notices.push_back(files_.database.string() + " is not as this server left it (" +
                    (remembered ? "a backup was put back" : "its .epoch file was missing or damaged") +
                    "): its canvases begin a new epoch, and every client loads them anew");
  return {};
}

Result<StoreContents> SqliteStore::contents(WallTime now) {
  if (session_ == nullptr) return Error{"the database must be opened anew first"};
  if (access_ == StoreAccess::Write) {
    // Housekeeping: were the disk full, reading goes on all the same.
    if (session_->connection.run("BEGIN IMMEDIATE")) {
      const bool cleaned = session_->records.clean(session_->connection, now).ok();
      (void)session_->connection.run(cleaned ? "COMMIT" : "ROLLBACK").ok();
    }
  }
  return read_contents(session_->connection, now);
}

CommitResult SqliteStore::commit(const WriteSet& set) {
  if (access_ == StoreAccess::Read) return {CommitOutcome::Refused, "the store was opened for reading only"};
  if (session_ == nullptr) return {CommitOutcome::Refused, "the database must be opened anew first"};
  const auto after = heads_after(set, heads_);
  if (!after) return {CommitOutcome::Refused, after.error().message};

  SqliteConnection& connection = session_->connection;
  if (Status status = connection.run("BEGIN IMMEDIATE"); !status)
    return {CommitOutcome::Refused, status.error().message};
  if (Status status = write(set, *after); !status) return settle(status);
  if (Status status = connection.run("COMMIT"); !status) {
    if (!is_io_error(connection.code())) return settle(status);
    session_.reset();
    return {CommitOutcome::Unknown, status.error().message};
  }
  for (const auto& [canvas, head] : *after) heads_[canvas] = head;
  ++state_.commits;
  // Not waited for: a marker that lags behind does no harm.
  if (marker_) (void)marker_->write(state_).ok();
  limit_log();
  return {};
}

CommitResult SqliteStore::settle(Status failure) {
  const CommitResult refused{CommitOutcome::Refused, failure.error().message};
  // SQLite may have rolled back already.
  if (!session_->connection.in_transaction() || session_->connection.run("ROLLBACK")) return refused;
  session_.reset();
  return {CommitOutcome::Unknown, refused.message};
}

Status SqliteStore::write(const WriteSet& set, const CanvasHeads& after) {
  Session& to = *session_;
  for (const CanvasRecord& record : set.canvases)
    if (Status status = to.records.write(record); !status) return status;
  for (const auto& [canvas, event] : set.events)
    if (Status status = to.records.write(canvas, event); !status) return status;
  for (const AccountRecord& record : set.accounts)
    if (Status status = to.records.write(record); !status) return status;
  for (const SessionRecord& record : set.sessions)
    if (Status status = to.records.write(record); !status) return status;
  for (const TokenHash& hash : set.ended_sessions)
    if (Status status = to.records.end_session(hash); !status) return status;
  for (const JoinRecord& record : set.joins)
    if (Status status = to.records.write(record); !status) return status;
  for (const InviteRecord& record : set.invites)
    if (Status status = to.records.write(record); !status) return status;
  for (const InviteId id : set.ended_invites)
    if (Status status = to.records.end_invite(id); !status) return status;
  if (Status status = write_staff(set); !status) return status;
  for (const auto& batch : set.batches) {
    if (Status status = to.journal.append(*batch); !status) return status;
    if (Status status = to.records.write_results(*batch); !status) return status;
  }
  for (const TileCheckpoint& checkpoint : set.checkpoints)
    if (Status status = to.journal.store(checkpoint); !status) return status;
  if (!set.checkpoints.empty())
    if (Status status = give_back_pages(); !status) return status;
  for (const auto& [canvas, head] : after) {
    const auto before = heads_.find(canvas);
    if (before != heads_.end() && before->second == head) continue;
    if (Status status = to.records.write(canvas, head); !status) return status;
  }
  return to.meta.write(meta_commits, state_.commits + 1);
}

Status SqliteStore::write_staff(const WriteSet& set) {
  Session& to = *session_;
  for (const LockRecord& record : set.locks)
    if (Status status = to.records.write(record); !status) return status;
  for (const LockId id : set.ended_locks)
    if (Status status = to.records.end_lock(id); !status) return status;
  for (const GrantKey& key : set.ended_grants)
    if (Status status = to.records.end_grant(key); !status) return status;
  for (const GrantRecord& record : set.grants)
    if (Status status = to.records.write(record); !status) return status;
  for (const SeenRecord& record : set.seen)
    if (Status status = to.records.write(record); !status) return status;
  if (!set.settings.empty())
    if (Status status = to.records.write_settings(set.settings); !status) return status;
  for (const AnnouncementRecord& record : set.announcements)
    if (Status status = to.records.write(record); !status) return status;
  for (const AnnouncementId id : set.ended_announcements)
    if (Status status = to.records.end_announcement(id); !status) return status;
  for (const RollbackRecord& record : set.rollbacks)
    if (Status status = to.records.write(record); !status) return status;
  for (const ScheduleRecord& record : set.schedule)
    if (Status status = to.records.write(record); !status) return status;
  for (const ScheduleId id : set.ended_schedule)
    if (Status status = to.records.end_scheduled(id); !status) return status;
  for (const SnapshotRecord& record : set.snapshots)
    if (Status status = to.records.write(record); !status) return status;
  for (const ReportRecord& record : set.reports)
    if (Status status = to.records.write(record); !status) return status;
  if (set.last_number != 0)
    if (Status status = to.meta.write(meta_last_number, set.last_number); !status) return status;
  return to.audit.append(set.audit, audit_key_);
}

Status SqliteStore::give_back_pages() {
  const auto pages = session_->connection.number("PRAGMA page_count");
  const auto free = session_->connection.number("PRAGMA freelist_count");
  if (!pages || !free) return pages ? free.error() : pages.error();
  if (*free < *pages / free_part + pages_left_free) return {};
  return session_->connection.run("PRAGMA incremental_vacuum(256)");
}

void SqliteStore::limit_log() {
  if (session_->log_pages < options_.most_log_pages) return;
  if (session_->keeper != nullptr) {
    session_->keeper->wake();
    if (session_->log_pages < options_.most_log_pages * log_overrun) return;
    session_->keeper->wait();
  }
  // What the log holds is on disk already: a copy that fails is tried again after the next commit.
  sqlite3_wal_checkpoint_v2(session_->connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

Status SqliteStore::reopen() {
  session_.reset();
  if (Status status = connect(); !status) return status;
  if (access_ == StoreAccess::Read) return {};
  // After a failed sync the system may show pages that never reached the disk: copying the log into the database, which
  // is synced, settles that what is read from here on is durable.
  sqlite3* handle = session_->connection.handle();
  if (sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK) {
    const Error error = session_->connection.error("the database cannot be brought to a known state");
    session_.reset();
    return error;
  }
  return {};
}

Result<Seq> SqliteStore::last_seq(CanvasId canvas) {
  const auto head = heads_.find(canvas);
  if (head == heads_.end()) return Error{"there is no canvas " + std::to_string(static_cast<std::uint32_t>(canvas))};
  return head->second.last_seq;
}

Result<std::unique_ptr<StoreReader>> SqliteStore::reader() {
  return SqliteReader::open(files_.database.string(), options_.vfs);
}

void SqliteStore::announce(std::string_view address) const {
  if (lock_) lock_->announce(address);
}

}  // namespace tessera
