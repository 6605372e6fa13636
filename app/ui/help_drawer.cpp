#include <algorithm>
#include <array>
#include <vector>

#include "app/ui/panels.h"

namespace tessera {
namespace {

struct Help {
  Text what;
  Text keys;  ///< one or more, with | between them
};
constexpr std::array<Help, 15> lines{{
    {Text::ToolPencil, Text::KeysPlace},
    {Text::HelpLine, Text::KeysLine},
    {Text::ToolInspect, Text::KeysInspect},
    {Text::HelpUndo, Text::KeysUndo},
    {Text::HelpRedo, Text::KeysRedo},
    {Text::HelpColor, Text::KeysColor},
    {Text::HelpCursor, Text::KeysCursor},
    {Text::HelpMove, Text::KeysMove},
    {Text::HelpZoom, Text::KeysZoom},
    {Text::Fit, Text::KeysFit},
    {Text::HelpPencil, Text::KeysPencil},
    {Text::HelpHand, Text::KeysHand},
    {Text::ToolEyedropper, Text::KeysEyedropper},
    {Text::HelpPanels, Text::KeysPanels},
    {Text::HelpCanvas, Text::KeysCanvas},
}};

std::vector<std::string_view> split(std::string_view keys) {
  std::vector<std::string_view> all;
  for (std::size_t bar = keys.find('|'); bar != std::string_view::npos; bar = keys.find('|')) {
    all.push_back(keys.substr(0, bar));
    keys.remove_prefix(bar + 1);
  }
  all.push_back(keys);
  return all;
}

}  // namespace

void help_drawer(const Brush& brush, float width) {
  const float row = brush.px(32), gap = brush.px(4);
  for (const Help& line : lines) {
    const std::vector<std::string_view> keys = split(brush.text(line.keys));
    float keys_width = -gap;
    for (const std::string_view key : keys) keys_width += keycap_width(brush, key) + gap;
    const ImVec2 start = ImGui::GetCursorPos();
    label(brush, brush.text(line.what), Type::Text, Tone::Text,
          std::max(1.0f, width - keys_width - brush.px(measure::gap)), row);
    ImGui::SetCursorPos({start.x + width - keys_width, start.y});
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) ImGui::SameLine(0, gap);
      keycap(brush, keys[i], row);
    }
  }
}

}  // namespace tessera
