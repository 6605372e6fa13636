#pragma once

#include <array>
#include <optional>

#include "server/core/records.h"

namespace tessera {

/// Moderators, admins and the owner.
constexpr bool is_staff(Role role) { return role >= Role::Moderator; }

/// What staff may do.
enum class Permission : std::uint8_t {
  LockCells,     ///< make, change and lift locks
  Announce,      ///< make, change and withdraw announcements
  RollBack,      ///< preview, apply, undo and redo rollbacks
  ReadAudit,     ///< search, follow, export and check the audit log
  FindPeople,    ///< find accounts, see what staff see of them
  Ban,           ///< warn, ban, lift bans, write notes: on those of a lower role
  Invite,        ///< make invitations, to roles below one's own
  PauseCanvas,   ///< pause and resume
  ChangeCanvas,  ///< create, resize, palette, policy, access, archive
  ChangeRoles,   ///< give roles below one's own, on a canvas or on the whole server
  RunEvents,     ///< schedule what happens on a canvas, take snapshots of it, reset it and restore it to one
  HandleReports, ///< see, claim, resolve and dismiss reports
  SeeServer,     ///< see how the server fares: its figures, now and over the last day
  SeeSettings,   ///< see the settings that it runs with
};
inline constexpr std::size_t permission_count = 14;

/// The least role that has each permission; those above have it too.
inline constexpr std::array<Role, permission_count> least_roles{
    /* LockCells    */ Role::Moderator,
    /* Announce     */ Role::Moderator,
    /* RollBack     */ Role::Moderator,
    /* ReadAudit    */ Role::Moderator,
    /* FindPeople   */ Role::Moderator,
    /* Ban          */ Role::Moderator,
    /* Invite       */ Role::Moderator,
    /* PauseCanvas  */ Role::Admin,
    /* ChangeCanvas */ Role::Admin,
    /* ChangeRoles  */ Role::Admin,
    /* RunEvents    */ Role::Admin,
    /* HandleReports */ Role::Moderator,
    /* SeeServer    */ Role::Moderator,
    /* SeeSettings  */ Role::Admin,
};
constexpr bool has_permission(Role role, Permission permission) {
  return role >= least_roles[static_cast<std::size_t>(permission)];
}

/// An account's role on a canvas: the higher of its own and the one granted to it there. Whatever staff do with one canvas is decided by
/// it; what concerns the whole server, by the account's own.
constexpr Role role_on(Role own, std::optional<Role> granted) { return granted && *granted > own ? *granted : own; }

/// Who may place on a canvas: the one place that decides. Borrows both for its own short life.
class Permissions {
 public:
  /// `account` null: not signed in. `role`: the one it has on this canvas. `joined`: it gave the canvas's code, or accepted an
  /// invitation to it.
  Permissions(const AccountRecord* account, Role role, const CanvasRecord& canvas, WallTime now, bool joined = false)
      : account_(account), role_(role), canvas_(canvas), now_(now), joined_(joined) {}

  /// Why nothing may be placed, whatever the cell and the charges; nothing where placing is allowed.
  std::optional<Refusal> refuses_placing() const;

 private:
  const AccountRecord* account_;
  Role role_;
  const CanvasRecord& canvas_;
  WallTime now_;
  bool joined_;

  bool may_enter() const;
};

}  // namespace tessera
