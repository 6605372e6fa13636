#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/core/people.h"
#include "server/core/records.h"
#include "server/core/staff.h"
#include "shared/canvas/canvas.h"
#include "shared/protocol/messages.h"

/// The seam between the room loop and everything that serves people. Network threads post commands to the `Hub`; the hub
/// posts events to the `Gate` of the network thread that owns the connection. Neither ever waits for the other, and what
/// passes between them is immutable.
namespace tessera {

enum class ConnectionKind : std::uint8_t { Binary, Json };

// ---- from the hub to a network thread ----

/// A committed batch, to be fanned out to every connection of the canvas: encoded once.
struct Published {
  CanvasId canvas{};
  Epoch epoch{};
  WallTime time{};                        ///< of the commit
  std::shared_ptr<const Batch> batch;     ///< in seq order, for JSON readers
  std::shared_ptr<const Bytes> deltas;    ///< the encoded `Deltas` message, without WebSocket framing
  std::vector<TileIndex> tiles;           ///< that changed, for connections that fall behind
  std::optional<TimePoint> asked{};       ///< when the oldest request in it came; nothing: nobody waits for it
};

/// The same message for everyone on a canvas (`Online`, `PauseChanged`, `LockChanged`, `TileHash` …).
struct Announced {
  CanvasId canvas{};
  ServerMessage message;
};

/// A message for one connection, in order with everything else posted to its gate.
struct Directed {
  ConnectionId connection{};
  ServerMessage message;
};

/// A tile captured in room order. It stands in the connection's stream at the place where it arrives: its compression may
/// come later (`zlib` is filled by the worker pool, which then posts `SnapshotReady`), and what follows waits behind it.
struct Snapshot {
  CanvasId canvas{};
  TileIndex tile;
  Seq seq = 0;
  TilePicture picture;
  /// Empty until `ready`; written once by a worker before `SnapshotReady` is posted.
  Bytes encoded;  ///< the encoded `TileSnapshot` message
  std::atomic<bool> ready{false};
};
struct SnapshotFor {
  ConnectionId connection{};
  std::shared_ptr<const Snapshot> snapshot;
};
struct SnapshotReady {
  std::shared_ptr<const Snapshot> snapshot;
};

/// The connection is now on this canvas: what is published there from here on concerns it. Its `Entered` stands in `message`.
/// JSON connections get it too (they are told nothing but need the palette).
struct Joined {
  ConnectionId connection{};
  CanvasId canvas{};
  Entered message;
};

/// Close it with this WebSocket code and reason, after what is queued, or at once.
struct Close {
  ConnectionId connection{};
  std::uint16_t code = 1000;
  std::string reason;
};

using GateEvent = std::variant<Published, Announced, Directed, SnapshotFor, SnapshotReady, Joined, Close>;

/// A network thread's door. May be called from any thread and never blocks.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual void post(GateEvent event) = 0;
  /// Several in their order, for which it is woken once. `events` is left empty.
  virtual void post_all(std::vector<GateEvent>& events) {
    for (GateEvent& event : events) post(std::move(event));
    events.clear();
  }
};

// ---- from network threads to the hub ----

/// A WebSocket was opened (for JSON: on the default canvas, followed by `EnterCanvas`). `account`: who the token said it is.
struct Opened {
  ConnectionId connection{};
  Gate* gate = nullptr;  ///< outlives the connection
  ConnectionKind kind{};
  ClientId client{};
  AccountId account{};
  std::optional<TokenHash> session{};  ///< whose end signs the connection out
};
/// The connection's account changed (SignIn); answered by `Charges` where it has entered a canvas.
struct SignedIn {
  ConnectionId connection{};
  AccountId account{};
  std::optional<TokenHash> session{};
};
struct Closed {
  ConnectionId connection{};
};
struct EnterCanvas {
  ConnectionId connection{};
  Enter message;
};
struct WatchTiles {
  ConnectionId connection{};
  Watch message;
};
/// Request 0 is never remembered: for senders without ids of their own.
struct PlaceCells {
  ConnectionId connection{};
  Place message;
  bool once = false;  ///< its request can never come again (JSON has none): named in the answer, but not remembered
};
/// An `Undo`, or a `Redo`; answered by `UndoResult`.
struct TakeBack {
  ConnectionId connection{};
  PlacementKind kind = PlacementKind::Undo;
  RequestId request{};
  std::uint32_t count = 1;
};
struct ReportMismatch {
  ConnectionId connection{};
  TileState tile;
};
/// Tiles for which this connection dropped deltas: send it snapshots of those, now that it drains.
struct Refresh {
  ConnectionId connection{};
  std::vector<TileIndex> tiles;
};

