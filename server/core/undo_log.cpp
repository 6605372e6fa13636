#include "server/core/undo_log.h"

#include <algorithm>
#include <bit>

namespace tessera {
namespace {

constexpr std::size_t first_ring = 1'024;

std::uint32_t key_of(Cell cell) { return std::uint32_t{cell.y} << 16 | cell.x; }
Cell cell_of(std::uint32_t key) { return {static_cast<std::uint16_t>(key), static_cast<std::uint16_t>(key >> 16)}; }
SkippedCell skip(Cell cell, Refusal why) { return {cell.x, cell.y, why}; }

}  // namespace

// ---- what is on top ----

Seq UndoLog::top(std::uint32_t cell) const {
  const std::size_t tile = tile_of(cell_of(cell)).key();
  if (tile >= tiles_.size() || !tiles_[tile] || next_ == first_) return 0;
  const Seq last = next_ - 1;
  const Seq seq = last - static_cast<std::uint32_t>(static_cast<std::uint32_t>(last) - tiles_[tile]->seqs[offset_of(cell_of(cell))]);
  return holds(seq) && entry(seq).cell == cell ? seq : 0;
}

/// The placement that the cell shows; 0 where it is older than what is held.
Seq UndoLog::shown(std::uint32_t cell, const Draft& draft) const {
  if (const auto changed = draft.cells_.find(cell); changed != draft.cells_.end()) return changed->second.seq;
  const Seq seq = top(cell);
  if (seq == 0 || entry(seq).shows == none) return 0;
  return seq - entry(seq).shows;
}

Seq UndoLog::oldest_undoable(TimePoint now) const {
  const auto young = std::partition_point(times_.begin(), times_.end(), [&](const auto& batch) { return now - batch.second > settings_.window; });
  return young == times_.end() ? next_ : std::max(first_, young->first);
}

// ---- accounts ----

UndoLog::Account& UndoLog::account(AccountId id) {
  const auto [place, is_new] = young_.try_emplace(id);
  if (!is_new) return place->second;
  if (const auto older = old_.find(id); older != old_.end()) place->second = older->second;
  return place->second;
}

const UndoLog::Account* UndoLog::find(AccountId id) const {
  if (const auto found = young_.find(id); found != young_.end()) return &found->second;
  const auto found = old_.find(id);
  return found == old_.end() ? nullptr : &found->second;
}

UndoLog::Draft::Top& UndoLog::draft_top(AccountId id, Draft& draft) const {
  const auto [place, is_new] = draft.tops_.try_emplace(id);
  if (const Account* known = is_new ? find(id) : nullptr) place->second = {known->undo, known->redo};
  return place->second;
}

void UndoLog::keep(const Draft& draft) {
  for (const auto& [id, top] : draft.tops_) {
    Account& known = account(id);
    known.undo = top.undo;
    known.redo = top.redo;
  }
}

std::uint32_t UndoLog::give_back(AccountId id, std::uint32_t wanted, std::uint32_t most, TimePoint now) {
  Account& known = account(id);
  if (now - known.since > settings_.window) {
    known.since = now;
    known.given_back = 0;
  }
  const std::uint32_t given = std::min(wanted, most > known.given_back ? most - known.given_back : 0);
  known.given_back += given;
  return given;
}

void UndoLog::append_stack(AccountId id, std::vector<Seq>& seqs) const {
  const Account* known = find(id);
  for (Seq seq = known ? known->undo : 0; holds(seq); seq = entry(seq).older == 0 ? 0 : seq - entry(seq).older) seqs.push_back(seq);
}

void UndoLog::merge(AccountId from, AccountId into) {
  std::vector<Seq> seqs;
  append_stack(from, seqs);
  if (seqs.empty()) return;
  append_stack(into, seqs);
  std::sort(seqs.begin(), seqs.end());
  for (std::size_t i = 0; i < seqs.size(); ++i) entry(seqs[i]).older = i == 0 ? 0 : static_cast<std::uint32_t>(seqs[i] - seqs[i - 1]);
  Account& left = account(from);
  Account& stays = account(into);
  stays.undo = seqs.back();
  stays.redo = 0;
  stays.since = std::max(stays.since, left.since);
  stays.given_back += left.given_back;
  left = {};
}

// ---- undo and redo ----

UndoLog::Beneath UndoLog::beneath(Seq seq) const {
  const Entry& own = entry(seq);
  Beneath found{.cell = cell_of(own.cell), .above = seq};
  if (own.below == none || !holds(seq - own.below)) return found;
  found.seq = seq - own.below;
  found.account = entry(found.seq).account;
  return found;
}

UndoLog::Taken UndoLog::undo(AccountId id, std::uint32_t count, Size size, const IsLocked& is_locked, const IsGone& is_gone, TimePoint now,
                             Draft& draft) {
  Taken taken;
  Draft::Top& stack = draft_top(id, draft);
  const Seq oldest = oldest_undoable(now);
  for (; count > 0 && stack.undo >= oldest && holds(stack.undo); --count) {
    const Seq seq = stack.undo;
    const Entry& own = entry(seq);
    const Cell cell = cell_of(own.cell);
    stack.undo = own.older == 0 ? 0 : seq - own.older;
    if (!size.contains(cell)) {
      taken.skipped.push_back(skip(cell, Refusal::OutOfBounds));
    } else if (shown(own.cell, draft) != seq || (own.before != empty_color && is_gone(beneath(seq)))) {
      taken.skipped.push_back(skip(cell, Refusal::DrawnOver));
    } else if (is_locked(cell)) {
      taken.skipped.push_back(skip(cell, Refusal::Locked));
    } else {
      draft.cells_[own.cell] = {own.below == none ? 0 : seq - own.below, id};
      taken.steps.push_back({cell, own.before, seq, !own.gave_back});
    }
  }
  taken.nothing = taken.steps.empty() && taken.skipped.empty();
  return taken;
}

UndoLog::Taken UndoLog::redo(AccountId id, std::uint32_t count, const CanvasRecord& canvas, const IsLocked& is_locked, TimePoint now,
                             Draft& draft) {
  Taken taken;
  Draft::Top& stack = draft_top(id, draft);
  const Seq oldest = oldest_undoable(now);
  for (; count > 0 && stack.redo >= oldest && holds(stack.redo); --count) {
    const Seq seq = stack.redo;
    const Entry& undone = entry(seq);
    const Cell cell = cell_of(undone.cell);
    stack.redo = undone.older == 0 ? 0 : seq - undone.older;
    const Seq last = top(undone.cell);
    const auto changed = draft.cells_.find(undone.cell);
    // Whatever of one's own is on top came from undoing and drawing again: a new placement forgets what was undone.
    const bool own = changed != draft.cells_.end() ? changed->second.by == id : last != 0 && entry(last).account == id && entry(last).kind != PlacementKind::Rollback;
    // `before` of an undo is what it took away.
    if (!canvas.size.contains(cell)) {
      taken.skipped.push_back(skip(cell, Refusal::OutOfBounds));
    } else if (!canvas.allows(undone.before)) {
      taken.skipped.push_back(skip(cell, Refusal::BadColor));
    } else if (!own) {
      taken.skipped.push_back(skip(cell, Refusal::DrawnOver));
    } else if (is_locked(cell)) {
      taken.skipped.push_back(skip(cell, Refusal::Locked));
    } else {
      draft.cells_[undone.cell] = {UINT64_MAX, id};  // nobody's that can be undone yet
      taken.steps.push_back({cell, undone.before, seq, false});
    }
  }
  taken.nothing = taken.steps.empty() && taken.skipped.empty();
  return taken;
}

// ---- what was stored ----

void UndoLog::add(const Batch& batch, const RoomTiles& tiles, TimePoint now) {
  if (settings_.window <= Duration::zero() || batch.placements.empty()) return;
  const Seq begin = batch.placements.front().seq;
  if (begin != next_) {  // the first of all, or after a reset
    forget_until(next_);
    first_ = next_ = begin;
  }
  make_room(batch.placements.size());
  times_.emplace_back(begin, now);
  Account* author = nullptr;
  AccountId author_id = nobody;
  for (const Placement& placement : batch.placements) {
    const std::size_t tile = tile_of(placement.cell).key();
    if (tile >= tiles_.size()) tiles_.resize(tile + 1);
    if (!tiles_[tile]) tiles_[tile] = std::make_unique<TileTops>();
    if (author == nullptr || author_id != placement.account) author = &account(author_id = placement.account);
    const Seq last = top(key_of(placement.cell));
    append(placement, last >= begin ? entry(last).color : tiles.at(placement.cell), *author);
    tiles_[tile]->newest = placement.seq;
    tiles_[tile]->seqs[offset_of(placement.cell)] = static_cast<std::uint32_t>(placement.seq);
  }
}

void UndoLog::append(const Placement& placement, ColorIndex before, Account& author) {
  const Seq seq = placement.seq;
  const std::uint32_t cell = key_of(placement.cell);
  const Seq under = shown(cell, {});
  Entry added{.cell = cell, .account = placement.account, .color = placement.color, .before = before, .kind = placement.kind};
  added.below = under == 0 ? none : static_cast<std::uint32_t>(seq - under);
  const auto push = [&](Seq& stack) {
    added.older = stack == 0 || seq - stack >= none ? 0 : static_cast<std::uint32_t>(seq - stack);
    stack = seq;
  };
  if (placement.kind == PlacementKind::Undo) {
    const Seq target = placement.target();
    const bool known = holds(target) && entry(target).below != none;
    added.shows = known ? static_cast<std::uint32_t>(seq - (target - entry(target).below)) : none;
    if (holds(target)) entry(target).gave_back = true;
    push(author.redo);
  } else if (placement.kind != PlacementKind::Rollback) {  // which is on nobody's stack
    if (placement.kind == PlacementKind::Redo) added.gave_back = true;
    else author.redo = 0;
    push(author.undo);
  }
  ++next_;
  entry(seq) = added;
}

void UndoLog::make_room(std::size_t more) {
  const std::size_t most = std::max(settings_.most_placements, std::bit_ceil(more));
  if (size() + more > most) forget_until(next_ + more - most);
  const std::size_t wanted = std::max(first_ring, std::bit_ceil(size() + more));
  if (wanted <= ring_.size()) return;
  std::vector<Entry> larger(wanted);
  for (Seq seq = first_; seq < next_; ++seq) larger[seq & (wanted - 1)] = entry(seq);
  ring_ = std::move(larger);
}

/// What is before `seq` is held no longer.
void UndoLog::forget_until(Seq seq) {
  first_ = std::clamp(seq, first_, next_);
  while (!times_.empty() && (times_.size() > 1 ? times_[1].first : next_) <= first_) times_.pop_front();
}

void UndoLog::sweep(TimePoint now) {
  forget_until(oldest_undoable(now));
  for (auto& tile : tiles_)
    if (tile && tile->newest < first_) tile = nullptr;
  if (size() * 8 < ring_.size() && ring_.size() > first_ring) {
    std::vector<Entry> smaller(std::max(first_ring, std::bit_ceil(size() + 1)));
    for (Seq seq = first_; seq < next_; ++seq) smaller[seq & (smaller.size() - 1)] = entry(seq);
    ring_ = std::move(smaller);
  }
  if (now < next_turn_) return;
  next_turn_ = now + settings_.window;
  old_ = std::exchange(young_, {});
}

}  // namespace tessera
