#pragma once

#include <optional>
#include <span>

#include "server/storage/audit_chain.h"
#include "server/storage/sqlite.h"

namespace tessera {

/// The last entry that is stored.
struct AuditEnd {
  AuditHead head;
  WallTime time{};
};

/// The seal as it is stored.
struct StoredSeal {
  AuditHead head;
  AuditSeal seal{};
};

/// Reads and writes the end of the audit log, within the transaction of whoever calls. One thread at a time.
class AuditLog {
 public:
  AuditLog() = default;
  static Result<AuditLog> open(SqliteConnection& connection);

  Result<AuditEnd> end();
  /// Nothing where there is none, or it cannot be one.
  Result<std::optional<StoredSeal>> seal();
  Status write_seal(const AuditKey& key, const AuditHead& head);

  /// Appends entries, each with the hash of all before it, and seals the log anew. A log that is not as it was sealed
  /// stays so for ever: the old seal is kept, and numbers that were cut away are not given again.
  Status append(std::span<const AuditRecord> records, const std::optional<AuditKey>& key);

 private:
  Status insert(const AuditHead& head, const AuditRecord& record, std::string_view text);

  SqliteStatement last_, seal_, write_seal_, insert_, insert_words_;
  std::unique_ptr<AuditHasher> hasher_;
};

/// Reads the whole log, within one read transaction, and holds it against its chain, its columns and its seal.
Result<AuditCheck> check_audit_log(SqliteConnection& connection, const std::optional<AuditKey>& key);

}  // namespace tessera
