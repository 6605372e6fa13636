#include "server/storage/sqlite.h"

#include <sqlite3.h>

namespace tessera {
namespace {

constexpr int busy_timeout_ms = 2'000;

const char* meaning(int code) {
  switch (code & 255) {
    case SQLITE_FULL:
      return "the disk is full: make room, or choose another data directory";
    case SQLITE_READONLY:
      return "the file or its directory cannot be written";
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "permission denied";
    case SQLITE_CANTOPEN:
      return "the file cannot be opened";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program is using the database";
    case SQLITE_CORRUPT:
      return "the file is damaged: put a backup back, or see what `verify` reports";
    case SQLITE_NOTADB:
      return "the file is not a database";
    case SQLITE_IOERR:
      return "the disk failed to read or write";
    default:
      return nullptr;
  }
}

}  // namespace

Error sqlite_error(sqlite3* connection, const std::string& doing) {
  const int code = connection == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(connection);
  const std::string said = connection == nullptr ? "out of memory" : sqlite3_errmsg(connection);
  const char* plain = meaning(code);
  if (plain == nullptr) return {doing + ": " + said};
  return {doing + ": " + plain + " (" + said + ", SQLite code " + std::to_string(code) + ")"};
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, ByteSpan value) {
  static const std::uint8_t nothing = 0;  // a null pointer would bind NULL
  sqlite3_bind_blob64(statement_.get(), parameter, value.empty() ? &nothing : value.data(), value.size(),
                      SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, const char* text) {
  sqlite3_bind_text(statement_.get(), parameter, text, -1, SQLITE_TRANSIENT);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

SqliteStatement::Step SqliteStatement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return Step::Row;
    case SQLITE_DONE:
      return Step::Done;
    default:
      return Step::Failed;
  }
}

void SqliteStatement::reset() { sqlite3_reset(statement_.get()); }

Status SqliteStatement::run() {
  Status status;
  if (step() == Step::Failed) status = error();
  reset();
  return status;
}

std::optional<std::int64_t> SqliteStatement::integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<ByteSpan> SqliteStatement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return std::nullopt;
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return ByteSpan(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::string SqliteStatement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return data == nullptr ? std::string()
                         : std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::optional<std::string_view> SqliteStatement::text_view(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_TEXT) return std::nullopt;
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

Error SqliteStatement::error() const {
  return sqlite_error(sqlite3_db_handle(statement_.get()), "the database refused");
}

void SqliteConnection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<SqliteConnection> SqliteConnection::open(const std::string& path, Mode mode, const std::string& vfs) {
  SqliteConnection connection;
  sqlite3* handle = nullptr;
  const int flags = (mode == Mode::Read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  connection.connection_.reset(handle);
  if (code != SQLITE_OK) return sqlite_error(handle, path);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  return connection;
}

Result<SqliteConnection> SqliteConnection::open_in_memory() {
  SqliteConnection connection;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  connection.connection_.reset(handle);
  if (code != SQLITE_OK) return sqlite_error(handle, "a database in memory");
  return connection;
}

Status SqliteConnection::run(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return error("the database refused");
  return {};
}

Result<SqliteStatement> SqliteConnection::prepare(const char* sql) {
  SqliteStatement statement;
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  statement.statement_.reset(handle);
  if (code != SQLITE_OK) return error("the database cannot be read");
  return statement;
}

Status SqliteConnection::prepare(std::initializer_list<std::pair<SqliteStatement*, const char*>> statements) {
  for (const auto& [place, sql] : statements) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    *place = std::move(*statement);
  }
  return {};
}

Result<std::int64_t> SqliteConnection::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto step = statement->step();
  if (step == SqliteStatement::Step::Failed) return statement->error();
  const auto value = step == SqliteStatement::Step::Row ? statement->integer(0) : std::nullopt;
  if (!value) return Error{std::string("the database gives no number for: ") + sql};
  return *value;
}

int SqliteConnection::code() const { return sqlite3_extended_errcode(connection_.get()); }

Error SqliteConnection::error(const std::string& doing) const { return sqlite_error(connection_.get(), doing); }

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

}  // namespace tessera
