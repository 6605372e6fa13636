#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"

/// Where the lines at the top centre lie.
namespace tessera {

float line_top(const Brush& brush, const Model& model, float half, std::initializer_list<const char*> above) {
  const float middle = std::round(free_width(brush, model) / 2), gap = brush.px(measure::gap_wide);
  const auto left = panel_box("canvas"), right = panel_box("account");
  const bool between = !brush.phone && left && right && half <= std::min(middle - left->max.x, right->min.x - middle) - gap;
  float top = brush.edge() + (between ? 0 : brush.target() + brush.px(8) + gap);
  for (const char* id : above)
    if (const auto box = panel_box(id)) top = std::max(top, box->max.y + brush.px(8));
  return top;
}

bool in_the_way(const Brush& brush, const Model& model, const char* id, const Box& box) {
  const bool by_mouse = model.pointer.inside && !model.marker.stays && model.pointer.gesture == Gesture::None;
  if (by_mouse && panel_box(id)) return false;
  return over_marker(brush, model, box);
}

}  // namespace tessera
