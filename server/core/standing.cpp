#include "server/core/standing.h"

#include <unordered_set>

namespace tessera {
namespace {

constexpr std::size_t first_page = 1;
constexpr std::size_t page = 64;

}  // namespace

Result<std::optional<Placement>> standing_placement(StoreReader& reader, CanvasId canvas, Cell cell) {
  std::unordered_set<Seq> undone;
  Seq before = UINT64_MAX;
  for (std::size_t limit = first_page;; limit = page) {
    const auto placements = reader.history(canvas, cell, limit, before);
    if (!placements) return placements.error();
    for (const Placement& placement : *placements) {
      if (placement.kind == PlacementKind::Undo) undone.insert(placement.target());
      else if (!undone.contains(placement.seq)) return std::optional(placement);
    }
    if (placements->size() < limit) return std::optional<Placement>();
    before = placements->back().seq;
  }
}

}  // namespace tessera
