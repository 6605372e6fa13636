#pragma once

#include <optional>

#include "server/core/records.h"

namespace tessera {

/// Moderators, admins and the owner.
constexpr bool is_staff(Role role) { return role >= Role::Moderator; }

/// What an account may do on a canvas: the one place that decides. Borrows both for its own short life.
class Permissions {
 public:
  /// `account` null: not signed in. `joined`: it gave the canvas's code, or accepted an invitation to it.
  Permissions(const AccountRecord* account, const CanvasRecord& canvas, WallTime now, bool joined = false)
      : account_(account), canvas_(canvas), now_(now), joined_(joined) {}

  /// Why nothing may be placed, whatever the cell and the charges; nothing where placing is allowed.
  std::optional<Refusal> refuses_placing() const;

 private:
  const AccountRecord* account_;
  const CanvasRecord& canvas_;
  WallTime now_;
  bool joined_;

  bool may_enter() const;
};

}  // namespace tessera
