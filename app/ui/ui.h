#pragma once

#include <cstdint>

#include "app/model/actions.h"
#include "app/model/model.h"
#include "app/ui/fonts.h"
#include "app/ui/ui_state.h"

namespace tessera {

/// The small picture of the whole canvas: the renderer's texture, 0 without one, and how much of it is used.
/// Transparent where nothing has been seen yet.
struct Overview {
  std::uintptr_t texture = 0;
  float right = 1;
  float bottom = 1;
};

/// Draws all that floats over the canvas, or the start screen, for one frame: between ImGui's NewFrame and Render.
/// Reads the model and pushes what the person asks for. `scale`: physical pixels to one unit. True: something of the
/// interface's own still moves, so that another frame should follow at once.
bool draw_ui(const Model& model, const Fonts& fonts, double scale, const Overview& overview, UiState& state,
             Actions& out);

}  // namespace tessera
