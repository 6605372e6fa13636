#include "server/storage/audit_key.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "server/storage/audit_log.h"
#include "server/storage/data_directory.h"
#include "server/storage/key_file.h"

namespace tessera {
namespace {

std::filesystem::path beside(const std::filesystem::path& file, const char* suffix) { return file.string() + suffix; }

Error cannot_write(const std::filesystem::path& file) {
  return {"the audit log's key " + file.string() + " cannot be written: " + std::strerror(errno)};
}

Status rename_key(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return cannot_write(to);
  sync_directory_of(to);
  return {};
}

Status seal_in_transaction(SqliteConnection& connection, AuditLog& log, const AuditKey& key, const AuditHead& head) {
  if (Status status = connection.run("BEGIN IMMEDIATE"); !status) return status;
  Status status = log.write_seal(key, head);
  if (status) status = connection.run("COMMIT");
  if (!status && connection.in_transaction()) (void)connection.run("ROLLBACK").ok();
  return status;
}

}  // namespace

std::optional<AuditKey> read_audit_key(const std::filesystem::path& file) { return read_key_file(file); }

bool set_audit_key_aside(const std::filesystem::path& file) {
  ::unlink(beside(file, ".new").c_str());
  return ::rename(file.c_str(), beside(file, ".old").c_str()) == 0;
}

Result<std::optional<AuditKey>> open_audit_key(const std::filesystem::path& file, SqliteConnection& connection,
                                               RandomSource& random) {
  using Found = std::optional<AuditKey>;
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return read_audit_key(file);
  auto log = AuditLog::open(connection);
  if (!log) return log.error();
  const auto sealed = log->seal();
  if (!sealed) return sealed.error();
  const auto end = log->end();
  if (!end) return end.error();

  // A key whose seal was stored, but which had not got its name yet when power failed.
  const std::filesystem::path unnamed = beside(file, ".new");
  const Found left = read_audit_key(unnamed);
  if (left && *sealed && same_seal((*sealed)->seal, seal_audit(*left, (*sealed)->head))) {
    if (Status status = rename_key(unnamed, file); !status) return status.error();
    return left;
  }
  const bool empty = end->head.entries == 0 && (!*sealed || (*sealed)->head.entries == 0);
  if (*sealed && !empty) return Found();
  AuditKey key;
  random.fill(key);
  if (Status status = write_key_file(unnamed, key); !status) return status.error();
  if (Status status = seal_in_transaction(connection, *log, key, end->head); !status) return status.error();
  if (Status status = rename_key(unnamed, file); !status) return status.error();
  return Found(key);
}

}  // namespace tessera
