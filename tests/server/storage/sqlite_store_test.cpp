#include "server/storage/sqlite_store.h"

#include <csignal>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/storage/record_codec.h"
#include "server/storage/seal.h"
#include "server/storage/sqlite_schema.h"
#include "server/storage/verify.h"
#include "shared/base/text.h"
#include "tests/server/storage/sqlite_fixture.h"

namespace tessera {
namespace {

using sample::main_canvas;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

bool says(const std::string& message, const std::string& word) {
  INFO(message);
  return message.find(word) != std::string::npos;
}

TEST_CASE("SQLite store: what it creates is for its owner only, directories above it too") {
  SqliteFixture fixture;
  const auto deep = fixture.directory.path() / "a" / "b";
  auto store = SqliteStore::open(DataFiles::at(deep), StoreAccess::Write, fixture.random, fixture.notices);
  REQUIRE(store.ok());
  REQUIRE((*store)->commit(sample::beginning()).outcome == CommitOutcome::Stored);
  CHECK(mode_of(fixture.directory.path() / "a") == 0700);
  CHECK(mode_of(deep) == 0700);
  for (const char* name : {"tessera.db", "tessera.db-wal", "tessera.lock", "tessera.epoch"})
    CHECK(mode_of(deep / name) == 0600);
  store->reset();
  CHECK_FALSE(std::filesystem::exists(deep / "tessera.db-wal"));
}

/// A row as the first format had it: without the last `added` bytes of the second.
void rewrite_as_first_format(SqliteFixture& fixture, SealedTable table, const char* name, std::int64_t id, Bytes body,
                             std::size_t added) {
  body.front() = 1;
  body.resize(body.size() - added);
  const Bytes value = seal(key_crc(table, {static_cast<std::uint64_t>(id)}), body);
  fixture.change("UPDATE " + std::string(name) + " SET value = x'" + to_hex(ByteSpan(value)) +
                 "' WHERE id = " + std::to_string(id));
}

/// Takes away what came with schema 3.
void drop_staff_tables(SqliteFixture& fixture) {
  fixture.change("DROP TABLE grants; DROP TABLE seen; DROP TABLE settings; DROP TABLE reports; DROP TABLE locks; DROP TABLE announcements; DROP TABLE rollbacks; DROP TABLE schedule; DROP TABLE snapshots; DROP TABLE audit_words; "
                 "DROP TABLE audit; DROP TABLE audit_head; DELETE FROM meta WHERE name = 'last_number'; "
                 "PRAGMA user_version = 2");
  std::filesystem::remove(fixture.files().audit_key);
}

TEST_CASE("SQLite store: a database of schema 1 opens, with what it lacks at its default") {
  SqliteFixture fixture;
  fixture.open();
  WriteSet set = sample::beginning();
  set.canvases[0].access = Access::Open;
  set.canvases[0].access_code.clear();
  set.accounts.resize(1);
  fixture.must(set);
  fixture.close();
  rewrite_as_first_format(fixture, SealedTable::Canvases, "canvases", 1, pack_canvas(set.canvases[0]), 3);
  rewrite_as_first_format(fixture, SealedTable::Accounts, "accounts", 1, pack_account(set.accounts[0]), 6);
  drop_staff_tables(fixture);
  fixture.change("DROP TABLE joins; DROP TABLE invites; PRAGMA user_version = 1");

  const auto older = verify_store(fixture.url(), {});
  REQUIRE(older.ok());
  CHECK(older->ok());
  CHECK(says(fixture.try_open(StoreAccess::Read), "older version"));
  fixture.open();
  const auto contents = fixture.store->contents(WallTime{0});
  REQUIRE(contents.ok());
  CHECK(contents->canvases[0].record == set.canvases[0]);
  CHECK(contents->accounts == set.accounts);
  WriteSet change;
  change.joins.push_back({main_canvas, AccountId{1}});
  change.invites.push_back(sample::invite(1));
  fixture.must(change);
  fixture.close();
  CHECK(fixture.number("PRAGMA user_version") == sqlite_migrations().back().number);
  const auto newer = verify_store(fixture.url(), {});
  REQUIRE(newer.ok());
  CHECK(newer->ok());
}

TEST_CASE("SQLite store: everything is found again by the next start, killed or closed") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1);
  std::vector<Placement> all;
  for (int i = 0; i < 20; ++i) {
    const auto batch = drawing.batch(30);
    fixture.must(sample::with(batch));
    all.insert(all.end(), batch->placements.begin(), batch->placements.end());
  }
  SqliteFixture killed;
  fixture.copy_as_killed(killed.directory.path());
  for (SqliteFixture* next : {&killed, &fixture}) {
    next->open();
    CHECK(next->notices.empty());
    CHECK(*next->store->last_seq(main_canvas) == all.size());
    CHECK(*next->reader()->placements(main_canvas, 0, 10'000) == all);
    CHECK(next->store->contents(WallTime{0})->canvases[0].record == sample::canvas());
  }
}

/// Another process that has the database open and announces where it listens; killed at the latest with this object.
class OtherProcess {
 public:
  explicit OtherProcess(SqliteFixture& fixture) {
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    id_ = ::fork();
    if (id_ == 0) {
      auto store = SqliteStore::open(fixture.files(), StoreAccess::Write, fixture.random, fixture.notices);
      if (!store) ::_exit(1);
      (*store)->announce("127.0.0.1:7878");
      if (::write(ready[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~OtherProcess() { kill(); }
  void kill() {
    if (id_ == 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    id_ = 0;
  }
  pid_t id() const { return id_; }

 private:
  pid_t id_ = 0;
};

TEST_CASE("SQLite store: a second process is refused, told who holds it, and let in when that one was killed") {
  SqliteFixture fixture;
  OtherProcess other(fixture);
  const std::string refused = fixture.try_open();
  CHECK(says(refused, "in use"));
  CHECK(says(refused, "process " + std::to_string(other.id())));
  CHECK(says(refused, "127.0.0.1:7878"));
  other.kill();
  CHECK(fixture.try_open() == "");
}

TEST_CASE("SQLite store: a process that is about to end is waited for") {
  SqliteFixture fixture;
  OtherProcess other(fixture);
  std::thread end([&] { other.kill(); });
  CHECK(fixture.try_open() == "");
  end.join();
}

TEST_CASE("SQLite store: a file that is not ours is refused and left as it is") {
  SqliteFixture fixture;
  std::string other_database;
  {
    SqliteFixture other;
    write_file(other.database(), "");
    other.change("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')");
    other_database = file_content(other.database());
  }
  for (const std::string& content : {std::string("dear diary"), std::string(8'192, '\0'), other_database}) {
    write_file(fixture.database(), content);
    CHECK(says(fixture.try_open(), "not a database of Tessera"));
    CHECK(file_content(fixture.database()) == content);
    CHECK(says(fixture.try_open(StoreAccess::Read), "not a database"));
    CHECK(file_content(fixture.database()) == content);
  }
}

TEST_CASE("SQLite store: a newer database is refused and left as it is, log and all") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  SqliteFixture newer;
  fixture.copy_as_killed(newer.directory.path());
  const auto unchanged = [&](const SqliteFixture& of, const std::string& database, const std::string& log) {
    CHECK(file_content(of.database()) == database);
    CHECK(file_content(of.log()) == log);
  };

  SUBCASE("the version stands in the file") {
    newer.change("PRAGMA user_version = 77; PRAGMA wal_checkpoint(TRUNCATE)");
    const std::string before = file_content(newer.database());
    CHECK(says(newer.try_open(), "newer version (schema 77"));
    unchanged(newer, before, "");
    CHECK(says(newer.try_open(StoreAccess::Read), "newer version (schema 77"));
    CHECK(file_content(newer.database()) == before);
  }
  SUBCASE("the version stands in the log of a killed server") {
    SqliteFixture killed;
    {
      auto connection = SqliteConnection::open(newer.database().string(), SqliteConnection::Mode::Write);
      REQUIRE(connection.ok());
      REQUIRE(connection->run("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 77").ok());
      newer.copy_as_killed(killed.directory.path());
    }
    const std::string database = file_content(killed.database()), log = file_content(killed.log());
    REQUIRE_FALSE(log.empty());
    CHECK(says(killed.try_open(), "newer version (schema 77"));
    unchanged(killed, database, log);
  }
}

TEST_CASE("SQLite store: a damaged file is refused and left as it is") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1);
  fixture.must(sample::with(drawing.batch(3'000)));
  fixture.close();
  const std::string whole = file_content(fixture.database());
  const auto refused = [&](const std::string& content, const std::string& word) {
    write_file(fixture.database(), content);
    CHECK(says(fixture.try_open(), word));
    CHECK(file_content(fixture.database()) == content);
  };
  refused(whole.substr(0, whole.size() - 4'096), "damaged");
  refused(whole.substr(0, 50), "not a database");
  std::string schema_gone = whole;
  for (std::size_t i = 100; i < 4'096; ++i) schema_gone[i] = '\x7f';
  refused(schema_gone, "damaged");
  write_file(fixture.database(), whole);
  fixture.change("CREATE TABLE extra (x)");
  const std::string extra = file_content(fixture.database());
  refused(extra, "its tables are not those of schema");
  write_file(fixture.database(), whole);
  CHECK(fixture.try_open() == "");
}

TEST_CASE("SQLite store: a damaged row is named, and the others can still be read") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1, 500);
  fixture.must(sample::with(drawing.batch(100)));
  fixture.close();
  fixture.change(
      "UPDATE journal SET value = CAST(substr(value, 1, 20) || x'00' || substr(value, 22) AS BLOB) WHERE tile = 257");
  fixture.open();
  auto reader = fixture.reader();
  const auto tiles = reader->load_tiles(main_canvas);
  REQUIRE_FALSE(tiles.ok());
  CHECK(says(tiles.error().message, "tile (1, 1)"));
  CHECK(says(tiles.error().message, "checksum"));
  CHECK(reader->tile_at(main_canvas, {0, 0}, 100).ok());
}

TEST_CASE("SQLite store: where nothing can be written, it says so") {
  if (::geteuid() != 0) return;  // needs root to become somebody else
  SqliteFixture fixture;
  ::chmod(fixture.directory.path().c_str(), 0755);
  REQUIRE(::seteuid(65'534) == 0);
  const std::string why = fixture.try_open();
  REQUIRE(::seteuid(0) == 0);
  CHECK(says(why, "cannot be written"));
  CHECK(says(why, fixture.directory.path().string()));
  CHECK(std::filesystem::is_empty(fixture.directory.path()));
}

TEST_CASE("SQLite store: a data directory that is a file is refused") {
  SqliteFixture fixture;
  write_file(fixture.directory.path() / "taken", "x");
  auto store = SqliteStore::open(DataFiles::at(fixture.directory.path() / "taken" / "data"), StoreAccess::Write,
                                 fixture.random, fixture.notices);
  REQUIRE_FALSE(store.ok());
  CHECK(says(store.error().message, "is a file, not a directory"));
}

TEST_CASE("SQLite store: a backup that was put back begins a new epoch") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1);
  fixture.must(sample::with(drawing.batch(10)));
  fixture.close();
  const std::string backup = file_content(fixture.database());
  fixture.open();
  CHECK(fixture.notices.empty());
  fixture.must(sample::with(drawing.batch(10)));
  fixture.close();
  const auto epoch = [&] { return fixture.store->contents(WallTime{0})->canvases[0].record.epoch; };

  SUBCASE("nothing was put back") {
    fixture.open();
    CHECK(fixture.notices.empty());
    CHECK(epoch() == sample::canvas().epoch);
  }
  SUBCASE("an older file") {
    write_file(fixture.database(), backup);
    fixture.open();
    REQUIRE(fixture.notices.size() == 1);
    CHECK(says(fixture.notices[0], "a backup was put back"));
    const Epoch drawn = epoch();
    CHECK(drawn != sample::canvas().epoch);
    fixture.open();
    CHECK(fixture.notices.empty());
    CHECK(epoch() == drawn);
  }
  SUBCASE("the database without its marker") {
    std::filesystem::remove(fixture.files().marker);
    fixture.open();
    CHECK(fixture.notices.size() == 1);
    CHECK(epoch() != sample::canvas().epoch);
  }
}

TEST_CASE("SQLite store: opened for reading, it changes nothing and sees what a running server stores") {
  SqliteFixture fixture;
  CHECK(says(fixture.try_open(StoreAccess::Read), "there is no database"));
  fixture.open();
  fixture.must(sample::beginning());
  std::vector<std::string> notices;
  auto beside = SqliteStore::open(fixture.files(), StoreAccess::Read, fixture.random, notices);
  REQUIRE(beside.ok());
  sample::Drawing drawing(1);
  const auto batch = drawing.batch(7);
  fixture.must(sample::with(batch));
  CHECK(*(*(*beside)->reader())->placements(main_canvas, 0, 10) == batch->placements);
  CHECK((*beside)->contents(WallTime{0})->canvases.size() == 1);
  CHECK((*beside)->commit(sample::with(drawing.batch(1))).outcome == CommitOutcome::Refused);
}

TEST_CASE("SQLite store: while another program holds the database, a commit is refused and then goes through") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  auto other = SqliteConnection::open(fixture.database().string(), SqliteConnection::Mode::Write);
  REQUIRE(other.ok());
  REQUIRE(other->run("BEGIN IMMEDIATE").ok());
  sample::Drawing drawing(1);
  const auto batch = drawing.batch(5);
  const CommitResult refused = fixture.store->commit(sample::with(batch));
  CHECK(refused.outcome == CommitOutcome::Refused);
  CHECK(says(refused.message, "another program is using"));
  REQUIRE(other->run("ROLLBACK").ok());
  fixture.must(sample::with(batch));
}

TEST_CASE("SQLite store: checkpoints merge a tile's rows, and the file does not keep what they free") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  fixture.close();
  const auto empty = std::filesystem::file_size(fixture.database());
  fixture.open();
  sample::Drawing drawing(1, 250);
  std::vector<Placement> all;
  for (int i = 0; i < 4'000; ++i) {
    const auto batch = drawing.batch(1);
    fixture.must(sample::with(batch));
    all.insert(all.end(), batch->placements.begin(), batch->placements.end());
    if (i % 500 != 499) continue;
    WriteSet set;
    set.checkpoints.push_back({main_canvas,
                               {0, 0},
                               batch->placements[0].seq,
                               std::make_shared<const Tile>(sample::replay(all, {0, 0})),
                               false});
    fixture.must(set);
  }
  CHECK(*fixture.reader()->placements(main_canvas, 0, 10'000) == all);
  fixture.close();
  CHECK(fixture.number("SELECT count(*) FROM journal") < 40);
  CHECK(fixture.number("SELECT count(*) FROM checkpoints") == 1);
  CHECK(fixture.number("SELECT sum(length(value)) FROM journal") < 4'000 * 9);
  CHECK(std::filesystem::file_size(fixture.database()) < empty + 80'000);
}

TEST_CASE("SQLite store: some checkpoints of a long journal stay, so that no tile needs a long replay") {
  SqliteFixture fixture;
  fixture.open();
  fixture.must(sample::beginning());
  sample::Drawing drawing(1, 250);
  Tile picture;
  for (int i = 0; i < 20; ++i) {
    const auto batch = drawing.batch(20'000);
    for (const Placement& placement : batch->placements) picture[offset_of(placement.cell)] = placement.color;
    WriteSet set = sample::with(batch);
    set.checkpoints.push_back(
        {main_canvas, {0, 0}, batch->placements.back().seq, std::make_shared<const Tile>(picture), false});
    fixture.must(set);
  }
  fixture.close();
  const auto journal_bytes = fixture.number("SELECT sum(length(value)) FROM journal");
  const auto checkpoints = fixture.number("SELECT count(*) FROM checkpoints");
  CHECK(checkpoints >= journal_bytes / (512 << 10));
  CHECK(checkpoints <= journal_bytes / (512 << 10) + 2);
}

TEST_CASE("SQLite store: the log is copied away before it grows long") {
  SqliteFixture fixture;
  SqliteOptions options;
  options.most_log_pages = 50;
  for (const auto copy : {SqliteOptions::LogCopy::Between, SqliteOptions::LogCopy::Beside}) {
    options.log_copy = copy;
    fixture.open(options);
    if (copy == SqliteOptions::LogCopy::Between) fixture.must(sample::beginning());
    sample::Drawing drawing(1);
    for (Seq skip = *fixture.store->last_seq(main_canvas); skip > 0; --skip) drawing.next();
    for (int i = 0; i < 500; ++i) fixture.must(sample::with(drawing.batch(2)));
    CHECK(std::filesystem::file_size(fixture.log()) < 300 * 4'120);
    fixture.close();
  }
}

}  // namespace
}  // namespace tessera
