#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "shared/base/geometry.h"
#include "shared/canvas/dirty.h"
#include "shared/canvas/tile.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// Part of a tile that looks different from when it was last taken; `area` is within the tile (0 … 255).
struct DirtyTile {
  TileIndex tile;
  Rect area;
};

/// A cell of one's own that was taken back, and why.
struct TakenBack {
  CellColor placement;
  Refusal reason{};
  std::uint32_t retry_after_ms = 0;
};

/// What a `PlaceResult` did. `unknown`: the server never had the request, and all of it was taken back.
struct Settled {
  bool known_request = false;
  bool unknown = false;
  std::size_t accepted = 0;
  std::vector<CellColor> stored;
  std::vector<TakenBack> taken_back;
};

/// The canvas as this client knows it. Two layers: *confirmed* tiles, each at a seq of the server's, and *pending*
/// placements of one's own over them, a stack per cell. Only watched tiles and a few remembered ones are held.
/// Main thread; knows the protocol's messages, not how they travel. The functions that receive append what must be
/// sent.
class Replica {
 public:
  /// Tiles out of view that are remembered, so that coming back costs a checksum and no snapshot.
  static constexpr std::size_t remembered_tiles = 32;
  static constexpr std::size_t watched_tiles = 1'024;
  using Out = std::vector<ClientMessage>;

  // ---- the canvas ----
  /// Into a canvas: of another epoch, everything held or pending goes.
  void enter(Size size, Epoch epoch, Seq seq);
  /// Another canvas, or none: forgets everything, unanswered requests too.
  void clear();
  void resize(Size size);
  Size size() const { return size_; }
  Epoch epoch() const { return epoch_; }
  /// The newest seq heard of.
  Seq seq() const { return seq_; }

  // ---- what is seen ----
  bool holds(TileIndex tile) const { return find(tile) != nullptr; }
  /// Has this tile's content come, be it out of date now?
  bool loaded(TileIndex tile) const;
  Seq tile_seq(TileIndex tile) const;
  /// The colour on screen: the newest pending placement, else the confirmed one; empty where not loaded.
  ColorIndex shown(Cell cell) const;
  ColorIndex confirmed(Cell cell) const;
  bool pending(Cell cell) const;
  /// CRC-32C of the confirmed bytes; 0 where not loaded.
  std::uint32_t checksum(TileIndex tile) const;
  /// `area` (within the tile) as it is on screen, row by row, into `out`, `area.width × area.height` indices.
  void copy_shown(TileIndex tile, const Rect& area, ColorIndex* out) const;
  /// What changed since the last call, one rectangle a tile; for the texture uploads.
  std::vector<DirtyTile> take_dirty();
  /// Tiles let go since the last call: their textures can go.
  std::vector<TileIndex> take_released();
  std::vector<TileIndex> held() const;
  /// Grows with every change of what is seen.
  std::uint64_t changes() const { return changes_; }

  // ---- watching ----
  /// Which tiles are wanted from now on, most wanted first. Appends a `Watch` where the server must hear of it.
  void want(std::span<const TileIndex> tiles, Out& out);
  /// Watches nothing until the next want(): the page is hidden. Contents are kept, pending placements are not.
  void rest(Out& out);
  /// The connection is gone: nothing is watched any more and nothing outstanding; contents stay on screen, pending
  /// placements too, until their answers come over the next one.
  void disconnected();
  bool wanted(TileIndex tile) const;
  /// Everything wanted has come.
  bool complete() const;

  // ---- placing ----
  bool may_ask() const { return unanswered_.size() < limits::unanswered_requests; }
  /// Puts the cells on the pending layer and remembers the request as unanswered.
  void place(RequestId request, std::span<const CellColor> cells);
  /// For `Enter`: the requests whose answers have not come.
  std::vector<WireRequest> unanswered() const;
  /// Cells of unanswered requests.
  std::size_t cells_unanswered() const;
  Settled receive(const PlaceResult& result);

  // ---- from the server ----
  void receive(const TileCurrent& current, Out& out);
  void receive(const TileSnapshot& snapshot, Out& out);
  void receive(const Deltas& deltas, Out& out);
  void receive(const TileHash& hash, Out& out);

 private:
  enum class Watching : std::uint8_t { No, Asked, Live };
  /// One placement of one's own; `seq` 0: not answered yet.
  struct Pending {
    TileOffset offset = 0;
    ColorIndex color = empty_color;
    RequestId request{};
    std::uint16_t index = 0;
    Seq seq = 0;
  };
  struct Held {
    Tile confirmed;
    Seq seq = 0;
    bool loaded = false;
    bool wanted = false;
    Watching watching = Watching::No;
    std::uint64_t used = 0;       ///< for forgetting the longest unused
    std::uint8_t unreadable = 0;  ///< snapshots in a row that could not be inflated
    std::vector<Pending> pending;
    DirtyRect dirty;
  };
  struct Request {
    RequestId id{};
    std::vector<CellColor> cells;
  };

  const Held* find(TileIndex tile) const;
  Held* find(TileIndex tile);
  Held& hold(TileIndex tile);
  void release(TileIndex tile);
  void forget_unused();
  void stop_watching(TileIndex tile, Held& held, Watch& message);
  void touch(TileIndex tile, Held& held, const Rect& area);
  void drop_pending(TileIndex tile, Held& held);
  void settle_pending(TileIndex tile, Held& held);
  TileState state(TileIndex tile, const Held& held) const;
  void ask(TileIndex tile, Held& held, Out& out);
  void replace(TileIndex tile, Held& held, const Tile& content, Seq seq);
  void apply(TileIndex tile, Held& held, const TileDelta& delta);
  void hear(TileIndex tile, Held& held, const TileDelta& delta, Out& out);

  Size size_;
  Epoch epoch_{};
  Seq seq_ = 0;
  std::unordered_map<std::uint16_t, std::unique_ptr<Held>> held_;  // by the tile's key
  std::vector<TileIndex> dirty_;
  std::vector<TileIndex> released_;
  std::vector<Request> unanswered_;
  std::uint64_t uses_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace tessera
