#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/core/records.h"
#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/protocol/parts.h"

/// What the store keeps of the staff's work, as plain values. Immutable once handed to another thread.
namespace tessera {

/// A rectangle of a canvas in which only some may place.
struct LockRecord {
  LockId id{};
  CanvasId canvas{};
  Rect area;           ///< not empty; may reach beyond a canvas that was made smaller
  std::string reason;  ///< for everyone
  std::optional<WallTime> expires;
  Role allowed = Role::Moderator;   ///< the least role that may place in it all the same; never Guest
  std::vector<AccountId> accounts;  ///< who may too, whatever their role; at most `limits::lock_accounts`
  AccountId maker{};
  WallTime created{};
  std::uint32_t version = 1;
  bool operator==(const LockRecord&) const = default;
};

/// A role that an account has on one canvas alone.
struct GrantRecord {
  CanvasId canvas{};
  AccountId account{};
  Role role = Role::Moderator;  ///< member, moderator or admin
  AccountId maker{};            ///< who granted it, or changed it last
  WallTime created{};
  std::uint32_t version = 1;    ///< a number of its own: one that is granted anew after it was taken away has another
  bool operator==(const GrantRecord&) const = default;
};
/// Which grant.
struct GrantKey {
  CanvasId canvas{};
  AccountId account{};
  auto operator<=>(const GrantKey&) const = default;
};

/// What staff tell everyone on the server.
struct AnnouncementRecord {
  AnnouncementId id{};
  std::string text;
  bool pinned = false;
  std::optional<WallTime> expires;
  AccountId maker{};
  WallTime created{};
  std::uint32_t version = 1;
  bool operator==(const AnnouncementRecord&) const = default;
};

/// Which placements a rollback takes away: those that fit all that is given.
struct Selection {
  std::vector<AccountId> accounts;  ///< sorted, aliases among them; empty: everybody's
  Rect region;                      ///< empty: the whole canvas
  Seq after = 0;                    ///< placements with a greater seq …
  Seq until = 0;                    ///< … up to this one
  bool undos = false;               ///< what people undid meanwhile is there again: of a snapshot that is restored
  bool operator==(const Selection&) const = default;
};

enum class RollbackState : std::uint8_t {
  Applying,  ///< counts; its cells are being drawn
  Applied,   ///< counts
  Undoing,   ///< counts no more; what it drew is being taken back
  Undone,    ///< counts no more
};
inline constexpr std::uint8_t rollback_state_count = 4;

/// A rollback, kept for ever: what it selects counts as not placed for as long as it counts, so that rollbacks give the same in any
/// order, and one of them can be undone and redone. After a restart whatever was `Applying` or `Undoing` goes on.
struct RollbackRecord {
  RollbackId id{};
  CanvasId canvas{};
  Selection selection;
  RollbackState state = RollbackState::Applying;
  std::string reason;
  AccountId maker{};
  WallTime created{};
  std::uint64_t placements = 0;  ///< selected as it was made
  std::uint64_t cells = 0;       ///< to change as it was made
  std::uint32_t version = 1;
  /// Another that was undone or redone with this one, and its version since: whoever turns this round turns it too, unless somebody else did.
  struct Turned {
    RollbackId id{};
    std::uint32_t version = 0;
    bool operator==(const Turned&) const = default;
  };
  std::vector<Turned> turned{};
  bool operator==(const RollbackRecord&) const = default;
};

/// What is to happen on a canvas. What is left out of a size or a policy is as it is by then.
struct ScheduledWork {
  ScheduledAction action{};
  std::uint32_t width = 0, height = 0;  ///< of a resize; 0: as it is by then
  std::optional<Palette> palette{};     ///< of a palette
  PolicyChange policy{};                ///< of a policy
  std::string text{};                   ///< of an announcement; of a pause: why
  bool pinned = false;                  ///< of an announcement
  std::optional<WallTime> expires{};    ///< of an announcement
  std::string params = "{}";            ///< as they were given: an object as JSON, for people
  bool operator==(const ScheduledWork&) const = default;
};

/// What happens on a canvas at a time, by itself. Kept until it has happened: its end and what it does are one commit, so that it
/// happens once, also where the server was down at its time.
struct ScheduleRecord {
  ScheduleId id{};
  CanvasId canvas{};
  WallTime at{};
  ScheduledWork work;
  AccountId maker{};
  WallTime created{};
  bool operator==(const ScheduleRecord&) const = default;
};

/// A moment of a canvas that has a name.
struct SnapshotRecord {
  SnapshotId id{};
  CanvasId canvas{};
  std::string name;
  Seq seq = 0;  ///< just after this placement
  AccountId maker{};
  WallTime created{};
  std::optional<std::vector<RollbackId>> counting{};  ///< the rollbacks that counted then, by id; nothing: taken before this was kept
  bool operator==(const SnapshotRecord&) const = default;
};

/// Somebody asks staff to look at a part of a canvas.
struct ReportRecord {
  using State = ReportState;

  ReportId id{};
  CanvasId canvas{};
  Rect area;
  std::string reason;
  Seq seq = 0;  ///< of the canvas as it was reported: what the reporter saw
  AccountId reporter{};
  WallTime created{};
  State state = State::Open;
  AccountId handler{};   ///< who claimed, resolved or dismissed it
  std::string outcome;   ///< what was done, told to the reporter
  WallTime changed{};
  std::uint32_t version = 1;
  bool operator==(const ReportRecord&) const = default;
};

/// A use of power, to be added to the audit log. What is stored of it, and hashed, is the entry's JSON (audit_text.h).
struct AuditRecord {
  WallTime time{};
  std::optional<AccountInfo> actor{};  ///< as it was then; nothing: the server itself
  std::string action;                  ///< a word such as `lock.create`
  std::string canvas{};                ///< its name; empty: none
  std::string target{};                ///< such as `lock:12`, `account:7`, `canvas:main`
  std::string detail = "{}";           ///< an object as JSON: sorted keys, no spaces
};

/// SHA-256 of an entry and all before it.
using AuditHash = std::array<std::uint8_t, 32>;

/// An entry as it is stored: its canonical JSON, all but `hash`.
struct AuditEntry {
  std::uint64_t id = 0;  ///< 1, 2, 3 … without gaps
  std::string text;
  AuditHash hash{};
};

/// The entries wanted: those that fit all that is given, the newest first.
struct AuditQuery {
  std::optional<AccountId> actor{};
  std::string action{};  ///< whole, or up to a dot: `lock` finds `lock.create`
  std::string canvas{};
  std::string target{};
  std::optional<WallTime> since{};
  std::optional<WallTime> until{};
  std::string text{};               ///< anywhere in the entry, of either case for ASCII; at least 3 bytes
  std::uint64_t before = UINT64_MAX;  ///< ids below this one
  std::size_t limit = 50;
};

/// The audit log's state: how far its chain holds.
struct AuditCheck {
  std::uint64_t entries = 0;  ///< checked and found right
  AuditHash head{};           ///< of the last of those; zeros where there is none
  std::optional<std::uint64_t> bad{};  ///< the first entry that is not as it was written
  std::string what{};                  ///< is wrong with it, for people
};

}  // namespace tessera
