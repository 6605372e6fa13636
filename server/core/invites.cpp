#include "server/core/invites.h"

#include <algorithm>

namespace tessera {

const InviteRecord* Invites::find(InviteId id) const {
  const auto found = invites_.find(id);
  return found == invites_.end() ? nullptr : &found->second;
}

const InviteRecord* Invites::find(const TokenHash& token) const {
  const auto found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : find(found->second);
}

void Invites::put(const InviteRecord& invite) {
  last_id_ = std::max(last_id_, static_cast<std::uint32_t>(invite.id));
  by_token_.insert_or_assign(invite.hash, invite.id);
  invites_.insert_or_assign(invite.id, invite);
}

void Invites::end(InviteId id) {
  const auto found = invites_.find(id);
  if (found == invites_.end()) return;
  by_token_.erase(found->second.hash);
  invites_.erase(found);
}

}  // namespace tessera
