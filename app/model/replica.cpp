#include "app/model/replica.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "shared/base/crc32c.h"

namespace tessera {
namespace {

constexpr Rect whole_tile{0, 0, tile_side, tile_side};

Rect one_cell(TileOffset offset) { return {std::uint32_t{offset} & 255, std::uint32_t{offset} >> 8, 1, 1}; }

}  // namespace

// ---- the canvas ----

void Replica::enter(Size size, Epoch epoch, Seq seq) {
  if (epoch != epoch_) {
    for (const TileIndex tile : held()) release(tile);
    seq_ = 0;
  }
  size_ = size;
  epoch_ = epoch;
  seq_ = std::max(seq_, seq);
  ++changes_;
}

void Replica::clear() {
  for (const TileIndex tile : held()) release(tile);
  unanswered_.clear();
  size_ = {};
  epoch_ = {};
  seq_ = 0;
  ++changes_;
}

void Replica::resize(Size size) {
  size_ = size;
  ++changes_;
}

const Replica::Held* Replica::find(TileIndex tile) const {
  const auto at = held_.find(tile.key());
  return at == held_.end() ? nullptr : at->second.get();
}

Replica::Held* Replica::find(TileIndex tile) {
  const auto at = held_.find(tile.key());
  return at == held_.end() ? nullptr : at->second.get();
}

Replica::Held& Replica::hold(TileIndex tile) {
  auto& held = held_[tile.key()];
  if (!held) held = std::make_unique<Held>();
  return *held;
}

void Replica::release(TileIndex tile) {
  if (held_.erase(tile.key()) == 0) return;
  std::erase(dirty_, tile);
  released_.push_back(tile);
  ++changes_;
}

/// Lets go what is out of view: all that never came, and of the rest the longest unused.
void Replica::forget_unused() {
  std::vector<std::pair<std::uint64_t, TileIndex>> unused;
  for (const TileIndex tile : held()) {
    const Held& held = *find(tile);
    if (held.wanted) continue;
    if (held.loaded) {
      unused.emplace_back(held.used, tile);
    } else {
      release(tile);
    }
  }
  if (unused.size() <= remembered_tiles) return;
  std::sort(unused.begin(), unused.end());
  unused.resize(unused.size() - remembered_tiles);
  for (const auto& [used, tile] : unused) release(tile);
}

// ---- what is seen ----

bool Replica::loaded(TileIndex tile) const {
  const Held* held = find(tile);
  return held && held->loaded;
}

Seq Replica::tile_seq(TileIndex tile) const {
  const Held* held = find(tile);
  return held ? held->seq : 0;
}

ColorIndex Replica::shown(Cell cell) const {
  const Held* held = find(tile_of(cell));
  if (!held) return empty_color;
  const TileOffset offset = offset_of(cell);
  for (auto top = held->pending.rbegin(); top != held->pending.rend(); ++top) {
    if (top->offset == offset) return top->color;
  }
  return held->confirmed[offset];
}

ColorIndex Replica::confirmed(Cell cell) const {
  const Held* held = find(tile_of(cell));
  return held ? held->confirmed[offset_of(cell)] : empty_color;
}

bool Replica::pending(Cell cell) const {
  const Held* held = find(tile_of(cell));
  const TileOffset offset = offset_of(cell);
  return held && std::any_of(held->pending.begin(), held->pending.end(),
                             [offset](const Pending& entry) { return entry.offset == offset; });
}

std::uint32_t Replica::checksum(TileIndex tile) const {
  const Held* held = find(tile);
  return held && held->loaded ? crc32c(held->confirmed.bytes()) : 0;
}

void Replica::copy_shown(TileIndex tile, const Rect& area, ColorIndex* out) const {
  assert(area.right() <= tile_side && area.bottom() <= tile_side);
  const Held* held = find(tile);
  if (!held) {
    std::fill_n(out, std::size_t{area.width} * area.height, empty_color);
    return;
  }
  for (std::uint32_t row = 0; row < area.height; ++row) {
    std::memcpy(out + row * area.width, held->confirmed.cells.data() + (area.y + row) * tile_side + area.x, area.width);
  }
  for (const Pending& entry : held->pending) {
    const std::uint32_t x = entry.offset & 255u, y = entry.offset >> 8u;
    if (x < area.x || y < area.y || x >= area.right() || y >= area.bottom()) continue;
    out[(y - area.y) * area.width + (x - area.x)] = entry.color;
  }
}

std::vector<DirtyTile> Replica::take_dirty() {
  std::vector<DirtyTile> dirty;
  dirty.reserve(dirty_.size());
  for (const TileIndex tile : dirty_) dirty.push_back({tile, find(tile)->dirty.take()});
  dirty_.clear();
  return dirty;
}

std::vector<TileIndex> Replica::take_released() { return std::exchange(released_, {}); }

std::vector<TileIndex> Replica::held() const {
  std::vector<TileIndex> tiles;
  tiles.reserve(held_.size());
  for (const auto& [key, held] : held_) tiles.push_back(TileIndex::from_key(key));
  std::sort(tiles.begin(), tiles.end());
  return tiles;
}

void Replica::touch(TileIndex tile, Held& held, const Rect& area) {
  if (held.dirty.empty()) dirty_.push_back(tile);
  held.dirty.add(area);
  ++changes_;
}

// ---- watching ----

TileState Replica::state(TileIndex tile, const Held& held) const {
  if (!held.loaded) return {tile, 0, 0};
  return {tile, held.seq, crc32c(held.confirmed.bytes())};
}

void Replica::stop_watching(TileIndex tile, Held& held, Watch& message) {
  if (held.watching != Watching::No) message.drop.push_back({tile});
  held.watching = Watching::No;
  held.wanted = false;
  drop_pending(tile, held);
}

void Replica::want(std::span<const TileIndex> tiles, Out& out) {
  if (tiles.size() > watched_tiles) tiles = tiles.first(watched_tiles);
  ++uses_;
  Watch message;
  for (const TileIndex tile : tiles) {
    Held& held = hold(tile);
    held.wanted = true;
    held.used = uses_;
    if (held.watching != Watching::No) continue;
    held.watching = Watching::Asked;
    message.add.push_back(state(tile, held));
  }
  for (const TileIndex tile : held()) {
    Held& held = *find(tile);
    if (held.wanted && held.used != uses_) stop_watching(tile, held, message);
  }
  forget_unused();
  if (!message.add.empty() || !message.drop.empty()) out.push_back(std::move(message));
}

void Replica::rest(Out& out) {
  Watch message;
  for (const TileIndex tile : held()) stop_watching(tile, *find(tile), message);
  if (!message.drop.empty()) out.push_back(std::move(message));
}

void Replica::disconnected() {
  for (auto& [key, held] : held_) {
    held->watching = Watching::No;
    held->unreadable = 0;
  }
}

bool Replica::wanted(TileIndex tile) const {
  const Held* held = find(tile);
  return held && held->wanted;
}

bool Replica::complete() const {
  return std::all_of(held_.begin(), held_.end(), [](const auto& entry) {
    return !entry.second->wanted || entry.second->watching == Watching::Live;
  });
}

// ---- placing ----

void Replica::place(RequestId request, std::span<const CellColor> cells) {
  assert(may_ask() && cells.size() <= limits::cells_per_request);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const TileIndex tile = tile_of(cells[i].cell);
    Held* held = find(tile);
    if (!held || !held->wanted) continue;
    const TileOffset offset = offset_of(cells[i].cell);
    held->pending.push_back({offset, cells[i].color, request, static_cast<std::uint16_t>(i), 0});
    touch(tile, *held, one_cell(offset));
  }
  unanswered_.push_back({request, {cells.begin(), cells.end()}});
}

