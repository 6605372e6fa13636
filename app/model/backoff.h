#pragma once

#include <cstdint>

#include "shared/base/clock.h"
#include "shared/base/random.h"

namespace tessera {

/// How long to wait before trying again after `failed` attempts in a row (1 …): 0.5 s, 1, 2 … at most 15, of which a
/// random half is left out, so that those whom one cut disconnected do not all come back at once.
Duration retry_delay(std::uint32_t failed, RandomSource& random);

}  // namespace tessera
