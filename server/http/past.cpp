#include "server/http/past.h"

#include <algorithm>

namespace tessera {
namespace {

/// The newest event for which `counts` holds; the first one's record where none does and `now` has none before it.
const CanvasEvent* newest(const std::vector<CanvasEvent>& events, auto counts) {
  const CanvasEvent* found = nullptr;
  for (const CanvasEvent& event : events)
    if (counts(event)) found = &event;
  return found;
}

Result<std::optional<PastCanvas>> after_seq(const std::vector<CanvasEvent>& events, const CanvasView& now, Seq seq) {
  if (seq > now.seq) return std::optional<PastCanvas>{};
  // An event after placement `seq` is later than the state asked for; those at seq 0 made the canvas.
  const CanvasEvent* event = newest(events, [&](const CanvasEvent& each) { return each.after_seq < seq; });
  if (!event && !events.empty()) event = &events.front();
  return std::optional(PastCanvas{event ? event->record : now.record, seq});
}

}  // namespace

Result<std::optional<PastCanvas>> canvas_at(StoreReader& reader, const CanvasView& now, const PointInTime& at) {
  const auto events = reader.events(now.record.id);
  if (!events) return events.error();
  if (const Seq* seq = std::get_if<Seq>(&at)) return after_seq(*events, now, *seq);
  const WallTime time = std::get<WallTime>(at);
  if (time < now.record.created) return std::optional<PastCanvas>{};
  const auto seq = reader.seq_at(now.record.id, time);
  if (!seq) return seq.error();
  const CanvasEvent* event = newest(*events, [&](const CanvasEvent& each) { return each.time <= time; });
  return std::optional(PastCanvas{event ? event->record : now.record, std::min(*seq, now.seq)});
}

Result<std::vector<ColorIndex>> cells_at(StoreReader& reader, const PastCanvas& canvas, Rect region) {
  std::vector<ColorIndex> cells(std::size_t{region.width} * region.height, empty_color);
  for (std::uint32_t ty = region.y / tile_side; ty * tile_side < region.bottom(); ++ty) {
    for (std::uint32_t tx = region.x / tile_side; tx * tile_side < region.right(); ++tx) {
      const TileIndex index{static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)};
      auto tile = reader.tile_at(canvas.record.id, index, canvas.seq);
      if (!tile) return tile.error();
      if (!tile->picture) continue;
      const Rect part = Rect{tx * tile_side, ty * tile_side, tile_side, tile_side}.intersect(region);
      for (std::uint32_t y = part.y; y < part.bottom(); ++y) {
        const ColorIndex* from = tile->picture->cells.data() + std::size_t{y % tile_side} * tile_side + part.x % tile_side;
        std::copy_n(from, part.width, cells.data() + std::size_t{y - region.y} * region.width + (part.x - region.x));
      }
    }
  }
  return cells;
}

}  // namespace tessera
