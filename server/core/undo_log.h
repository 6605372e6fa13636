#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "server/core/records.h"
#include "server/core/room_tiles.h"

namespace tessera {

/// What was placed on one canvas within the undo window, so that an account can take back its own newest placements where
/// nobody has drawn over them, and draw them again. An account's placements are a stack: an undo takes the newest off, a redo
/// puts the last undone on again, a new placement forgets what was undone. Belongs to the room loop. Knows nothing of charges
/// beyond how many an undo may give back.
class UndoLog {
 public:
  struct Settings {
    Duration window = std::chrono::seconds{60};  ///< zero: nothing can be undone
    std::size_t most_placements = 1u << 21;      ///< older ones are forgotten before their time
  };

  explicit UndoLog(const Settings& settings) : settings_(settings) {}

  /// One undo or redo as it will be drawn: a placement without a seq's time and author.
  struct Step {
    Cell cell;
    ColorIndex color = empty_color;
    Seq target = 0;  ///< the placement undone, or the one drawn again
    bool gives_back = false;
  };
  struct Taken {
    std::vector<Step> steps;
    std::vector<SkippedCell> skipped;
    bool nothing = false;  ///< no placement, or nothing undone, is left within the window
  };

  /// The steps of one batch that is being put together: what they change is seen by those after them, and by nobody else until
  /// the batch is added. At most one call per account and draft.
  class Draft {
    friend class UndoLog;
    struct Shown {
      Seq seq = 0;
      AccountId by{};
    };
    struct Top {
      Seq undo = 0;
      Seq redo = 0;
    };
    std::unordered_map<std::uint32_t, Shown> cells_;
    std::unordered_map<AccountId, Top> tops_;
  };

  /// Whether a lock keeps the account from a cell.
  using IsLocked = std::function<bool(Cell)>;

  /// What an undo would bring back: the placement `seq` of `account`; 0 where it is older than what is known here.
  struct Beneath {
    Cell cell;
    Seq above = 0;  ///< the placement that is to be undone
    Seq seq = 0;
    AccountId account{};
  };
  /// Whether a rollback took it away, so that it must not come back.
  using IsGone = std::function<bool(const Beneath&)>;

  /// Takes the newest `count` placements of `account` off its stack; those drawn over, locked, or outside `size`, are skipped, and those
  /// over what is gone.
  Taken undo(AccountId account, std::uint32_t count, Size size, const IsLocked& is_locked, const IsGone& is_gone, TimePoint now, Draft& draft);
  /// Puts the last `count` undone ones on it again, and skips those of colours that the palette no longer allows.
  Taken redo(AccountId account, std::uint32_t count, const CanvasRecord& canvas, const IsLocked& is_locked, TimePoint now,
             Draft& draft);
  /// After `undo` and `redo`: where their batch is stored, or where nothing came of them.
  void keep(const Draft& draft);

  /// A stored batch, before it is drawn on `tiles`.
  void add(const Batch& batch, const RoomTiles& tiles, TimePoint now);

  /// How many of `wanted` charges an undo gives back: at most `most` within a window, so that placing and undoing in turn does
  /// not multiply them.
  std::uint32_t give_back(AccountId account, std::uint32_t wanted, std::uint32_t most, TimePoint now);

  /// What `from` placed is `into`'s to undo, in the order in which both placed it; it leaves nothing to redo, as a new placement would.
  void merge(AccountId from, AccountId into);

  /// About once a second: lets go of what is too old.
  void sweep(TimePoint now);
  /// The oldest seq that is known here, or the next one: nothing before it is undone any more.
  Seq first() const { return first_; }
  std::size_t size() const { return static_cast<std::size_t>(next_ - first_); }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Entry {
    std::uint32_t cell = 0;
    AccountId account{};
    std::uint32_t shows = 0;  // how far back the placement is that the cell shows from here on; 0: this; `none`: an older one
    std::uint32_t below = none;  // the same for what it showed before
    std::uint32_t older = 0;     // how far back the one beneath it in its account's stack is; 0: none
    ColorIndex color = empty_color;
    ColorIndex before = empty_color;
    PlacementKind kind{};
    bool gave_back = false;  // its charge came back already, or it was drawn again
  };
  struct Account {
    Seq undo = 0;  // newest placement on its stack; 0: none
    Seq redo = 0;  // the undo that a redo would turn back
    TimePoint since{};
    std::uint32_t given_back = 0;  // since then
  };
  struct TileTops {
    Seq newest = 0;
    std::array<std::uint32_t, tile_cells> seqs{};  // of the last placement of each cell, modulo 2^32
  };
  using Accounts = std::unordered_map<AccountId, Account>;

  Entry& entry(Seq seq) { return ring_[seq & (ring_.size() - 1)]; }
  const Entry& entry(Seq seq) const { return ring_[seq & (ring_.size() - 1)]; }
  bool holds(Seq seq) const { return seq >= first_ && seq < next_; }
  Seq oldest_undoable(TimePoint now) const;
  Seq top(std::uint32_t cell) const;
  Beneath beneath(Seq seq) const;
  Seq shown(std::uint32_t cell, const Draft& draft) const;
  Account& account(AccountId id);
  const Account* find(AccountId id) const;
  void append_stack(AccountId id, std::vector<Seq>& seqs) const;
  Draft::Top& draft_top(AccountId id, Draft& draft) const;
  void append(const Placement& placement, ColorIndex before, Account& author);
  void make_room(std::size_t more);
  void forget_until(Seq seq);

  const Settings settings_;
  std::vector<Entry> ring_;  // of seq s at s modulo its size, a power of two
  Seq first_ = 1;
  Seq next_ = 1;
  std::deque<std::pair<Seq, TimePoint>> times_;  // first seq of each batch held, and when it was stored
  std::vector<std::unique_ptr<TileTops>> tiles_;  // by the tile's key
  Accounts young_, old_;                          // used since the last turn, and before
  TimePoint next_turn_{};
};

}  // namespace tessera
