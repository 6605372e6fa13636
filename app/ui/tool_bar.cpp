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
}};

}  // namespace

void tool_bar(const Brush& brush, const Model& model, Actions& out) {
  const float top = brush.edge() + brush.target() + brush.px(8 + measure::gap_wide);
  if (const Panel panel(brush, {.id = "tools", .at = {brush.edge(), top}, .kind = PanelKind::Bar}); panel) {
    for (const ToolLook& look : tools) {
      if (&look != &tools.front()) space(brush, 2);
      const std::string name = std::string(brush.text(look.name)) + " · " + look.key;
      if (icon_button(brush, look.key, look.icon, name, {.on = model.tool.tool == look.tool}))
        out.push_back(action::SelectTool{look.tool});
    }
  }
}

}  // namespace tessera
