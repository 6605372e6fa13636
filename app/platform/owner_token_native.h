#pragma once

#include <string>

#include "shared/base/random.h"

namespace tessera {

/// The bearer token that makes whoever runs this app the owner of the server it hosts: 256 random bits in hexadecimal, in a
/// file `owner-token` of the folder where that server stores its canvases, which only its user may read. Drawn anew where
/// there is none or it cannot be one. Empty where it cannot be kept: nobody is made an owner then.
std::string owner_token(const std::string& folder, RandomSource& random);

}  // namespace tessera
