#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/protocol/parts.h"

/// What servers send. How a message is described: see messages.h.
namespace tessera {

struct Welcome {
  static constexpr Tag tag = Tag::Welcome;
  static constexpr About about{"Welcome", "Answers `Hello` and `SignIn`."};
  std::uint16_t version = protocol_version;
  AccountInfo account;
  std::string server_name;
  std::string server_version;
  bool guests_allowed = false;
  bool operator==(const Welcome&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("version", m.version, "of this protocol that both now speak");
    io.part("account", m.account, "who the connection is signed in as");
    io.text("server_name", m.server_name, limits::name_bytes, "for people");
    io.text("server_version", m.server_version, limits::name_bytes, "of the program");
    io.flag("guests_allowed", m.guests_allowed, "a nickname is enough to sign in");
  }
};

/// Why the connection, or its last message that was not a `Place`, was refused.
struct Refused {
  static constexpr Tag tag = Tag::Refused;
  static constexpr About about{"Refused",
                               "Why the connection, or its last message that was not a `Place`, was refused."};
  Refusal reason{};
  std::string detail;
  std::uint16_t server_version = protocol_version;
  bool operator==(const Refused&) const = default;

  static void describe(auto& io, auto& m) {
    io.choice("reason", m.reason, refusal_count, "for programs");
    io.text("detail", m.detail, limits::text_bytes, "for people");
    io.fixed("server_version", m.server_version, "of this protocol that the server speaks");
  }
};

struct Entered {
  static constexpr Tag tag = Tag::Entered;
  static constexpr About about{"Entered",
                               "Answers `Enter`. Everything before it is of the old canvas, everything after it of "
                               "this one; no tile is watched yet."};
  CanvasInfo canvas;
  Epoch epoch{};
  Seq seq = 0;
  ChargeState charges;
  bool may_place = false;
  Refusal why_not{};  ///< where `may_place` is false
  std::uint32_t online = 0;
  bool operator==(const Entered&) const = default;

  static void describe(auto& io, auto& m) {
    io.part("canvas", m.canvas, "all of it but its cells");
    io.fixed("epoch", m.epoch,
             "of the canvas's history; where it is not the client's, nothing that the client holds counts");
    io.number("seq", m.seq, UINT64_MAX, "of the last placement");
    io.part("charges", m.charges, "one's own");
    io.flag("may_place", m.may_place, "whether this connection may place here now");
    io.choice("why_not", m.why_not, refusal_count, "where `may_place` is 0");
    io.number("online", m.online, UINT32_MAX, "people connected to this canvas");
  }
};

/// What the client holds of this tile is what the server has.
struct TileCurrent {
  static constexpr Tag tag = Tag::TileCurrent;
  static constexpr About about{
      "TileCurrent", "Answers `Watch`: what the client holds of this tile is what the server has. Its deltas follow."};
  TileIndex tile;
  Seq seq = 0;
  bool operator==(const TileCurrent&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("tx", m.tile.tx, "column of the tile");
    io.fixed("ty", m.tile.ty, "row of the tile");
    io.number("seq", m.seq, UINT64_MAX, "of the tile's last placement, as in the `Watch`");
  }
};

/// The 65,536 indices of a tile as of `seq`, its last placement's (0: none since the base), as a zlib stream.
struct TileSnapshot {
  static constexpr Tag tag = Tag::TileSnapshot;
  static constexpr About about{"TileSnapshot",
                               "A whole tile. Answers `Watch` and `Mismatch`; also comes unasked, in place of deltas, "
                               "to a client that fell behind. Its deltas follow."};
  TileIndex tile;
  Seq seq = 0;
  Bytes zlib;
  bool operator==(const TileSnapshot&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("tx", m.tile.tx, "column of the tile");
    io.fixed("ty", m.tile.ty, "row of the tile");
    io.number("seq", m.seq, UINT64_MAX,
              "of the tile's last placement; 0: none since the picture that the canvas began with");
    io.bytes("zlib", m.zlib, limits::snapshot_bytes,
             "zlib stream (RFC 1950) of exactly 65,536 palette indices, row by row; cells beyond the canvas's edge are "
             "there too");
  }
};

/// One batch: everyone on the canvas gets the same frame, and ignores tiles it does not watch.
struct Deltas {
  static constexpr Tag tag = Tag::Deltas;
  static constexpr About about{"Deltas",
                               "One batch of placements, which are stored. Everyone on the canvas who watches any tile "
                               "gets the same bytes, and ignores tiles that it does not watch."};
  Seq first_seq = 0;
  Seq last_seq = 0;
  std::vector<TileDelta> tiles;
  bool operator==(const Deltas&) const = default;

