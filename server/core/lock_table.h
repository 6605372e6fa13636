#pragma once

#include <array>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "server/core/staff_records.h"

namespace tessera {

/// The locks of one canvas, and whether a cell may be placed. Which role a cell asks for is worked out tile by tile, when a
/// placement first asks after a change: from then on a check costs the same whatever the number of locks. Belongs to the room loop.
class LockTable {
 public:
  /// New, or in place of the older one of that id.
  void put(LockRecord lock);
  void end(LockId id);
  const LockRecord* find(LockId id) const;
  /// By id.
  const std::map<LockId, LockRecord>& all() const { return locks_; }
  /// Those whose time is over, by id.
  std::vector<LockId> expired(WallTime now) const;

  /// Whether a lock keeps this account, of this role, from placing there.
  bool refuses(Cell cell, AccountId account, Role role) {
    return !locks_.empty() && role < least_role(cell) && !is_let_in(cell, account, role);
  }

 private:
  struct TileLocks {
    bool known = false;
    std::array<std::uint8_t, tile_cells> least{};  // role asked for, Guest where nothing is locked
  };

  Role least_role(Cell cell);
  void work_out(TileIndex tile, TileLocks& of) const;
  void forget(Rect area);
  bool is_let_in(Cell cell, AccountId account, Role role) const;
  void count_named(const LockRecord& lock, int by);

  std::map<LockId, LockRecord> locks_;
  std::vector<std::unique_ptr<TileLocks>> tiles_;            // by the tile's key; null: nothing is locked there
  std::unordered_map<AccountId, std::uint32_t> named_;       // accounts that locks let draw, and how many do
};

}  // namespace tessera
