#include <sys/stat.h>

#include "server/core/audit_text.h"
#include "server/storage/audit_key.h"
#include "server/storage/verify.h"
#include "tests/server/storage/sqlite_fixture.h"

/// Does to the audit log's file what somebody would do who wants an entry gone, and asks whether it shows.
namespace tessera {
namespace {

WriteSet with(std::vector<AuditRecord> records) {
  WriteSet set;
  set.audit = std::move(records);
  return set;
}

/// A closed database with forty entries.
struct LoggedStore : SqliteFixture {
  static constexpr std::uint64_t entries = 40;

  LoggedStore() {
    open();
    must(sample::beginning());
    for (std::uint64_t i = 0; i < entries; i += 4) {
      const auto time = static_cast<std::int64_t>(10'000 + i);
      must(with({sample::audit(time, 1, "lock.create", "lock:" + std::to_string(i)),
                 sample::audit(time, 0, "canvas.pause", ""), sample::audit(time, 2, "account.ban", "account:9", ""),
                 sample::audit(time, 2, "auth.denied")}));
    }
    close();
  }

  AuditCheck check() {
    if (store == nullptr) open();
    const auto found = reader()->check_audit();
    REQUIRE(found.ok());
    return *found;
  }
  std::optional<std::uint64_t> bad() { return check().bad; }
  /// What `verify` says, or nothing.
  std::string verified() const {
    const auto report = verify_store(url(), {});
    if (!report) return report.error().message;
    return report->ok() ? "" : report->damage.front();
  }
  void log_more() { must(with({sample::audit(20'000, 3, "lock.lift", "lock:1")})); }
};

TEST_CASE("Audit log: whatever is done to its rows is found, and the first bad entry is named") {
  /// What is named later: the same entry, or the next one, where nothing tells any more where the log was to end.
  enum class Later { Same, Next };
  struct Deed {
    std::string sql;
    std::uint64_t bad;
    Later later = Later::Same;
  };
  const std::string swap =
      "CREATE TEMP TABLE two AS SELECT * FROM audit WHERE id IN (20, 21); DELETE FROM audit WHERE id IN (20, 21); "
      "INSERT INTO audit SELECT 41 - id, time, actor, action, canvas, target, text, hash FROM two";
  const Deed deeds[]{
      {"UPDATE audit SET text = replace(text, 'reason', 'REASON') WHERE id = 7", 7},
      {"UPDATE audit SET text = text || ' ' WHERE id = 40", 40},
      {"UPDATE audit SET text = CAST(text AS BLOB) WHERE id = 5", 5},
      {"UPDATE audit SET hash = zeroblob(32) WHERE id = 40", 40},
      {"UPDATE audit SET hash = x'00' WHERE id = 12", 12},
      {"UPDATE audit SET time = time + 1 WHERE id = 3", 3},
      {"UPDATE audit SET actor = 4 WHERE id = 1", 1},
      {"UPDATE audit SET actor = 4 WHERE id = 2", 2},
      {"UPDATE audit SET actor = 0 WHERE id = 1", 1},
      {"UPDATE audit SET actor = actor + 4294967296 WHERE id = 9", 9},
      {"UPDATE audit SET action = 'lock.lift' WHERE id = 9", 9},
      {"UPDATE audit SET canvas = 'other' WHERE id = 10", 10},
      {"UPDATE audit SET canvas = '' WHERE id = 10", 10},
      {"UPDATE audit SET target = 'account:8' WHERE id = 11", 11},
      {"UPDATE audit SET target = '' WHERE id = 11", 11},
      {"DELETE FROM audit WHERE id = 1", 1},
      {"DELETE FROM audit WHERE id = 17", 17},
      {"DELETE FROM audit WHERE id = 40", 40},
      {"DELETE FROM audit WHERE id > 30", 31},
      {"DELETE FROM audit", 1},
      {"DELETE FROM audit; DELETE FROM audit_head", 1, Later::Next},
      {"UPDATE audit SET id = 41 WHERE id = 20", 20},
      {"UPDATE audit SET id = -3 WHERE id = 1", 1},
      {"UPDATE audit SET id = 9000000000000000000 WHERE id = 40", 40},
      {"INSERT INTO audit SELECT 0, time, actor, action, canvas, target, text, hash FROM audit WHERE id = 1", 1},
      {"INSERT INTO audit SELECT 41, time, actor, action, canvas, target, text, hash FROM audit WHERE id = 40", 41},
      {swap, 20},
      {"UPDATE audit_head SET entries = 39", 41, Later::Next},
      {"UPDATE audit_head SET hash = zeroblob(32)", 41, Later::Next},
      {"UPDATE audit_head SET seal = zeroblob(32)", 41, Later::Next},
      {"DELETE FROM audit_head", 41, Later::Next},
  };
  LoggedStore log;
  const std::string whole = file_content(log.database());
  for (const Deed& deed : deeds) {
    CAPTURE(deed.sql);
    CHECK_FALSE(log.bad().has_value());
    log.close();
    log.change(deed.sql);
    CHECK(log.verified().find("audit log") != std::string::npos);
    CHECK(log.verified().find("entry " + std::to_string(deed.bad)) != std::string::npos);
    const AuditCheck check = log.check();
    CHECK(check.bad == deed.bad);
    CHECK(check.entries == deed.bad - 1);
    CHECK(check.what.find("entry " + std::to_string(deed.bad)) != std::string::npos);
    // The store serves all the same, and what it adds hides nothing.
    log.log_more();
    log.log_more();
    CHECK(log.bad() == deed.bad + (deed.later == Later::Next ? 2 : 0));
    CHECK(log.reader()->audit({.actor = AccountId{3}})->size() == 2);
    log.open();
    log.log_more();
    CHECK(log.bad() == deed.bad + (deed.later == Later::Next ? 3 : 0));
    log.close();
    write_file(log.database(), whole);
  }
  CHECK_FALSE(log.bad().has_value());
  log.log_more();
  CHECK(log.check().entries == 41);
  log.close();
  CHECK(log.verified() == "");
}

/// Writes a chain that holds from `id` on, as somebody can who knows how it is made but has not got the key.
void chain_anew(LoggedStore& log, std::uint64_t id) {
  auto connection = SqliteConnection::open(log.database().string(), SqliteConnection::Mode::Write);
  REQUIRE(connection.ok());
  AuditHasher hasher;
  AuditHash hash{};
  for (std::uint64_t at = 1;; ++at) {
    auto row = connection->prepare(("SELECT text, hash FROM audit WHERE id = " + std::to_string(at)).c_str());
    REQUIRE(row.ok());
    if (row->step() != SqliteStatement::Step::Row) return;
    hash = hasher.next(hash, row->text(0));
    if (at < id) continue;
    auto write = connection->prepare("UPDATE audit SET hash = ?1 WHERE id = ?2");
    REQUIRE(write.ok());
    REQUIRE(write->bind(1, ByteSpan(hash)).bind(2, static_cast<std::int64_t>(at)).run().ok());
  }
}

TEST_CASE("Audit log: a chain written anew from an edited entry on does not fit the seal") {
  LoggedStore log;
  log.change("UPDATE audit SET text = replace(text, 'reason', 'REASON') WHERE id = 30");
  chain_anew(log, 30);
  const AuditCheck check = log.check();
  CHECK(check.bad == 40);
  CHECK(check.what.find("written anew") != std::string::npos);
  log.log_more();
  CHECK(log.bad() == 40);
}

TEST_CASE("Audit log: an entry added behind the seal's back is found, even with a chain that holds") {
  LoggedStore log;
  const std::string text = audit_text(41, sample::audit(30'000, 1, "account.role", "account:1"));
  log.change("INSERT INTO audit VALUES (41, 30000, 1, 'account.role', 'main', 'account:1', '" + text +
             "', zeroblob(32))");
  chain_anew(log, 41);
  CHECK(log.bad() == 41);
  log.log_more();
  CHECK(log.bad() == 41);
}

TEST_CASE("Audit log: numbers of entries that were cut away are not given again") {
  LoggedStore log;
  log.change("DELETE FROM audit WHERE id > 36");
  log.open();
  log.log_more();
  CHECK(log.reader()->audit({.limit = 1})->front().id == 41);
  CHECK(log.bad() == 37);
}

TEST_CASE("Audit log: the key of the seal is for its owner only, and missed where it is gone") {
  LoggedStore log;
  const auto key = log.files().audit_key;
  struct stat found {};
  REQUIRE(::stat(key.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  CHECK(found.st_size == 32);
  CHECK(key.filename() == "tessera.db.audit-key");
  const std::string content = file_content(key);

  SUBCASE("gone") {
    std::filesystem::remove(key);
    CHECK(log.check().what.find("key") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(key));
    CHECK(log.bad() == 41);
    log.close();
    CHECK(log.verified().find("key") != std::string::npos);
    write_file(key, content);
    CHECK_FALSE(log.bad().has_value());
  }
  SUBCASE("gone, and an entry was logged meanwhile: it is not sealed") {
    std::filesystem::remove(key);
    log.open();
    log.log_more();
    log.close();
    write_file(key, content);
    CHECK(log.bad() == 41);
  }
  SUBCASE("another's") {
    write_file(key, std::string(32, 'k'));
    CHECK(log.check().what.find("does not fit") != std::string::npos);
    log.log_more();
    CHECK(log.bad().has_value());
  }
  SUBCASE("not a key") {
    write_file(key, content + "x");
    CHECK(log.check().what.find("key") != std::string::npos);
  }
  SUBCASE("gone while the log is empty: a new one does no harm") {
    LoggedStore empty;
    std::filesystem::remove(empty.database());
    empty.open();
    CHECK(empty.notices.size() == 1);  // the old key is another log's
    empty.close();
    std::filesystem::remove(empty.files().audit_key);
    CHECK_FALSE(empty.bad().has_value());
    CHECK(std::filesystem::exists(empty.files().audit_key));
    empty.log_more();
    CHECK(empty.check().entries == 1);
  }
}

TEST_CASE("Audit log: a power cut while the key is made leaves a log that can be sealed") {
  LoggedStore log;
  const auto key = log.files().audit_key;
  const auto unnamed = key.string() + ".new";
  SUBCASE("after the seal, before the key has its name") {
    std::filesystem::rename(key, unnamed);
    CHECK_FALSE(log.bad().has_value());
  }
  SUBCASE("before the seal") {
    std::filesystem::rename(key, unnamed);
    log.change("DELETE FROM audit_head");
    CHECK_FALSE(log.bad().has_value());
  }
  CHECK(std::filesystem::exists(key));
  CHECK_FALSE(std::filesystem::exists(unnamed));
  log.log_more();
  CHECK(log.check().entries == 41);
}

TEST_CASE("Audit log: a database that came before it gets one, whatever key lies beside it") {
  LoggedStore log;
  log.change("DROP TABLE grants; DROP TABLE seen; DROP TABLE settings; DROP TABLE reports; DROP TABLE locks; DROP TABLE announcements; DROP TABLE rollbacks; DROP TABLE schedule; DROP TABLE snapshots; DROP TABLE audit_words; DROP TABLE audit; "
             "DROP TABLE audit_head; DELETE FROM meta WHERE name = 'last_number'; PRAGMA user_version = 2");
  log.open();
  REQUIRE(log.notices.size() == 1);
  CHECK(log.notices[0].find("the log begins anew") != std::string::npos);
  CHECK(std::filesystem::exists(log.files().audit_key.string() + ".old"));
  CHECK(log.check().entries == 0);
  CHECK_FALSE(log.bad().has_value());
  log.log_more();
  CHECK(log.check().entries == 1);
}

}  // namespace
}  // namespace tessera
