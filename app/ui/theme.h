#pragma once

#include <cstdint>

#include "shared/canvas/palette.h"

namespace tessera {

/// A colour of the interface and how much of it covers what is behind.
struct Tint {
  Rgb rgb;
  double opacity = 1;
};

/// The colours of `look.md`, one set for dark and one for light. Text on its ground is at least 4.5:1, whatever the
/// canvas behind a panel; `faint` is not, and only for what is of no consequence. In the light set accent and bad are a
/// little darker than there, to keep that promise.
struct Colors {
  Tint ground;   ///< behind the canvas
  Tint panel;    ///< floating surfaces
  Tint raised;   ///< buttons, fields, chips
  Tint hovered;  ///< raised, under the pointer
  Tint held;     ///< raised, pressed
  Tint line;     ///< borders, dividers
  Tint text;
  Tint soft;    ///< secondary text
  Tint faint;   ///< labels of no consequence
  Tint accent;  ///< one thing at a time
  Tint accent_hovered;
  Tint on_accent;
  Tint good, warn, bad, info;  ///< always with a word or an icon as well
  Tint on_bad, on_info;
  Tint shadow;
};
const Colors& theme_colors(bool dark);

/// Contrast of two opaque colours, 1 … 21 (WCAG 2.1, 'contrast ratio').
double contrast(Rgb a, Rgb b);
/// `front` laid over `back`.
Rgb over(Tint front, Rgb back);

/// Sizes of `look.md`, in the interface's own units: times display scale and the person's own scale on the screen.
namespace measure {
inline constexpr float gap = 8, gap_wide = 12, padding = 16, edge = 16;
inline constexpr float panel_radius = 12, control_radius = 8, swatch_radius = 6;
inline constexpr float control_height = 36, target = 40, touch_target = 44;
inline constexpr float icon = 16;
/// How long it takes for something to slide in, in seconds.
inline constexpr double motion = 0.16;
/// Below this width bars tell less.
inline constexpr float roomy = 900;
}  // namespace measure

}  // namespace tessera