  static void describe(auto& io, auto& m) {
    io.number("first_seq", m.first_seq, UINT64_MAX, "of the batch's placements");
    io.number("last_seq", m.last_seq, UINT64_MAX, "of the batch's placements; those between are all here");
    io.list("tiles", m.tiles, limits::tiles_per_canvas, "the batch, by tile");
  }
};

/// CRC-32C of the tile's 65,536 confirmed bytes at this point of the stream.
struct TileHash {
  static constexpr Tag tag = Tag::TileHash;
  static constexpr About about{"TileHash",
                               "From time to time: what a tile holds at this point of the stream. A client that "
                               "watches the tile compares, and sends `Mismatch` where its own differs."};
  TileState tile;
  bool operator==(const TileHash&) const = default;

  static void describe(auto& io, auto& m) { io.part("tile", m.tile, "what the server holds"); }
};

/// After the `Deltas` that show it. The accepted cells have consecutive seqs from `first_seq`, in their order.
struct PlaceResult {
  static constexpr Tag tag = Tag::PlaceResult;
  static constexpr About about{"PlaceResult",
                               "Answers `Place`, once what was accepted is stored, and after the `Deltas` that show "
                               "it. The accepted cells have the seqs from `first_seq` on, in their order."};
  RequestId request{};
  Outcome outcome{};
  Seq first_seq = 0;  ///< 0 where none was accepted
  std::uint32_t accepted = 0;
  std::vector<Rejection> rejected;
  ChargeState charges;
  bool operator==(const PlaceResult&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("request", m.request, "as in its `Place`");
    io.choice("outcome", m.outcome, outcome_count,
              "`unknown`: the server never had this request or no longer remembers it, and nothing of it will be "
              "stored from now on");
    io.number("first_seq", m.first_seq, UINT64_MAX, "of the accepted cells; 0 where there is none");
    io.number("accepted", m.accepted, limits::cells_per_request, "how many cells are stored");
    io.list("rejected", m.rejected, limits::cells_per_request, "the others, in the order of the request");
    io.part("charges", m.charges, "as they now are");
  }
};

/// A cell's colour and its placements, newest first.
struct Inspected {
  static constexpr Tag tag = Tag::Inspected;
  static constexpr About about{"Inspected", "Answers `Inspect`."};
  std::uint16_t x = 0, y = 0;
  ColorIndex color = empty_color;
  std::vector<HistoryItem> items;
  bool operator==(const Inspected&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("x", m.x, "of the cell");
    io.fixed("y", m.y, "of the cell");
    io.fixed("color", m.color, "what it holds; 255: never drawn, or emptied");
    io.list("items", m.items, limits::history_items, "its placements, newest first");
  }
};

/// One's charges changed without a placement of this connection.
struct Charges {
  static constexpr Tag tag = Tag::Charges;
  static constexpr About about{"Charges",
                               "One's charges or permission changed without a `Place` of this connection: by another "
                               "device, a sign-in, a policy."};
  ChargeState charges;
  bool may_place = false;
  Refusal why_not{};
  bool operator==(const Charges&) const = default;

  static void describe(auto& io, auto& m) {
    io.part("charges", m.charges, "as they now are");
    io.flag("may_place", m.may_place, "whether this connection may place here now");
    io.choice("why_not", m.why_not, refusal_count, "where `may_place` is 0");
  }
};

/// People connected to this canvas.
struct Online {
  static constexpr Tag tag = Tag::Online;
  static constexpr About about{"Online", "The number of people changed."};
  std::uint32_t count = 0;
  bool operator==(const Online&) const = default;

  static void describe(auto& io, auto& m) {
    io.number("count", m.count, UINT32_MAX, "people connected to this canvas");
  }
};

struct PauseChanged {
  static constexpr Tag tag = Tag::PauseChanged;
  static constexpr About about{"PauseChanged", "The canvas was paused, or goes on."};
  bool paused = false;
  std::string message;
  bool operator==(const PauseChanged&) const = default;

