#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "server/core/counters.h"
#include "server/core/hub.h"
#include "server/core/limiter.h"
#include "server/core/lock_table.h"
#include "server/core/moment.h"
#include "server/core/outcomes.h"
#include "server/core/ports.h"
#include "server/core/rollback.h"
#include "server/core/room_tiles.h"
#include "server/core/undo_log.h"

namespace tessera {

struct RoomSettings {
  Duration flush_interval = std::chrono::milliseconds{33};  ///< between two flushes under load
  /// Placements that may wait for the batch in flight; past it they are refused as busy.
  std::size_t max_open = 200'000;
  /// A commit in flight for longer means that the disk cannot follow: placements are refused as busy.
  Duration max_commit = std::chrono::seconds{5};
  std::chrono::milliseconds busy_retry{500};
  RoomTiles::CheckpointRule checkpoints;
  UndoLog::Settings undo;
  std::size_t max_take_backs = 4'096;   ///< undos and redos that wait for a batch
  std::size_t max_outcomes = 8u << 20;  ///< requests remembered, those with stored placements
  std::size_t max_refused = 1u << 18;   ///< requests remembered of which nothing was stored
};

/// Who waits for an answer, and perhaps for which: chosen by the caller, given back with it.
struct Asker {
  std::uint64_t number = 0;
  RequestId once{};  ///< of a request that the room itself knows as 0
  auto operator<=>(const Asker&) const = default;
};

/// A request's answer. `refused` where no cell could have been accepted, whatever it was: its author or the canvas.
struct PlaceAnswer {
  Asker asker{};
  std::optional<Refusal> refused;
  PlaceResult result;
};

/// What an undo or a redo came to.
struct TakeBackAnswer {
  Asker asker{};
  UndoResult result;
};

/// What follows from a command, in the order in which people are to see it.
using RoomEvent = std::variant<Published, PlaceAnswer, TakeBackAnswer>;
using RoomEvents = std::vector<RoomEvent>;

/// A canvas as its clients know it.
CanvasInfo canvas_info(const CanvasRecord& record);

/// One canvas: its rules, its committed state, the batch that is open and the one in flight. No thread, no I/O and no
/// clock of its own: whoever drives it passes the moment, commits the batches that `flush` hands out, and carries the
/// events to people. Knows nothing of connections or sessions.
///
///   room.place(asker, author, place, moment, events);
///   if (auto batch = room.flush(moment, events)) room.committed(settled_commit(store, {.batches = {batch}}), moment, events);
class Room {
 public:
  Room(CanvasRecord record, Seq last_seq, WallTime last_time, const RoomSettings& settings, Counters& counters);

  const CanvasRecord& record() const { return record_; }
  /// Of the last committed placement.
  Seq seq() const { return seq_; }
  RoomTiles& tiles() { return tiles_; }
  const RoomTiles& tiles() const { return tiles_; }
  Limiter& limiter() { return limiter_; }
  UndoLog& undo_log() { return undo_; }
  LockTable& locks() { return locks_; }
  const LockTable& locks() const { return locks_; }
  /// At start: a request that was answered before it.
  void remember(const RequestOutcome& outcome, Moment start);

  /// Accepts cells of `message` into the open batch, in order as far as charges go; the answer comes with the commit,
  /// or at once where nothing was accepted or the request was known. Request 0 is never remembered (HTTP, JSON).
  /// `author` null: not signed in.
  void place(Asker asker, const AccountRecord* author, const Place& message, Moment moment, RoomEvents& out);
  /// The same for a request that cannot even be looked at, because too much waits: refused as busy, unless it is known.
  void refuse_busy(Asker asker, const AccountRecord* author, RequestId request, std::size_t cells, Moment moment,
                   RoomEvents& out);
  /// A lost answer is asked for again: given now or, where the request waits for its commit, then. A request never seen
  /// is answered as unknown, and nothing of it will be stored should it arrive later.
  void ask(Asker asker, const AccountRecord* author, RequestId request, Moment moment, RoomEvents& out);
  /// Takes back the newest `count` placements of `author`, or draws again what it undid (`kind`), in the next batch: after
  /// everything that was accepted before.
  void take_back(Asker asker, const AccountRecord* author, PlacementKind kind, RequestId request, std::uint32_t count,
                 Moment moment, RoomEvents& out);

