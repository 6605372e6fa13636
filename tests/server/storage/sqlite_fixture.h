#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/storage/sqlite_store.h"
#include "tests/server/storage/sample.h"
#include "tests/support/temporary_directory.h"

namespace tessera {

inline std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// A SQLite store in a directory of its own, closed and opened at will.
struct SqliteFixture {
  TemporaryDirectory directory;
  SeededRandom random{1};
  std::vector<std::string> notices;
  std::unique_ptr<SqliteStore> store;

  DataFiles files() const { return DataFiles::at(directory.path()); }
  std::filesystem::path database() const { return files().database; }
  std::string log() const { return database().string() + "-wal"; }
  std::string url() const { return data_directory_url(directory.path()); }

  /// Empty, or why not.
  std::string try_open(StoreAccess access = StoreAccess::Write, SqliteOptions options = {}) {
    store.reset();
    notices.clear();
    auto opened = SqliteStore::open(files(), access, random, notices, std::move(options));
    if (!opened) return opened.error().message;
    store = std::move(*opened);
    return {};
  }
  void open(SqliteOptions options = {}) { REQUIRE(try_open(StoreAccess::Write, std::move(options)) == ""); }
  void close() { store.reset(); }
  void must(const WriteSet& set) {
    const CommitResult result = store->commit(set);
    INFO(result.message);
    REQUIRE(result.outcome == CommitOutcome::Stored);
  }
  std::unique_ptr<StoreReader> reader() {
    auto opened = store->reader();
    REQUIRE(opened.ok());
    return std::move(*opened);
  }
  /// Changes the closed database behind the store's back.
  void change(const std::string& sql) {
    auto connection = SqliteConnection::open(database().string(), SqliteConnection::Mode::Write);
    REQUIRE(connection.ok());
    const Status changed = connection->run(sql.c_str());
    INFO((changed.ok() ? std::string() : changed.error().message));
    REQUIRE(changed.ok());
  }
  std::int64_t number(const std::string& sql) {
    auto connection = SqliteConnection::open(database().string(), SqliteConnection::Mode::Read);
    REQUIRE(connection.ok());
    const auto value = connection->number(sql.c_str());
    REQUIRE(value.ok());
    return *value;
  }
  /// The database and its log as a killed server leaves them, in a directory of their own.
  void copy_as_killed(const std::filesystem::path& where) const {
    for (const char* suffix : {"", "-wal"})
      if (std::filesystem::exists(database().string() + suffix))
        std::filesystem::copy_file(database().string() + suffix, (where / "tessera.db").string() + suffix);
    std::filesystem::copy_file(files().marker, where / "tessera.epoch");
    std::filesystem::copy_file(files().audit_key, where / "tessera.db.audit-key");
  }
};

}  // namespace tessera
