#pragma once

#include <memory>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/geometry.h"

namespace tessera {

/// Bytes as they go on the wire, held by every queue that has yet to send them. Immutable once more than one holds it.
struct Frame {
  Bytes own;                            ///< sent first: a header, or all of it
  std::shared_ptr<const Bytes> shared;  ///< sent after it, where there is more
  std::vector<TileIndex> tiles;         ///< of a `Deltas`: those it changes

  std::size_t size() const { return own.size() + (shared ? shared->size() : 0); }
};
using FramePtr = std::shared_ptr<const Frame>;

inline FramePtr make_frame(Bytes own) { return std::make_shared<const Frame>(Frame{std::move(own), nullptr, {}}); }

}  // namespace tessera
