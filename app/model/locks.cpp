#include <algorithm>

#include "app/model/turn.h"

/// The locks of the canvas: as the server tells them, who may draw in them all the same, and the tool that draws new ones.
namespace tessera {
namespace {

constexpr Duration notice_time{4'000'000};

bool lets_in(const Model& model, const LockInfo& lock) {
  if (model.account.role >= lock.allowed) return true;
  if (!signed_in(model)) return false;
  return std::any_of(lock.accounts.begin(), lock.accounts.end(), [&](const WireAccount& each) { return each.account == model.account.id; });
}

/// The smallest rectangle that holds both cells.
Rect between(Cell a, Cell b) {
  const std::uint32_t left = std::min(a.x, b.x), top = std::min(a.y, b.y);
  return {left, top, std::max(a.x, b.x) - left + 1u, std::max(a.y, b.y) - top + 1u};
}

/// The cell under a point, or the nearest one where that is beside the canvas.
std::optional<Cell> nearest_cell(const Viewport& view, ScreenPoint at) {
  const Size size = view.canvas();
  if (size.cells() == 0) return std::nullopt;
  const CanvasPoint point = view.to_canvas(at);
  const auto within = [](double value, std::uint32_t side) { return static_cast<std::uint16_t>(std::clamp(value, 0.0, side - 1.0)); };
  return Cell{within(point.x, size.width), within(point.y, size.height)};
}

/// Their lock is gone, whoever did it.
void forget_edited(Turn& turn, LockId id) {
  Model& model = turn.model;
  LockEditor& editor = model.lock_editor;
  if (!editor.base || editor.base->id != id || editor.busy) return;
  close_lock(model);
  turn.tell(Level::Info, {Text::LockGone, {}});
}

}  // namespace

WallTime server_now(const Model& model) {
  if (!model.server_clock.told) return model.wall;
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(model.now - model.server_clock.at);
  return WallTime{ms(*model.server_clock.told) + passed.count()};
}

bool is_moderator(const Model& model) { return signed_in(model) && model.account.role >= Role::Moderator; }

bool may_draw_in(const Model& model, const LockInfo& lock) { return lets_in(model, lock); }

const LockInfo* lock_against(const Model& model, Cell cell) {
  const LockInfo* found = nullptr;
  model.locks.each_in({cell.x, cell.y, 1, 1}, [&](const LockInfo& lock) {
    if (!lets_in(model, lock)) found = &lock;
    return found == nullptr;
  });
  return found;
}

const LockInfo* lock_at(const Model& model, Cell cell) {
  const LockInfo* found = nullptr;
  const auto cells = [](const LockInfo& lock) { return std::uint64_t{lock.width} * lock.height; };
  model.locks.each_in({cell.x, cell.y, 1, 1}, [&](const LockInfo& lock) {
    if (found == nullptr || cells(lock) < cells(*found)) found = &lock;
    return true;
  });
  return found;
}

Phrase explain(const Model& model, const LockInfo& lock) {
  const Language tongue = language(model);
  const Duration offset = model.device.utc_offset;
  const WallTime until{static_cast<std::int64_t>(lock.expires_ms)};
  Phrase head{Text::Locked, {}};
  if (lock.expires_ms != 0 && is_soon(until, server_now(model), offset)) head = {Text::LockedUntil, {format_clock(until, offset)}};
  else if (lock.expires_ms != 0) head = {Text::LockedUntilDay, {format_date_time(tongue, until, offset)}};
  if (lock.reason.empty()) return head;
  return {Text::LockedBecause, {translate(tongue, head), lock.reason}};
}

void tell_locked(Turn& turn, const LockInfo& lock) {
  turn.model.lock_notice = LockNotice{explain(turn.model, lock), turn.now() + notice_time};
}

void forget_locks(Model& model) {
  model.locks.clear();
  model.lock_notice.reset();
  model.lock_frame = {};
  if (model.lock_editor.open) close_lock(model);
}

void locks_came(Turn& turn, const Locks& message) {
  if (message.first) turn.model.locks.clear();
  for (const LockInfo& lock : message.locks) turn.model.locks.put(lock);
}

void lock_changed(Turn& turn, const LockInfo& lock) {
  Model& model = turn.model;
  model.locks.put(lock);
  LockEditor& editor = model.lock_editor;
  // What nobody has begun to change follows; else the answer tells of both.
  const bool same = editor.base && editor.base->id == lock.id && !editor.busy && !editor.theirs;
  if (!same || !(editor.form == form_of(model, wish_of(*editor.base)))) return;
  editor.base = lock;
  editor.form = form_of(model, wish_of(lock));
}

void lock_removed(Turn& turn, LockId id) {
  turn.model.locks.remove(id);
  forget_edited(turn, id);
}

void tick_locks(Turn& turn) {
  Model& model = turn.model;
  if (model.lock_notice && turn.now() >= model.lock_notice->until) model.lock_notice.reset();
  model.locks.expire(server_now(model));
}

// ---- the tool ----

void select_tool(Turn& turn, Tool tool) {
  Model& model = turn.model;
  if (tool == Tool::Lock && !is_moderator(model)) return;
  if (tool != Tool::Lock) model.staff.picking = false;
  model.tool.tool = tool;
  model.lock_frame = {};
}

void role_changed(Model& model) {
  if (is_moderator(model)) return;
  forget_staff(model);
  if (model.tool.tool == Tool::Lock) model.tool.tool = Tool::Pencil;
  model.lock_frame = {};
  if (model.lock_editor.open) close_lock(model);
  model.announcements.editor = {};
}

std::optional<Rect> lock_frame(const Model& model) {
  const LockFrame& frame = model.lock_frame;
  if (!frame.from) return std::nullopt;
  return between(*frame.from, frame.to.value_or(model.marker.cell.value_or(*frame.from)));
}

void begin_frame(Turn& turn, ScreenPoint at) { turn.model.lock_frame = {nearest_cell(turn.model.viewport, at), std::nullopt}; }

void drag_frame(Turn& turn, ScreenPoint at) { turn.model.lock_frame.to = nearest_cell(turn.model.viewport, at); }

void end_frame(Turn& turn) {
  const std::optional<Rect> area = lock_frame(turn.model);
  turn.model.lock_frame = {};
  if (!area || region_picked(turn, *area)) return;
  if (marks_report(turn.model)) take_report_area(turn.model, *area);
  else open_new_lock(turn, *area);
}

void frame_corner(Turn& turn, Cell cell) {
  LockFrame& frame = turn.model.lock_frame;
  if (!frame.from) {
    frame.from = cell;
    return;
  }
  frame.to = cell;
  end_frame(turn);
}

void lock_corner(Turn& turn, Cell cell) {
  const bool in_hand = turn.model.lock_frame.from || turn.model.staff.picking;
  const LockInfo* lock = in_hand ? nullptr : lock_at(turn.model, cell);
  if (lock) return edit_lock(turn, lock->id);
  frame_corner(turn, cell);
}

void cancel_lock(Turn& turn) {
  Model& model = turn.model;
  if (model.pointer.gesture == Gesture::Frame) model.pointer.gesture = Gesture::None;
  if (model.lock_frame.from) {
    model.lock_frame = {};
    return;
  }
  if (marks_report(model)) return mark_report_area(model, false);
  if (model.lock_editor.open) return close_lock(model);
  if (std::exchange(model.staff.picking, false)) {
    select_tool(turn, static_cast<Tool>(model.staff.tool_before));
    return open_staff(turn, {});
  }
  if (model.tool.tool == Tool::Lock) select_tool(turn, Tool::Pencil);
}

}  // namespace tessera
