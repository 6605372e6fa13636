#pragma once

#include <filesystem>
#include <optional>

#include "server/storage/audit_chain.h"
#include "server/storage/sqlite.h"
#include "shared/base/random.h"

namespace tessera {

/// The key of the audit log's seal, from its file; nothing where there is none, or it is not a key.
std::optional<AuditKey> read_audit_key(const std::filesystem::path& file);

/// For a log that begins: an older key at `file` belongs to another log. It is moved to `file`.old; answers whether
/// there was one.
bool set_audit_key_aside(const std::filesystem::path& file);

/// The key of an open database's log. Where the key is missing and the log is empty, or was never sealed, a new one is
/// made (mode 0600) and the log sealed with it: a key that is there means that there was a seal, whenever power fails.
/// Nothing where it is missing otherwise. An error where a new one cannot be written.
Result<std::optional<AuditKey>> open_audit_key(const std::filesystem::path& file, SqliteConnection& connection,
                                               RandomSource& random);

}  // namespace tessera
