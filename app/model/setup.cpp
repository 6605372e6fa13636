#include <algorithm>

#include "app/model/turn.h"

/// Creating a canvas and setting one up: what is typed is read, tried where it would hide something, sent, and where
/// somebody else was quicker, settled field by field.
namespace tessera {
namespace {

constexpr std::size_t code_length = 6;
/// Nothing that is taken for something else by eye or ear: the server draws from the same.
constexpr std::string_view code_letters = "ACDEFGHJKMNPQRTUVWXY34679";

std::string draw_code(RandomSource& random) {
  std::string code;
  while (code.size() < code_length) code += code_letters[random.next_u64() % code_letters.size()];
  return code;
}

void fail(SetupPanel& setup, Phrase why) {
  setup.busy = false;
  setup.error = std::move(why);
}

bool shrinks(const CanvasSetup& from, const CanvasSetup& to) { return to.width < from.width || to.height < from.height; }

/// `base` by value: it may be the panel's own.
void begin(SetupPanel& setup, CanvasSetup base) {
  const SetupPart part = setup.part;
  setup = {};
  setup.part = part;
  setup.loaded = true;
  setup.form = form_of(base);
  setup.base = std::move(base);
}

void ask_change(Turn& turn, const CanvasSetup& wanted, std::vector<SetupField> fields, SetupPanel::Step step,
                std::uint32_t version) {
  SetupPanel& setup = turn.model.setup;
  setup.busy = true;
  setup.error.reset();
  setup.step = step;
  const bool dry_run = step == SetupPanel::Step::Trying;
  setup.asked = ask_question(turn, ask::ChangeCanvas{setup.base.name, {wanted, std::move(fields)}, version, dry_run});
}

/// Where nothing would be hidden, or it has been said that it may be: at once.
void send(Turn& turn, const CanvasSetup& wanted, SetupPanel::Step step) {
  SetupPanel& setup = turn.model.setup;
  setup.mine = wanted;
  std::vector<SetupField> fields = differences(setup.base, wanted);
  if (fields.empty()) {
    begin(setup, setup.base);
    return turn.tell(Level::Info, {Text::SetupSame, {}});
  }
  ask_change(turn, wanted, std::move(fields), step, setup.base.version);
}

void submit(Turn& turn, const CanvasSetup& wanted) {
  const bool first_try = shrinks(turn.model.setup.base, wanted);
  send(turn, wanted, first_try ? SetupPanel::Step::Trying : SetupPanel::Step::Saving);
}

/// Somebody else's change came in between.
void collide(Turn& turn, const CanvasSetup& theirs) {
  SetupPanel& setup = turn.model.setup;
  setup.busy = false;
  if (!setup.mine || setup.step == SetupPanel::Step::Now) {
    begin(setup, theirs);
    setup.error = Phrase{Text::SetupChanged, {}};
    return;
  }
  CanvasSetup mine = *setup.mine;
  if (differences(setup.base, theirs).empty()) {
    // Only paused, say: nothing that a choice could be about.
    setup.base = theirs;
    return submit(turn, mine);
  }
  mine.palette = merge_palettes(setup.base.palette, mine.palette, theirs.palette);
  setup.conflicts.clear();
  for (const SetupField field : differences(theirs, mine)) {
    const bool listed = std::any_of(setup.conflicts.begin(), setup.conflicts.end(),
                                    [&](const SetupConflict& other) { return other.field == field; });
    const bool own = !same(field, setup.base, *setup.mine);
    if (!listed) setup.conflicts.push_back({field, own ? Side::Mine : Side::Theirs});
  }
  setup.mine = std::move(mine);
  setup.theirs = theirs;
  if (!setup.conflicts.empty()) return;
  begin(setup, theirs);
  turn.tell(Level::Info, {Text::SetupSame, {}});
}

/// Paused, resumed, archived or restored: what is being typed stays.
void done_at_once(Turn& turn, const CanvasSetup& now) {
  SetupPanel& setup = turn.model.setup;
  if (now.archived != setup.base.archived) {
    begin(setup, now);
    turn.tell(Level::Good, {now.archived ? Text::CanvasArchived : Text::CanvasRestored, {now.name}});
  } else {
    setup.base.paused = now.paused;
    setup.base.message = now.message;
    setup.form.message = now.message;
    if (now.version == setup.base.version + 1) setup.base.version = now.version;
    setup.busy = false;
  }
  read_canvases(turn);
}

void created(Turn& turn, const CanvasSetup& now) {
  turn.tell(Level::Good, {Text::CanvasCreated, {now.name}});
  begin(turn.model.setup, now);
  turn.model.drawer = Drawer::None;
  read_canvases(turn);
  open_canvas(turn, now.name);
}

}  // namespace

void new_canvas(Turn& turn) {
  Model& model = turn.model;
  if (!is_admin(model)) return;
  constexpr std::uint32_t usual_side = 1'000;
  CanvasSetup usual;
  usual.width = usual.height = usual_side;
  usual.palette = Palette::r_place_2022().colors();
  usual.rules = {10, 20, 100, 0};
  model.setup = {};
  begin(model.setup, usual);
  model.setup.creating = true;
  // None of its colours is anywhere yet: all of them may be changed.
  model.setup.base.palette.clear();
  model.drawer = Drawer::Setup;
}

void set_up_canvas(Turn& turn, const std::string& canvas) {
  Model& model = turn.model;
  const std::string name = canvas.empty() ? model.canvas.name : canvas;
  if (!is_admin(model) || name.empty()) return;
  model.setup = {};
  model.setup.base.name = name;
  model.drawer = Drawer::Setup;
  model.setup.asked = ask_question(turn, ask::ReadCanvas{name});
}

void edit_setup(Model& model, const SetupForm& form) {
  SetupPanel& setup = model.setup;
  if (setup.busy || !setup.loaded) return;
  setup.form = form;
  setup.error.reset();
  setup.confirm = SetupConfirm::None;
}

void add_color(Model& model) {
  SetupPanel& setup = model.setup;
  if (setup.busy || setup.form.colors.size() >= Palette::max_colors) return;
  setup.form.colors.push_back({"#", "", false});
  setup.color = static_cast<int>(setup.form.colors.size()) - 1;
}

void draw_new_code(Turn& turn) {
  if (!turn.model.setup.busy) turn.model.setup.form.code = draw_code(turn.moment.random);
}

void submit_setup(Turn& turn) {
  SetupPanel& setup = turn.model.setup;
  if (setup.busy || !setup.loaded || setup.theirs) return;
  auto wanted = read_form(setup.form, setup.base);
  if (!wanted) {
    setup.part = wanted.error().part;
    return fail(setup, wanted.error().why);
  }
  if (!setup.creating) return submit(turn, *wanted);
  setup.busy = true;
  setup.error.reset();
  setup.step = SetupPanel::Step::Saving;
  setup.asked = ask_question(turn, ask::CreateCanvas{*wanted});
}

void confirm_setup(Turn& turn) {
  SetupPanel& setup = turn.model.setup;
  const SetupConfirm confirm = std::exchange(setup.confirm, SetupConfirm::None);
  if (setup.busy) return;
  if (confirm == SetupConfirm::Shrink && setup.mine) send(turn, *setup.mine, SetupPanel::Step::Saving);
  if (confirm != SetupConfirm::Archive) return;
  CanvasSetup wanted = setup.base;
  wanted.archived = true;
  ask_change(turn, wanted, {SetupField::Archived}, SetupPanel::Step::Now, setup.base.version);
}

void pause_canvas(Turn& turn, bool paused) {
  SetupPanel& setup = turn.model.setup;
  if (setup.busy || !setup.loaded || setup.creating) return;
  CanvasSetup wanted = setup.base;
  wanted.paused = paused;
  wanted.message = paused ? setup.form.message.substr(0, limits::text_bytes) : std::string();
  // Urgent, and nobody's form is in its way: without If-Match.
  ask_change(turn, wanted, {SetupField::Paused, SetupField::Message}, SetupPanel::Step::Now, 0);
}

void archive_canvas(Turn& turn, bool archived) {
  SetupPanel& setup = turn.model.setup;
  if (setup.busy || !setup.loaded || setup.creating) return;
  if (archived) {
    setup.confirm = SetupConfirm::Archive;
    return;
  }
  CanvasSetup wanted = setup.base;
  wanted.archived = false;
  ask_change(turn, wanted, {SetupField::Archived}, SetupPanel::Step::Now, setup.base.version);
}

void choose_side(Model& model, SetupField field, Side side) {
  for (SetupConflict& conflict : model.setup.conflicts)
    if (conflict.field == field) conflict.side = side;
}

void resolve_conflict(Turn& turn) {
  SetupPanel& setup = turn.model.setup;
  if (!setup.theirs || !setup.mine || setup.busy) return;
  CanvasSetup wanted = *setup.theirs;
  for (const SetupConflict& conflict : setup.conflicts)
    if (conflict.side == Side::Mine) take(conflict.field, wanted, *setup.mine);
  // A code only goes with the rule that asks for it.
  if (wanted.access != Access::Code) wanted.code.clear();
  begin(setup, *std::exchange(setup.theirs, std::nullopt));
  setup.form = form_of(wanted);
  submit(turn, wanted);
}

void drop_conflict(Model& model) {
  model.setup.theirs.reset();
  model.setup.conflicts.clear();
}

void setup_answered(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  SetupPanel& setup = turn.model.setup;
  setup.asked = unasked;
  setup.busy = false;
  const auto* canvas = std::get_if<answer::Canvas>(&answer);
  if (!response.ok() || !canvas) {
    if (response.status == 412 && canvas) return collide(turn, canvas->setup);
    return fail(setup, failure(turn.model, response));
  }
  if (!setup.loaded) return begin(setup, canvas->setup);
  if (setup.creating) return created(turn, canvas->setup);
  switch (setup.step) {
    case SetupPanel::Step::Reading:
      return begin(setup, canvas->setup);
    case SetupPanel::Step::Now:
      return done_at_once(turn, canvas->setup);
    case SetupPanel::Step::Trying:
      setup.hidden_cells = canvas->hidden_cells.value_or(0);
      if (setup.hidden_cells == 0 && setup.mine) return send(turn, *setup.mine, SetupPanel::Step::Saving);
      setup.confirm = SetupConfirm::Shrink;
      return;
    case SetupPanel::Step::Saving:
      break;
  }
  begin(setup, canvas->setup);
  turn.tell(Level::Good, {Text::SetupSaved, {}});
}

}  // namespace tessera
