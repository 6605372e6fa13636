#pragma once

struct ImFont;

namespace tessera {

/// The typefaces of `look.md` at their sizes; each also holds the icons of `assets/icons.h`. They belong to ImGui's
/// atlas and change when the scale does.
struct Fonts {
  ImFont* text = nullptr;     ///< 14 px regular, ImGui's default
  ImFont* strong = nullptr;   ///< 14 px semibold
  ImFont* small = nullptr;    ///< 12 px regular
  ImFont* heading = nullptr;  ///< 16 px semibold
  ImFont* title = nullptr;    ///< 32 px semibold, without icons
};

/// Rasterises them anew into the current ImGui context's atlas, `scale` physical pixels to one of the sizes above. The
/// renderer must then make its texture of the atlas again.
Fonts load_fonts(double scale);

}  // namespace tessera
