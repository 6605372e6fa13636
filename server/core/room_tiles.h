#pragma once

#include <memory>
#include <span>
#include <vector>

#include "server/core/hub.h"
#include "server/core/moment.h"
#include "shared/canvas/canvas.h"

namespace tessera {

/// The committed tiles of one canvas and what is known of each: its seq, its checksum, its shared snapshot, and when it
/// last had a checkpoint. Belongs to the room loop. Knows nothing of requests, accounts or charges.
class RoomTiles {
 public:
  struct CheckpointRule {
    std::uint32_t placements = 16'384;       ///< since the last: due at once
    Duration age = std::chrono::minutes{5};  ///< of the oldest placement not covered: due
  };

  RoomTiles(CanvasId canvas, Size size, const CheckpointRule& rule);

  Size size() const { return canvas_.size(); }
  bool contains(TileIndex tile) const;
  /// The number of a tile in flat tables, below `count()`; the tile must be inside.
  std::size_t slot(TileIndex tile) const { return std::size_t{tile.ty} * columns_ + tile.tx; }
  std::size_t count() const { return states_.size(); }

  /// At start; a tile beyond the canvas's size is kept, hidden. Counts as checkpointed.
  void load(const TileAt& tile);
  Seq seq(TileIndex tile) const { return states_[slot(tile)].seq; }
  ColorIndex at(Cell cell) const { return canvas_.at(cell); }

  /// Growing shows what a smaller size hid; nothing is ever dropped.
  void resize(Size size);

  /// A committed batch's placements of one tile.
  void apply(const TileDelta& delta, TimePoint now);

  /// CRC-32C of the tile's bytes; computed once for each seq.
  std::uint32_t checksum(TileIndex tile);
  /// Whether what a client says it holds is the tile as it is.
  bool is_current(const TileState& held);
  enum class Freshness : std::uint8_t { JustMade, Shared };
  struct Shown {
    std::shared_ptr<Snapshot> snapshot;
    Freshness freshness{};
  };
  /// One for all who ask until the tile changes; one just made must be compressed.
  Shown snapshot(TileIndex tile);
  std::shared_ptr<const Picture> picture();

  /// The next tile, in rotation, of those that changed since their last hash; nothing where none did.
  std::optional<TileHash> next_hash();

  /// Looks for tiles that are due by age; those due by placements are known at once. About once a second.
  void find_due(TimePoint now);
  /// Every tile with placements after its last checkpoint is due: for an orderly stop.
  void all_due();
  bool any_due() const { return due_at_ < due_.size(); }
  /// Captures up to `most` due tiles; each must then be `checkpointed` or `checkpoint_failed`.
  std::vector<TileCheckpoint> take_due(std::size_t most);
  void checkpointed(const TileCheckpoint& stored);
  void checkpoint_failed(const TileCheckpoint& lost, TimePoint now);

 private:
  struct State {
    Seq seq = 0;
    TimePoint changed{};  // first placement after the last checkpoint
    std::uint32_t crc = 0;
    std::uint32_t since_checkpoint = 0;
    bool has_crc = false;
    bool hash_waits = false;             // in hashes_
    bool due = false;                    // in due_, or captured and on its way
    bool listed = false;                 // in changed_
    std::shared_ptr<Snapshot> snapshot;  // of `seq`
  };

  TileIndex index(std::size_t slot) const;
  void widen(std::uint32_t columns, std::uint32_t rows);
  void make_due(std::size_t slot);

  CanvasId id_;
  Canvas canvas_;
  const CheckpointRule rule_;
  std::uint32_t columns_;
  std::uint32_t rows_;
  std::vector<State> states_;
  std::vector<std::uint32_t> hashes_;  // slots whose hash waits, oldest first
  std::size_t hashes_at_ = 0;
  std::vector<std::uint32_t> changed_;  // slots with placements after their last checkpoint
  std::vector<std::uint32_t> due_;
  std::size_t due_at_ = 0;
};

}  // namespace tessera
