#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {

void lock_sheet(const Brush& brush, const Model& model, Actions& out) {
  const float padding = brush.px(measure::padding), bar = brush.px(52), gap = brush.px(measure::gap);
  const float below = brush.px(measure::panel_radius), line = line_height(brush, Type::Text);
  const float height = padding + line + gap + bar + padding;
  const PanelLook look{.id = "palette",
                       .at = {0, brush.screen.y + below},
                       .pivot = {0, 1},
                       .size = {brush.screen.x, height + below},
                       .kind = PanelKind::Sheet};
  if (const Panel panel(brush, look); panel) {
    const bool second = model.lock_frame.from.has_value();
    const float width = brush.screen.x - 2 * padding, half = (width - gap) / 2;
    label(brush, brush.text(second ? Text::LockAimSecond : Text::LockAim), Type::Text, Tone::Soft, width);
    space(brush, measure::gap);
    if (button(brush, "cancel", brush.text(Text::Cancel), {.width = half, .height = bar})) out.push_back(action::CancelLock{});
    same_line(brush, measure::gap);
    const ButtonLook main{.kind = ButtonKind::Main, .icon = icons::crosshairs, .width = half, .height = bar, .enabled = model.marker.cell.has_value()};
    if (button(brush, "corner", brush.text(second ? Text::LockSecond : Text::LockFirst), main)) out.push_back(action::ActAtMarker{});
  }
}

}  // namespace tessera
