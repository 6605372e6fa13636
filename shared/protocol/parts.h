#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/protocol/limits.h"
#include "shared/protocol/refusal.h"
#include "shared/protocol/tag.h"

/// What several messages are made of. Described as messages are; see messages.h.
namespace tessera {

enum class AccountKind : std::uint8_t { Guest, Discord, Service, Imported };
inline constexpr std::uint8_t account_kind_count = 4;
enum class Role : std::uint8_t { Guest, Member, Moderator, Admin, Owner };
inline constexpr std::uint8_t role_count = 5;
/// Who may place on a canvas, beside its policy. Everyone may look.
enum class Access : std::uint8_t {
  Open,     ///< whoever the policy lets
  Code,     ///< whoever gave the canvas's code once; staff
  Members,  ///< members and staff of the server
  Invited,  ///< whoever accepted an invitation to this canvas; staff
};
inline constexpr std::uint8_t access_count = 4;
enum class Outcome : std::uint8_t {
  Answered,  ///< what follows says which cells were stored
  Unknown,   ///< the server never had this request, or no longer remembers: nothing of it will be stored from now on
};
inline constexpr std::uint8_t outcome_count = 2;
enum class ReportState : std::uint8_t {
  Open,
  Claimed,    ///< somebody of the staff looks into it
  Resolved,   ///< something was done
  Dismissed,  ///< nothing had to be
};
inline constexpr std::uint8_t report_state_count = 4;

/// What can be made to happen on a canvas at a time.
enum class ScheduledAction : std::uint8_t { Pause = 0, Resume = 1, Resize = 2, Palette = 3, Policy = 4, Announce = 5, Reset = 6 };
inline constexpr std::uint8_t scheduled_action_count = 7;

/// The words of the HTTP and JSON interfaces: `guest`, `discord`, … and `guest`, `member`, …
std::string_view code(AccountKind kind);
std::string_view code(Role role);
std::string_view code(Access access);
std::string_view code(Outcome outcome);
std::string_view code(ScheduledAction action);
std::string_view code(ReportState state);

/// Who one is, as everybody may see it. `id` nobody: not signed in.
struct AccountInfo {
  static constexpr About about{"AccountInfo", "Who one is, as everybody may see it."};
  AccountId id{};
  std::string name;
  AccountKind kind{};
  Role role{};
  bool operator==(const AccountInfo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the account; 0: not signed in");
    io.text("name", m.name, limits::name_bytes, "as it is shown; empty where not signed in");
    io.choice("kind", m.kind, account_kind_count, "how the account came to be");
    io.choice("role", m.role, role_count, "what it may do; each includes those before it");
  }
};

struct PaletteEntry {
  static constexpr About about{"PaletteEntry", "A colour of the palette; its index is its position in the list."};
  std::uint8_t r = 0, g = 0, b = 0;
  std::string name;
  bool retired = false;
  bool operator==(const PaletteEntry&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("r", m.r, "red, sRGB");
    io.fixed("g", m.g, "green");
    io.fixed("b", m.b, "blue");
    io.text("name", m.name, limits::name_bytes, "for people");
    io.flag("retired", m.retired, "stays where it was drawn, but can no longer be placed");
  }
};

/// How many placements one may make now (the least of all limits), and when the next comes. 'Unlimited' has max 0.
struct ChargeState {
  static constexpr About about{
      "ChargeState", "How many placements one may make now, the least of all limits, and when the next comes."};
  std::uint32_t charges = 0;
  std::uint32_t max = 0;
  std::uint32_t next_ms = 0;    ///< until one more charge; 0 when full or unlimited
  std::uint32_t refill_ms = 0;  ///< between two charges, as the policy has it
  bool operator==(const ChargeState&) const = default;

