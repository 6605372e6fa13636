#include "server/core/standing.h"

#include <algorithm>
#include <unordered_set>

namespace tessera {
namespace {

constexpr std::size_t first_page = 1;
constexpr std::size_t page = 64;

/// Goes through a cell's placements from the newest on, until it has met the one that the cell shows.
class Standing {
 public:
  /// True: this is the one, or `is_base`.
  bool meets(const Placement& placement) {
    if (given_back_) return placement.seq == *given_back_;
    if (placement.kind == PlacementKind::Undo) {
      undone_.insert(placement.target());
      return false;
    }
    if (undone_.contains(placement.seq)) return false;
    if (placement.kind != PlacementKind::Rollback) return true;
    given_back_ = placement.target();
    return is_base();
  }
  bool is_base() const { return given_back_ == Seq{0}; }

 private:
  std::unordered_set<Seq> undone_;
  std::optional<Seq> given_back_;
};

}  // namespace

const Placement* standing_of(const CellHistory& newest_first) {
  Standing standing;
  for (const Placement* placement : newest_first)
    if (standing.meets(*placement)) return standing.is_base() ? nullptr : placement;
  return nullptr;
}

std::vector<Placement> left_of(const std::vector<Placement>& newest_first) {
  std::unordered_set<Seq> undone;
  std::vector<Placement> left;
  Seq not_after = UINT64_MAX;  // what is newer was taken away by a rollback
  for (const Placement& placement : newest_first) {
    if (placement.seq > not_after) continue;
    if (placement.kind == PlacementKind::Undo) undone.insert(placement.target());
    else if (placement.kind == PlacementKind::Rollback) not_after = undone.contains(placement.seq) ? not_after : placement.target();
    else if (!undone.contains(placement.seq)) left.push_back(placement);
  }
  return left;
}

Result<std::optional<Placement>> standing_placement(StoreReader& reader, CanvasId canvas, Cell cell) {
  Standing standing;
  Seq before = UINT64_MAX;
  for (std::size_t limit = first_page;; limit = page) {
    const auto placements = reader.history(canvas, cell, limit, before);
    if (!placements) return placements.error();
    for (const Placement& placement : *placements)
      if (standing.meets(placement)) return standing.is_base() ? std::nullopt : std::optional(placement);
    if (placements->size() < limit) return std::optional<Placement>();
    before = placements->back().seq;
  }
}

}  // namespace tessera
