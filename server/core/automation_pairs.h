#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "server/core/automation.h"

/// What the marks of one account, and of two together, tell of a template.
namespace tessera {

/// How far the steps from stroke to stroke go on as one reads: along the row, then to a later one; or so by columns, or backwards.
struct Scan {
  double share = 0;  ///< 0.5 is what chance makes
  std::size_t steps = 0;
  bool by_rows = true;

  double value() const { return steps < 50 ? 0 : std::clamp((share - 0.75) / 0.2, 0.0, 1.0); }
};
Scan scan_of(std::span<const Mark> strokes);

/// An account with enough marks; borrows them.
struct Painter {
  std::span<const Mark> marks;  ///< by time
  std::vector<Mark> strokes;    ///< the first mark of each
  Scan scan{};
};

/// Who draws the same template as an account.
struct Partners {
  double value = 0;  ///< 0: nobody
  double alike = 0;  ///< cells that both drew in the same colour, of those of the one with fewer
  double order = 0;  ///< how far both drew them in the same order; where they take turns: how far both together go on reading
  bool takes_turns = false;
  std::vector<AccountId> accounts{};  ///< at most 10
};

/// Of each drawer. Looks at the pairs that have cells alike, and at those of the drawers with most marks that read.
std::vector<Partners> find_partners(const std::vector<Painter>& drawers);

}  // namespace tessera