  static void describe(auto& io, auto& m) {
    io.number("charges", m.charges, UINT32_MAX, "placements that may be made at once");
    io.number("max", m.max, UINT32_MAX, "most that gather; 0: there is no limit, and the other fields say nothing");
    io.number("next_ms", m.next_ms, UINT32_MAX, "until one more charge; 0 when full or without limit");
    io.number("refill_ms", m.refill_ms, UINT32_MAX, "between two charges, as the canvas's policy has it");
  }
};

/// A canvas as its clients know it: everything but cells.
struct CanvasInfo {
  static constexpr About about{"CanvasInfo", "A canvas as its clients know it: everything but its cells."};
  CanvasId id{};
  std::string name;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<PaletteEntry> palette;
  bool paused = false;
  std::string pause_message;
  Access access{};
  std::uint32_t version = 0;  ///< grows with every change of what stands here
  bool operator==(const CanvasInfo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the canvas; never reused");
    io.text("name", m.name, limits::canvas_name_bytes, "as in addresses");
    io.number("width", m.width, max_canvas_side, "in cells");
    io.number("height", m.height, max_canvas_side, "in cells");
    io.list("palette", m.palette, 255, "in the order of the indices; index 255 is 'empty': never drawn");
    io.flag("paused", m.paused, "only staff may place");
    io.text("pause_message", m.pause_message, limits::text_bytes, "why, for people");
    io.choice("access", m.access, access_count, "who may place here, beside the policy; everyone may look");
    io.number("version", m.version, UINT32_MAX, "grows with every change of what stands here");
  }
};

/// A tile's place on the canvas and what a client holds of it; seq 0 and crc 0: nothing.
struct TileState {
  static constexpr About about{"TileState",
                               "A tile, and what it holds by its seq and checksum; seq 0 and crc 0: nothing."};
  TileIndex tile;
  Seq seq = 0;
  std::uint32_t crc = 0;
  bool operator==(const TileState&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("tx", m.tile.tx, "column of the tile: x of its cells divided by 256");
    io.fixed("ty", m.tile.ty, "row of the tile");
    io.number("seq", m.seq, UINT64_MAX, "of the tile's last placement");
    io.fixed("crc", m.crc, "CRC-32C of its 65,536 bytes, without pending cells");
  }
};

struct WireTile {
  static constexpr About about{"Tile", "A tile's place on the canvas."};
  TileIndex tile;
  bool operator==(const WireTile&) const = default;
  static void describe(auto& io, auto& m) {
    io.fixed("tx", m.tile.tx, "column");
    io.fixed("ty", m.tile.ty, "row");
  }
};

struct WireRequest {
  static constexpr About about{"Request", "The number of a request."};
  RequestId request{};
  bool operator==(const WireRequest&) const = default;
  static void describe(auto& io, auto& m) { io.fixed("request", m.request, "as in its `Place`"); }
};

struct WireCell {
  static constexpr About about{"Cell", "A cell and the colour it is to have."};
  std::uint16_t x = 0, y = 0;
  ColorIndex color = 0;
  bool operator==(const WireCell&) const = default;
  static void describe(auto& io, auto& m) {
    io.fixed("x", m.x, "grows to the right from 0");
    io.fixed("y", m.y, "grows downwards from 0");
    io.fixed("color", m.color, "index into the palette; 255 cannot be placed");
  }
};

struct DeltaCell {
  static constexpr About about{"DeltaCell", "A placement within its tile."};
  TileOffset offset = 0;
  ColorIndex color = 0;
  bool operator==(const DeltaCell&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("offset", m.offset, "(y mod 256) × 256 + (x mod 256)");
    io.fixed("color", m.color, "index into the palette; 255: emptied");
  }
};

/// Placements of one tile, in order: applies to a tile whose seq is `from`, and makes it `to`.
struct TileDelta {
  static constexpr About about{"TileDelta", "Placements of one tile, in their order."};
  TileIndex tile;
  Seq from = 0;
  Seq to = 0;
  std::vector<DeltaCell> cells;
  bool operator==(const TileDelta&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("tx", m.tile.tx, "column of the tile");
    io.fixed("ty", m.tile.ty, "row of the tile");
    io.number("from", m.from, UINT64_MAX, "applies to a tile whose seq is this");
    io.number("to", m.to, UINT64_MAX, "and makes its seq this");
    io.list("cells", m.cells, limits::placements_per_batch, "a cell drawn twice is there twice");
  }
};

/// A cell of a request that was refused: its position in the request, and why.
struct Rejection {
  static constexpr About about{"Rejection", "A cell of a request that was refused."};
  std::uint16_t index = 0;
  Refusal reason{};
  std::uint32_t retry_after_ms = 0;  ///< for TooSoon and Busy; 0 where unknown
  bool operator==(const Rejection&) const = default;

