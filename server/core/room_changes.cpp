// What a room does beside placing: undo and redo, and changes of the canvas itself.
#include <algorithm>
#include <cassert>

#include "server/core/permissions.h"
#include "server/core/room.h"

namespace tessera {

// ---- undo and redo ----

void Room::take_back(Asker asker, const AccountRecord* author, PlacementKind kind, RequestId request, std::uint32_t count,
                     Moment moment, RoomEvents& out) {
  assert(kind == PlacementKind::Undo || kind == PlacementKind::Redo);
  TakeBackRequest taking{.asker = asker, .kind = kind, .request = request, .count = count};
  if (author != nullptr) {
    taking.account = author->id;
    taking.charged = author->whose_charges();
    taking.role = role_of(*author);
  }
  if (const auto reason = refuses_placing(author, moment)) return answer(taking, reason, moment, out);
  if (count == 0 || count > limits::undo_count) return answer(taking, Refusal::TooLarge, moment, out);
  if (is_busy(0, moment.now) || take_backs_.size() >= settings_.max_take_backs)
    return answer(taking, Refusal::Busy, moment, out);
  if (must_wait(author->id)) {
    return wait(author->id, count, [this, asker, account = *author, kind, request, count](Moment then, RoomEvents& events) {
      take_back(asker, &account, kind, request, count, then, events);
    });
  }
  taking.after = flushes_ + (open_.placements.empty() ? 0 : 1);
  take_backs_.push_back(std::move(taking));
}

void Room::draw_take_backs(Batch& batch, Moment moment) {
  targets_.clear();
  for (; take_back_due(); take_backs_.pop_front()) {
    draw(take_backs_.front(), batch, moment);
    flight_.take_backs.push_back(std::move(take_backs_.front()));
  }
}

void Room::set_rolled_back(RollbackId rollback, std::optional<Selection> selection) {
  if (selection) rolled_back_.insert_or_assign(rollback, *std::move(selection));
  else rolled_back_.erase(rollback);
}

/// Of what is older than the undo log only the cell is known: then any rollback that was asked for since, and reaches it, may have meant it.
bool Room::is_rolled_back(const UndoLog::Beneath& beneath) const {
  return std::any_of(rolled_back_.begin(), rolled_back_.end(), [&](const auto& each) {
    const Selection& selection = each.second;
    if (beneath.seq != 0) return selects(selection, Placement{.seq = beneath.seq, .account = beneath.account, .cell = beneath.cell});
    return selection.until >= beneath.above && (selection.region.empty() || selection.region.contains(beneath.cell));
  });
}

void Room::draw(TakeBackRequest& request, Batch& batch, Moment moment) {
  const WallTime time = std::max(moment.wall, last_time_);
  std::uint32_t count = request.count;
  const PlacingLimits& limits = limits_of(request.role);
  const auto is_locked = [&](Cell cell) { return locks_.refuses(cell, request.account, request.role); };
  if (request.kind == PlacementKind::Redo) {
    count = std::min(count, limiter_.available(request.charged, limits, moment.now));
    request.found = undo_.redo(request.account, count, record_, is_locked, moment.now, flight_.undone);
    const auto drawn = static_cast<std::uint32_t>(request.found.steps.size());
    request.taken = limiter_.take(request.charged, request.role, limits, drawn, moment.now);
    request.found.nothing = request.found.nothing && count > 0;
  } else {
    const auto is_gone = [this](const UndoLog::Beneath& beneath) { return is_rolled_back(beneath); };
    request.found = undo_.undo(request.account, count, record_.size, is_locked, is_gone, moment.now, flight_.undone);
  }
  request.first = static_cast<std::uint32_t>(batch.placements.size());
  for (const UndoLog::Step& step : request.found.steps) {
    batch.placements.push_back({.time = time, .account = request.account, .cell = step.cell, .color = step.color, .kind = request.kind});
    targets_.push_back(step.target);
  }
  if (!request.found.steps.empty()) last_time_ = time;
}

void Room::answer_take_backs(bool stored, Moment moment, RoomEvents& out) {
  for (const TakeBackRequest& request : flight_.take_backs) {
    const PlacingLimits& limits = limits_of(request.role);
    const auto& steps = request.found.steps;
    const auto changed = static_cast<std::uint32_t>(steps.size());
    if (!stored) {
      if (request.kind == PlacementKind::Redo) limiter_.give_back(request.charged, limits, changed, request.taken, moment.now);
      answer(request, Refusal::Busy, moment, out);
      continue;
    }
    if (request.kind == PlacementKind::Undo) {
      const auto owed = static_cast<std::uint32_t>(std::count_if(steps.begin(), steps.end(), [](const auto& step) { return step.gives_back; }));
      const std::uint32_t most = limiter_.state(request.charged, limits, moment.now).max;
      limiter_.refund(request.charged, limits, undo_.give_back(request.charged, owed, most, moment.now), moment.now);
    }
    const bool no_charges = request.kind == PlacementKind::Redo && changed == 0 && request.found.skipped.empty() && !request.found.nothing;
    answer(request, no_charges ? std::optional(Refusal::TooSoon) : std::nullopt, moment, out);
  }
}

void Room::answer(const TakeBackRequest& request, std::optional<Refusal> refused, Moment moment, RoomEvents& out) {
  TakeBackAnswer answer{.asker = request.asker, .result = {}};
  UndoResult& result = answer.result;
  result.request = request.request;
  if (!refused && request.found.nothing) refused = Refusal::NothingToUndo;
  result.refused = refused.has_value();
  result.reason = refused.value_or(Refusal{});
  if (!refused) {
    for (const UndoLog::Step& step : request.found.steps) result.changed.push_back({step.cell.x, step.cell.y, step.color});
    result.skipped = request.found.skipped;
    if (!result.changed.empty()) result.first_seq = flight_.batch->placements[request.first].seq;
  }
  result.charges = limiter_.state(request.charged, limits_of(request.role), moment.now);
  out.push_back(std::move(answer));
}

// ---- rollbacks ----

std::shared_ptr<const Batch> Room::flush_rollback(RollbackId rollback, AccountId maker, std::span<const Restored> cells, Moment moment) {
  assert(!in_flight() && !cells.empty());
  auto batch = std::make_shared<Batch>();
  batch->canvas = record_.id;
  batch->reference = static_cast<std::uint32_t>(rollback);
  batch->placements.reserve(cells.size());
  const WallTime time = next_time(moment.wall);
  Seq next = seq_;
  for (const Restored& cell : cells) {
    ++next;
    batch->placements.push_back({.seq = next,
                                 .time = time,
                                 .account = maker,
                                 .cell = cell.cell,
                                 .color = cell.color,
                                 .kind = PlacementKind::Rollback,
                                 .back = static_cast<std::uint32_t>(next - cell.target)});
  }
  flushed_time_ = time;
  flight_.first_number = open_.first_number;
  flight_.since = moment.now;
  flight_.batch = std::move(batch);
  return flight_.batch;
}

// ---- changes of the canvas ----

bool Room::must_wait(AccountId account) const {
  return holding_ || std::any_of(take_backs_.begin(), take_backs_.end(), [&](const auto& request) { return request.account == account; });
}

void Room::wait(AccountId account, std::size_t cells, Command command) {
  const auto before = std::find_if(take_backs_.begin(), take_backs_.end(), [&](const auto& request) { return request.account == account; });
  held_cells_ += cells;
  (before != take_backs_.end() ? before->followers : held_).push_back([this, cells, command = std::move(command)](Moment moment, RoomEvents& out) {
    held_cells_ -= cells;
    command(moment, out);
  });
}

void Room::run(std::vector<Command> commands, Moment moment, RoomEvents& out) {
  for (const Command& command : commands) command(moment, out);
}

void Room::run_followers(Moment moment, RoomEvents& out) {
  for (TakeBackRequest& request : flight_.take_backs) run(std::exchange(request.followers, {}), moment, out);
}

void Room::change(const CanvasRecord& record) {
  assert(idle() && holding_ && record.id == record_.id);
  record_ = record;
  tiles_.resize(record.size);
}

void Room::release(Moment moment, RoomEvents& out) {
  holding_ = false;
  run(std::exchange(held_, {}), moment, out);
}

}  // namespace tessera
