#pragma once

#include <string_view>

#include "app/ui/brush.h"

namespace tessera {

/// A ring filled clockwise from the top by `share` (0 … 1), with a number in it.
void ring(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, double share, std::string_view number);
/// The product's mark: four tiles.
void mark(ImDrawList& list, ImVec2 at, float side);
/// Turns while it is drawn, and keeps the frames coming.
void spinner(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, Tint color);
/// Rounds off the corners of a picture by painting over them with the colour of the ground around it.
void round_corners(ImDrawList& list, ImVec2 min, ImVec2 max, float radius, ImU32 ground);
/// A colour of the palette, with a faint line that keeps it visible on a panel of the same colour.
void color_block(const Brush& brush, ImDrawList& list, ImVec2 min, ImVec2 max, Rgb color, float radius);
/// A person's first letter in a circle, or an icon where it is none of ours.
void avatar(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, std::string_view name);

}  // namespace tessera
