#include "server/core/room_tiles.h"

#include <algorithm>

namespace tessera {

RoomTiles::RoomTiles(CanvasId canvas, Size size, const CheckpointRule& rule)
    : id_(canvas),
      canvas_(size),
      rule_(rule),
      columns_(size.tile_columns()),
      rows_(size.tile_rows()),
      states_(std::size_t{columns_} * rows_) {}

bool RoomTiles::contains(TileIndex tile) const {
  return tile.tx < canvas_.size().tile_columns() && tile.ty < canvas_.size().tile_rows();
}

TileIndex RoomTiles::index(std::size_t slot) const {
  return {static_cast<std::uint8_t>(slot % columns_), static_cast<std::uint8_t>(slot / columns_)};
}

/// Tables of at least so many columns and rows; slots get new numbers.
void RoomTiles::widen(std::uint32_t columns, std::uint32_t rows) {
  columns = std::max(columns, columns_);
  rows = std::max(rows, rows_);
  if (columns == columns_ && rows == rows_) return;
  const auto renumber = [&](std::size_t old) {
    const TileIndex at = index(old);
    return static_cast<std::uint32_t>(std::size_t{at.ty} * columns + at.tx);
  };
  std::vector<State> states(std::size_t{columns} * rows);
  for (std::size_t old = 0; old < states_.size(); ++old) states[renumber(old)] = std::move(states_[old]);
  for (auto* slots : {&hashes_, &changed_, &due_})
    for (std::uint32_t& slot : *slots) slot = renumber(slot);
  states_ = std::move(states);
  const Size size = canvas_.size();
  canvas_.resize({std::min(columns * tile_side, max_canvas_side), std::min(rows * tile_side, max_canvas_side)});
  canvas_.resize(size);
  columns_ = columns;
  rows_ = rows;
}

void RoomTiles::load(const TileAt& tile) {
  widen(tile.tile.tx + 1u, tile.tile.ty + 1u);
  canvas_.replace(tile.tile, tile.picture);
  states_[slot(tile.tile)].seq = tile.seq;
}

void RoomTiles::resize(Size size) {
  widen(size.tile_columns(), size.tile_rows());
  canvas_.resize(size);
}

void RoomTiles::apply(const TileDelta& delta, TimePoint now) {
  for (const DeltaCell& cell : delta.cells) canvas_.set(delta.tile, cell.offset, cell.color);
  const std::size_t at = slot(delta.tile);
  State& state = states_[at];
  state.seq = delta.to;
  state.has_crc = false;
  state.snapshot = nullptr;
  if (!state.hash_waits) {
    state.hash_waits = true;
    hashes_.push_back(static_cast<std::uint32_t>(at));
  }
  if (state.since_checkpoint == 0) state.changed = now;
  state.since_checkpoint += static_cast<std::uint32_t>(delta.cells.size());
  if (!state.listed) {
    state.listed = true;
    changed_.push_back(static_cast<std::uint32_t>(at));
  }
  if (state.since_checkpoint >= rule_.placements) make_due(at);
}

std::uint32_t RoomTiles::checksum(TileIndex tile) {
  State& state = states_[slot(tile)];
  if (!state.has_crc) {
    state.crc = canvas_.checksum(tile);
    state.has_crc = true;
  }
  return state.crc;
}

bool RoomTiles::is_current(const TileState& held) {
  return held.seq == seq(held.tile) && held.crc == checksum(held.tile);
}

RoomTiles::Shown RoomTiles::snapshot(TileIndex tile) {
  State& state = states_[slot(tile)];
  if (state.snapshot) return {state.snapshot, Freshness::Shared};
  state.snapshot = std::make_shared<Snapshot>();
  state.snapshot->canvas = id_;
  state.snapshot->tile = tile;
  state.snapshot->seq = state.seq;
  state.snapshot->picture = canvas_.picture(tile);
  return {state.snapshot, Freshness::JustMade};
}

std::shared_ptr<const Picture> RoomTiles::picture() {
  const Size size = canvas_.size();
  std::vector<TilePicture> tiles;
  tiles.reserve(std::size_t{size.tile_columns()} * size.tile_rows());
  for (std::uint32_t ty = 0; ty < size.tile_rows(); ++ty) {
    for (std::uint32_t tx = 0; tx < size.tile_columns(); ++tx) {
      tiles.push_back(canvas_.picture({static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)}));
    }
  }
  return std::make_shared<const Picture>(size, std::move(tiles));
}

std::optional<TileHash> RoomTiles::next_hash() {
  while (hashes_at_ < hashes_.size()) {
    const std::size_t at = hashes_[hashes_at_++];
    if (hashes_at_ == hashes_.size()) {
      hashes_.clear();
      hashes_at_ = 0;
    }
    states_[at].hash_waits = false;
    const TileIndex tile = index(at);
    if (contains(tile)) return TileHash{{tile, states_[at].seq, checksum(tile)}};
  }
  return std::nullopt;
}

void RoomTiles::make_due(std::size_t at) {
  if (states_[at].due) return;
  states_[at].due = true;
  due_.push_back(static_cast<std::uint32_t>(at));
}

void RoomTiles::find_due(TimePoint now) {
  std::erase_if(changed_, [&](std::uint32_t at) {
    State& state = states_[at];
    if (state.since_checkpoint > 0) {
      if (now - state.changed >= rule_.age) make_due(at);
      return false;
    }
    state.listed = false;
    return true;
  });
}

void RoomTiles::all_due() {
  for (const std::uint32_t at : changed_) {
    if (states_[at].since_checkpoint > 0) make_due(at);
  }
}

std::vector<TileCheckpoint> RoomTiles::take_due(std::size_t most) {
  std::vector<TileCheckpoint> taken;
  for (; taken.size() < most && due_at_ < due_.size(); ++due_at_) {
    const std::size_t at = due_[due_at_];
    State& state = states_[at];
    state.since_checkpoint = 0;
    taken.push_back({.canvas = id_, .tile = index(at), .seq = state.seq, .picture = canvas_.picture(index(at))});
  }
  if (due_at_ == due_.size()) {
    due_.clear();
    due_at_ = 0;
  }
  return taken;
}

void RoomTiles::checkpointed(const TileCheckpoint& stored) {
  const std::size_t at = slot(stored.tile);
  states_[at].due = false;
  if (states_[at].since_checkpoint >= rule_.placements) make_due(at);
}

void RoomTiles::checkpoint_failed(const TileCheckpoint& lost, TimePoint now) {
  const std::size_t at = slot(lost.tile);
  State& state = states_[at];
  state.due = false;
  if (state.since_checkpoint == 0) state.changed = now;
  ++state.since_checkpoint;  // what was lost counts as one: due again by age
  if (!state.listed) {
    state.listed = true;
    changed_.push_back(static_cast<std::uint32_t>(at));
  }
}

}  // namespace tessera
