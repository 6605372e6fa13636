#pragma once

#include <deque>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/ids.h"

namespace tessera {

/// What one may take back: the newest strokes, each with how many of its placements are stored. A stroke is what was placed from one
/// press to its release.
struct Stroke {
  std::uint64_t number = 0;
  std::uint32_t count = 0;
  TimePoint at{};  ///< of the newest answer
};

enum class UndoKind : std::uint8_t { Undo, Redo };

struct UndoBook {
  static constexpr std::size_t most_waiting = 8;

  Duration window = std::chrono::seconds{60};  ///< how long a stroke can be taken back, as far as the server has said
  std::uint64_t stroke = 0;  ///< the number of the newest
  std::vector<Stroke> done, undone;
  /// Which stroke an unanswered request belongs to.
  std::vector<std::pair<RequestId, std::uint64_t>> requests;
  std::deque<UndoKind> waiting;  ///< pressed, but something has to be answered first
  struct Asked {
    RequestId request{};
    UndoKind kind{};
    Stroke stroke;
  };
  std::optional<Asked> asked;
};

}  // namespace tessera
