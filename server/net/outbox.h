#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <sys/uio.h>

#include "server/core/hub.h"
#include "server/net/frame.h"
#include "server/net/ws_frame.h"

namespace tessera {

/// Tiles in order of their key: small, and nothing while empty.
class TileSet {
 public:
  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  bool contains(TileIndex tile) const { return std::binary_search(keys_.begin(), keys_.end(), tile.key()); }
  void insert(TileIndex tile);
  bool erase(TileIndex tile);
  void clear() { keys_ = {}; }
  const std::vector<std::uint16_t>& keys() const { return keys_; }
  /// Takes the first `count` out.
  std::vector<TileIndex> take(std::size_t count);

 private:
  std::vector<std::uint16_t> keys_;
};

/// What one WebSocket has yet to send, in order and bounded. Belongs to its network thread; knows no socket.
///
/// Promise: for a watched tile the client gets silence, a snapshot, then deltas whose `from` is the snapshot's seq. When
/// more than `deltas_bytes` wait, the connection is *behind*: deltas are dropped, those queued too, and the watched tiles
/// they change are *stale*. Once the queue has drained, `take_refresh` names stale tiles, which the caller asks the hub for;
/// until each of them has come they are *awaited*. Deltas are dropped as long as anything is stale or awaited: those that
/// change an awaited tile are older than its snapshot, since the hub captures in the order of its stream; other tiles that
/// they change become stale in their turn.
class Outbox {
 public:
  struct Limits {
    std::size_t deltas_bytes = 1u << 20;   ///< queued bytes past which the connection is behind
    std::size_t drained_bytes = 64u << 10; ///< queued bytes under which it may ask for stale tiles
    std::size_t refresh_tiles = 64;        ///< asked for at once
    std::size_t answers_bytes = 64u << 10; ///< answers and notices past which the client is not read from
    std::size_t answers_end = 1u << 20;    ///< … past which it is given up
  };

  explicit Outbox(const Limits& limits) : limits_(&limits) {}  ///< the limits are borrowed: one object for all
  explicit Outbox(Limits&&) = delete;

  // ---- what is watched ----
  void watch(TileIndex tile) { watched_.insert(tile); }
  void unwatch(TileIndex tile);
  bool watches_any() const { return !watched_.empty(); }
  bool watches(TileIndex tile) const { return watched_.contains(tile); }
  /// The connection goes to another canvas: what is queued still goes out, before its `Entered`.
  void forget_tiles();

  // ---- what is to be sent ----
  /// Nothing waits, nor is anything dropped: what is sent now may pass the queue by.
  bool is_clear() const { return empty() && !closing_ && !is_behind(); }
  /// Nothing is queued for a connection that watches no tile.
  void push_deltas(const FramePtr& frame);
  /// A frame that means something only at its place in this tile's stream: dropped while the tile is stale or awaited.
  void push_hash(const FramePtr& frame, TileIndex tile);
  /// What follows it waits until it is ready. Dropped where the tile is not watched (any more).
  void push_snapshot(std::shared_ptr<const Snapshot> snapshot);
  /// A message for this connection alone.
  void push_answer(WsOpcode opcode, ByteSpan payload);
  /// A message shared by many.
  void push_notice(const FramePtr& frame);
  /// A message to every JSON reader: bounded by whoever pushes it, not by the cap on answers.
  void push_text(const FramePtr& frame);
  /// The last thing to be sent: a whole close frame. Nothing is queued after it.
  void push_close(Bytes close_frame);
  /// Drops what has not begun to be sent.
  void drop_queued();

  // ---- sending ----
  /// Points `parts` at the bytes to send next; how many parts. 0: nothing, or a snapshot that is not ready.
  std::size_t gather(std::span<iovec> parts);
  void sent(std::size_t bytes);

  /// Stale tiles to ask the hub for now; they are awaited from here on. Empty while there is nothing to ask.
  std::vector<TileIndex> take_refresh();
  /// What was awaited for too long is asked for anew.
  void retry_refresh();

  bool empty() const { return head_ == entries_.size(); }
  bool is_closing() const { return closing_; }
  bool is_behind() const { return !stale_.empty() || !awaited_.empty(); }
  bool is_awaiting() const { return !awaited_.empty(); }
  bool has_too_many_answers() const { return answer_bytes_ > limits_->answers_bytes; }
  bool is_hopeless() const { return answer_bytes_ > limits_->answers_end; }
  std::size_t bytes() const { return bytes_; }
  std::size_t snapshots() const { return snapshots_; }

 private:
  enum class Kind : std::uint8_t { Deltas, Snapshot, Answer, Notice, Text };
  struct Entry {
    FramePtr frame;  // null: a snapshot that was not ready when last looked at
    std::shared_ptr<const Snapshot> snapshot;
    Kind kind{};
  };

  void push(Entry entry);
  void pop_front();
  void drop_deltas_of(const Frame& frame);
  void drop_queued_deltas();

  // First what fan-out looks at for every connection, so that it lies together.
  std::vector<Entry> entries_;
  std::size_t head_ = 0;
  TileSet watched_;
  TileSet stale_;
  TileSet awaited_;
  bool closing_ = false;
  const Limits* limits_;
  std::size_t head_sent_ = 0;  // bytes of the first entry that are gone
  std::size_t bytes_ = 0;
  std::size_t answer_bytes_ = 0;
  std::size_t snapshots_ = 0;
  Frame* open_answer_ = nullptr;  // the last entry, where more answers may be appended to it
};

}  // namespace tessera
