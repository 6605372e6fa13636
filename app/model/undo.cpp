#include <algorithm>

#include "app/model/turn.h"

/// Taking back one's own newest strokes and drawing them again. The server judges; what is kept here says how many
/// placements a stroke was, and whether there is anything to ask for.
namespace tessera {
namespace {

bool fresh(const Model& model, const Stroke& stroke) { return model.now - stroke.at < model.undo.window; }

void forget_old(Model& model) {
  const auto old = [&](const Stroke& stroke) { return !fresh(model, stroke); };
  std::erase_if(model.undo.done, old);
  std::erase_if(model.undo.undone, old);
}

/// The next that was pressed goes out once all that came before it is answered.
void go_on(Turn& turn) {
  Model& model = turn.model;
  UndoBook& book = model.undo;
  if (!turn.live() || book.asked || book.waiting.empty() || !book.requests.empty()) return;
  const UndoKind kind = book.waiting.front();
  book.waiting.pop_front();
  forget_old(model);
  std::vector<Stroke>& strokes = kind == UndoKind::Undo ? book.done : book.undone;
  if (strokes.empty()) {
    turn.tell(Level::Info, {kind == UndoKind::Undo ? Text::NothingToUndo : Text::NothingToRedo, {}});
    book.waiting.clear();
    return;
  }
  Stroke stroke = strokes.back();
  const auto count = std::min<std::uint32_t>(stroke.count, limits::undo_count);
  if (count == stroke.count) strokes.pop_back();
  else strokes.back().count -= count;
  stroke.count = count;
  book.asked = {RequestId{turn.moment.random.next_u64()}, kind, stroke};
  if (kind == UndoKind::Undo) turn.send(Undo{book.asked->request, count});
  else turn.send(Redo{book.asked->request, count});
}

void press(Turn& turn, UndoKind kind) {
  UndoBook& book = turn.model.undo;
  if (turn.live() && book.waiting.size() < UndoBook::most_waiting) book.waiting.push_back(kind);
  go_on(turn);
}

/// '3 cells were drawn over by others', or why else they were left.
void tell_skipped(Turn& turn, const std::vector<SkippedCell>& skipped) {
  if (skipped.empty()) return;
  const Language tongue = language(turn.model);
  const auto other = std::find_if(skipped.begin(), skipped.end(),
                                  [](const SkippedCell& cell) { return cell.reason != Refusal::DrawnOver; });
  if (other == skipped.end())
    return turn.tell(Level::Info, plural(tongue, skipped.size(), Text::DrawnOverOne, Text::DrawnOverMany));
  Phrase phrase = plural(tongue, skipped.size(), Text::LeftAloneOne, Text::LeftAloneMany);
  phrase.values.push_back(translate(tongue, why(other->reason)));
  turn.tell(Level::Warn, std::move(phrase));
}

/// A stroke of this number grows, or begins.
void add(std::vector<Stroke>& strokes, const Stroke& stroke) {
  const auto same = std::find_if(strokes.begin(), strokes.end(),
                                 [&](const Stroke& other) { return other.number == stroke.number; });
  if (same == strokes.end()) return strokes.push_back(stroke);
  same->count += stroke.count;
  same->at = stroke.at;
}

}  // namespace

bool may_undo(const Model& model) {
  const UndoBook& book = model.undo;
  const bool drawing = !book.requests.empty();
  return model.connection.state == ConnectionState::Live && (drawing || std::any_of(book.done.begin(), book.done.end(), [&](const Stroke& stroke) { return fresh(model, stroke); }));
}

bool may_redo(const Model& model) {
  const std::vector<Stroke>& undone = model.undo.undone;
  return model.connection.state == ConnectionState::Live &&
         std::any_of(undone.begin(), undone.end(), [&](const Stroke& stroke) { return fresh(model, stroke); });
}

void forget_undo(Model& model) {
  UndoBook empty;
  empty.window = model.undo.window;
  empty.stroke = model.undo.stroke;
  model.undo = std::move(empty);
}

void begin_stroke(Model& model) { ++model.undo.stroke; }

void note_placing(Model& model, RequestId request) {
  // While one paints, the press has begun the stroke; elsewhere each placing is one.
  if (model.pointer.gesture != Gesture::Paint) begin_stroke(model);
  model.undo.requests.emplace_back(request, model.undo.stroke);
  model.undo.undone.clear();
}

void note_placed(Turn& turn, const PlaceResult& result) {
  UndoBook& book = turn.model.undo;
  const auto found = std::find_if(book.requests.begin(), book.requests.end(),
                                  [&](const auto& entry) { return entry.first == result.request; });
  if (found == book.requests.end()) return;
  const std::uint64_t stroke = found->second;
  book.requests.erase(found);
  if (result.accepted > 0) add(book.done, {stroke, result.accepted, turn.now()});
  go_on(turn);
}

void undo_stroke(Turn& turn) { press(turn, UndoKind::Undo); }
void redo_stroke(Turn& turn) { press(turn, UndoKind::Redo); }

void undo_answered(Turn& turn, const UndoResult& result) {
  UndoBook& book = turn.model.undo;
  take_charges(turn, result.charges);
  if (!book.asked || book.asked->request != result.request) return;
  const UndoBook::Asked asked = *std::exchange(book.asked, std::nullopt);
  const bool undoing = asked.kind == UndoKind::Undo;
  if (result.refused) {
    book.waiting.clear();
    if (result.reason == Refusal::NothingToUndo) {
      // The server knows better than this book does.
      (undoing ? book.done : book.undone).clear();
      return turn.tell(Level::Info, {undoing ? Text::NothingToUndo : Text::NothingToRedo, {}});
    }
    add(undoing ? book.done : book.undone, asked.stroke);
    return turn.tell(Level::Warn, {why(result.reason), {}});
  }
  if (!result.changed.empty()) {
    const Stroke changed{asked.stroke.number, static_cast<std::uint32_t>(result.changed.size()), turn.now()};
    add(undoing ? book.undone : book.done, changed);
  }
  tell_skipped(turn, result.skipped);
  go_on(turn);
}

void undo_cut_off(Model& model) {
  // Whether it was done is not known: what would be asked for next is not either.
  if (model.undo.asked) forget_undo(model);
  model.undo.waiting.clear();
}

void tick_undo(Model& model) { forget_old(model); }

}  // namespace tessera
