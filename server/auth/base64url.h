#pragma once

#include <string>

#include "shared/base/bytes.h"

namespace tessera {

/// RFC 4648, section 5, without padding.
std::string base64url(ByteSpan bytes);

}  // namespace tessera
