#pragma once

#include "server/core/readers.h"
#include "server/net/net_server.h"

namespace tessera {

/// Who drew a cell, for the app's `Inspect`: from the readers, which it borrows.
Inspector make_inspector(Readers& readers);

}  // namespace tessera
