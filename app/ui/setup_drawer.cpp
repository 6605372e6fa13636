#include <array>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

void parts(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  const std::array<std::string, setup_part_count> names{brush.text(Text::SetupGeneral), brush.text(Text::SetupColors),
                                                        brush.text(Text::SetupRules)};
  const int chosen = segments(brush, "parts", names, static_cast<int>(setup.part), width);
  if (chosen != static_cast<int>(setup.part)) out.push_back(action::ShowSetupPart{static_cast<SetupPart>(chosen)});
  space(brush, 16);
}

/// What would be lost from sight, and the two ways on.
void confirm_card(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  const bool shrink = setup.confirm == SetupConfirm::Shrink;
  const CanvasSetup& wanted = setup.mine ? *setup.mine : setup.base;
  const auto size = [&](std::uint32_t side) { return format_number(brush.language, side); };
  const Phrase why = shrink ? plural(brush.language, setup.hidden_cells, Text::ShrinkSureOne, Text::ShrinkSure)
                            : Phrase{Text::ArchiveSure, {setup.base.name}};
  const Phrase yes = shrink ? Phrase{Text::ShrinkNow, {size(wanted.width), size(wanted.height)}}
                            : Phrase{Text::ArchiveNow, {setup.base.name}};
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, icons::warning,
            ink(brush.colors.warn));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + brush.px(28));
  ImGui::BeginGroup();
  paragraph(brush, brush.text(why), width - brush.px(28), Type::Text, Tone::Text, 6);
  ImGui::EndGroup();
  space(brush, 12);
  if (button(brush, "yes", brush.text(yes), {.kind = ButtonKind::Danger, .width = width, .height = brush.target()}))
    out.push_back(action::ConfirmSetup{});
  space(brush, 8);
  if (button(brush, "no", brush.text(Text::Cancel), {.width = width, .height = brush.target()}))
    out.push_back(action::CancelConfirm{});
}

void save_button(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  const bool changed = setup.creating || !(setup.form == form_of(setup.base));
  const bool ready = !setup.busy && changed && !(setup.creating && setup.form.name.empty());
  const ButtonLook look{
      .kind = ButtonKind::Main, .width = width, .height = brush.target(), .enabled = ready};
  if (button(brush, "save", brush.text(setup.creating ? Text::Create : Text::Save), look))
    out.push_back(action::SubmitSetup{});
}

void error_line(const Brush& brush, const SetupPanel& setup, float width) {
  if (!setup.error) return;
  paragraph(brush, brush.text(*setup.error), width, Type::Small, Tone::Bad, 4);
  space(brush, 12);
}

void waiting(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  if (setup.asked == unasked) {
    error_line(brush, setup, width);
    if (button(brush, "again", brush.text(Text::Retry), {.icon = icons::refresh, .width = width}))
      out.push_back(action::SetUpCanvas{setup.base.name});
    return;
  }
  const float side = brush.px(48);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(brush, *ImGui::GetWindowDrawList(), {at.x + width / 2, at.y + side / 2}, brush.px(10), brush.colors.soft);
  ImGui::Dummy({width, side});
}

/// Apart from the rest: what stops everyone, and what puts the canvas away.
void at_once(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out) {
  space(brush, 24);
  divider(brush, width);
  space(brush, 16);
  caption(brush, setup.base.paused ? Text::PausedNow : Text::Pause);
  const bool free = !setup.busy;
  if (setup.base.paused) {
    if (!setup.base.message.empty()) {
      paragraph(brush, setup.base.message, width, Type::Text, Tone::Text, 3);
      space(brush, 8);
    }
    if (button(brush, "resume", brush.text(Text::ResumeNow), {.icon = icons::play, .width = width, .enabled = free}))
      out.push_back(action::PauseCanvas{false});
  } else {
    text_field(brush, "message", form.message, {.icon = icons::comment, .hint = brush.text(Text::PauseMessage), .width = width});
    space(brush, 8);
    if (button(brush, "pause", brush.text(Text::PauseNow), {.icon = icons::pause, .width = width, .enabled = free}))
      out.push_back(action::PauseCanvas{true});
  }
  space(brush, 20);
  caption(brush, Text::DangerZone);
  if (button(brush, "archive", brush.text(Text::Archive), {.kind = ButtonKind::Danger, .icon = icons::folder, .width = width, .enabled = free}))
    out.push_back(action::ArchiveCanvas{true});
}

void archived(const Brush& brush, const SetupPanel& setup, float width, Actions& out) {
  paragraph(brush, brush.text(Text::ArchivedNow), width, Type::Text, Tone::Text);
  space(brush, 12);
  error_line(brush, setup, width);
  if (button(brush, "restore", brush.text(Text::Restore),
             {.kind = ButtonKind::Main, .icon = icons::undo, .width = width, .height = brush.target(), .enabled = !setup.busy}))
    out.push_back(action::ArchiveCanvas{false});
}

}  // namespace

bool form_field(const Brush& brush, const char* id, Text words, std::string& text, const FieldLook& look) {
  ImGui::PushID(id);
  label(brush, brush.text(words), Type::Small, Tone::Soft, look.width);
  space(brush, 4);
  const bool changed = text_field(brush, "field", text, look).changed;
  ImGui::PopID();
  return changed;
}

void setup_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  const SetupPanel& setup = model.setup;
  if (!setup.loaded) return waiting(brush, setup, width, out);
  if (setup.theirs) return setup_conflict(brush, setup, width, out);
  if (setup.confirm != SetupConfirm::None) return confirm_card(brush, setup, width, out);
  if (setup.base.archived) return archived(brush, setup, width, out);
  parts(brush, setup, width, out);
  error_line(brush, setup, width);
  SetupForm form = setup.form;
  switch (setup.part) {
    case SetupPart::General:
      setup_general(brush, setup, form, width, out);
      break;
    case SetupPart::Colors:
      setup_colors(brush, setup, form, width, out);
      break;
    case SetupPart::Rules:
      setup_rules(brush, setup, form, width, out);
      break;
  }
  space(brush, 20);
  save_button(brush, setup, width, out);
  if (setup.part == SetupPart::General && !setup.creating) at_once(brush, setup, form, width, out);
  if (!(form == setup.form)) out.push_back(action::EditSetup{form});
}

}  // namespace tessera
