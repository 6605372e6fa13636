#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/ports.h"
#include "server/storage/audit_log.h"
#include "server/storage/data_directory.h"
#include "server/storage/journal_writing.h"
#include "server/storage/log_keeper.h"
#include "server/storage/meta_table.h"
#include "server/storage/open_store.h"
#include "server/storage/record_tables.h"
#include "server/storage/sqlite.h"
#include "server/storage/write_rules.h"

namespace tessera {

/// How the database meets the disk; only tests ask for anything but this.
struct SqliteOptions {
  enum class Durability : std::uint8_t {
    Full,  ///< `synchronous=FULL`: a commit returns when it is on disk
    Off,   ///< loses commits at a power cut; there to show that the test of it can fail
  };
  enum class LogCopy : std::uint8_t {
    Beside,   ///< on a thread of its own
    Between,  ///< after a commit, on the thread that commits: the same order of events in each run
  };
  Durability durability = Durability::Full;
  LogCopy log_copy = LogCopy::Beside;
  int most_log_pages = 4'096;  ///< of 4 KB: a longer log is copied into the database
  std::string vfs;             ///< SQLite's name of a VFS that is registered; empty: the system's
};

/// One SQLite database in WAL mode. `commit` is one transaction, on disk when it returns. When the log has grown it is
/// copied into the database beside the commits, so that it does not grow without bound and no commit waits for it.
class SqliteStore final : public Store {
 public:
  /// Locks, checks, migrates and opens (`StoreAccess::Write`), or only checks and opens. `notices`: what to tell.
  static Result<std::unique_ptr<SqliteStore>> open(const DataFiles& files, StoreAccess access, RandomSource& random,
                                                   std::vector<std::string>& notices, SqliteOptions options = {});
  ~SqliteStore() override;

  Result<StoreContents> contents(WallTime now) override;
  CommitResult commit(const WriteSet& set) override;
  Status reopen() override;
  Result<Seq> last_seq(CanvasId canvas) override;
  std::uint64_t commits() override { return state_.commits; }
  Result<std::unique_ptr<StoreReader>> reader() override;

  /// For `DataLock::announce`; nothing where opened for reading.
  void announce(std::string_view address) const;

 private:
  /// The connection and what is prepared on it.
  struct Session {
    SqliteConnection connection;
    JournalWriting journal;
    RecordWriting records;
    MetaTable meta;
    AuditLog audit;
    int log_pages = 0;                  // as of the last commit
    std::unique_ptr<LogKeeper> keeper;  // goes first: the last connection to close tidies the log away
  };

  SqliteStore(DataFiles files, StoreAccess access, SqliteOptions options);
  /// `notices`: what to tell; none where the database was open before.
  Status connect(std::vector<std::string>* notices = nullptr);
  Result<SqliteConnection> open_connection(std::vector<std::string>* notices) const;
  void begin_audit_log(std::vector<std::string>& notices) const;
  Status draw_new_epochs(RandomSource& random, std::vector<std::string>& notices);
  Status write(const WriteSet& set, const CanvasHeads& after);
  Status write_staff(const WriteSet& set);
  CommitResult settle(Status failure);
  Status give_back_pages();
  void limit_log();

  const DataFiles files_;
  const StoreAccess access_;
  const SqliteOptions options_;
  std::optional<DataLock> lock_;
  std::optional<EpochMarker> marker_;
  std::optional<AuditKey> audit_key_;  // none: what is logged is not sealed, and `check_audit` says so
  std::unique_ptr<Session> session_;  // null after an unknown outcome, until reopened
  CanvasHeads heads_;
  DatabaseState state_;
};

}  // namespace tessera
