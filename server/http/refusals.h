#pragma once

#include <cstdint>
#include <string_view>

#include "shared/protocol/refusal.h"

/// How refusals of placing are told by HTTP.
namespace tessera {

/// For a person.
std::string_view sentence(Refusal reason);
/// Where a whole request was refused for it.
unsigned status_of(Refusal reason);
/// As `Retry-After` tells it: rounded up, at least 1.
std::uint32_t seconds_of(std::uint32_t milliseconds);

}  // namespace tessera
