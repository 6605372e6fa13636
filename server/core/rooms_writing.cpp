// What the rooms write: batches and checkpoints; and what they do when it is time.
#include <algorithm>

#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr Duration housekeeping_interval = std::chrono::seconds{1};
constexpr Duration longest_checkpoint_rest = std::chrono::seconds{2};
constexpr Duration failed_checkpoint_rest = std::chrono::seconds{10};

}  // namespace

bool Rooms::write(WriteSet set, Journal::Done done) {
  if (lost_) return false;
  const std::size_t entries = set.audit.size();
  const bool posted = services_.commit(std::move(set), [this, entries, done = std::move(done)](const Written& written) {
    --writes_in_flight_;
    if (written.result.outcome == CommitOutcome::Stored) audit_entries_ += entries;
    if (lost_) return;
    if (written.result.outcome != CommitOutcome::Unknown) return done(written);
    lost_ = true;
    services_.fail(written.result.message);
  });
  if (posted) ++writes_in_flight_;
  return posted;
}

// ---- batches ----

/// People's batch, or a part of a rollback: in turn, where both wait.
void Rooms::flush(Hall& hall, Moment moment) {
  if (hall.rollback_turn && flush_rollback(hall, moment)) {
    hall.rollback_turn = false;
    return;
  }
  auto batch = hall.room.flush(moment, events_);
  if (batch) {
    hall.rollback_turn = true;
    return post_batch(hall, std::move(batch));
  }
  carry(hall);
  flush_rollback(hall, moment);
}

void Rooms::post_batch(Hall& hall, std::shared_ptr<const Batch> batch) {
  WriteSet writes;
  writes.batches.push_back(batch);
  const bool posted =
      write(std::move(writes), [this, &hall, batch](const Written& written) { batch_answered(hall, *batch, written); });
  if (posted) {
    hall.room.encode_ahead();
  } else {
    batch_answered(hall, *batch, {.result = {CommitOutcome::Refused, "too much waits to be written"}, .took = {}});
  }
}

void Rooms::batch_answered(Hall& hall, const Batch& batch, const Written& written) {
  hall.room.committed(written.result, Moment::of(clock_), events_);
  rollback_answered(hall, batch, written.result.outcome == CommitOutcome::Stored);
  carry(hall);
  advance_changes(hall);
}

// ---- checkpoints ----

bool Rooms::checkpoint_due() const {
  return !checkpoint_in_flight_ &&
         std::any_of(halls_.begin(), halls_.end(), [](const auto& hall) { return hall->room.tiles().any_due(); });
}

void Rooms::start_checkpoint(TimePoint now) {
  if (lost_ || now < next_checkpoint_ || !checkpoint_due()) return;
  do {
    checkpoint_hall_ = (checkpoint_hall_ + 1) % halls_.size();
  } while (!halls_[checkpoint_hall_]->room.tiles().any_due());
  Hall& hall = *halls_[checkpoint_hall_];
  const std::size_t most = stopping_ ? settings_.last_checkpoint_tiles : settings_.checkpoint_tiles;
  const std::vector<TileCheckpoint> tiles = hall.room.tiles().take_due(most);
  WriteSet writes;
  writes.checkpoints = tiles;
  checkpoint_in_flight_ = true;
  const bool posted = write(
      std::move(writes), [this, &hall, tiles](const Written& written) { checkpoint_answered(hall, tiles, written); });
  if (!posted) checkpoint_answered(hall, tiles, {.result = {CommitOutcome::Refused, "too much waits"}, .took = {}});
}

void Rooms::checkpoint_answered(Hall& hall, const std::vector<TileCheckpoint>& tiles, const Written& written) {
  checkpoint_in_flight_ = false;
  const TimePoint now = clock_.now();
  const bool stored = written.result.outcome == CommitOutcome::Stored;
  for (const TileCheckpoint& tile : tiles) {
    if (stored) {
      hall.room.tiles().checkpointed(tile);
    } else {
      hall.room.tiles().checkpoint_failed(tile, now);
    }
  }
  if (stored) count(counters_.checkpoints, tiles.size());
  const Duration rest = stored ? std::min(written.took * (settings_.checkpoint_share - 1), longest_checkpoint_rest)
                               : failed_checkpoint_rest;
  next_checkpoint_ = stopping_ ? now : now + rest;
}

// ---- time ----

void Rooms::tell_online(Hall& hall, TimePoint now) {
  if (hall.online == hall.online_told || now < hall.next_online) return;
  hall.online_told = hall.online;
  hall.next_online = now + settings_.online_interval;
  for (const auto& [gate, connections] : hall.gates) gate->post(Announced{hall.id(), Online{hall.online}});
}

void Rooms::housekeeping(Moment moment) {
  if (moment.now < next_housekeeping_) return;
  next_housekeeping_ = moment.now + housekeeping_interval;
  for (const auto& hall : halls_) {
    hall->room.sweep(moment.now);
    end_expired_locks(*hall, moment.wall);
    answer_waiting(*hall, moment.now);
    if (hall->gates.empty() || moment.now < hall->next_hash) continue;
    hall->next_hash = moment.now + settings_.hash_interval;
    if (const auto hash = hall->room.tiles().next_hash()) {
      for (const auto& [gate, connections] : hall->gates) gate->post(Announced{hall->id(), *hash});
    }
  }
  end_expired_announcements(moment.wall);
  sum_denials(moment.now);
  compress_waiting();
  write_sessions(moment);
  write_prefixes();
}

void Rooms::tick() {
  if (lost_) return;
  const Moment moment = Moment::of(clock_);
  for (const auto& hall : halls_) {
    flush(*hall, moment);
    tell_online(*hall, moment.now);
    tell_news(*hall, moment.now);
  }
  fire_due(moment);
  housekeeping(moment);
  roster_on();
  if (stopping_ && !last_checkpoints_ && rooms_idle()) {
    last_checkpoints_ = true;
    for (const auto& hall : halls_) hall->room.tiles().all_due();
  }
  start_checkpoint(moment.now);
}

TimePoint Rooms::next_due() const {
  TimePoint due = rosters_asked_.empty() ? next_housekeeping_ : clock_.now();
  for (const auto& hall : halls_) {
    if (const auto flush = hall->room.flush_due()) due = std::min(due, *flush);
    if (!hall->jobs.empty() && hall->next_plan > clock_.now()) due = std::min(due, hall->next_plan);
    if (hall->online != hall->online_told) due = std::min(due, hall->next_online);
    if (!hall->staff.empty() && news_of(*hall) != hall->news_told) due = std::min(due, hall->next_news);
  }
  if (checkpoint_due()) due = std::min(due, next_checkpoint_);
  if (const auto next = fire_next(Moment::of(clock_))) due = std::min(due, *next);
  return due;
}

void Rooms::begin_stop() {
  stopping_ = true;
  sum_denials(clock_.now());
  write_prefixes();
  next_checkpoint_ = {};
  for (const auto& hall : halls_) hall->room.stop();
}

bool Rooms::rooms_idle() const {
  return std::all_of(halls_.begin(), halls_.end(), [](const auto& hall) { return hall->room.idle(); });
}

bool Rooms::stopped() const {
  return lost_ || (last_checkpoints_ && writes_in_flight_ == 0 && rooms_idle() && !checkpoint_due());
}

}  // namespace tessera
