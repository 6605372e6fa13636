#include "server/core/journal.h"

#include <future>

#include <doctest/doctest.h>

#include "tests/support/core_store.h"

namespace tessera {
namespace {

WriteSet batch_of(std::uint32_t canvas, Seq first, std::size_t count) {
  auto batch = std::make_shared<Batch>();
  batch->canvas = CanvasId{canvas};
  for (std::size_t i = 0; i < count; ++i)
    batch->placements.push_back({.seq = first + i, .time = {}, .account = AccountId{1}, .cell = {}});
  WriteSet set;
  set.batches.push_back(std::move(batch));
  return set;
}

struct Answers {
  Journal::Done next() {
    auto promise = std::make_shared<std::promise<Written>>();
    written.push_back(promise->get_future());
    return [promise](const Written& w) { promise->set_value(w); };
  }
  CommitResult get(std::size_t i) { return written[i].get().result; }
  std::vector<std::future<Written>> written;
};

struct Fixture {
  SystemClock clock;
  Counters counters;
  CoreStore store;
  Answers answers;
};

}  // namespace

TEST_CASE("Journal: what waits while a commit runs shares the next one, and each part is told") {
  Fixture f;
  f.store.hold();
  Journal journal(f.store, f.clock, f.counters);
  REQUIRE(journal.post(batch_of(1, 1, 2), f.answers.next()));
  f.store.wait_for_commits(1);
  WriteSet account;
  account.accounts.emplace_back();
  REQUIRE(journal.post(batch_of(1, 3, 1), f.answers.next()));
  REQUIRE(journal.post(batch_of(2, 1, 5), f.answers.next()));
  REQUIRE(journal.post(std::move(account), f.answers.next()));
  f.store.release();
  for (std::size_t i = 0; i < 4; ++i) CHECK(f.answers.get(i).outcome == CommitOutcome::Stored);
  CHECK(f.store.begun() == 2);
  CHECK(f.store.journal(CanvasId{1}).size() == 3);
  CHECK(f.store.journal(CanvasId{2}).size() == 5);
  CHECK(f.counters.commit_us.total() == 2);
}

TEST_CASE("Journal: a group that fails cleanly fails for each part") {
  Fixture f;
  f.store.hold();
  Journal journal(f.store, f.clock, f.counters);
  REQUIRE(journal.post(batch_of(1, 1, 1), f.answers.next()));
  f.store.wait_for_commits(1);
  REQUIRE(journal.post(batch_of(1, 2, 1), f.answers.next()));
  REQUIRE(journal.post(batch_of(2, 1, 1), f.answers.next()));
  f.store.next(CoreStore::Next::Store);
  f.store.next(CoreStore::Next::RefuseCleanly);
  f.store.release();
  CHECK(f.answers.get(0).outcome == CommitOutcome::Stored);
  CHECK(f.answers.get(1).outcome == CommitOutcome::Refused);
  CHECK(f.answers.get(2).message == "the disk is full");
}

TEST_CASE("Journal: too much waiting is refused, and what was taken is committed before it ends") {
  Fixture f;
  f.store.hold();
  {
    Journal journal(f.store, f.clock, f.counters, {.max_waiting = 2, .max_group = 1});
    REQUIRE(journal.post(batch_of(1, 1, 1), f.answers.next()));
    f.store.wait_for_commits(1);
    REQUIRE(journal.post(batch_of(1, 2, 1), f.answers.next()));
    REQUIRE(journal.post(batch_of(1, 3, 1), f.answers.next()));
    CHECK_FALSE(journal.post(batch_of(1, 4, 1), [](const Written&) { FAIL("it was refused"); }));
    f.store.release();
  }
  CHECK(f.store.journal(CanvasId{1}).size() == 3);
}

TEST_CASE("Journal: an unknown outcome is settled before anybody is told") {
  Fixture f;
  f.store.next(CoreStore::Next::StoreThenUnknown);
  f.store.next(CoreStore::Next::LoseThenUnknown);
  Journal journal(f.store, f.clock, f.counters);
  REQUIRE(journal.post(batch_of(1, 1, 3), f.answers.next()));
  CHECK(f.answers.get(0).outcome == CommitOutcome::Stored);
  REQUIRE(journal.post(batch_of(1, 4, 3), f.answers.next()));
  CHECK(f.answers.get(1).outcome == CommitOutcome::Refused);
}

TEST_CASE("Journal: sign-ins without a batch are written again after an unknown outcome") {
  Fixture f;
  f.store.next(CoreStore::Next::LoseThenUnknown);
  WriteSet set;
  set.sessions.emplace_back();
  CHECK(settled_commit(f.store, set).outcome == CommitOutcome::Stored);
  CHECK(f.store.contents(WallTime{})->sessions.size() == 1);
}

TEST_CASE("Journal: an entry of the audit log is never there twice, whatever became of its commit at first") {
  for (const auto how : {CoreStore::Next::LoseThenUnknown, CoreStore::Next::StoreThenUnknown}) {
    Fixture f;
    f.store.next(how);
    WriteSet set;
    set.audit.push_back({.action = "lock.create"});
    CHECK(settled_commit(f.store, set).outcome == CommitOutcome::Stored);
    std::size_t entries = 0;
    for (const WriteSet& stored : f.store.writes()) entries += stored.audit.size();
    CHECK(entries == 1);
  }
}

TEST_CASE("Journal: a part of a batch in the store is nobody's answer") {
  Fixture f;
  settled_commit(f.store, batch_of(1, 1, 2));
  f.store.next(CoreStore::Next::LoseThenUnknown);
  const CommitResult result = settled_commit(f.store, batch_of(1, 2, 2));
  CHECK(result.outcome == CommitOutcome::Unknown);
  CHECK(result.message.find("from 2 was being written") != std::string::npos);
}

TEST_CASE("Journal: once the store is lost nothing more is written") {
  Fixture f;
  f.store.next(CoreStore::Next::StoreThenUnknown);
  f.store.break_reopen();
  Journal journal(f.store, f.clock, f.counters);
  REQUIRE(journal.post(batch_of(1, 1, 1), f.answers.next()));
  CHECK(f.answers.get(0).outcome == CommitOutcome::Unknown);
  REQUIRE(journal.post(batch_of(1, 2, 1), f.answers.next()));
  CHECK(f.answers.get(1).outcome == CommitOutcome::Unknown);
  CHECK(f.store.begun() == 1);
}

}  // namespace tessera