  static void describe(auto& io, auto& m) {
    io.flag("paused", m.paused, "only staff may place");
    io.text("message", m.message, limits::text_bytes, "why, for people");
  }
};

/// Size, palette or name changed; cells keep their coordinates.
struct CanvasChanged {
  static constexpr Tag tag = Tag::CanvasChanged;
  static constexpr About about{"CanvasChanged",
                               "The canvas's size, palette or name changed. Cells keep their coordinates, and tiles "
                               "their seqs: only what is shown of them changes."};
  CanvasInfo canvas;
  bool operator==(const CanvasChanged&) const = default;

  static void describe(auto& io, auto& m) { io.part("canvas", m.canvas, "as it now is"); }
};

struct Pong {
  static constexpr Tag tag = Tag::Pong;
  static constexpr About about{"Pong", "Answers `Ping`."};
  std::uint64_t client_time = 0;
  std::uint64_t server_time_ms = 0;  ///< wall clock
  bool operator==(const Pong&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("client_time", m.client_time, "as in the `Ping`");
    io.number("server_time_ms", m.server_time_ms, INT64_MAX, "the server's wall clock, since 1970-01-01T00:00Z");
  }
};

/// What an `Undo` or a `Redo` came to, after the `Deltas` that show it.
struct UndoResult {
  static constexpr Tag tag = Tag::UndoResult;
  static constexpr About about{"UndoResult", "Answers `Undo` and `Redo`, once what they changed is stored."};
  RequestId request{};
  bool refused = false;
  Refusal reason{};  ///< where `refused`
  Seq first_seq = 0;
  std::vector<WireCell> changed;
  std::vector<SkippedCell> skipped;
  ChargeState charges;
  bool operator==(const UndoResult&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("request", m.request, "as in its `Undo` or `Redo`");
    io.flag("refused", m.refused, "nothing was changed, for one reason");
    io.choice("reason", m.reason, refusal_count, "where `refused` is 1; `nothing_to_undo` also where there is nothing to redo");
    io.number("first_seq", m.first_seq, UINT64_MAX, "of the new placements, one for each cell changed; 0 where there is none");
    io.list("changed", m.changed, limits::undo_count, "the cells, and what they hold now; 255: never drawn");
    io.list("skipped", m.skipped, limits::undo_count, "cells that were left alone");
    io.part("charges", m.charges, "as they now are");
  }
};

/// Who this connection is has changed without its asking.
struct AccountChanged {
  static constexpr Tag tag = Tag::AccountChanged;
  static constexpr About about{"AccountChanged",
                               "One's account has changed without this connection's asking: its role, its name; or its session "
                               "was ended, and nobody is signed in here any more. `Charges` follows where it concerns placing."};
  AccountInfo account;
  bool operator==(const AccountChanged&) const = default;

  static void describe(auto& io, auto& m) { io.part("account", m.account, "as it now is; id 0: signed out"); }
};

/// A part of the canvas's locks; `first`: whatever one knew of them counts no more.
struct Locks {
  static constexpr Tag tag = Tag::Locks;
  static constexpr About about{"Locks", "After `Entered`: the canvas's locks, in one or more messages, where it has any."};
  bool first = true;
  std::vector<LockInfo> locks;
  bool operator==(const Locks&) const = default;

  static void describe(auto& io, auto& m) {
    io.flag("first", m.first, "of the messages: whatever one knew of locks counts no more");
    io.list("locks", m.locks, limits::locks_per_message, "by id");
  }
};

struct LockChanged {
  static constexpr Tag tag = Tag::LockChanged;
  static constexpr About about{"LockChanged", "A lock was made, or changed: `created` tells which."};
  bool created = false;
  LockInfo lock;
  bool operator==(const LockChanged&) const = default;

  static void describe(auto& io, auto& m) {
    io.flag("created", m.created, "it was not there before");
    io.part("lock", m.lock, "as it now is");
  }
};

struct LockRemoved {
  static constexpr Tag tag = Tag::LockRemoved;
  static constexpr About about{"LockRemoved", "A lock was lifted, or has expired."};
  LockId id{};
  bool operator==(const LockRemoved&) const = default;

  static void describe(auto& io, auto& m) { io.fixed("id", m.id, "of the lock"); }
};

/// All there are: whatever one knew counts no more.
struct Announcements {
  static constexpr Tag tag = Tag::Announcements;
  static constexpr About about{"Announcements", "After `Entered`: all announcements of the server, where there are any."};
  std::vector<AnnouncementInfo> announcements;
  bool operator==(const Announcements&) const = default;

