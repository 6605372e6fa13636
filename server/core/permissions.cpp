#include "server/core/permissions.h"

namespace tessera {

std::optional<Refusal> Permissions::refuses_placing() const {
  if (canvas_.archived) return Refusal::Archived;
  if (account_ == nullptr) return Refusal::NotSignedIn;
  if (account_->banned_until && *account_->banned_until > now_) return Refusal::Banned;
  if (account_->kind == AccountKind::Imported) return Refusal::Forbidden;
  if (account_->role == Role::Guest && !canvas_.policy.guests) return Refusal::Forbidden;
  if (canvas_.paused && !is_staff(account_->role)) return Refusal::Paused;
  return std::nullopt;
}

}  // namespace tessera
