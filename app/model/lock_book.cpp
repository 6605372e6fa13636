#include "app/model/lock_book.h"

namespace tessera {

void LockBook::clear() { *this = {}; }

std::size_t LockBook::place_of(LockId id) const {
  const auto place = std::lower_bound(locks_.begin(), locks_.end(), id, [](const LockInfo& lock, LockId wanted) { return lock.id < wanted; });
  return static_cast<std::size_t>(place - locks_.begin());
}

void LockBook::put(LockInfo lock) {
  if (area_of(lock).empty()) return;
  const std::size_t place = place_of(lock.id);
  const auto at = static_cast<std::ptrdiff_t>(place);
  const std::uint64_t expires = lock.expires_ms;
  if (place < locks_.size() && locks_[place].id == lock.id) {
    if (lock.version < locks_[place].version) return;
    const bool was_soonest = locks_[place].expires_ms == soonest_ms_;
    areas_[place] = area_of(lock);
    locks_[place] = std::move(lock);
    if (was_soonest) find_soonest();
  } else {
    if (locks_.size() >= most) return;
    areas_.insert(areas_.begin() + at, area_of(lock));
    locks_.insert(locks_.begin() + at, std::move(lock));
  }
  if (expires != 0 && (soonest_ms_ == 0 || expires < soonest_ms_)) soonest_ms_ = expires;
}

void LockBook::remove(LockId id) {
  const std::size_t place = place_of(id);
  if (place == locks_.size() || locks_[place].id != id) return;
  const auto at = static_cast<std::ptrdiff_t>(place);
  const bool was_soonest = locks_[place].expires_ms != 0 && locks_[place].expires_ms == soonest_ms_;
  locks_.erase(locks_.begin() + at);
  areas_.erase(areas_.begin() + at);
  if (was_soonest) find_soonest();
}

bool LockBook::expire(WallTime now) {
  const auto next = next_expiry();
  if (!next || *next > now) return false;
  std::erase_if(locks_, [&](const LockInfo& lock) { return lock.expires_ms != 0 && static_cast<std::int64_t>(lock.expires_ms) <= ms(now); });
  areas_.clear();
  for (const LockInfo& lock : locks_) areas_.push_back(area_of(lock));
  find_soonest();
  return true;
}

const LockInfo* LockBook::find(LockId id) const {
  const std::size_t place = place_of(id);
  return place < locks_.size() && locks_[place].id == id ? &locks_[place] : nullptr;
}

std::optional<WallTime> LockBook::next_expiry() const {
  if (soonest_ms_ == 0) return std::nullopt;
  return WallTime{static_cast<std::int64_t>(soonest_ms_)};
}

void LockBook::find_soonest() {
  soonest_ms_ = 0;
  for (const LockInfo& lock : locks_)
    if (lock.expires_ms != 0 && (soonest_ms_ == 0 || lock.expires_ms < soonest_ms_)) soonest_ms_ = lock.expires_ms;
}

}  // namespace tessera
