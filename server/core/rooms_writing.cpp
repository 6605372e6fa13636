// What the rooms write: batches, sign-ins, checkpoints; and what they do when it is time.
#include <algorithm>

#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr Duration housekeeping_interval = std::chrono::seconds{1};
constexpr Duration session_sweep_interval = std::chrono::hours{1};
constexpr Duration longest_checkpoint_rest = std::chrono::seconds{2};
constexpr Duration failed_checkpoint_rest = std::chrono::seconds{10};

}  // namespace

bool Rooms::write(WriteSet set, Journal::Done done) {
  if (lost_) return false;
  const bool posted = services_.commit(std::move(set), [this, done = std::move(done)](const Written& written) {
    --writes_in_flight_;
    if (lost_) return;
    if (written.result.outcome != CommitOutcome::Unknown) return done(written);
    lost_ = true;
    services_.fail(written.result.message);
  });
  if (posted) ++writes_in_flight_;
  return posted;
}

// ---- sign-ins ----

void Rooms::find_session(const TokenHash& token, const Hub::Reply<std::optional<AccountRecord>>& reply) {
  const auto account = sessions_.use(token, clock_.wall());
  const AccountRecord* record = account ? accounts_.find(*account) : nullptr;
  reply(record == nullptr ? std::nullopt : std::optional(*record));
}

void Rooms::sign_in_guest(std::string name, const TokenHash& token, Hub::Reply<SignInReply> reply) {
  const WallTime now = clock_.wall();
  SignInReply answer{.refused = std::nullopt, .detail = {}, .account = {}, .session = {}};
  answer.account = accounts_.new_guest(std::move(name), now);
  answer.session = sessions_.begin(token, answer.account.id, now);
  WriteSet writes;
  writes.accounts.push_back(answer.account);
  writes.sessions.push_back(answer.session);
  const auto shared_reply = std::make_shared<Hub::Reply<SignInReply>>(std::move(reply));
  const auto refuse = [shared_reply](std::string why) {
    (*shared_reply)({.refused = Refusal::Busy, .detail = std::move(why), .account = {}, .session = {}});
  };
  const bool posted =
      !stopping_ && write(std::move(writes), [this, answer, shared_reply, refuse](const Written& written) {
        if (written.result.outcome != CommitOutcome::Stored)
          return refuse("the account could not be stored; try again");
        accounts_.put(answer.account);
        sessions_.put(answer.session);
        count(counters_.sign_ins);
        (*shared_reply)(answer);
      });
  if (!posted) refuse("the server is busy; try again");
}

void Rooms::end_session(const TokenHash& token, Hub::Reply<bool> reply) {
  if (!sessions_.end(token, clock_.wall())) return reply(false);
  const auto shared_reply = std::make_shared<Hub::Reply<bool>>(std::move(reply));
  WriteSet writes;
  writes.ended_sessions.push_back(token);
  const bool posted = write(std::move(writes), [this, token, shared_reply](const Written& written) {
    if (written.result.outcome != CommitOutcome::Stored) ended_sessions_.push_back(token);
    (*shared_reply)(true);
  });
  if (posted) return;
  ended_sessions_.push_back(token);
  (*shared_reply)(true);
}

void Rooms::write_sessions(Moment moment) {
  WriteSet writes;
  writes.sessions = sessions_.take_renewed();
  writes.ended_sessions = std::move(ended_sessions_);
  ended_sessions_.clear();
  if (moment.now >= next_session_sweep_) {
    next_session_sweep_ = moment.now + session_sweep_interval;
    const std::vector<TokenHash> expired = sessions_.sweep(moment.wall);
    writes.ended_sessions.insert(writes.ended_sessions.end(), expired.begin(), expired.end());
  }
  if (writes.empty()) return;
  const std::vector<TokenHash> ended = writes.ended_sessions;
  const auto try_again = [this, ended] { ended_sessions_.insert(ended_sessions_.end(), ended.begin(), ended.end()); };
  const bool posted = write(std::move(writes), [try_again](const Written& written) {
    if (written.result.outcome != CommitOutcome::Stored) try_again();
  });
  if (!posted) try_again();
}

// ---- batches ----

void Rooms::flush(Hall& hall, Moment moment) {
  const auto batch = hall.room.flush(moment, events_);
  if (!batch) return carry(hall);
  WriteSet writes;
  writes.batches.push_back(batch);
  const bool posted =
      write(std::move(writes), [this, &hall](const Written& written) { batch_answered(hall, written); });
  if (posted) {
    hall.room.encode_ahead();
  } else {
    batch_answered(hall, {.result = {CommitOutcome::Refused, "too much waits to be written"}, .took = {}});
  }
}

void Rooms::batch_answered(Hall& hall, const Written& written) {
  hall.room.committed(written.result, Moment::of(clock_), events_);
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
    if (hall->gates.empty() || moment.now < hall->next_hash) continue;
    hall->next_hash = moment.now + settings_.hash_interval;
    if (const auto hash = hall->room.tiles().next_hash()) {
      for (const auto& [gate, connections] : hall->gates) gate->post(Announced{hall->id(), *hash});
    }
  }
  compress_waiting();
  write_sessions(moment);
}

void Rooms::tick() {
  if (lost_) return;
  const Moment moment = Moment::of(clock_);
  for (const auto& hall : halls_) {
    flush(*hall, moment);
    tell_online(*hall, moment.now);
  }
  housekeeping(moment);
  if (stopping_ && !last_checkpoints_ && rooms_idle()) {
    last_checkpoints_ = true;
    for (const auto& hall : halls_) hall->room.tiles().all_due();
  }
  start_checkpoint(moment.now);
}

TimePoint Rooms::next_due() const {
  TimePoint due = next_housekeeping_;
  for (const auto& hall : halls_) {
    if (const auto flush = hall->room.flush_due()) due = std::min(due, *flush);
    if (hall->online != hall->online_told) due = std::min(due, hall->next_online);
  }
  if (checkpoint_due()) due = std::min(due, next_checkpoint_);
  return due;
}

void Rooms::begin_stop() {
  stopping_ = true;
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
