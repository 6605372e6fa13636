#pragma once

#include "server/http/services.h"

namespace tessera {

/// Most dots of one picture, and most cells of one bitmap.
inline constexpr std::uint64_t most_picture_dots = 1u << 25;
inline constexpr std::uint64_t largest_scale = 64;

/// Answers with the canvas of `call` as a PNG; parameters `at`, `region` and `scale` where the route has them.
void answer_picture(const HttpServices& services, const CallPtr& call);
/// Answers with all its indices, gzipped, and the headers X-Tessera-Seq and X-Tessera-Epoch.
void answer_bitmap(const HttpServices& services, const CallPtr& call);

}  // namespace tessera
