#include "server/core/lock_table.h"

#include <algorithm>

namespace tessera {
namespace {

/// Visits the tiles that a rectangle touches.
void each_tile(Rect area, const auto& visit) {
  if (area.empty()) return;
  const std::uint32_t last_x = std::min(area.right() - 1, max_canvas_side), last_y = std::min(area.bottom() - 1, max_canvas_side);
  for (std::uint32_t ty = area.y / tile_side; ty <= last_y / tile_side; ++ty)
    for (std::uint32_t tx = area.x / tile_side; tx <= last_x / tile_side; ++tx)
      visit(TileIndex{static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)});
}

/// How many rectangles cover each cell of a tile: their corners are noted, and summed up once.
class Cover {
 public:
  /// `area` within the tile.
  void add(Rect area) {
    at(area.x, area.y) += 1;
    at(area.right(), area.y) -= 1;
    at(area.x, area.bottom()) -= 1;
    at(area.right(), area.bottom()) += 1;
  }
  /// Visits the offset of each covered cell.
  void sum(const auto& visit) {
    for (std::uint32_t y = 0; y < tile_side; ++y) {
      std::int32_t row = 0;
      for (std::uint32_t x = 0; x < tile_side; ++x) {
        row += at(x, y);
        at(x, y) = row + (y > 0 ? at(x, y - 1) : 0);
        if (at(x, y) > 0) visit(y * tile_side + x);
      }
    }
  }

 private:
  std::int32_t& at(std::uint32_t x, std::uint32_t y) { return corners_[y * (tile_side + 1) + x]; }
  std::vector<std::int32_t> corners_ = std::vector<std::int32_t>((tile_side + 1) * (tile_side + 1));
};

}  // namespace

void LockTable::put(LockRecord lock) {
  end(lock.id);
  forget(lock.area);
  count_named(lock, 1);
  locks_.emplace(lock.id, std::move(lock));
}

void LockTable::end(LockId id) {
  const auto found = locks_.find(id);
  if (found == locks_.end()) return;
  forget(found->second.area);
  count_named(found->second, -1);
  locks_.erase(found);
  if (locks_.empty()) tiles_.clear();
}

const LockRecord* LockTable::find(LockId id) const {
  const auto found = locks_.find(id);
  return found == locks_.end() ? nullptr : &found->second;
}

std::vector<LockId> LockTable::expired(WallTime now) const {
  std::vector<LockId> ids;
  for (const auto& [id, lock] : locks_)
    if (lock.expires && *lock.expires <= now) ids.push_back(id);
  return ids;
}

void LockTable::forget(Rect area) {
  each_tile(area, [this](TileIndex tile) {
    if (tile.key() >= tiles_.size()) tiles_.resize(tile.key() + 1u);
    if (tiles_[tile.key()] == nullptr) tiles_[tile.key()] = std::make_unique<TileLocks>();
    tiles_[tile.key()]->known = false;
  });
}

Role LockTable::least_role(Cell cell) {
  const TileIndex tile = tile_of(cell);
  if (tile.key() >= tiles_.size() || tiles_[tile.key()] == nullptr) return Role::Guest;
  TileLocks& of = *tiles_[tile.key()];
  if (!of.known) work_out(tile, of);
  return Role{of.least[offset_of(cell)]};
}

void LockTable::work_out(TileIndex tile, TileLocks& of) const {
  of.known = true;
  of.least.fill(static_cast<std::uint8_t>(Role::Guest));
  const Rect whole{tile.tx * tile_side, tile.ty * tile_side, tile_side, tile_side};
  std::array<std::unique_ptr<Cover>, role_count> covers;  // by the role asked for
  for (const auto& [id, lock] : locks_) {
    const Rect inside = lock.area.intersect(whole);
    if (inside.empty()) continue;
    auto& cover = covers[static_cast<std::size_t>(lock.allowed)];
    if (cover == nullptr) cover = std::make_unique<Cover>();
    cover->add({inside.x - whole.x, inside.y - whole.y, inside.width, inside.height});
  }
  for (std::uint8_t role = 0; role < role_count; ++role)  // a higher role overwrites a lower one
    if (covers[role]) covers[role]->sum([&](std::size_t offset) { of.least[offset] = role; });
}

bool LockTable::is_let_in(Cell cell, AccountId account, Role role) const {
  if (!named_.contains(account)) return false;
  return std::all_of(locks_.begin(), locks_.end(), [&](const auto& entry) {
    const LockRecord& lock = entry.second;
    return role >= lock.allowed || !lock.area.contains(cell) ||
           std::find(lock.accounts.begin(), lock.accounts.end(), account) != lock.accounts.end();
  });
}

void LockTable::count_named(const LockRecord& lock, int by) {
  for (const AccountId account : lock.accounts) {
    std::uint32_t& count = named_[account];
    count += static_cast<std::uint32_t>(by);
    if (count == 0) named_.erase(account);
  }
}

}  // namespace tessera
