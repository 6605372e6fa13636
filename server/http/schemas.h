#pragma once

#include "server/http/shapes.h"

namespace tessera {

/// The shapes of the API's values as JSON Schema, by name, for its document. What `shapes.h` writes holds to them.
Json schemas();

}  // namespace tessera
