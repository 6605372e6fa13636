#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr float ring_radius = 20, ring_width = 4;
constexpr std::uint32_t most_in_ring = 999;

}  // namespace

ChargeTexts charge_texts(const Brush& brush, const Model& model) {
  const ChargesNow now = charges_now(model);
  if (now.unlimited) return {"", brush.text(Text::ChargesUnlimited), "", 1};
  const std::string count = format_number(brush.language, now.charges);
  ChargeTexts texts;
  texts.count = now.charges > most_in_ring ? std::to_string(most_in_ring) + "+" : count;
  texts.line = brush.phone ? brush.text(plural(brush.language, now.charges, Text::ChargesOne, Text::ChargesMany))
                           : brush.text({Text::ChargesOf, {count, format_number(brush.language, now.max)}});
  if (now.charges >= now.max)
    texts.next = brush.text(Text::ChargesFull);
  else if (now.next > Duration::zero())
    texts.next = brush.text({Text::NextIn, {format_duration(brush.language, now.next)}});
  texts.share = now.max == 0 ? 1 : (now.charges + (now.charges < now.max ? now.progress : 0)) / now.max;
  return texts;
}

/// With room for the widest that the small line usually gets, so that the bar does not breathe with each second.
float charges_width(const Brush& brush, const ChargeTexts& texts) {
  const float usual = texts.next.empty() ? 0 : text_width(brush, brush.text({Text::NextIn, {"00,0 s"}}), Type::Small);
  const float words =
      std::max({text_width(brush, texts.line, Type::Strong), text_width(brush, texts.next, Type::Small), usual});
  return brush.px(2 * ring_radius + ring_width + measure::gap_wide) + words;
}

void charges(const Brush& brush, const ChargeTexts& texts, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(ring_radius);
  const ImVec2 centre{at.x + radius + brush.px(ring_width / 2), at.y + std::round(height / 2)};
  ring(brush, list, centre, radius, texts.share, texts.count);
  if (texts.count.empty()) draw_icon(brush, list, centre, icons::check, ink(brush.colors.text));
  const float x = at.x + brush.px(2 * ring_radius + ring_width + measure::gap_wide);
  const float strong = line_height(brush, Type::Strong), small = line_height(brush, Type::Small);
  const float y = std::round(at.y + (height - strong - (texts.next.empty() ? 0 : small)) / 2);
  draw_text(brush, list, {x, y}, texts.line, Type::Strong, ink(brush.colors.text));
  draw_text(brush, list, {x, y + strong}, texts.next, Type::Small, ink(brush.colors.soft));
  ImGui::Dummy({charges_width(brush, texts), height});
}

}  // namespace tessera
