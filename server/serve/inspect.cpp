#include "server/serve/inspect.h"

#include "server/core/standing.h"

namespace tessera {
namespace {

using InspectReply = std::function<void(Result<Inspected, Refused>)>;

Refused refused(Refusal reason, std::string detail) {
  Refused message;
  message.reason = reason;
  message.detail = std::move(detail);
  return message;
}

Result<Inspected> inspect(StoreReader& reader, CanvasId canvas, Cell cell) {
  const auto newest = reader.history(canvas, cell, limits::history_items);
  if (!newest) return newest.error();
  const std::vector<Placement> placements = left_of(*newest);
  std::vector<AccountId> accounts;
  for (const Placement& placement : placements) accounts.push_back(placement.account);
  const auto names = reader.names(accounts);
  if (!names) return names.error();

  Inspected answer{.x = cell.x, .y = cell.y, .color = empty_color, .items = {}};
  for (std::size_t i = 0; i < placements.size(); ++i) {
    const Placement& placement = placements[i];
    answer.items.push_back({.color = placement.color,
                            .seq = placement.seq,
                            .time_ms = static_cast<std::uint64_t>(ms(placement.time)),
                            .account = (*names)[i].account,
                            .name = (*names)[i].name});
  }
  if (newest->size() < limits::history_items) {  // the history goes back to the base picture
    const auto base = reader.tile_at(canvas, tile_of(cell), 0);
    if (!base) return base.error();
    const ColorIndex color = base->picture ? (*base->picture)[offset_of(cell)] : empty_color;
    if (color != empty_color) answer.items.push_back({.color = color, .seq = 0, .time_ms = 0, .account = nobody, .name = {}});
  }
  if (!newest->empty()) answer.color = newest->front().color;
  else if (!answer.items.empty()) answer.color = answer.items.front().color;
  return answer;
}

}  // namespace

Inspector make_inspector(Readers& readers) {
  return [&readers](CanvasId canvas, Cell cell, InspectReply reply) {
    const auto shared = std::make_shared<InspectReply>(std::move(reply));
    const bool posted = readers.post([canvas, cell, shared](StoreReader& reader) {
      auto answer = inspect(reader, canvas, cell);
      if (answer) (*shared)(std::move(*answer));
      else (*shared)(refused(Refusal::Busy, "the store cannot be read: " + answer.error().message));
    });
    if (!posted) (*shared)(refused(Refusal::Busy, "too much is waiting; try again in a second"));
  };
}

}  // namespace tessera
