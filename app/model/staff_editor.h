#pragma once

#include <algorithm>

#include "app/model/turn.h"
#include "shared/base/text.h"

/// What the drawers for locks, for announcements and for reports do alike.
namespace tessera {

/// A rectangle as it was typed: its numbers, within the canvas.
template <typename Form>
Result<Rect, Phrase> read_area(const Model& model, const Form& form) {
  const Size size = model.viewport.canvas();
  const auto x = parse_number(form.x, max_canvas_side), y = parse_number(form.y, max_canvas_side),
             width = parse_number(form.width, max_canvas_side), height = parse_number(form.height, max_canvas_side);
  const bool numbers = x && y && width && height && *width > 0 && *height > 0;
  if (!numbers || *x + *width > size.width || *y + *height > size.height)
    return Phrase{Text::LockAreaWrong, {format_number(language(model), size.width), format_number(language(model), size.height)}};
  const auto narrow = [](std::uint64_t number) { return static_cast<std::uint32_t>(number); };
  return Rect{narrow(*x), narrow(*y), narrow(*width), narrow(*height)};
}

template <typename Editor>
void fail(Editor& editor, Phrase why) {
  editor.busy = false;
  editor.error = std::move(why);
}

/// Shows what is there now, and nothing of one's own.
template <typename Editor, typename Info>
void begin_editing(const Model& model, Editor& editor, const Info& info) {
  editor = {};
  editor.open = true;
  editor.base = info;
  editor.form = form_of(model, wish_of(info));
}

/// Somebody else's change came in between: what differs is to be chosen, one's own changes first.
template <typename Editor, typename Info>
void collide(Turn& turn, Editor& editor, const Info& theirs) {
  if (editor.ending || !editor.mine || !editor.base) {
    begin_editing(turn.model, editor, theirs);
    return fail(editor, {Text::StaffChanged, {}});
  }
  const auto own = differences(wish_of(*editor.base), *editor.mine);
  const auto fields = differences(wish_of(theirs), *editor.mine);
  if (fields.empty()) {
    begin_editing(turn.model, editor, theirs);
    return turn.tell(Level::Info, {Text::SetupSame, {}});
  }
  editor.conflicts.clear();
  for (const StaffField field : fields) {
    const bool changed = std::find(own.begin(), own.end(), field) != own.end();
    editor.conflicts.push_back({field, changed ? Side::Mine : Side::Theirs});
  }
  editor.theirs = theirs;
}

/// The end of what is being edited. One that was not typed anew is exactly as it was: a form shows minutes, an end has milliseconds.
template <typename Editor>
Result<std::optional<WallTime>, Phrase> read_end(const Model& model, const Editor& editor) {
  if (editor.base) {
    const auto was = wish_of(*editor.base);
    if (editor.form.until == form_of(model, was).until) return was.until;
  }
  auto until = read_until(editor.form.until, server_now(model), model.device.utc_offset);
  if (!until) return Phrase{until.error(), {}};
  return *until;
}

inline void choose_side(std::vector<StaffConflict>& conflicts, StaffField field, Side side) {
  for (StaffConflict& conflict : conflicts)
    if (conflict.field == field) conflict.side = side;
}

/// What was chosen, on the base of what is there now.
template <typename Editor>
auto chosen(const Model& model, Editor& editor) {
  auto wanted = wish_of(*editor.theirs);
  for (const StaffConflict& conflict : editor.conflicts)
    if (conflict.side == Side::Mine) take(conflict.field, wanted, *editor.mine);
  begin_editing(model, editor, *std::exchange(editor.theirs, std::nullopt));
  editor.form = form_of(model, wanted);
  return wanted;
}

template <typename Editor>
void drop_conflict(Editor& editor) {
  editor.theirs.reset();
  editor.conflicts.clear();
}

}  // namespace tessera
