#pragma once

#include <string>
#include <string_view>

#include "server/core/hub.h"
#include "shared/base/result.h"

namespace tessera {

/// Whether a canvas may have this size: each side within its bounds, and no more than `max_cells` in all; else what is wrong.
Status check_size(Size size, std::uint64_t max_cells);

/// Why a canvas cannot be changed so.
struct ChangeError {
  Refusal reason{};     ///< `TooLarge` for a size out of bounds, as of a canvas that is made; `Invalid` for all else
  std::string message;  ///< which part is wrong
};

/// The record as `change` makes it, its version one higher; the same record where nothing changes. Refused is a size out of
/// bounds, a palette that loses or recolours an entry, access by a code without one.
Result<CanvasRecord, ChangeError> changed_record(const CanvasRecord& record, const CanvasChange& change, std::uint64_t max_cells);

/// The rules as `change` makes them. An error says which part is wrong, as `policy.…`.
Result<Policy> changed_policy(const Policy& policy, const PolicyChange& change);

/// A canvas's code as it is kept and compared: in capitals (letter_case.h), without blanks and hyphens, as people read it aloud and
/// write it down. One that is stored is made plain again for comparing: it may have been kept while accented letters stayed small.
std::string plain_code(std::string_view code);

}  // namespace tessera
