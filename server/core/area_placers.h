#pragma once

#include <vector>

#include "server/core/ports.h"

namespace tessera {

/// Who placed in a part of a canvas, and how much: undos and rollbacks left out.
struct AreaPlacers {
  std::vector<std::pair<AccountId, std::uint64_t>> accounts;  ///< most first
  bool is_complete = true;                                    ///< else some of the tiles were not read
};

/// Up to placement `until`, from the journal of the area's tiles, on a reader's thread. `tiles`: how many it may read, and, after it, how
/// many are left.
Result<AreaPlacers> placers_of(StoreReader& reader, CanvasId canvas, Rect area, Seq until, std::size_t& tiles);

}  // namespace tessera
