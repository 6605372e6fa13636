#include "server/storage/write_rules.h"

#include <string>

namespace tessera {
namespace {

std::string named(CanvasId canvas) { return "canvas " + std::to_string(static_cast<std::uint32_t>(canvas)); }

Status advance(CanvasHead& head, const Batch& batch) {
  for (const Placement& placement : batch.placements) {
    if (placement.seq != head.last_seq + 1)
      return Error{named(batch.canvas) + ": placement " + std::to_string(placement.seq) +
                   " does not follow the last one, " + std::to_string(head.last_seq)};
    if (ms(placement.time) < ms(head.last_time))
      return Error{named(batch.canvas) + ": the time of placement " + std::to_string(placement.seq) +
                   " is before that of the one before"};
    head = {placement.seq, placement.time};
  }
  return {};
}

}  // namespace

Result<CanvasHeads> heads_after(const WriteSet& set, const CanvasHeads& before) {
  CanvasHeads after;
  const auto find = [&](CanvasId canvas) -> CanvasHead* {
    if (const auto changed = after.find(canvas); changed != after.end()) return &changed->second;
    const auto known = before.find(canvas);
    return known == before.end() ? nullptr : &after.emplace(canvas, known->second).first->second;
  };
  for (const CanvasRecord& record : set.canvases)
    if (find(record.id) == nullptr) after.emplace(record.id, CanvasHead{});
  for (const auto& [canvas, event] : set.events)
    if (find(canvas) == nullptr) return Error{named(canvas) + " does not exist: no event can be stored for it"};
  for (const auto& batch : set.batches) {
    CanvasHead* head = find(batch->canvas);
    if (head == nullptr) return Error{named(batch->canvas) + " does not exist: no placement can be stored on it"};
    if (Status status = advance(*head, *batch); !status) return status.error();
  }
  for (const TileCheckpoint& checkpoint : set.checkpoints) {
    const CanvasHead* head = find(checkpoint.canvas);
    if (head == nullptr) return Error{named(checkpoint.canvas) + " does not exist: no checkpoint can be stored for it"};
    if (checkpoint.picture == nullptr || checkpoint.seq > head->last_seq)
      return Error{named(checkpoint.canvas) + ": a checkpoint needs a picture, and a seq that the canvas has reached"};
  }
  return after;
}

}  // namespace tessera
