#pragma once

#include <map>
#include <unordered_map>

#include "server/core/sessions.h"

namespace tessera {

/// Every invitation, by id and by the hash of its token. Belongs to the room loop. One that is used up or expired stays until
/// it is ended, so that whoever comes late is told so.
class Invites {
 public:
  const InviteRecord* find(InviteId id) const;
  const InviteRecord* find(const TokenHash& token) const;
  void put(const InviteRecord& invite);
  void end(InviteId id);
  /// A number that was never given out.
  InviteId new_id() { return InviteId{++last_id_}; }
  const std::map<InviteId, InviteRecord>& all() const { return invites_; }

  static bool is_open(const InviteRecord& invite, WallTime now) {
    return (!invite.uses || *invite.uses > 0) && (!invite.expires || *invite.expires > now);
  }

 private:
  std::map<InviteId, InviteRecord> invites_;
  std::unordered_map<TokenHash, InviteId, HashOfTokenHash> by_token_;
  std::uint32_t last_id_ = 0;
};

}  // namespace tessera
