#pragma once

#include <cstdint>

#include "server/storage/sqlite.h"

namespace tessera {

inline constexpr const char* meta_store = "store";
inline constexpr const char* meta_commits = "commits";
/// The last one given to a lock, an announcement, a rollback or whatever else staff_records.h numbers; since schema 3.
inline constexpr const char* meta_last_number = "last_number";

/// The numbers of the table `meta`, by name.
class MetaTable {
 public:
  MetaTable() = default;
  static Result<MetaTable> open(SqliteConnection& connection);
  Result<std::uint64_t> read(const char* name);
  Status write(const char* name, std::uint64_t value);

 private:
  SqliteStatement read_, write_;
};

}  // namespace tessera
