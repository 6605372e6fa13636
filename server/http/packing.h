#pragma once

#include "server/core/http.h"
#include "server/core/workers.h"

namespace tessera {

/// Answers that are text, from 1 KB on, leave gzipped where the request takes that, and say `Vary`; all others as they are. It is
/// done on a worker, since answers come from the room loop too; where too much waits there, the text goes plain.
HttpHandler::Respond packed_for(const HttpRequest& request, Workers& workers, HttpHandler::Respond respond);

}  // namespace tessera
