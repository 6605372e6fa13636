#pragma once

#include <optional>
#include <string>

#include "server/core/opening.h"
#include "server/core/ports.h"
#include "shared/base/random.h"
#include "shared/base/result.h"

namespace tessera {

/// The account of TESSERA_OWNER_TOKEN, made where the store has none: one of its own, whatever people own the server beside it.
/// Before anything else writes to the store.
Result<AccountRecord> find_or_make_owner(Store& store, WallTime now);

/// The one-time link that makes its visitor the owner: the secret is told once, the store keeps its hash alone.
struct OwnerLink {
  std::string secret;
  SessionRecord session;
};

/// Nothing where there is an owner, or a link that nobody used yet.
std::optional<OwnerLink> make_owner_link(const Opening& opening, RandomSource& random, WallTime now);

/// What the first start prints; `url`: how people reach the server.
std::string owner_link_text(const OwnerLink& link, const std::string& url);

}  // namespace tessera
