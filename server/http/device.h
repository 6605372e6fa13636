#pragma once

#include <string>

#include "server/core/http.h"

namespace tessera {

/// The device that a request comes from, for the list of one's sessions: 'Firefox on Linux'. Made of words of ours alone, never of
/// what was sent; empty where the `User-Agent` tells nothing that is known.
std::string device_label(const HttpRequest& request);

}  // namespace tessera
