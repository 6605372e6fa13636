#include "server/core/journal.h"

#include <algorithm>
#include <iterator>

namespace tessera {
namespace {

template <typename T>
void append(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
}

/// Takes the set apart by its fields, so that one which is added does not compile until it is appended too.
void append(WriteSet& to, WriteSet& from) {
  auto& [canvases, events, accounts, sessions, ended_sessions, joins, invites, ended_invites, locks, ended_locks, grants, ended_grants, seen,
         settings, announcements, ended_announcements, rollbacks, schedule, ended_schedule, snapshots, reports, last_number, audit, batches,
         checkpoints] = from;
  append(to.canvases, canvases);
  append(to.events, events);
  append(to.accounts, accounts);
  append(to.sessions, sessions);
  append(to.ended_sessions, ended_sessions);
  append(to.joins, joins);
  append(to.invites, invites);
  append(to.ended_invites, ended_invites);
  append(to.locks, locks);
  append(to.ended_locks, ended_locks);
  append(to.grants, grants);
  append(to.ended_grants, ended_grants);
  append(to.seen, seen);
  if (!settings.empty()) to.settings = std::move(settings);
  append(to.announcements, announcements);
  append(to.ended_announcements, ended_announcements);
  append(to.rollbacks, rollbacks);
  append(to.schedule, schedule);
  append(to.ended_schedule, ended_schedule);
  append(to.snapshots, snapshots);
  append(to.reports, reports);
  to.last_number = std::max(to.last_number, last_number);
  append(to.audit, audit);
  append(to.batches, batches);
  append(to.checkpoints, checkpoints);
}

/// After a reopening: what the last seq says about a batch, which is stored as a whole or not at all.
CommitResult ask(Store& store, const Batch& batch) {
  const Result<Seq> last = store.last_seq(batch.canvas);
  if (!last) return {CommitOutcome::Unknown, last.error().message};
  const Seq first = batch.placements.front().seq;
  if (*last == batch.placements.back().seq) return {CommitOutcome::Stored, {}};
  if (*last + 1 == first) return {CommitOutcome::Refused, "the store failed before the batch was written"};
  return {CommitOutcome::Unknown, "the store's last seq is " + std::to_string(*last) + ", but a batch from " +
                                      std::to_string(first) + " was being written: it holds a part that nobody wrote"};
}

}  // namespace

CommitResult settled_commit(Store& store, const WriteSet& set) {
  const std::uint64_t before = store.commits();
  CommitResult result = store.commit(set);
  if (result.outcome != CommitOutcome::Unknown) return result;
  if (const Status reopened = store.reopen(); !reopened) {
    return {CommitOutcome::Unknown, result.message + "; opening the store anew failed: " + reopened.error().message};
  }
  for (const auto& batch : set.batches) {
    if (!batch->placements.empty()) return ask(store, *batch);
  }
  // An entry of the audit log must not be there twice.
  return store.commits() > before ? CommitResult{} : store.commit(set);
}

Journal::Journal(Store& store, const Clock& clock, Counters& counters, Settings settings)
    : store_(store), clock_(clock), counters_(counters), settings_(settings), thread_([this] { run(); }) {}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

bool Journal::post(WriteSet set, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= settings_.max_waiting) return false;
    waiting_.push_back({std::move(set), std::move(done)});
  }
  work_.notify_one();
  return true;
}

void Journal::run() {
  std::vector<Write> group;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      while (!waiting_.empty() && group.size() < settings_.max_group) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    commit(group);
    group.clear();
  }
}

void Journal::commit(std::vector<Write>& group) {
  Written written{.result = lost_, .took = {}};
  if (lost_.outcome == CommitOutcome::Stored) {
    WriteSet all;
    for (Write& write : group) append(all, write.set);
    const TimePoint start = clock_.now();
    written.result = settled_commit(store_, all);
    written.took = clock_.now() - start;
    counters_.commit_us.add(static_cast<std::uint64_t>(written.took.count()));
    if (written.result.outcome == CommitOutcome::Unknown) lost_ = written.result;
    if (written.result.outcome == CommitOutcome::Refused && settings_.on_refusal)
      settings_.on_refusal(written.result.message);
  }
  for (const Write& write : group) write.done(written);
}

}  // namespace tessera
