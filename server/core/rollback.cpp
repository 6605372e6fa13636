#include "server/core/rollback.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "server/core/standing.h"

namespace tessera {
namespace {

bool is_within(const Selection& selection, TileIndex tile) {
  const Rect whole{tile.tx * tile_side, tile.ty * tile_side, tile_side, tile_side};
  return selection.region.empty() || !selection.region.intersect(whole).empty();
}

/// The placements of one tile, cell by cell.
class TileHistory {
 public:
  explicit TileHistory(std::vector<Placement> by_seq) : placements_(std::move(by_seq)), order_(placements_.size()) {
    for (const Placement& placement : placements_) ++starts_[offset_of(placement.cell) + 1u];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    auto next = starts_;
    for (std::uint32_t i = 0; i < placements_.size(); ++i) order_[next[offset_of(placements_[i].cell)]++] = i;
  }
  const std::vector<Placement>& placements() const { return placements_; }
  /// Of one cell, the newest first.
  CellHistory cell(TileOffset offset) const {
    CellHistory history;
    for (std::uint32_t i = starts_[offset + 1u]; i > starts_[offset]; --i) history.push_back(&placements_[order_[i - 1]]);
    return history;
  }

 private:
  std::vector<Placement> placements_;
  std::vector<std::uint32_t> order_;                     // of the placements, by cell, then seq
  std::vector<std::uint32_t> starts_ = std::vector<std::uint32_t>(tile_cells + 1);  // of each cell in it
};

/// The selections that may select placements of one tile, found by whose the placements are.
class Counting {
 public:
  Counting(std::span<const Selection> selections, TileIndex tile) {
    for (const Selection& selection : selections) {
      if (!is_within(selection, tile)) continue;
      if (selection.undos) of_undos_.push_back(&selection);
      if (selection.accounts.empty()) of_everybody_.push_back(&selection);
      for (const AccountId account : selection.accounts) of_account_[account].push_back(&selection);
    }
  }
  bool select(const Placement& placement) const {
    if (any(of_everybody_, placement)) return true;
    const auto own = of_account_.find(placement.account);
    return own != of_account_.end() && any(own->second, placement);
  }
  /// Whether an undo counts as not made.
  bool ignore(const Placement& undo) const {
    return std::any_of(of_undos_.begin(), of_undos_.end(), [&](const Selection* each) { return undo.seq > each->after && undo.seq <= each->until; });
  }

 private:
  using List = std::vector<const Selection*>;
  static bool any(const List& selections, const Placement& placement) {
    return std::any_of(selections.begin(), selections.end(), [&](const Selection* each) { return selects(*each, placement); });
  }

  List of_everybody_, of_undos_;
  std::unordered_map<AccountId, List> of_account_;
};

const Placement* left_standing(const CellHistory& newest_first, const Counting& counting) {
  std::unordered_set<Seq> undone;
  for (const Placement* placement : newest_first) {
    if (placement->kind == PlacementKind::Undo && !counting.ignore(*placement)) undone.insert(placement->target());
    if (placement->kind == PlacementKind::Undo || placement->kind == PlacementKind::Rollback || undone.contains(placement->seq)) continue;
    if (!counting.select(*placement)) return placement;
  }
  return nullptr;
}

class Planning {
 public:
  Planning(StoreReader& reader, CanvasId canvas, Seq at, const Selection& selection, std::span<const Selection> counting)
      : reader_(reader), canvas_(canvas), selection_(selection), counting_(counting) {
    plan_.at = at;
  }

  Result<RollbackPlan> run() {
    const auto tiles = reader_.drawn_tiles(canvas_);
    if (!tiles) return tiles.error();
    for (const TileIndex tile : *tiles)
      if (is_within(selection_, tile))
        if (Status status = plan(tile); !status) return status.error();
    plan_.accounts.assign(accounts_.begin(), accounts_.end());
    std::sort(plan_.accounts.begin(), plan_.accounts.end(), [](const auto& a, const auto& b) { return std::pair(b.second, a.first) < std::pair(a.second, b.first); });
    return std::move(plan_);
  }

 private:
  Status plan(TileIndex tile) {
    auto placements = reader_.tile_placements(canvas_, tile, plan_.at);
    if (!placements) return placements.error();
    std::vector<bool> touched(tile_cells);
    bool touches_any = false;
    for (const Placement& placement : *placements) {
      const bool selected = selects(selection_, placement);
      if (selected) {
        ++plan_.placements;
        ++accounts_[placement.account];
      }
      // What undos and rollbacks changed since a snapshot is changed by restoring it as well.
      if (!selected && !(selection_.undos && placement.seq > selection_.after)) continue;
      touched[offset_of(placement.cell)] = true;
      touches_any = true;
    }
    if (!touches_any) return {};
    const Counting here(counting_, tile);
    const TileHistory history(std::move(*placements));
    TilePicture base;
    for (std::uint32_t offset = 0; offset < tile_cells; ++offset) {
      if (!touched[offset]) continue;
      const CellHistory cell = history.cell(static_cast<TileOffset>(offset));
      const Placement* standing = standing_of(cell);
      const Placement* wanted = left_standing(cell, here);
      if (standing == wanted) continue;
      if (wanted == nullptr && base == nullptr) {
        const auto before = reader_.tile_at(canvas_, tile, 0);
        if (!before) return before.error();
        base = before->picture ? before->picture : std::make_shared<Tile>();
      }
      const Cell at = cell_at(tile, static_cast<TileOffset>(offset));
      plan_.changes.push_back({at, wanted ? wanted->color : (*base)[static_cast<TileOffset>(offset)], wanted ? wanted->seq : 0});
      plan_.area = plan_.area.unite({at.x, at.y, 1, 1});
    }
    return {};
  }

  StoreReader& reader_;
  const CanvasId canvas_;
  const Selection& selection_;
  const std::span<const Selection> counting_;
  std::unordered_map<AccountId, std::uint64_t> accounts_;
  RollbackPlan plan_;
};

}  // namespace

bool selects(const Selection& selection, const Placement& placement) {
  if (placement.seq <= selection.after || placement.seq > selection.until) return false;
  if (placement.kind == PlacementKind::Undo || placement.kind == PlacementKind::Rollback) return false;
  if (!selection.region.empty() && !selection.region.contains(placement.cell)) return false;
  return selection.accounts.empty() || std::binary_search(selection.accounts.begin(), selection.accounts.end(), placement.account);
}

Result<RollbackPlan> plan_rollback(StoreReader& reader, CanvasId canvas, Seq at, const Selection& selection,
                                   std::span<const Selection> counting) {
  return Planning(reader, canvas, at, selection, counting).run();
}

}  // namespace tessera
