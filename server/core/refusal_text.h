#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/clock.h"
#include "shared/protocol/refusal.h"

/// Refusals of placing as HTTP and JSON connections tell them to people.
namespace tessera {

std::string_view sentence(Refusal reason);

/// To a banned account: the reason, and the appeal behind it, where staff gave one, and `until` where it ends at all.
std::string banned_sentence(std::string_view reason, std::optional<WallTime> until = std::nullopt);

}  // namespace tessera
