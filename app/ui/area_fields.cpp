#include <cmath>

#include "app/ui/panels.h"
#include "shared/base/text.h"

namespace tessera {

void area_fields(const Brush& brush, const AreaTexts& area, float width) {
  const float gap = brush.px(measure::gap), each = std::floor((width - 3 * gap) / 4);
  const auto field = [&](const char* id, Text words, std::string& text, bool last) {
    ImGui::BeginGroup();
    form_field(brush, id, words, text, {.width = each, .digits = true});
    ImGui::EndGroup();
    if (!last) ImGui::SameLine(0, gap);
  };
  field("x", Text::LockX, area.x, false);
  field("y", Text::LockY, area.y, false);
  field("width", Text::SetupWidth, area.width, false);
  field("height", Text::SetupHeight, area.height, true);
}

std::uint64_t cells_of(const AreaTexts& area) {
  const auto width = parse_number(area.width, max_canvas_side), height = parse_number(area.height, max_canvas_side);
  return width && height ? *width * *height : 0;
}

std::string area_text(const Brush& brush, const Rect& area) {
  const auto number = [](std::uint32_t side) { return std::to_string(side); };
  return brush.text({Text::LockAreaText, {number(area.x), number(area.y), number(area.width), number(area.height)}});
}

}  // namespace tessera