  static void describe(auto& io, auto& m) {
    io.number("index", m.index, limits::cells_per_request - 1, "its position in the request, from 0");
    io.choice("reason", m.reason, refusal_count, "why");
    io.number("retry_after_ms", m.retry_after_ms, UINT32_MAX,
              "for `too_soon` and `busy`: when it is worth another try; 0 where unknown");
  }
};

/// One placement of a cell's history; account nobody and seq 0: the base picture.
struct HistoryItem {
  static constexpr About about{"HistoryItem", "One placement of a cell's history."};
  ColorIndex color = empty_color;
  Seq seq = 0;
  std::uint64_t time_ms = 0;
  AccountId account{};
  std::string name;
  bool operator==(const HistoryItem&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("color", m.color, "that it gave the cell");
    io.number("seq", m.seq, UINT64_MAX, "0: the picture that the canvas began with");
    io.number("time_ms", m.time_ms, INT64_MAX, "since 1970-01-01T00:00Z");
    io.fixed("account", m.account, "who placed it; 0: nobody, for the picture that the canvas began with");
    io.text("name", m.name, limits::name_bytes, "of that account");
  }
};

/// A cell that an undo or a redo left alone, and why.
struct SkippedCell {
  static constexpr About about{"SkippedCell", "A cell that an undo or a redo left alone."};
  std::uint16_t x = 0, y = 0;
  Refusal reason{};
  bool operator==(const SkippedCell&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("x", m.x, "of the cell");
    io.fixed("y", m.y, "of the cell");
    io.choice("reason", m.reason, refusal_count, "why; `drawn_over` where somebody has placed there since");
  }
};

struct WireAccount {
  static constexpr About about{"Account", "The number of an account."};
  AccountId account{};
  bool operator==(const WireAccount&) const = default;
  static void describe(auto& io, auto& m) { io.fixed("account", m.account, "its id"); }
};

/// A rectangle in which only some may place.
struct LockInfo {
  static constexpr About about{"LockInfo", "A rectangle in which only some may place."};
  LockId id{};
  std::uint16_t x = 0, y = 0;
  std::uint32_t width = 0, height = 0;
  std::string reason;
  std::uint64_t expires_ms = 0;  ///< 0: it stays until it is lifted
  Role allowed = Role::Moderator;
  std::vector<WireAccount> accounts;
  AccountInfo maker;
  std::uint64_t created_ms = 0;
  std::uint32_t version = 0;
  bool operator==(const LockInfo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the lock; never reused");
    io.fixed("x", m.x, "of its left column");
    io.fixed("y", m.y, "of its top row");
    io.number("width", m.width, max_canvas_side, "in cells, at least 1");
    io.number("height", m.height, max_canvas_side, "in cells, at least 1");
    io.text("reason", m.reason, limits::text_bytes, "for people");
    io.number("expires_ms", m.expires_ms, INT64_MAX, "since 1970-01-01T00:00Z; 0: it stays until it is lifted");
    io.choice("allowed", m.allowed, role_count, "the least role that may place in it all the same");
    io.list("accounts", m.accounts, limits::lock_accounts, "who may too, whatever their role");
    io.part("maker", m.maker, "who made it");
    io.number("created_ms", m.created_ms, INT64_MAX, "since 1970-01-01T00:00Z");
    io.number("version", m.version, UINT32_MAX, "grows with every change");
  }
};

/// What staff tell everyone.
struct AnnouncementInfo {
  static constexpr About about{"AnnouncementInfo", "What staff tell everyone."};
  AnnouncementId id{};
  std::string text;
  bool pinned = false;
  std::uint64_t expires_ms = 0;  ///< 0: it stays until it is withdrawn
  AccountInfo maker;
  std::uint64_t created_ms = 0;
  std::uint32_t version = 0;
  bool operator==(const AnnouncementInfo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the announcement; never reused");
    io.text("text", m.text, limits::text_bytes, "for people");
    io.flag("pinned", m.pinned, "stays in sight");
    io.number("expires_ms", m.expires_ms, INT64_MAX, "since 1970-01-01T00:00Z; 0: it stays until it is withdrawn");
    io.part("maker", m.maker, "who made it");
    io.number("created_ms", m.created_ms, INT64_MAX, "since 1970-01-01T00:00Z");
    io.number("version", m.version, UINT32_MAX, "grows with every change");
  }
};

/// What will happen on a canvas, and when.
struct ScheduleInfo {
  static constexpr About about{"ScheduleInfo", "What will happen on the canvas by itself, and when."};
  ScheduleId id{};
  std::uint64_t at_ms = 0;
  ScheduledAction action{};
  std::string text;
  bool operator==(const ScheduleInfo&) const = default;

  static void describe(auto& io, auto& m) {
    io.fixed("id", m.id, "of the entry; never reused");
    io.number("at_ms", m.at_ms, INT64_MAX, "when, since 1970-01-01T00:00Z by the server's clock");
    io.choice("action", m.action, scheduled_action_count, "what");
    io.text("text", m.text, limits::text_bytes, "more of it, for people: of a pause why, of a resize the size; of an announcement nothing until its time");
  }
};

}  // namespace tessera
