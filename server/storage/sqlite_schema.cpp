#include "server/storage/sqlite_schema.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/storage/data_directory.h"
#include "server/storage/meta_table.h"

namespace tessera {
namespace {

// https://www.sqlite.org/fileformat2.html, 1.3
constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t header_bytes = 100;

std::uint32_t big32(const std::array<std::uint8_t, header_bytes>& header, std::size_t at) {
  return std::uint32_t{header[at]} << 24 | std::uint32_t{header[at + 1]} << 16 | std::uint32_t{header[at + 2]} << 8 |
         header[at + 3];
}

Error newer(const std::string& file, std::int64_t version, int known) {
  return {file + " was written by a newer version (schema " + std::to_string(version) + ", this one knows " +
          std::to_string(known) + "): use that version; nothing was changed"};
}

Error not_ours(const std::string& file) {
  return {file + " is not a database of Tessera: choose another data directory; nothing was changed"};
}

Error damaged(const std::string& file, const std::string& how) {
  return {file + " is damaged (" + how + "): put a backup back; nothing was changed"};
}

Result<std::string> schema_text(SqliteConnection& connection) {
  // quote() tells a text from a blob of the same bytes: a damaged type shows too.
  auto query = connection.prepare(
      "SELECT rowid, quote(type), quote(name), quote(tbl_name), quote(sql) FROM sqlite_schema ORDER BY name");
  if (!query) return query.error();
  std::string text;
  for (;;) {
    switch (query->step()) {
      case SqliteStatement::Step::Row:
        for (int column = 0; column < 5; ++column) text += query->text(column) + '\n';
        break;
      case SqliteStatement::Step::Done:
        return text;
      case SqliteStatement::Step::Failed:
        return query->error();
    }
  }
}

Status apply(SqliteConnection& connection, std::span<const Migration> steps, std::int64_t from) {
  for (const Migration& step : steps) {
    if (step.number <= from) continue;
    if (Status status = connection.run(step.sql); !status)
      return Error{"migration " + std::to_string(step.number) +
                   " of the database failed, nothing was changed: " + status.error().message};
    const std::string version = "PRAGMA user_version = " + std::to_string(step.number);
    if (Status status = connection.run(version.c_str()); !status) return status;
  }
  return {};
}

/// What the tables look like after the migrations up to `version`.
Result<std::string> expected_schema(std::span<const Migration> migrations, std::int64_t version) {
  auto memory = SqliteConnection::open_in_memory();
  if (!memory) return memory.error();
  for (const Migration& step : migrations)
    if (step.number <= version)
      if (Status status = memory->run(step.sql); !status) return status.error();
  return schema_text(*memory);
}

Status in_transaction(SqliteConnection& connection, const auto& work) {
  if (Status status = connection.run("BEGIN IMMEDIATE"); !status) return status;
  Status status = work();
  if (status) status = connection.run("COMMIT");
  if (!status && connection.in_transaction()) (void)connection.run("ROLLBACK").ok();
  return status;
}

Status fill_new_database(const std::filesystem::path& file, std::uint64_t store) {
  auto connection = SqliteConnection::open(file.string(), SqliteConnection::Mode::Write);
  if (!connection) return connection.error();
  if (Status status =
          connection->run("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = FULL");
      !status)
    return status;
  const std::string ours = "PRAGMA application_id = " + std::to_string(sqlite_application_id);
  const Status filled = in_transaction(*connection, [&]() -> Status {
    if (Status status = connection->run(ours.c_str()); !status) return status;
    if (Status status = apply(*connection, sqlite_migrations(), 0); !status) return status;
    auto meta = MetaTable::open(*connection);
    if (!meta) return meta.error();
    if (Status status = meta->write(meta_store, store); !status) return status;
    return meta->write(meta_commits, 0);
  });
  if (!filled) return filled;
  return connection->run("PRAGMA journal_mode = WAL");
}

void sync_directory(const std::filesystem::path& directory) {
  const OwnedFile file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.descriptor() >= 0) ::fsync(file.descriptor());
}

}  // namespace

Status check_database_header(const std::filesystem::path& database, int newest) {
  const OwnedFile file(::open(database.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) return Error{database.string() + " cannot be opened: " + std::strerror(errno)};
  struct stat found {};
  std::array<std::uint8_t, header_bytes> header{};
  if (::fstat(file.descriptor(), &found) != 0 || !S_ISREG(found.st_mode)) return not_ours(database.string());
  if (::pread(file.descriptor(), header.data(), header.size(), 0) != static_cast<ssize_t>(header.size()) ||
      std::memcmp(header.data(), magic.data(), magic.size()) != 0 || big32(header, 68) != sqlite_application_id)
    return not_ours(database.string());

  const std::uint32_t version = big32(header, 60);
  if (version > static_cast<std::uint32_t>(newest)) return newer(database.string(), version, newest);
  const std::uint32_t page_size = std::uint32_t{header[16]} << 8 | header[17];
  if (page_size != 4096) return damaged(database.string(), "its page size is " + std::to_string(page_size));
  // The log may hold pages that the file has not got yet; without one the file must be whole.
  struct stat log {};
  const bool has_log = ::stat((database.string() + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  const std::uint64_t wanted = std::uint64_t{big32(header, 28)} * page_size;
  if (!has_log && static_cast<std::uint64_t>(found.st_size) < wanted)
    return damaged(database.string(), std::to_string(found.st_size) + " bytes long, not " + std::to_string(wanted));
  return {};
}

Status check_schema(SqliteConnection& connection, std::span<const Migration> migrations) {
  const auto id = connection.number("PRAGMA application_id");
  if (!id) return id.error();
  if (*id != sqlite_application_id) return not_ours("the file");
  const auto version = connection.number("PRAGMA user_version");
  if (!version) return version.error();
  const int newest = migrations.back().number;
  if (*version > newest) return newer("the database", *version, newest);
  const auto found = schema_text(connection);
  if (!found) return found.error();
  const auto expected = expected_schema(migrations, *version);
  if (!expected) return expected.error();
  if (*found != *expected)
    return damaged("the database", "its tables are not those of schema " + std::to_string(*version));
  return {};
}

Status migrate(SqliteConnection& connection, std::span<const Migration> migrations) {
  const auto version = connection.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version >= migrations.back().number) return {};
  return in_transaction(connection, [&] { return apply(connection, migrations, *version); });
}

Status create_database(const std::filesystem::path& database, std::uint64_t store) {
  std::filesystem::path unfinished = database;
  unfinished += ".new";
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((unfinished.string() + suffix).c_str());
  {
    const OwnedFile file(::open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.descriptor() < 0) return Error{unfinished.string() + " cannot be created: " + std::strerror(errno)};
  }
  Status status = fill_new_database(unfinished, store);
  if (status && ::rename(unfinished.c_str(), database.c_str()) != 0)
    status = Error{database.string() + " cannot be created: " + std::strerror(errno)};
  if (!status) {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((unfinished.string() + suffix).c_str());
    return Error{"no database could be created in " + database.parent_path().string() + ": " + status.error().message};
  }
  sync_directory(database.parent_path());
  return {};
}

}  // namespace tessera
