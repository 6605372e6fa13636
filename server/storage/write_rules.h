#pragma once

#include <map>

#include "server/core/ports.h"
#include "server/storage/record_codec.h"

namespace tessera {

using CanvasHeads = std::map<CanvasId, CanvasHead>;

/// What every store asks of a write, whatever it keeps it in: the canvas exists, seqs go on from the last one without
/// gaps, times never fall, a checkpoint has a picture and is not ahead of its canvas. Answers the heads of the canvases
/// that the write changes, or why it is refused.
Result<CanvasHeads> heads_after(const WriteSet& set, const CanvasHeads& before);

}  // namespace tessera
