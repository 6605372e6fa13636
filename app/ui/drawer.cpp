#include <algorithm>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr float usual_width = 320, setup_width = 416, phone_width = 480;
/// With less room than this above the minimap a drawer covers it.
constexpr float least_height = 360;

std::string title(const Brush& brush, const Model& model) {
  switch (model.drawer) {
    case Drawer::Cell:
      return brush.text({Text::CellAt, {std::to_string(model.cell.cell.x), std::to_string(model.cell.cell.y)}});
    case Drawer::Settings:
      return brush.text(Text::Settings);
    case Drawer::Account:
      return brush.text(Text::Account);
    case Drawer::Share:
      return brush.text(Text::Share);
    case Drawer::Help:
      return brush.text(Text::Help);
    case Drawer::Canvases:
      return brush.text(Text::Canvases);
    case Drawer::Setup:
      if (model.setup.creating) return brush.text(Text::NewCanvas);
      return brush.text({Text::SetUpThis, {model.setup.base.name}});
    case Drawer::Lock:
      return brush.text(model.lock_editor.base ? Text::LockEdit : Text::LockNew);
    case Drawer::Announcements:
      if (!model.announcements.editor.open) return brush.text(Text::Announcements);
      return brush.text(model.announcements.editor.base ? Text::AnnouncementEdit : Text::AnnouncementNew);
    case Drawer::Staff:
    case Drawer::Report:
      return brush.text(model.report_desk.writing ? Text::ReportToStaff : Text::OwnReports);
    case Drawer::None:
      break;
  }
  return {};
}

void content(const Brush& brush, const Model& model, float width, Actions& out) {
  switch (model.drawer) {
    case Drawer::Cell:
      return cell_drawer(brush, model, width, out);
    case Drawer::Settings:
      return settings_drawer(brush, model, width, out);
    case Drawer::Account:
      return account_drawer(brush, model, width, out);
    case Drawer::Share:
      return share_drawer(brush, model, width, out);
    case Drawer::Help:
      return help_drawer(brush, width);
    case Drawer::Canvases:
      return canvases_drawer(brush, model, width, out);
    case Drawer::Setup:
      return setup_drawer(brush, model, width, out);
    case Drawer::Lock:
      return lock_drawer(brush, model, width, out);
    case Drawer::Announcements:
      return announcements_drawer(brush, model, width, out);
    case Drawer::Staff:
    case Drawer::Report:
      return report_drawer(brush, model, width, out);
    case Drawer::None:
      return;
  }
}

bool is_form(Drawer drawer) {
  return drawer == Drawer::Setup || drawer == Drawer::Lock || drawer == Drawer::Announcements || drawer == Drawer::Report;
}

/// Beneath the bar, and beneath what concerns everyone now where that is in the way.
float highest(const Brush& brush, const Model& model, float left) {
  if (model.screen != Screen::Canvas) return brush.edge();
  const float gap = brush.px(measure::gap_wide), top = brush.edge() + brush.target() + brush.px(8) + gap;
  float free = top;
  for (const char* id : {"banner", "announcements", "countdown", "outcome"}) {
    const auto line = panel_box(id);
    if (line && line->max.x + gap > left && line->max.y > top) free = std::max(free, line->max.y + gap);
  }
  return free;
}

/// How far down it may reach.
float lowest(const Brush& brush, const Model& model, float top) {
  const float bottom = brush.screen.y - brush.edge();
  if (model.screen != Screen::Canvas || brush.phone) return bottom;
  if (model.drawer == Drawer::Setup || model.drawer == Drawer::Report) return bottom;
  const auto zoom = panel_box(model.drawer == Drawer::Canvases ? "palette" : "zoom");
  const float above = zoom ? zoom->min.y - brush.px(measure::gap_wide) : bottom;
  return above - top >= brush.px(least_height) ? above : bottom;
}

}  // namespace

void drawer(const Brush& brush, const Model& model, Actions& out) {
  if (model.drawer == Drawer::None || model.drawer == Drawer::Staff) return;
  if (brush.phone && marks_report(model)) return;  // it would lie over what is to be marked
  const float edge = brush.edge(), padding = brush.px(measure::padding);
  const float all = brush.screen.x - 2 * edge;
  const float wanted = brush.phone ? phone_width : is_form(model.drawer) ? setup_width : usual_width;
  const float outer = std::min(brush.px(wanted), all);
  const float width = outer - 2 * padding;
  // The list of canvases comes from the bar at the left that opens it, beside the tools.
  const auto tools = panel_box("tools");
  const bool left = model.drawer == Drawer::Canvases && tools && !brush.phone;
  const float x = left ? tools->max.x + brush.px(measure::gap_wide) : brush.screen.x - edge;
  const float top = highest(brush, model, left ? x : x - outer);
  const float most = lowest(brush, model, top) - top;
  const PanelLook look{.id = "drawer",
                       .at = {x, top},
                       .pivot = {left ? 0.0f : 1.0f, 0},
                       .from = {left ? -24.0f : 24.0f, 0}};
  if (const Panel panel(brush, look); panel) {
    const float row = brush.px(brush.touch ? measure::touch_target : 32);
    const ImVec2 start = ImGui::GetCursorPos();
    label(brush, title(brush, model), Type::Heading, Tone::Text, width - row - brush.px(measure::gap), row);
    // The cross itself, not the room around it, stands at the edge.
    ImGui::SetCursorPos({start.x + width - row + brush.px(8), start.y});
    if (icon_button(brush, "close", icons::close, brush.text(Text::Close), {.size = {row, row}}))
      out.push_back(action::CloseDrawer{});
    ImGui::SetCursorPos({start.x, start.y + row + brush.px(measure::gap)});
    begin_scrolling(brush, "content", width, most - row - brush.px(measure::gap) - 2 * padding);
    ImGui::PushID(static_cast<int>(model.drawer));
    content(brush, model, width, out);
    ImGui::PopID();
    end_scrolling(brush);
  }
}

}  // namespace tessera
