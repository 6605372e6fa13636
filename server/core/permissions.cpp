#include "server/core/permissions.h"

namespace tessera {

/// As the canvas's access has it.
bool Permissions::may_enter() const {
  if (is_staff(role_)) return true;
  switch (canvas_.access) {
    case Access::Open: return true;
    case Access::Members: return role_ >= Role::Member;
    case Access::Code:
    case Access::Invited: return joined_;
  }
  return false;
}

std::optional<Refusal> Permissions::refuses_placing() const {
  if (canvas_.archived) return Refusal::Archived;
  if (account_ == nullptr) return Refusal::NotSignedIn;
  if (account_->is_banned(now_)) return Refusal::Banned;
  if (account_->kind == AccountKind::Imported) return Refusal::Forbidden;
  if (role_ == Role::Guest && !canvas_.policy.guests) return Refusal::Forbidden;
  if (!may_enter()) return canvas_.access == Access::Members ? Refusal::Forbidden : Refusal::NotJoined;
  if (canvas_.paused && !is_staff(role_)) return Refusal::Paused;
  return std::nullopt;
}

}  // namespace tessera