  /// From now on commands wait, so that the record may change once the room is `idle`; what was accepted is flushed at once.
  void hold() { holding_ = true; }
  bool is_held() const { return holding_; }
  /// The time of an event now: stored time never runs backwards.
  WallTime next_time(WallTime wall) { return last_time_ = std::max(wall, last_time_); }
  /// The changed record, stored as an event after `seq()`; what waited goes on under its rules.
  void change(const CanvasRecord& record);
  /// What waited goes on: the end of `hold`.
  void release(Moment moment, RoomEvents& out);
  /// May place where the canvas asks for a code or an invitation.
  void join(AccountId account) { joined_.insert(account); }
  bool has_joined(AccountId account) const { return joined_.contains(account); }
  /// What a rollback selects counts as not placed, so that no undo brings it back; nothing: the rollback counts no more.
  void set_rolled_back(RollbackId rollback, std::optional<Selection> selection);
  /// A role on this canvas alone; nothing: none any more.
  void grant(AccountId account, std::optional<Role> role);
  /// The account's role on this canvas.
  Role role_of(const AccountRecord& account) const;

  /// What a client is told as it enters (`online` is left 0).
  Entered entered(const AccountRecord* account, Moment moment) const;
  ChargeState charges(const AccountRecord* account, TimePoint now) const;

  /// When the open batch is to be flushed; nothing where none is, or one is in flight. At once after a quiet time.
  std::optional<TimePoint> flush_due() const;
  /// Hands out the open batch with its seqs, where it is due (`now` not before `flush_due`); null where not, or where only
  /// undos waited of which nothing came: they are answered. One at a time.
  std::shared_ptr<const Batch> flush(Moment moment, RoomEvents& out);
  /// Hands out a batch of its own that draws these cells for a rollback, beside what is open; none may be in flight. Nobody's charges or
  /// limits, no lock and no pause concern it. Not null.
  std::shared_ptr<const Batch> flush_rollback(RollbackId rollback, AccountId maker, std::span<const Restored> cells, Moment moment);
  /// Work that may be done while the batch is being committed; `committed` does it where nobody did.
  void encode_ahead();
  /// The batch in flight is stored, or cleanly refused: then its charges are given back, its seqs used again, and its
  /// authors told that the server is busy. An unknown outcome must be settled first (`settled_commit` in journal.h).
  void committed(const CommitResult& result, Moment moment, RoomEvents& out);
  bool in_flight() const { return flight_.batch != nullptr; }
  bool idle() const { return !in_flight() && open_.placements.empty() && take_backs_.empty(); }
  /// From now on every placement is refused as busy; what was accepted is still flushed, at once.
  void stop() { stopping_ = true; }

  /// Lets go of what need not be remembered any longer; about once a second.
  void sweep(TimePoint now);

 private:
  /// A request with accepted cells that waits for its commit.
  struct Waiting {
    Asker asker{};
    AccountId account{};
    AccountId charged{};
    Role role{};
    RequestId request{};
    std::uint32_t first = 0;  // of its placements in the batch
    std::uint32_t accepted = 0;
    TimePoint since{};
    Outcomes::Handle outcome{};  // where request is not 0
    Limiter::Taken taken;
    std::vector<Rejection> rejected;
    std::vector<Asker> also;  // who sent it, or asked for it, again
  };
  using Command = std::function<void(Moment, RoomEvents&)>;
  bool is_rolled_back(const UndoLog::Beneath& beneath) const;

  /// An undo or a redo that waits for a batch, then for its commit.
  struct TakeBackRequest {
    Asker asker{};
    AccountId account{};
    AccountId charged{};
    Role role{};
    PlacementKind kind{};
    RequestId request{};
    std::uint32_t count = 0;
    std::uint64_t after = 0;    // batches handed out: not before
    std::uint32_t first = 0;    // of its placements in the batch
    std::vector<Command> followers{};  // what its account asked for after it
    UndoLog::Taken found{};
    Limiter::Taken taken{};     // by a redo
  };
  struct Open {
    std::vector<Placement> placements;
    std::vector<Waiting> waiting;
    std::uint64_t first_number = 0;  // of `waiting`; the numbers go on from batch to batch
  };
  struct Flight {
    std::shared_ptr<const Batch> batch;
    std::vector<Waiting> waiting;
    std::uint64_t first_number = 0;
    std::vector<TakeBackRequest> take_backs;
    UndoLog::Draft undone;
    TimePoint since{};
    Deltas deltas;
    std::shared_ptr<const Bytes> encoded;
  };

