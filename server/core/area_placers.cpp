#include "server/core/area_placers.h"

#include <algorithm>
#include <unordered_map>

#include "server/core/rollback.h"

namespace tessera {

Result<AreaPlacers> placers_of(StoreReader& reader, CanvasId canvas, Rect area, Seq until, std::size_t& tiles) {
  const auto drawn = reader.drawn_tiles(canvas);
  if (!drawn) return drawn.error();
  const Selection selection{.accounts = {}, .region = area, .after = 0, .until = until};
  AreaPlacers placers;
  std::unordered_map<AccountId, std::uint64_t> counts;
  for (const TileIndex tile : *drawn) {
    if (area.intersect({tile.tx * tile_side, tile.ty * tile_side, tile_side, tile_side}).empty()) continue;
    if (tiles == 0) {
      placers.is_complete = false;
      break;
    }
    --tiles;
    const auto placements = reader.tile_placements(canvas, tile, until);
    if (!placements) return placements.error();
    for (const Placement& placement : *placements) {
      if (placement.account != nobody && selects(selection, placement)) ++counts[placement.account];
    }
  }
  placers.accounts.assign(counts.begin(), counts.end());
  std::sort(placers.accounts.begin(), placers.accounts.end(), [](const auto& a, const auto& b) { return std::pair(b.second, a.first) < std::pair(a.second, b.first); });
  return placers;
}

}  // namespace tessera
