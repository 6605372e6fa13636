#pragma once

#include "server/core/hub.h"
#include "server/core/ports.h"
#include "server/http/call.h"

namespace tessera {

/// A canvas as it was.
struct PastCanvas {
  CanvasRecord record;
  Seq seq = 0;
};

/// The record and seq at `at`: just after that placement and before later events; or at that time, with the events up to it. Nothing
/// where the canvas was not there yet, or has not come so far. `now` is the canvas as it is.
Result<std::optional<PastCanvas>> canvas_at(StoreReader& reader, const CanvasView& now, const PointInTime& at);

/// Its cells within `region`, row by row.
Result<std::vector<ColorIndex>> cells_at(StoreReader& reader, const PastCanvas& canvas, Rect region);

}  // namespace tessera
