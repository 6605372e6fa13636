#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

/// What staff tell one person, and that person has to have read.
namespace tessera {

enum class NoticeKind : std::uint8_t { Warning, Ban };

struct StaffNotice {
  NoticeKind kind{};
  std::string server;  ///< its name: whose staff may be asked
  std::string words;   ///< may be empty for a ban
  std::optional<WallTime> until = {};  ///< of a ban; nothing: for good
};

/// One after the other, the oldest first: each stays, whatever becomes of the connection, until it was said to be understood.
struct NoticeQueue {
  std::vector<StaffNotice> waiting;
  TimePoint shown_at{};  ///< the first of them
  /// So long it cannot be put away: a click that was meant for the canvas does not count.
  static constexpr Duration least_time{1'000'000};
  static constexpr std::size_t most = 32;
};

}  // namespace tessera