  struct Gathered {
    std::uint32_t accepted = 0;
    Limiter::Taken taken;
    std::vector<Rejection> rejected;
  };

  std::optional<Refusal> refuses_placing(const AccountRecord* account, Moment moment) const;
  bool answer_known(Asker asker, const AccountRecord& author, RequestId request, Moment moment, RoomEvents& out);
  Waiting& pending(std::uint64_t number);
  void refuse(Asker asker, const AccountRecord* author, const Place& message, Refusal reason, Moment moment,
              RoomEvents& out);
  void answer_refused(Asker asker, const AccountRecord* author, RequestId request, std::optional<Refusal> whole,
                      std::vector<Rejection> rejected, Moment moment, RoomEvents& out);
  bool is_busy(std::size_t cells, TimePoint now) const;
  /// Appends the cells that may be placed to the open batch, and takes their charges.
  Gathered gather(const AccountRecord& author, const std::vector<WireCell>& cells, Moment moment);
  std::vector<SavedCharges> charges_to_save(Moment moment) const;
  bool take_back_due() const { return !take_backs_.empty() && take_backs_.front().after <= flushes_; }
  void draw_take_backs(Batch& batch, Moment moment);
  void draw(TakeBackRequest& request, Batch& batch, Moment moment);
  void answer_take_backs(bool stored, Moment moment, RoomEvents& out);
  void answer(const TakeBackRequest& request, std::optional<Refusal> refused, Moment moment, RoomEvents& out);
  /// Whether what this account asks for must `wait`: for a change of the canvas, or for an undo of its own before it.
  bool must_wait(AccountId account) const;
  /// `command` is called once it goes on.
  void wait(AccountId account, std::size_t cells, Command command);
  void run(std::vector<Command> commands, Moment moment, RoomEvents& out);
  void run_followers(Moment moment, RoomEvents& out);
  void number(Batch& batch);
  void group_by_tile();
  void publish(Moment moment, RoomEvents& out);
  void answer_stored(Moment moment, RoomEvents& out);
  void refuse_flight(Moment moment, RoomEvents& out);
  std::vector<Rejection> all_rejected(const Waiting& waiting) const;
  void answer(const Waiting& waiting, Seq first_seq, std::uint32_t accepted, std::vector<Rejection> rejected,
              Moment moment, RoomEvents& out);
  const PlacingLimits& limits_of(Role role) const { return record_.policy.limits_for(role); }
  void count_refused(const std::vector<Rejection>& rejected);
  std::uint32_t busy_retry_ms() const { return static_cast<std::uint32_t>(settings_.busy_retry.count()); }

  CanvasRecord record_;
  RoomSettings settings_;
  Counters& counters_;
  RoomTiles tiles_;
  Limiter limiter_;
  LockTable locks_;
  std::map<RollbackId, Selection> rolled_back_;  // of rollbacks that count, those that reach into what can be undone
  Outcomes stored_;
  Outcomes refused_;  // also what was asked for before it came
  Seq seq_;
  WallTime last_time_;  // of an accepted placement: stored time never runs backwards
  WallTime flushed_time_{};  // of the last placement handed out
  Open open_;
  Flight flight_;
  std::optional<TimePoint> last_flush_;
  UndoLog undo_;
  std::deque<TakeBackRequest> take_backs_;
  std::uint64_t flushes_ = 0;  // batches handed out
  std::vector<Seq> targets_;   // of the undos and redos at the begin of the batch that is put together
  std::unordered_set<AccountId> joined_;
  std::unordered_map<AccountId, Role> granted_;
  std::vector<Command> held_;
  std::size_t held_cells_ = 0;
  bool holding_ = false;
  bool stopping_ = false;
  std::vector<std::uint32_t> tile_places_;  // scratch of group_by_tile, one for each tile: 0 between calls
};

}  // namespace tessera
