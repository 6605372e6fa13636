#pragma once

#include "server/core/ports.h"
#include "shared/base/result.h"

namespace tessera {

/// The owner's account, made where the store has none. Before anything else writes to the store.
Result<AccountRecord> find_or_make_owner(Store& store, WallTime now);

}  // namespace tessera
