#include <algorithm>

#include "app/model/turn.h"

namespace tessera {
namespace {

constexpr std::size_t most_pulses = 16;
constexpr Duration pulse_time{400'000};
constexpr Duration ask_again_time{1'000'000};
constexpr Duration worth_telling{10'000'000};

/// As many as there are charges for go out in one request; the reason is that of the first cell left behind.
struct Sorted {
  std::vector<CellColor> ready;
  std::optional<Obstacle> obstacle;
  std::optional<Cell> locked;  ///< the first that a lock keeps one from
};

Sorted sort_out(const Model& model, std::span<const CellColor> cells) {
  Sorted sorted;
  const ChargesNow charges = charges_now(model);
  for (const CellColor& placement : cells) {
    std::optional<Obstacle> obstacle = may_place(model, placement.cell);
    const bool spent = !charges.unlimited && charges.charges > 0 && sorted.ready.size() >= charges.charges;
    if (!obstacle && spent) obstacle = Obstacle::TooSoon;
    if (obstacle == Obstacle::Locked && !sorted.locked) sorted.locked = placement.cell;
    if (!obstacle && sorted.ready.size() < limits::cells_per_request) {
      sorted.ready.push_back(placement);
    } else if (!sorted.obstacle) {
      sorted.obstacle = obstacle;
    }
  }
  return sorted;
}

void spend(Model& model, std::uint32_t count) {
  const ChargesNow now = charges_now(model);
  if (now.unlimited) return;
  ChargeState& known = model.charge_clock.known;
  known.charges = now.charges > count ? now.charges - count : 0;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(now.next).count();
  known.next_ms = left > 0 ? static_cast<std::uint32_t>(left) : known.refill_ms;
  model.charge_clock.at = model.now;
}

void tell_taken_back(Turn& turn, const Settled& settled) {
  const Language tongue = language(turn.model);
  const std::size_t count = settled.taken_back.size();
  if (count == 0) return;
  if (settled.unknown) {
    return turn.tell(Level::Warn, plural(tongue, count, Text::TakenBackLostOne, Text::TakenBackLostMany));
  }
  const TakenBack& first = settled.taken_back.front();
  Phrase phrase = plural(tongue, count, Text::TakenBackOne, Text::TakenBackMany);
  const LockInfo* lock = first.reason == Refusal::Locked ? lock_against(turn.model, first.placement.cell) : nullptr;
  phrase.values.push_back(translate(tongue, lock ? explain(turn.model, *lock) : Phrase{why(first.reason), {}}));
  turn.tell(Level::Warn, std::move(phrase));
}

}  // namespace

void take_charges(Turn& turn, const ChargeState& charges) {
  turn.model.charge_clock = {charges, turn.now()};
  spend(turn.model, static_cast<std::uint32_t>(turn.model.replica.cells_unanswered()));
}

void use_tool(Turn& turn, Cell cell) {
  Model& model = turn.model;
  if (marks_report(model)) return frame_corner(turn, cell);
  switch (model.tool.tool) {
    case Tool::Pencil: {
      const CellColor placement{cell, model.tool.color};
      return place_cells(turn, {&placement, 1});
    }
    case Tool::Eyedropper: {
      const ColorIndex color = model.replica.shown(cell);
      if (!model.palette.contains(color)) return;
      model.tool = {Tool::Pencil, color};
      return;
    }
    case Tool::Inspect:
      return inspect(turn, cell);
    case Tool::Lock:
      return lock_corner(turn, cell);
    case Tool::Hand:
      return;
  }
}

void place_cells(Turn& turn, std::span<const CellColor> cells) {
  Model& model = turn.model;
  if (cells.empty()) return;
  const Sorted sorted = sort_out(model, cells);
  if (sorted.locked) tell_locked(turn, *lock_against(model, *sorted.locked));
  if (sorted.ready.empty()) {
    if (sorted.obstacle && !sorted.locked) turn.tell(Level::Warn, explain(model, *sorted.obstacle));
    return;
  }
  if (missing(model)) return open_sign_in(turn, sorted.ready);

  Place message{RequestId{turn.moment.random.next_u64()}, {}};
  for (const CellColor& placement : sorted.ready) {
    message.cells.push_back({placement.cell.x, placement.cell.y, placement.color});
    model.pulses.push_back({placement.cell, turn.now()});
  }
  if (model.pulses.size() > most_pulses) model.pulses.erase(model.pulses.begin(), model.pulses.end() - most_pulses);
  spend(model, static_cast<std::uint32_t>(sorted.ready.size()));
  model.replica.place(message.request, sorted.ready);
  note_placing(model, message.request);
  turn.send(std::move(message));
}

void inspect(Turn& turn, Cell cell) {
  Model& model = turn.model;
  model.drawer = Drawer::Cell;
  model.cell = {};
  model.cell.open = true;
  model.cell.cell = cell;
  model.cell.color = model.replica.shown(cell);
  model.cell.asked_at = turn.now();
  model.cell.loading = turn.live();
  model.cell.failed = !turn.live();
  if (turn.live()) turn.send(tessera::Inspect{cell.x, cell.y});
}

void inspected(Turn& turn, const Inspected& message) {
  CellDrawer& drawer = turn.model.cell;
  if (!drawer.open || drawer.cell != Cell{message.x, message.y}) return;
  drawer.loading = drawer.failed = false;
  drawer.color = message.color;
  drawer.items = message.items;
}

void select_color(Turn& turn, ColorIndex color) {
  Model& model = turn.model;
  if (!model.palette.allows(color)) return;
  model.tool.color = color;
  if (model.tool.tool == Tool::Eyedropper) model.tool.tool = Tool::Pencil;
}

void step_color(Turn& turn, int direction) {
  Model& model = turn.model;
  const auto count = static_cast<int>(model.palette.size());
  int index = model.tool.color;
  for (int tries = 0; tries < count; ++tries) {
    index = (index + (direction < 0 ? count - 1 : 1)) % count;
    if (model.palette.allows(static_cast<ColorIndex>(index))) break;
  }
  select_color(turn, static_cast<ColorIndex>(index));
}

void answered(Turn& turn, const PlaceResult& result) {
  const Settled settled = turn.model.replica.receive(result);
  take_charges(turn, result.charges);
  for (const TakenBack& taken : settled.taken_back) {
    std::erase_if(turn.model.pulses, [&](const Pulse& pulse) { return pulse.cell == taken.placement.cell; });
  }
  tell_taken_back(turn, settled);
  note_placed(turn, result);
}

void tick_tools(Turn& turn) {
  Model& model = turn.model;
  std::erase_if(model.pulses, [&](const Pulse& pulse) { return turn.now() - pulse.since >= pulse_time; });
  CellDrawer& drawer = model.cell;
  const bool ask = drawer.open && drawer.stale && !drawer.loading && turn.live();
  if (!ask || turn.now() - drawer.asked_at < ask_again_time) return;
  drawer.stale = false;
  drawer.asked_at = turn.now();
  turn.send(tessera::Inspect{drawer.cell.x, drawer.cell.y});
}

void tick_charges(Turn& turn) {
  Model& model = turn.model;
  const ChargesNow charges = charges_now(model);
  if (!turn.live() || charges.unlimited || !model.may_place) {
    model.not_full_since.reset();
    return;
  }
  if (charges.charges < charges.max) {
    if (!model.not_full_since) model.not_full_since = turn.now();
    return;
  }
  const auto since = std::exchange(model.not_full_since, std::nullopt);
  // What fills again while one looks is no news.
  if (!since || turn.now() - *since < worth_telling || !model.settings.notify) return;
  const Language tongue = language(model);
  turn.emit(effect::Notify{model.canvas.name, translate(tongue, plural(tongue, charges.max, Text::FullAgainOne, Text::FullAgainMany))});
}

}  // namespace tessera
