#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/ui/focus.h"
#include "app/ui/transitions.h"

namespace tessera {

/// What the interface itself remembers from frame to frame, and the model need not know.
struct UiState {
  Focus focus;
  Transitions transitions;
  /// The small pictures of the list of canvases, by their names: the renderer's textures.
  std::map<std::string, std::uintptr_t, std::less<>> pictures;
  int color_seen = -1;  ///< the palette scrolls to another one that was chosen
};

}  // namespace tessera
