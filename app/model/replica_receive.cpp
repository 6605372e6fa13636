#include <algorithm>
#include <utility>

#include "app/model/replica.h"
#include "shared/canvas/deflate.h"

/// The part of Replica that follows a tile's stream: silence, then current or a snapshot, then deltas that join.
namespace tessera {
namespace {

/// Asks again this often for a snapshot that cannot be read; it is the server's mistake then, and stays so.
constexpr std::uint8_t most_unreadable = 3;

}  // namespace

void Replica::ask(TileIndex tile, Held& held, Out& out) {
  held.watching = Watching::Asked;
  out.push_back(Watch{{state(tile, held)}, {}});
}

void Replica::apply(TileIndex tile, Held& held, const TileDelta& delta) {
  DirtyRect changed;
  for (const DeltaCell& cell : delta.cells) {
    held.confirmed[cell.offset] = cell.color;
    changed.add(cell.offset & 255u, cell.offset >> 8u);
  }
  held.seq = delta.to;
  if (!changed.empty()) touch(tile, held, changed.take());
  settle_pending(tile, held);
}

void Replica::receive(const TileCurrent& current, Out& out) {
  Held* held = find(current.tile);
  if (!held || held->watching != Watching::Asked || !held->loaded) return;
  if (current.seq != held->seq) return ask(current.tile, *held, out);
  held->watching = Watching::Live;
}

void Replica::receive(const TileSnapshot& snapshot, Out& out) {
  Held* held = find(snapshot.tile);
  if (!held || held->watching == Watching::No) return;
  // One that was not asked for stands in for a backlog, and is never older than what is held.
  if (held->watching == Watching::Live && snapshot.seq < held->seq) return;
  const auto content = inflate_tile(snapshot.zlib);
  if (!content) {
    if (++held->unreadable <= most_unreadable) ask(snapshot.tile, *held, out);
    return;
  }
  replace(snapshot.tile, *held, *content, snapshot.seq);
  seq_ = std::max(seq_, snapshot.seq);
  held->watching = Watching::Live;
  held->unreadable = 0;
}

void Replica::hear(TileIndex tile, Held& held, const TileDelta& delta, Out& out) {
  // What comes before the answer to a question is older than the answer.
  if (held.watching != Watching::Live || delta.to <= held.seq || delta.to <= delta.from) return;
  if (delta.from != held.seq) return ask(tile, held, out);
  apply(tile, held, delta);
}

void Replica::receive(const Deltas& deltas, Out& out) {
  for (const TileDelta& delta : deltas.tiles) {
    Held* held = find(delta.tile);
    if (held) hear(delta.tile, *held, delta, out);
  }
  seq_ = std::max(seq_, deltas.last_seq);
}

void Replica::receive(const TileHash& hash, Out& out) {
  Held* held = find(hash.tile.tile);
  if (!held || held->watching != Watching::Live) return;
  if (hash.tile.seq != held->seq) return ask(hash.tile.tile, *held, out);
  const TileState mine = state(hash.tile.tile, *held);
  if (mine.crc == hash.tile.crc) return;
  held->watching = Watching::Asked;
  out.push_back(Mismatch{mine});
}

}  // namespace tessera