std::vector<WireRequest> Replica::unanswered() const {
  std::vector<WireRequest> requests;
  for (const Request& request : unanswered_) requests.push_back({request.id});
  return requests;
}

std::size_t Replica::cells_unanswered() const {
  std::size_t cells = 0;
  for (const Request& request : unanswered_) cells += request.cells.size();
  return cells;
}

void Replica::drop_pending(TileIndex tile, Held& held) {
  for (const Pending& entry : held.pending) touch(tile, held, one_cell(entry.offset));
  held.pending.clear();
}

/// Takes the entries off that the confirmed layer now shows, or that later placements have covered.
void Replica::settle_pending(TileIndex tile, Held& held) {
  std::erase_if(held.pending, [&](const Pending& entry) {
    if (entry.seq == 0 || entry.seq > held.seq) return false;
    touch(tile, held, one_cell(entry.offset));
    return true;
  });
}

Settled Replica::receive(const PlaceResult& result) {
  Settled settled;
  const auto request = std::find_if(unanswered_.begin(), unanswered_.end(),
                                    [&](const Request& candidate) { return candidate.id == result.request; });
  if (request == unanswered_.end()) return settled;
  const std::vector<CellColor> cells = std::move(request->cells);
  unanswered_.erase(request);
  settled.known_request = true;
  settled.unknown = result.outcome == Outcome::Unknown;

  std::vector<const Rejection*> rejection(cells.size(), nullptr);
  for (const Rejection& rejected : result.rejected) {
    if (rejected.index < cells.size()) rejection[rejected.index] = &rejected;
  }
  std::vector<Seq> seqs(cells.size(), 0);  // 0: taken back
  Seq next = result.first_seq;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (settled.unknown) {
      settled.taken_back.push_back({cells[i], Refusal::Busy, 0});
    } else if (rejection[i] || result.first_seq == 0) {
      const Refusal reason = rejection[i] ? rejection[i]->reason : Refusal::Invalid;
      settled.taken_back.push_back({cells[i], reason, rejection[i] ? rejection[i]->retry_after_ms : 0});
    } else {
      seqs[i] = next++;
      settled.stored.push_back(cells[i]);
    }
  }
  settled.accepted = settled.stored.size();

  for (auto& [key, held] : held_) {
    const TileIndex tile = TileIndex::from_key(key);
    std::erase_if(held->pending, [&, &owner = *held](Pending& entry) {
      if (entry.request != result.request) return false;
      entry.seq = seqs[entry.index];
      if (entry.seq != 0 && entry.seq > owner.seq) return false;
      touch(tile, owner, one_cell(entry.offset));
      return true;
    });
  }
  return settled;
}

void Replica::replace(TileIndex tile, Held& held, const Tile& content, Seq seq) {
  if (!held.loaded) {
    touch(tile, held, whole_tile);
  } else {
    DirtyRect changed;
    for (std::uint32_t offset = 0; offset < tile_cells; ++offset) {
      if (held.confirmed.cells[offset] != content.cells[offset]) changed.add(offset & 255u, offset >> 8u);
    }
    if (!changed.empty()) touch(tile, held, changed.take());
  }
  held.confirmed = content;
  held.seq = seq;
  held.loaded = true;
  settle_pending(tile, held);
}

}  // namespace tessera
