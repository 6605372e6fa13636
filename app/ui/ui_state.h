#pragma once

#include "app/ui/focus.h"
#include "app/ui/transitions.h"

namespace tessera {

/// What the interface itself remembers from frame to frame, and the model need not know.
struct UiState {
  Focus focus;
  Transitions transitions;
  int color_seen = -1;  ///< the palette scrolls to another one that was chosen
};

}  // namespace tessera
