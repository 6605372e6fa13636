#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "server/core/ports.h"

/// Which cells a rollback changes, and to what: worked out from the journal, on a reader's thread.
///
/// A cell shows its newest placement that was not undone and that no counting rollback selects, else its base. So rollbacks give the
/// same in any order, and the same again when one is interrupted and goes on.
namespace tessera {

/// Whether a placement is one that this selects. Undos and rollbacks are none: what they took away is.
bool selects(const Selection& selection, const Placement& placement);

/// A cell to be drawn anew.
struct Restored {
  Cell cell;
  ColorIndex color = empty_color;
  Seq target = 0;  ///< the placement that it shows again; 0: the base
  bool operator==(const Restored&) const = default;
};

struct RollbackPlan {
  Seq at = 0;                    ///< the canvas's seq that it was made for
  std::uint64_t placements = 0;  ///< that the selection selects
  std::vector<std::pair<AccountId, std::uint64_t>> accounts;  ///< whose they are, and how many; most first
  Rect area;                                                  ///< that holds every cell to change
  std::vector<Restored> changes;                              ///< tile by tile, no cell twice
};

/// What is to be drawn so that every cell with a placement that `selection` selects shows what it is to show, as of `at`. `counting`:
/// the selections of all rollbacks that count, `selection` among them where it is being applied.
Result<RollbackPlan> plan_rollback(StoreReader& reader, CanvasId canvas, Seq at, const Selection& selection,
                                   std::span<const Selection> counting);

}  // namespace tessera
