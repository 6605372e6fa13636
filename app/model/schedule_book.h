#pragma once

#include <string>
#include <utility>
#include <vector>

#include "shared/protocol/parts.h"

namespace tessera {

/// What will happen on the canvas by itself, as the server told it. What will be announced is nobody's to know before its
/// time: that is not kept.
struct ScheduleBook {
  std::vector<ScheduleInfo> entries;  ///< by time, then id
  /// Whose countdown was put away, with their servers; for as long as the app runs.
  std::vector<std::pair<std::string, ScheduleId>> put_away;
};

}  // namespace tessera
