#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/bytes.h"
#include "shared/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite's connection and prepared statement as values that clean up after themselves. One thread at a time.
namespace tessera {

/// What SQLite's result code means to a person, with SQLite's own words.
Error sqlite_error(sqlite3* connection, const std::string& doing);

class SqliteStatement {
 public:
  SqliteStatement() = default;

  enum class Step : std::uint8_t { Row, Done, Failed };

  /// Parameters count from 1. Blobs are borrowed until the statement is stepped for the last time.
  SqliteStatement& bind(int parameter, std::int64_t value);
  SqliteStatement& bind(int parameter, ByteSpan value);
  SqliteStatement& bind(int parameter, const char* text);
  SqliteStatement& bind(int parameter, std::string_view text);  ///< borrowed as blobs are
  Step step();
  /// Ready to be bound and stepped again.
  void reset();
  /// Steps a statement that answers no rows, and resets it.
  Status run();

  /// Columns count from 0. Nothing where the stored value is not of the type: a flipped bit may change just that.
  std::optional<std::int64_t> integer(int column) const;
  std::optional<ByteSpan> blob(int column) const;  ///< valid until the next step
  std::string text(int column) const;
  std::optional<std::string_view> text_view(int column) const;  ///< valid until the next step

  Error error() const;

 private:
  friend class SqliteConnection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement at the end of a scope, so that no read transaction outlives it.
class StatementUse {
 public:
  explicit StatementUse(SqliteStatement& statement) : statement_(statement) {}
  ~StatementUse() { statement_.reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  SqliteStatement* operator->() { return &statement_; }

 private:
  SqliteStatement& statement_;
};

class SqliteConnection {
 public:
  enum class Mode : std::uint8_t { Read, Write };

  SqliteConnection() = default;
  /// The file must exist. `vfs` empty: the system's.
  static Result<SqliteConnection> open(const std::string& path, Mode mode, const std::string& vfs = {});
  static Result<SqliteConnection> open_in_memory();

  Status run(const char* sql);
  Result<SqliteStatement> prepare(const char* sql);
  /// Several at once, each into its place.
  Status prepare(std::initializer_list<std::pair<SqliteStatement*, const char*>> statements);
  /// The one number a query answers, such as a pragma's.
  Result<std::int64_t> number(const char* sql);

  /// SQLite's extended code of the last failure.
  int code() const;
  Error error(const std::string& doing) const;
  bool in_transaction() const;
  sqlite3* handle() const { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace tessera
