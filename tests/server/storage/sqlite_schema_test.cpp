#include "server/storage/sqlite_schema.h"

#include <array>

#include <doctest/doctest.h>

namespace tessera {
namespace {

SqliteConnection empty_database() {
  auto connection = SqliteConnection::open_in_memory();
  REQUIRE(connection.ok());
  REQUIRE(connection->run(("PRAGMA application_id = " + std::to_string(sqlite_application_id)).c_str()).ok());
  return std::move(*connection);
}

constexpr std::array first{Migration{1, "CREATE TABLE a (x)"}};
constexpr std::array both{
    Migration{1, "CREATE TABLE a (x)"},
    Migration{2, "ALTER TABLE a ADD COLUMN y DEFAULT 5; CREATE TABLE b (z); INSERT INTO b SELECT x FROM a"}};
constexpr std::array failing{Migration{1, "CREATE TABLE a (x)"},
                             Migration{2, "CREATE TABLE b (z); INSERT INTO nowhere VALUES (1)"}};

TEST_CASE("Migrations: those of the server are numbered 1, 2, 3 …") {
  int number = 0;
  for (const Migration& migration : sqlite_migrations()) CHECK(migration.number == ++number);
  CHECK(number >= 1);
}

TEST_CASE("Migrations: an older database gets what it misses, and keeps what it has") {
  SqliteConnection database = empty_database();
  REQUIRE(migrate(database, first).ok());
  REQUIRE(check_schema(database, first).ok());
  REQUIRE(database.run("INSERT INTO a VALUES (41)").ok());
  CHECK(check_schema(database, both).ok());  // older, and whole
  REQUIRE(migrate(database, both).ok());
  CHECK(check_schema(database, both).ok());
  CHECK(*database.number("PRAGMA user_version") == 2);
  CHECK(*database.number("SELECT z FROM b") == 41);
  CHECK(*database.number("SELECT y FROM a") == 5);
  CHECK(migrate(database, both).ok());
  CHECK(*database.number("SELECT count(*) FROM b") == 1);
}

TEST_CASE("Migrations: one that fails changes nothing") {
  SqliteConnection database = empty_database();
  REQUIRE(migrate(database, first).ok());
  const Status failed = migrate(database, failing);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().message.find("migration 2") != std::string::npos);
  CHECK(*database.number("PRAGMA user_version") == 1);
  CHECK(check_schema(database, first).ok());
}

TEST_CASE("Migrations: a newer database is not touched") {
  SqliteConnection database = empty_database();
  REQUIRE(migrate(database, both).ok());
  const Status newer = check_schema(database, first);
  REQUIRE_FALSE(newer.ok());
  CHECK(newer.error().message.find("newer version (schema 2, this one knows 1)") != std::string::npos);
}

}  // namespace
}  // namespace tessera
