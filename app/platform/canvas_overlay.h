#pragma once

#include "app/model/model.h"

struct ImDrawList;

namespace tessera {

/// What lies over the cells and under the panels: the canvas's edge, its locks, the marker, the pulse of one's own placements.
void draw_canvas_overlay(ImDrawList& list, const Model& model);

}  // namespace tessera
