#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/protocol/parts.h"

namespace tessera {

/// The locks of the canvas one is on, by id, as the server told them. Knows neither what time it is nor who one is. Main
/// thread. What a cell or a view asks for goes over rectangles that lie side by side: ten thousand cost some microseconds.
class LockBook {
 public:
  /// A server has fewer; what comes beyond is not kept.
  static constexpr std::size_t most = 100'000;

  void clear();
  /// New, or changed; of two versions the newer one stays.
  void put(LockInfo lock);
  void remove(LockId id);
  /// Forgets those that are over at `now`, by the server's clock; true where there were any.
  bool expire(WallTime now);

  bool empty() const { return locks_.empty(); }
  const std::vector<LockInfo>& all() const { return locks_; }
  const LockInfo* find(LockId id) const;
  /// When the next one is over; nothing: none ends by itself.
  std::optional<WallTime> next_expiry() const;

  /// Visits the locks that share a cell with `area`, by id, until `visit` answers false.
  template <typename Visit>
  void each_in(const Rect& area, const Visit& visit) const {
    for (std::size_t i = 0; i < areas_.size(); ++i) {
      const Rect& other = areas_[i];
      const bool apart = other.x >= area.right() || area.x >= other.right() || other.y >= area.bottom() || area.y >= other.bottom();
      if (!apart && !visit(locks_[i])) return;
    }
  }

 private:
  std::size_t place_of(LockId id) const;
  void find_soonest();

  std::vector<LockInfo> locks_;
  std::vector<Rect> areas_;          // of the same positions: what is gone through often lies close together
  std::uint64_t soonest_ms_ = 0;     // 0: none
};

constexpr Rect area_of(const LockInfo& lock) { return {lock.x, lock.y, lock.width, lock.height}; }

}  // namespace tessera
