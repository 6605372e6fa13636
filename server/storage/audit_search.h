#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/core/staff_records.h"
#include "server/storage/sqlite.h"

namespace tessera {

/// Ids out of one or several statements that each answer falling ones: all of them, falling. Gone through by the
/// hundred thousand, so an error ends it, and is asked for at the end.
class FallingIds {
 public:
  void add(SqliteStatement statement);
  /// The next one; 0 at the end.
  std::int64_t next();
  const Status& status() const { return status_; }

 private:
  struct Source {
    SqliteStatement statement;
    std::int64_t id = 0;
  };
  std::int64_t step(SqliteStatement& statement);

  std::vector<Source> sources_;
  Status status_;
};

/// One search of the audit log, the newest entries first, within the read transaction of whoever calls. Whatever of the
/// query is rarest leads: its index holds the other columns too, so that few entries are read which do not fit. Which
/// is rarest is told by a look at the newest of each. Every entry found is held against the whole query.
class AuditSearch {
 public:
  AuditSearch(SqliteConnection& connection, const AuditQuery& query) : connection_(connection), query_(query) {}
  Result<std::vector<AuditEntry>> run();

 private:
  enum class Column : std::uint8_t { Actor, Action, Canvas, Target };
  struct Lead {
    Column column{};
    double entries = 0;  ///< estimated
  };

  Status prepare();
  Status find_range();
  Result<std::int64_t> id_at(const char* sql, WallTime time);
  Status find_actions();
  bool asks(Column column) const;

  /// How many ids a statement would answer, by the newest ones.
  Result<double> estimate(SqliteStatement statement) const;
  Result<std::optional<Lead>> best_lead();
  /// The entries with the lead's value, or with one of its values: with all other columns that are asked for, or any.
  enum class Others : std::uint8_t { Asked, Any };
  Result<SqliteStatement> entries_of(Column column, const std::string& action, Others others);
  Result<FallingIds> ids_of(Column column);
  Result<FallingIds> all_ids();

  /// The text's rarest parts as a query of the table of trigrams; empty where it has too few letters.
  struct TextLead {
    std::string match;
    double entries = 0;
  };
  Result<TextLead> text_lead(bool with_column);
  /// Parts of a text with how many entries each leads to, estimated, the rarest first; none where it has too few letters.
  using Parts = std::vector<std::pair<double, std::string>>;
  Result<Parts> parts_of(const std::string& text);
  Result<SqliteStatement> entries_with(const std::string& match);

  Status collect(FallingIds ids);
  /// By the text's, and where many of those do not fit, by the column's as well.
  Status collect_both(Column column, FallingIds by_text);
  /// Of those that are among both.
  Status collect_common(FallingIds ones, FallingIds others);
  Status take(std::int64_t id);
  bool full() const { return found_.size() >= query_.limit; }

  SqliteConnection& connection_;
  const AuditQuery& query_;
  std::int64_t first_ = 1;  // all that fit are between these ids
  std::int64_t last_ = 0;
  std::vector<std::string> actions_;  // of those in the log
  SqliteStatement entry_;
  std::vector<AuditEntry> found_;
};

}  // namespace tessera
