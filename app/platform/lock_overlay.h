#pragma once

#include "app/model/model.h"

struct ImDrawList;

namespace tessera {

/// The locks that are in view, hatched within a thin line; paler where one may draw all the same. And the rectangle that
/// is being drawn with the lock tool, or edited. However many locks there are, this adds no more than some ten thousand
/// vertices.
void draw_locks(ImDrawList& list, const Model& model);

}  // namespace tessera
