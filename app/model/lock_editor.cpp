#include "app/model/staff_editor.h"

/// The drawer in which a lock is made, changed and lifted.
namespace tessera {
namespace {

std::string typed(std::uint32_t number) { return std::to_string(number); }

Result<LockWish, Phrase> read_form(const Model& model, const LockEditor& editor) {
  const auto area = read_area(model, editor.form);
  if (!area) return area.error();
  LockWish wish{*area, editor.form.reason, std::nullopt, editor.form.allowed};
  if (wish.reason.size() > limits::text_bytes) return Phrase{Text::StaffTextLong, {}};
  const auto until = read_end(model, editor);
  if (!until) return until.error();
  wish.until = *until;
  return wish;
}

void send(Turn& turn, const LockWish& wanted) {
  LockEditor& editor = turn.model.lock_editor;
  const std::string& canvas = turn.model.canvas.name;
  editor.mine = wanted;
  if (!editor.base) {
    editor.asked = ask_question(turn, ask::MakeLock{canvas, wanted});
  } else {
    auto fields = differences(wish_of(*editor.base), wanted);
    if (fields.empty()) {
      close_lock(turn.model);
      return turn.tell(Level::Info, {Text::SetupSame, {}});
    }
    editor.asked = ask_question(turn, ask::ChangeLock{canvas, editor.base->id, wanted, std::move(fields), editor.base->version});
  }
  editor.busy = true;
  editor.error.reset();
}

/// Made, changed or lifted.
void done(Turn& turn, const answer::Lock* answer) {
  Model& model = turn.model;
  const LockEditor& editor = model.lock_editor;
  const bool made = !editor.base;
  if (editor.ending) {
    model.locks.remove(editor.base->id);
    turn.tell(Level::Good, {Text::LockLifted, {}});
  } else if (answer) {
    model.locks.put(answer->lock);
    turn.tell(Level::Good, {made ? Text::LockMade : Text::SetupSaved, {}});
  }
  close_lock(model);
}

/// In place of the staff panel, which comes back afterwards.
void show_lock(Model& model) {
  if (model.drawer == Drawer::Staff) model.staff.back = true;
  else if (model.drawer != Drawer::Lock) model.staff.back = false;
  model.drawer = Drawer::Lock;
}

}  // namespace

LockForm form_of(const Model& model, const LockWish& wish) {
  const std::uint64_t expires = wish.until ? static_cast<std::uint64_t>(ms(*wish.until)) : 0;
  return {typed(wish.area.x),      typed(wish.area.y), typed(wish.area.width), typed(wish.area.height), wish.reason,
          until_form(language(model), expires, model.device.utc_offset), wish.allowed};
}

std::optional<Rect> edited_area(const Model& model) {
  if (const auto reported = reported_area(model)) return reported;
  if (const auto& shown = model.report_desk.shown) return shown->area;
  const LockEditor& editor = model.lock_editor;
  if (!editor.open || model.drawer != Drawer::Lock) return std::nullopt;
  const auto area = read_area(model, editor.form);
  return area ? std::optional(*area) : std::nullopt;
}

void open_new_lock(Turn& turn, const Rect& area) {
  Model& model = turn.model;
  LockEditor& editor = model.lock_editor;
  if (!is_moderator(model) || editor.busy) return;
  // Drawn once more, it is only the rectangle that is another.
  const bool again = editor.open && !editor.theirs && model.drawer == Drawer::Lock;
  LockForm form = again ? editor.form : LockForm{};
  const LockForm place = form_of(model, LockWish{area, {}, {}, {}});
  form.x = place.x, form.y = place.y, form.width = place.width, form.height = place.height;
  if (!again) editor = {};
  editor.open = true;
  editor.form = std::move(form);
  editor.error.reset();
  model.cell.open = false;
  show_lock(model);
}

void edit_lock(Turn& turn, LockId id) {
  Model& model = turn.model;
  const LockInfo* lock = model.locks.find(id);
  if (!lock || !is_moderator(model) || model.lock_editor.busy) return;
  begin_editing(model, model.lock_editor, *lock);
  model.cell.open = false;
  show_lock(model);
}

void close_lock(Model& model) {
  model.lock_editor = {};
  if (model.drawer == Drawer::Lock) model.drawer = model.staff.back ? Drawer::Staff : Drawer::None;
}

void edit_lock_form(Model& model, const LockForm& form) {
  if (!model.lock_editor.open || model.lock_editor.busy) return;
  model.lock_editor.form = form;
  model.lock_editor.error.reset();
}

void submit_lock(Turn& turn) {
  LockEditor& editor = turn.model.lock_editor;
  if (!editor.open || editor.busy || editor.theirs) return;
  const auto wish = read_form(turn.model, editor);
  if (!wish) return fail(editor, wish.error());
  send(turn, *wish);
}

void lift_lock(Turn& turn) {
  LockEditor& editor = turn.model.lock_editor;
  if (!editor.base || editor.busy || editor.theirs) return;
  editor.busy = editor.ending = true;
  editor.error.reset();
  editor.asked = ask_question(turn, ask::LiftLock{turn.model.canvas.name, editor.base->id, editor.base->version});
}

void resolve_lock(Turn& turn) {
  LockEditor& editor = turn.model.lock_editor;
  if (editor.theirs && editor.mine && !editor.busy) send(turn, chosen(turn.model, editor));
}

void lock_answered(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  LockEditor& editor = turn.model.lock_editor;
  editor.asked = unasked;
  editor.busy = false;
  const auto* lock = std::get_if<answer::Lock>(&answer);
  if (response.ok()) return done(turn, lock);
  if (response.status == 412 && lock) {
    turn.model.locks.put(lock->lock);
    return collide(turn, editor, lock->lock);
  }
  // What is gone need not be lifted any more.
  if (response.status == 404 && editor.base) {
    turn.model.locks.remove(editor.base->id);
    close_lock(turn.model);
    return turn.tell(Level::Info, {Text::LockGone, {}});
  }
  editor.ending = false;
  fail(editor, failure(turn.model, response));
}

}  // namespace tessera
