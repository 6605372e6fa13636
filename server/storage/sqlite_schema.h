#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "server/storage/sqlite.h"
#include "shared/base/random.h"

namespace tessera {

/// 'TSRA' in the file's header: this database is ours.
inline constexpr std::uint32_t sqlite_application_id = 0x54535241;

/// One numbered step of the schema; the numbers go 1, 2, 3 … and are never reused.
struct Migration {
  int number;
  const char* sql;
};
/// Those of `sql/`, embedded when the server is built.
std::span<const Migration> sqlite_migrations();

/// Looks at the file's first bytes without SQLite, so that a file which is not ours, damaged or newer is left exactly
/// as it is. The file must not be open in this process: closing it would drop SQLite's locks.
Status check_database_header(const std::filesystem::path& database, int newest);

/// Whether an open database is ours, is not newer than `migrations`, and has exactly the tables they make. Writes
/// nothing.
Status check_schema(SqliteConnection& connection, std::span<const Migration> migrations);

/// Applies what is missing, all or nothing.
Status migrate(SqliteConnection& connection, std::span<const Migration> migrations);

/// Writes a new, empty database under another name and moves it to `database` when it is whole and on disk (mode 0600).
Status create_database(const std::filesystem::path& database, std::uint64_t store);

}  // namespace tessera
