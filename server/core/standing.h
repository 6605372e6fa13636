#pragma once

#include <optional>
#include <vector>

#include "server/core/ports.h"

namespace tessera {

/// The placements of one cell, the newest first; borrowed.
using CellHistory = std::vector<const Placement*>;

/// Which of a cell's placements it shows, by all of its history: the newest that was not undone, or the one that a rollback
/// gave back to it. Null: only the base picture, or nothing, is left.
const Placement* standing_of(const CellHistory& newest_first);

/// A cell's placements, the newest first, without undos and rollbacks and what they took away.
std::vector<Placement> left_of(const std::vector<Placement>& newest_first);

/// Whose the cell is now; what an undo or a rollback brought back counts as its original placement. Nothing where only the base
/// picture, or nothing, is left.
Result<std::optional<Placement>> standing_placement(StoreReader& reader, CanvasId canvas, Cell cell);

}  // namespace tessera
