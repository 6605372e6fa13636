#include "app/ui/drawings.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <imgui_internal.h>

#include "app/ui/type.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr float full_turn = 2 * std::numbers::pi_v<float>;

/// The first character where our typefaces have it; letters in capitals as far as ASCII and Latin-1 go.
std::string initial(std::string_view name) {
  unsigned code = 0;
  if (name.empty() || ImTextCharFromUtf8(&code, name.data(), name.data() + name.size()) <= 0) return {};
  const bool small_ascii = code >= 'a' && code <= 'z', small_latin = code >= 0xE0 && code <= 0xFE && code != 0xF7;
  if (small_ascii || small_latin) code -= 0x20;
  if (code <= 0x20 || (code >= 0x7F && code < 0xC0) || code >= 0x180) return {};
  char encoded[5] = {};
  ImTextCharToUtf8(encoded, code);
  return encoded;
}

}  // namespace

void ring(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, double share, std::string_view number) {
  const float width = brush.px(4);
  list.AddCircle(centre, radius, ink(brush.colors.text, 0.12), 0, width);
  const float turn = full_turn * static_cast<float>(std::clamp(share, 0.0, 1.0));
  if (turn > 0.01f) {
    const float top = -full_turn / 4;
    list.PathArcTo(centre, radius, top, top + turn, 0);
    list.PathStroke(ink(brush.colors.accent), 0, width);
  }
  const float room = 2 * radius - width - brush.px(4);
  const Type type = text_width(brush, number, Type::Strong) <= room ? Type::Strong : Type::Small;
  draw_centred(brush, list, {centre.x - radius, centre.y - radius}, {centre.x + radius, centre.y + radius}, number,
               type, ink(brush.colors.text));
}

void mark(ImDrawList& list, ImVec2 at, float side) {
  const float each = std::round(side * 0.46f), gap = side - 2 * each, radius = std::round(each * 0.24f);
  // The same in either theme.
  const Colors& c = theme_colors(true);
  const Tint colors[] = {c.accent, c.info, c.good, c.warn};
  for (int i = 0; i < 4; ++i) {
    const ImVec2 min{at.x + static_cast<float>(i % 2) * (each + gap), at.y + static_cast<float>(i / 2) * (each + gap)};
    list.AddRectFilled(min, {min.x + each, min.y + each}, ink(colors[i]), radius);
  }
}

void spinner(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, Tint color) {
  const float begin = brush.still ? -full_turn / 4 : static_cast<float>(std::fmod(brush.time, 1.0)) * full_turn;
  list.AddCircle(centre, radius, ink(color, 0.2), 0, brush.px(2));
  list.PathArcTo(centre, radius, begin, begin + full_turn * 0.3f, 0);
  list.PathStroke(ink(color), 0, brush.px(2));
  if (!brush.still) brush.state.transitions.unsettled();
}

void round_corners(ImDrawList& list, ImVec2 min, ImVec2 max, float radius, ImU32 ground) {
  constexpr int steps = 6;
  for (int corner = 0; corner < 4; ++corner) {
    const bool right = corner == 1 || corner == 2, low = corner >= 2;
    const ImVec2 tip{right ? max.x : min.x, low ? max.y : min.y};
    const ImVec2 centre{right ? max.x - radius : min.x + radius, low ? max.y - radius : min.y + radius};
    const float begin = full_turn / 4 * static_cast<float>(corner + 2);
    const auto point = [&](int step) {
      const float angle = begin + full_turn / 4 * static_cast<float>(step) / steps;
      return ImVec2{centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
    };
    for (int step = 0; step < steps; ++step) list.AddTriangleFilled(tip, point(step), point(step + 1), ground);
  }
}

void color_block(const Brush& brush, ImDrawList& list, ImVec2 min, ImVec2 max, Rgb color, float radius) {
  list.AddRectFilled(min, max, ink(color), radius);
  list.AddRect(min, max, ink(brush.colors.text, 0.18), radius, 0, brush.hair());
}

void avatar(const Brush& brush, ImDrawList& list, ImVec2 centre, float radius, std::string_view name) {
  list.AddCircleFilled(centre, radius, ink(brush.colors.info));
  const std::string letter = initial(name);
  if (letter.empty()) return draw_icon(brush, list, centre, icons::user, ink(brush.colors.on_info), Type::Small);
  draw_centred(brush, list, {centre.x - radius, centre.y - radius}, {centre.x + radius, centre.y + radius}, letter,
               Type::Small, ink(brush.colors.on_info));
}

}  // namespace tessera
