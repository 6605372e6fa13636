#include <array>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

struct ToolLook {
  Tool tool;
  const char* icon;
  Text name;
  const char* key;
};
constexpr std::array<ToolLook, tool_count> tools{{
    {Tool::Pencil, icons::pencil, Text::ToolPencil, "P"},
    {Tool::Hand, icons::hand, Text::ToolHand, "H"},
    {Tool::Eyedropper, icons::eyedropper, Text::ToolEyedropper, "E"},
    {Tool::Inspect, icons::search, Text::ToolInspect, "I"},
    {Tool::Lock, icons::lock, Text::ToolLock, "L"},
}};

/// Grey where there is nothing to undo or redo.
void undo_buttons(const Brush& brush, const Model& model, bool beside, Actions& out) {
  const std::string undo = std::string(brush.text(Text::Undo)) + " · Ctrl+Z",
                    redo = std::string(brush.text(Text::Redo)) + " · Ctrl+Y";
  if (icon_button(brush, "undo", icons::undo, undo, {.enabled = may_undo(model)})) out.push_back(action::UndoStroke{});
  if (beside) same_line(brush);
  else space(brush, 2);
  if (icon_button(brush, "redo", icons::redo, redo, {.enabled = may_redo(model)})) out.push_back(action::RedoStroke{});
}

}  // namespace

void undo_bar(const Brush& brush, const Model& model, Actions& out) {
  const auto palette = panel_box("palette");
  if (!palette || model.drawer != Drawer::None || model.tool.tool == Tool::Lock) return;
  const ImVec2 at{brush.screen.x - brush.edge(), palette->min.y - brush.px(measure::gap_wide)};
  if (const Panel panel(brush, {.id = "undo", .at = at, .pivot = {1, 1}, .kind = PanelKind::Bar}); panel) {
    if (is_moderator(model)) {
      if (icon_button(brush, "lock", icons::lock, brush.text(Text::ToolLock), {})) out.push_back(action::SelectTool{Tool::Lock});
      same_line(brush);
    }
    undo_buttons(brush, model, true, out);
  }
}

void tool_bar(const Brush& brush, const Model& model, Actions& out) {
  const float top = brush.edge() + brush.target() + brush.px(8 + measure::gap_wide);
  if (const Panel panel(brush, {.id = "tools", .at = {brush.edge(), top}, .kind = PanelKind::Bar}); panel) {
    for (const ToolLook& look : tools) {
      if (look.tool == Tool::Lock && !is_moderator(model)) continue;
      if (&look != &tools.front()) space(brush, 2);
      const std::string name = std::string(brush.text(look.name)) + " · " + look.key;
      if (icon_button(brush, look.key, look.icon, name, {.on = model.tool.tool == look.tool}))
        out.push_back(action::SelectTool{look.tool});
    }
    space(brush, 4);
    const ImVec2 start = ImGui::GetCursorPos();
    ImGui::SetCursorPosX(start.x + brush.px(8));
    divider(brush, brush.target() - brush.px(16));
    ImGui::SetCursorPosX(start.x);
    space(brush, 4);
    undo_buttons(brush, model, false, out);
  }
}

}  // namespace tessera
