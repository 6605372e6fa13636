#pragma once

#include <string>

#include <imgui.h>

#include "app/model/translate.h"
#include "app/ui/fonts.h"
#include "app/ui/theme.h"
#include "app/ui/ui_state.h"

namespace tessera {

/// What every panel draws with, for one frame. Positions and sizes on screen are physical pixels: `px` turns the
/// interface's own units into them.
struct Brush {
  const Colors& colors;
  const Fonts& fonts;
  UiState& state;
  float scale = 1;  ///< physical pixels to one unit
  Language language{};
  bool touch = false;  ///< larger targets
  bool phone = false;  ///< narrow layout
  bool still = false;  ///< reduced motion
  double time = 0;     ///< seconds, for what moves
  ImVec2 screen = {};  ///< of the window

  float px(float units) const;
  /// A line that is never thinner than a pixel.
  float hair() const;
  float target() const { return px(touch ? measure::touch_target : measure::target); }
  float control() const { return px(touch ? measure::touch_target : measure::control_height); }
  /// From the window's edge to its panels.
  float edge() const { return px(phone ? measure::gap_wide : measure::edge); }
  const char* text(Text id) const { return translate(language, id); }
  std::string text(const Phrase& phrase) const { return translate(language, phrase); }
};

/// For a draw list; as transparent as the panel that is being drawn.
ImU32 ink(Tint tint, double opacity = 1);
ImU32 ink(Rgb color);
/// For ImGui's own style colours, which it makes as transparent as the panel by itself.
ImU32 style_ink(Tint tint, double opacity = 1);

}  // namespace tessera
