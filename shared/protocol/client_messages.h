#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/ids.h"
#include "shared/protocol/parts.h"

/// What clients send. How a message is described: see messages.h.
namespace tessera {

/// Drawn at random when an app starts; by it the server knows that a new connection replaces an older one.
enum class ClientId : std::uint64_t {};

/// First message of a connection. The token may be empty: the session cookie, or nobody, then.
struct Hello {
  static constexpr Tag tag = Tag::Hello;
  static constexpr About about{
      "Hello",
      "The first message of a connection, and only the first. Answered by `Welcome`, or by `Refused` and a close."};
  std::uint16_t version = protocol_version;
  ClientId client{};
  std::string token;
  bool operator==(const Hello&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("version", m.version, "of this protocol that the client speaks");
    io.fixed("client", m.client,
             "drawn at random when the client starts; a new connection with the same number replaces the older one");
    io.secret("token", m.token, limits::token_bytes,
              "of a session or service; empty: the cookie of the request that opened the connection, else nobody, who "
              "may only watch");
  }
};

/// Signs this connection in (or, with an empty token, out) without a new one; answered by `Welcome` or `Refused`.
struct SignIn {
  static constexpr Tag tag = Tag::SignIn;
  static constexpr About about{
      "SignIn", "Signs this connection in, or out, without a new one. Answered by `Welcome` or `Refused`."};
  std::string token;
  bool operator==(const SignIn&) const = default;

  static void describe(auto& io, auto& m) { io.secret("token", m.token, limits::token_bytes, "empty: signs out"); }
};

/// Goes to a canvas (empty name: the default one). Nothing of the old canvas follows the `Entered` that answers.
/// Each unanswered request gets its `PlaceResult` after it.
struct Enter {
  static constexpr Tag tag = Tag::Enter;
  static constexpr About about{"Enter",
                               "Goes to a canvas, from none or from another. Answered by `Entered`, then by a "
                               "`PlaceResult` for each unanswered request; or by `Refused`, and all stays as it was."};
  std::string canvas;
  Epoch epoch{};
  Seq seq = 0;
  std::vector<WireRequest> unanswered;
  bool operator==(const Enter&) const = default;

  static void describe(auto& io, auto& m) {
    io.text("canvas", m.canvas, limits::canvas_name_bytes, "its name; empty: the server's default canvas");
    io.fixed("epoch", m.epoch, "of the tiles that the client holds; 0: it holds none");
    io.number("seq", m.seq, UINT64_MAX, "the highest that the client has seen of this canvas; 0: none");
    io.list("unanswered", m.unanswered, limits::unanswered_requests,
            "requests on this canvas whose `PlaceResult` never came");
  }
};

/// Tiles that come into view, with what the client holds of them, each answered by `TileCurrent` or `TileSnapshot`; and
/// tiles that left it. Who watches none gets no `Deltas`.
struct Watch {
  static constexpr Tag tag = Tag::Watch;
  static constexpr About about{"Watch",
                               "Tiles that come into view, and tiles that left it. Who watches no tile gets no "
                               "`Deltas`. Also the way to ask anew for a tile whose deltas do not join."};
  std::vector<TileState> add;
  std::vector<WireTile> drop;
  bool operator==(const Watch&) const = default;

  static void describe(auto& io, auto& m) {
    io.list("add", m.add, limits::tiles_per_watch,
            "with what the client holds of each; each is answered by `TileCurrent` or `TileSnapshot`, so ask again "
            "only after that");
    io.list("drop", m.drop, limits::tiles_per_watch, "are no longer watched");
  }
};

struct Place {
  static constexpr Tag tag = Tag::Place;
  static constexpr About about{"Place",
                               "Draws cells. Each is accepted or refused by itself, in order, as far as the charges "
                               "go. Answered by one `PlaceResult`, after the `Deltas` that show what was accepted."};
  RequestId request{};
  std::vector<WireCell> cells;
  bool operator==(const Place&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("request", m.request,
             "drawn at random, not 0; sent again, it gets the answer that it got, and draws nothing twice");
    io.list("cells", m.cells, limits::cells_per_request, "in the order in which they are to be drawn");
  }
};

/// Takes back one's own newest placements, whoever's turn of this account placed them.
struct Undo {
  static constexpr Tag tag = Tag::Undo;
  static constexpr About about{"Undo",
                               "Takes back one's own newest placements on this canvas, as far as they are recent enough; those "
                               "that somebody has drawn over are left. Answered by one `UndoResult`, after the `Deltas` that "
                               "show it."};
  RequestId request{};
  std::uint32_t count = 1;
  bool operator==(const Undo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("request", m.request, "any number; comes back in the answer");
    io.number("count", m.count, limits::undo_count, "of placements, the newest first; those left alone count too");
  }
};

/// Draws again what was last undone.
struct Redo {
  static constexpr Tag tag = Tag::Redo;
  static constexpr About about{"Redo",
                               "Draws again what one last undid on this canvas and has not drawn over since. Costs charges, as "
                               "placing does. Answered by one `UndoResult`, after the `Deltas` that show it."};
  RequestId request{};
  std::uint32_t count = 1;
  bool operator==(const Redo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("request", m.request, "any number; comes back in the answer");
    io.number("count", m.count, limits::undo_count, "of undone placements, the last undone first; those left alone count too");
  }
};

/// Asks who drew a cell, and its newest history.
struct Inspect {
  static constexpr Tag tag = Tag::Inspect;
  static constexpr About about{"Inspect", "Asks who drew a cell. Answered by `Inspected`, or by `Refused`."};
  std::uint16_t x = 0, y = 0;
  bool operator==(const Inspect&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("x", m.x, "of the cell");
    io.fixed("y", m.y, "of the cell");
  }
};

struct Ping {
  static constexpr Tag tag = Tag::Ping;
  static constexpr About about{"Ping", "Measures the way there and back. Answered by `Pong`."};
  std::uint64_t client_time = 0;  ///< any number; comes back in the `Pong`
  bool operator==(const Ping&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("client_time", m.client_time, "any number; comes back in the `Pong`");
  }
};

/// A `TileHash` did not fit what the client holds: reports it and asks for a snapshot.
struct Mismatch {
  static constexpr Tag tag = Tag::Mismatch;
  static constexpr About about{
      "Mismatch", "A `TileHash` did not fit what the client holds. Reports it, and asks for a `TileSnapshot`."};
  TileState tile;
  bool operator==(const Mismatch&) const = default;

  static void describe(auto& io, auto& m) { io.part("tile", m.tile, "what the client holds"); }
};

using ClientMessage = std::variant<Hello, SignIn, Enter, Watch, Place, Inspect, Ping, Mismatch, Undo, Redo>;

}  // namespace tessera
