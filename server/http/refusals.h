#pragma once

#include <cstdint>
#include <string_view>

#include "server/http/call.h"
#include "shared/protocol/refusal.h"

/// How refusals are told by HTTP.
namespace tessera {

/// Where a whole request was refused for it.
unsigned status_of(Refusal reason);
/// A refusal that passes by itself: `Retry-After`, and to the millisecond `retry_after_ms`, where it is known (not 0). `more`: further members.
HttpResponse wait_problem(unsigned status, ProblemCode code, std::string_view detail, std::uint32_t wait_ms,
                          const nlohmann::ordered_json& more = nlohmann::ordered_json::object());

}  // namespace tessera
