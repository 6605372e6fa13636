#pragma once

#include <optional>

#include "server/core/ports.h"

namespace tessera {

/// Whose the cell is now: its newest placement that was not undone; what an undo brought back counts as its original
/// placement. Nothing where only the base picture, or nothing, is left.
Result<std::optional<Placement>> standing_placement(StoreReader& reader, CanvasId canvas, Cell cell);

}  // namespace tessera
