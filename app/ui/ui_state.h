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
  /// Small pictures as the renderer's textures: of the list of canvases by their names, of the staff panel by `image_name`.
  std::map<std::string, std::uintptr_t, std::less<>> pictures;
  /// Which row of a table the keyboard is on, by the table's ImGui id.
  std::map<unsigned, std::size_t> table_rows;
  int color_seen = -1;  ///< the palette scrolls to another one that was chosen
};

}  // namespace tessera
