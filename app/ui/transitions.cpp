#include "app/ui/transitions.h"

#include <algorithm>
#include <utility>

#include "app/ui/theme.h"

namespace tessera {
namespace {

/// Dear ImGui measures a new panel in its first frame without showing it, and what is inside in the second.
constexpr int frames_to_settle = 3;

}  // namespace

float Transitions::entered(unsigned id, double time, bool still) {
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& other) { return other.id == id; });
  if (entry == entries_.end()) entry = entries_.insert(entry, {id, time, 0, false});
  if (!std::exchange(entry->drawn, true)) ++entry->frames;
  if (still) return 1;
  const double left = 1 - std::clamp((time - entry->since) / measure::motion, 0.0, 1.0);
  return static_cast<float>(1 - left * left * left);
}

bool Transitions::end_frame(double time, bool still) {
  // Where something was, others may want to move to.
  const bool gone = std::erase_if(entries_, [](const Entry& entry) { return !entry.drawn; }) > 0;
  bool moving = std::exchange(unsettled_, false) || gone;
  for (Entry& entry : entries_) {
    entry.drawn = false;
    moving |= entry.frames < frames_to_settle || (!still && time - entry.since < measure::motion);
  }
  return moving;
}

}  // namespace tessera