using Command = std::variant<Opened, SignedIn, Closed, EnterCanvas, WatchTiles, PlaceCells, TakeBack, ReportMismatch, Refresh>;

/// A canvas as HTTP shows it.
struct CanvasView {
  CanvasRecord record;
  Seq seq = 0;
  std::uint32_t online = 0;
};

/// What the rooms hold now.
struct HubFigures {
  std::size_t canvases = 0;  ///< archived ones left out
  std::size_t accounts = 0;  ///< aliases left out
  std::uint32_t online = 0;  ///< on all canvases together
};

/// What a placement by HTTP came to; `refused` where the whole request was.
struct PlaceReply {
  std::optional<Refusal> refused;
  PlaceResult result;
};

/// What an undo or a redo by HTTP came to; the seqs of what changed go on from `first_seq`.
using TakeBackReply = UndoResult;

/// A canvas to be made.
struct NewCanvas {
  std::string name;  ///< checked by `is_canvas_name`
  Size size;
  Palette palette = Palette::r_place_2022();
  Policy policy;
  Access access{};
  std::string access_code;
};

/// The room loop's front door. Every call returns at once and may come from any thread; replies are called on the room
/// loop and must only post. Answers about placements and sign-ins come after their commit.
class Hub : public People, public Staff {
 public:
  template <typename Answer>
  using Reply = std::function<void(Answer)>;

  virtual void post(Command command) = 0;
  /// The same, one after the other. Empties `commands`, whose memory stays with the caller.
  virtual void post_all(std::vector<Command>& commands) {
    for (Command& command : commands) post(std::move(command));
    commands.clear();
  }

  /// The default one first; archived ones too.
  virtual void canvases(Reply<std::vector<CanvasView>> reply) = 0;
  /// By name; empty: the default one.
  virtual void canvas(std::string name, Reply<std::optional<CanvasView>> reply) = 0;
  struct CanvasPicture {
    CanvasView view;
    std::shared_ptr<const Picture> picture;  ///< committed state just after `view.seq`
  };
  virtual void picture(std::string name, Reply<std::optional<CanvasPicture>> reply) = 0;
  virtual void figures(Reply<HubFigures> reply) = 0;
  virtual void place(std::string canvas, AccountId account, std::vector<WireCell> cells, Reply<PlaceReply> reply) = 0;
  /// `kind` is `Undo` or `Redo`; refused as `NotFound` where there is no such canvas.
  virtual void take_back(std::string canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                         Reply<TakeBackReply> reply) = 0;

  /// `Invalid` where a canvas has that name, `TooLarge` for more cells than the server allows.
  virtual void create_canvas(AccountId actor, NewCanvas canvas, Reply<Changed<CanvasView>> reply) = 0;
  /// An event of the canvas's history: after every placement accepted before, before every later one, and shown to everyone at
  /// once. `version`: of the record it was made for, where it must not have changed since. Refused as `Invalid` where the palette
  /// would lose or recolour an entry, or where an archived canvas's name is taken.
  virtual void change_canvas(AccountId actor, std::string name, std::optional<std::uint32_t> version, CanvasChange change,
                             Reply<Changed<CanvasView>> reply) = 0;
};

}  // namespace tessera