  static void describe(auto& io, auto& m) { io.list("announcements", m.announcements, limits::announcements, "by id"); }
};

struct AnnouncementChanged {
  static constexpr Tag tag = Tag::AnnouncementChanged;
  static constexpr About about{"AnnouncementChanged", "An announcement was made, or changed: `created` tells which."};
  bool created = false;
  AnnouncementInfo announcement;
  bool operator==(const AnnouncementChanged&) const = default;

  static void describe(auto& io, auto& m) {
    io.flag("created", m.created, "it was not there before");
    io.part("announcement", m.announcement, "as it now is");
  }
};

struct AnnouncementRemoved {
  static constexpr Tag tag = Tag::AnnouncementRemoved;
  static constexpr About about{"AnnouncementRemoved", "An announcement was withdrawn, or has expired."};
  AnnouncementId id{};
  bool operator==(const AnnouncementRemoved&) const = default;

  static void describe(auto& io, auto& m) { io.fixed("id", m.id, "of the announcement"); }
};

/// All there are: whatever one knew counts no more.
struct Schedule {
  static constexpr Tag tag = Tag::Schedule;
  static constexpr About about{"Schedule", "After `Entered`: all that will happen on the canvas by itself, where there is any."};
  std::vector<ScheduleInfo> entries;
  bool operator==(const Schedule&) const = default;

  static void describe(auto& io, auto& m) { io.list("entries", m.entries, limits::scheduled, "by time, then id"); }
};

struct ScheduleChanged {
  static constexpr Tag tag = Tag::ScheduleChanged;
  static constexpr About about{"ScheduleChanged", "Something more will happen on the canvas."};
  ScheduleInfo entry;
  bool operator==(const ScheduleChanged&) const = default;

  static void describe(auto& io, auto& m) { io.part("entry", m.entry, "what, and when"); }
};

struct ScheduleRemoved {
  static constexpr Tag tag = Tag::ScheduleRemoved;
  static constexpr About about{"ScheduleRemoved", "It has happened, which other messages tell of, or will not happen."};
  ScheduleId id{};
  bool operator==(const ScheduleRemoved&) const = default;

  static void describe(auto& io, auto& m) { io.fixed("id", m.id, "of the entry"); }
};

/// What became of something that one reported.
struct ReportOutcome {
  static constexpr Tag tag = Tag::ReportOutcome;
  static constexpr About about{"ReportOutcome", "What became of a report of one's own: staff have claimed, resolved or dismissed it."};
  ReportId id{};
  ReportState state{};
  std::string outcome;
  bool operator==(const ReportOutcome&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the report");
    io.choice("state", m.state, report_state_count, "as it now is");
    io.text("outcome", m.outcome, limits::text_bytes, "what was done, as staff say it; may be empty");
  }
};

/// Staff tell one something about what one does.
struct Warning {
  static constexpr Tag tag = Tag::Warning;
  static constexpr About about{"Warning", "Staff warn this connection's account: to be shown to the person, as text."};
  std::string text;
  bool operator==(const Warning&) const = default;

  static void describe(auto& io, auto& m) { io.text("text", m.text, limits::text_bytes, "one line"); }
};

/// For staff of a canvas: what there is to look at again.
struct StaffNews {
  static constexpr Tag tag = Tag::StaffNews;
  static constexpr About about{"StaffNews",
                               "To the canvas's staff alone, as they enter and when something has changed, at most once a second: whoever shows "
                               "any of it reads it again."};
  std::uint64_t audit_entries = 0;
  std::uint32_t open_reports = 0;
  std::uint32_t rollbacks_changed = 0;
  bool operator==(const StaffNews&) const = default;

  static void describe(auto& io, auto& m) {
    io.number("audit_entries", m.audit_entries, UINT64_MAX, "id of the audit log's newest entry; 0: it has none");
    io.number("open_reports", m.open_reports, UINT32_MAX, "of this canvas, that nobody has claimed");
    io.number("rollbacks_changed", m.rollbacks_changed, UINT32_MAX, "rises whenever a rollback of this canvas changes or gets on; begins anew with the server");
  }
};

using ServerMessage = std::variant<Welcome, Refused, Entered, TileCurrent, TileSnapshot, Deltas, TileHash, PlaceResult,
                                   Inspected, Charges, Online, PauseChanged, CanvasChanged, Pong,
                                   UndoResult, AccountChanged, Locks, LockChanged, LockRemoved,
                                   Announcements, AnnouncementChanged, AnnouncementRemoved,
                                   Schedule, ScheduleChanged, ScheduleRemoved,
                                   ReportOutcome, Warning, StaffNews>;

}  // namespace tessera
