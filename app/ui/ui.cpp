#include "app/ui/ui.h"

#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

void canvas_screen(const Brush& brush, const Model& model, const Overview& overview, Actions& out) {
  const bool staff = model.drawer == Drawer::Staff;
  if (!staff || !brush.phone) canvas_bar(brush, model, out);
  if (!staff) account_bar(brush, model, out);
  drawer(brush, model, out);
  if (staff && brush.phone) return staff_panel(brush, model, out);
  if (brush.phone) {
    if (model.tool.tool == Tool::Lock || marks_report(model)) lock_sheet(brush, model, out);
    else palette_sheet(brush, model, out);
    undo_bar(brush, model, out);
    marker_tip(brush, model);
  } else {
    tool_bar(brush, model, out);
    palette_bar(brush, model, out);
    // Setting up a canvas takes the whole height, and so do reports.
    if (model.drawer != Drawer::Setup && model.drawer != Drawer::Report && !staff) zoom_bar(brush, model, overview, out);
  }
  if (staff) staff_panel(brush, model, out);
  lock_tip(brush, model);
  banner_line(brush, model, out);
  announcement_lines(brush, model, out);
  countdown_line(brush, model, out);
  outcome_card(brush, model, out);
}

}  // namespace

bool draw_ui(const Model& model, const Fonts& fonts, double scale, const Overview& overview, UiState& state,
             Actions& out) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const auto unit = static_cast<float>(scale);
  const Brush brush{
      .colors = theme_colors(dark(model)),
      .fonts = fonts,
      .state = state,
      .scale = unit,
      .language = language(model),
      .touch = model.device.touch,
      .phone = phone(model),
      .still = reduced_motion(model),
      .time = ImGui::GetTime(),
      .screen = screen,
  };
  apply_style(brush);
  const bool left = state.focus.begin_frame();
  if (left && model.drawer != Drawer::None && !model.sign_in.open) out.push_back(action::CloseDrawer{});
  if (model.screen == Screen::Canvas) {
    canvas_screen(brush, model, overview, out);
  } else {
    mosaic(brush, model);
    if (model.screen == Screen::Start)
      start_screen(brush, model, out);
    else
      connecting_screen(brush, model, out);
    drawer(brush, model, out);
  }
  notice_dialog(brush, model, out);
  // One dialog at a time: the other waits.
  if (model.notices.waiting.empty()) sign_in_panel(brush, model, out);
  toast_stack(brush, model, out);
  return state.transitions.end_frame(brush.time, brush.still);
}

}  // namespace tessera
