#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/canvas/palette.h"
#include "shared/canvas/tile.h"
#include "shared/protocol/messages.h"

/// What the store keeps, as plain values. Immutable once handed to another thread.
namespace tessera {

enum class PlacementKind : std::uint8_t { Place, Undo, Redo, Rollback, Import };

/// One accepted change of one cell by one account at one instant.
struct Placement {
  Seq seq = 0;
  WallTime time{};
  AccountId account{};
  Cell cell;
  ColorIndex color = empty_color;
  PlacementKind kind = PlacementKind::Place;
  /// How many seqs before this one its target is: of an undo the placement undone, of a redo the one drawn again, of a rollback's
  /// the one that the cell shows again (all of its own seq: none, but the base).
  std::uint32_t back = 0;
  bool operator==(const Placement&) const = default;
  Seq target() const { return seq - back; }
};
static_assert(sizeof(Placement) == 32, "millions of them are held at once");

/// What became of a request; kept ten minutes, so that a lost answer can be given again.
struct RequestOutcome {
  AccountId account{};
  RequestId request{};
  WallTime time{};
  Seq first_seq = 0;  ///< 0 where no cell was accepted
  std::uint32_t accepted = 0;
  std::vector<Rejection> rejected;
  bool operator==(const RequestOutcome&) const = default;
};

/// An account's limiter on one canvas, as of `time`; only what is not full again within a minute is kept.
struct SavedCharges {
  CanvasId canvas{};
  AccountId account{};
  WallTime time{};
  std::uint64_t tokens_micro = 0;  ///< millionths of a charge
  WallTime last_placement{};
  bool operator==(const SavedCharges&) const = default;
};

/// The placements of one canvas committed and sent together: seqs consecutive, times never falling.
struct Batch {
  CanvasId canvas{};
  std::uint64_t reference = 0;  ///< which rollback; 0 where none
  std::vector<Placement> placements;
  std::vector<RequestOutcome> outcomes;
  std::vector<SavedCharges> charges;
};

/// Limits of placing; a number that is absent means no limit.
struct PlacingLimits {
  std::optional<double> per_second = 10;
  std::uint32_t burst = 20;
  std::optional<std::uint32_t> per_minute = 100;
  std::uint32_t cooldown_ms = 0;
  bool operator==(const PlacingLimits&) const = default;
};

/// A canvas's rules: who may place, and how fast.
struct Policy {
  PlacingLimits limits;
  bool guests = true;
  std::optional<ColorIndex> only_color{};  ///< where set, only this one may be placed: a whitening end
  /// A role's own limits in place of the canvas's.
  std::array<std::optional<PlacingLimits>, role_count> roles;
  bool operator==(const Policy&) const = default;
  const PlacingLimits& limits_for(Role role) const {
    const auto& own = roles[static_cast<std::size_t>(role)];
    return own ? *own : limits;
  }
};

/// Everything about a canvas but its cells.
struct CanvasRecord {
  CanvasId id{};
  std::string name;  ///< 1 to 64 of a-z 0-9 - _, not starting with a sign
  Size size;
  Palette palette = Palette::r_place_2022();
  Policy policy;
  bool paused = false;
  std::string pause_message;
  Access access{};
  std::string access_code;  ///< asked for where `access` is `Code`: in capitals, without blanks
  Epoch epoch{};
  std::uint32_t version = 1;  ///< grows with every event
  WallTime created{};
  bool archived = false;
  bool operator==(const CanvasRecord&) const = default;
  /// Whether this colour may be placed.
  bool allows(ColorIndex color) const { return palette.allows(color) && color == policy.only_color.value_or(color); }
};

/// A change of limits; what is absent stays, an inner nothing lifts the limit.
struct LimitsChange {
  std::optional<std::optional<double>> per_second{};
  std::optional<std::uint32_t> burst{};
  std::optional<std::optional<std::uint32_t>> per_minute{};
  std::optional<std::uint32_t> cooldown_ms{};
  bool operator==(const LimitsChange&) const = default;
};

/// A change of the rules; what is absent stays.
struct PolicyChange {
  LimitsChange limits{};
  std::optional<bool> guests{};
  std::optional<std::optional<ColorIndex>> only_color{};
  /// An inner nothing: the canvas's limits again. A role's own begin as the canvas's.
  std::array<std::optional<std::optional<LimitsChange>>, role_count> roles{};
  bool operator==(const PolicyChange&) const = default;
};

/// A change of a canvas by staff; what is absent stays.
struct CanvasChange {
  std::optional<Size> size;
  std::optional<Palette> palette;
  std::optional<Policy> policy;
  std::optional<Access> access;
  std::optional<std::string> access_code;
  std::optional<bool> paused;
  std::optional<std::string> pause_message;
  std::optional<bool> archived;
  bool operator==(const CanvasChange&) const = default;
};

/// A change of a canvas that is not a placement: the record as it is from `after_seq` on.
struct CanvasEvent {
  Seq after_seq = 0;
  WallTime time{};
  CanvasRecord record;
  bool operator==(const CanvasEvent&) const = default;
};

/// The stored picture of a tile at a seq. `kept` ones (a base picture at seq 0) are never replaced by later ones.
struct TileCheckpoint {
  CanvasId canvas{};
  TileIndex tile;
  Seq seq = 0;
  TilePicture picture;
  bool kept = false;
};

struct AccountRecord {
  AccountId id{};
  std::string name;
  AccountKind kind{};
  Role role{};
  WallTime created{};
  std::optional<WallTime> banned_until;
  std::string ban_reason;     ///< shown to whoever is banned
  std::string note;           ///< of staff, for staff
  std::uint64_t discord = 0;  ///< Discord's own id of the person; 0: none
  AccountId alias_of{};       ///< a guest who turned out to be this account; nobody: it stands for itself
  AccountId maker{};          ///< of a service account: who made it
  AccountId charged{};        ///< whose charges it uses, so that bots multiply nobody's; nobody: its own
  std::uint32_t version = 1;
  bool operator==(const AccountRecord&) const = default;
  AccountInfo info() const { return {id, name, kind, role}; }
  AccountId whose_charges() const { return charged == nobody ? id : charged; }
  bool is_banned(WallTime now) const { return banned_until && *banned_until > now; }
};

/// SHA-256 of a session's token; the token itself is never kept.
using TokenHash = std::array<std::uint8_t, 32>;

enum class SessionKind : std::uint8_t {
  Person,     ///< a signed-in device
  Service,    ///< a bot's token
  OwnerLink,  ///< the secret of the one-time link that makes an owner; signs nobody in
};
inline constexpr std::uint8_t session_kind_count = 3;

/// What a token may be used for. A person's may be used for all.
enum class Scope : std::uint8_t {
  Read = 1,    ///< what only signed-in accounts may read
  Place = 2,   ///< placing, undo and redo
  Manage = 4,  ///< what the account's role lets staff do
};
inline constexpr std::uint8_t all_scopes = 7;

/// Of what does not expire: the last moment that RFC 3339 can tell.
inline constexpr WallTime never_expires{253'402'300'799'999};

struct SessionRecord {
  TokenHash hash{};
  AccountId account{};
  WallTime created{};
  WallTime expires{};
  WallTime used{};    ///< to within a day
  SessionKind kind = SessionKind::Person;
  std::uint8_t scopes = all_scopes;  ///< bits of `Scope`
  std::string label;                 ///< the device as its owner knows it: 'Firefox on Linux'
  bool operator==(const SessionRecord&) const = default;
};

/// What an account is on one canvas, where that is more than it is on the whole server.
struct CanvasRole {
  std::string canvas;  ///< its name; empty: the default one, which is told by its name as well
  Role role{};
  bool operator==(const CanvasRole&) const = default;
};

/// An account that gave a canvas's code, or accepted an invitation to it.
struct JoinRecord {
  CanvasId canvas{};
  AccountId account{};
  bool operator==(const JoinRecord&) const = default;
};

/// Lets whoever has its token join a canvas, or gives a role, or both. The token itself is never kept.
struct InviteRecord {
  InviteId id{};
  TokenHash hash{};
  std::optional<CanvasId> canvas;
  Role role = Role::Guest;            ///< given where it is higher than the account's; Guest: none
  std::optional<std::uint32_t> uses;  ///< left; absent: any number
  std::optional<WallTime> expires;
  AccountId maker{};
  WallTime created{};
  bool operator==(const InviteRecord&) const = default;
};

/// A tile's picture and the seq of its last placement.
struct TileAt {
  TileIndex tile;
  Seq seq = 0;
  TilePicture picture;
};

}  // namespace tessera
