#include "app/ui/theme.h"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr Tint tint(std::uint32_t rgb, double opacity = 1) {
  return {{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8), static_cast<std::uint8_t>(rgb)},
          opacity};
}

constexpr Colors dark_colors{
    .ground = tint(0x0D0F12),
    .panel = tint(0x16191E, 0.94),
    .raised = tint(0x20242B),
    .hovered = tint(0x2A2F38),
    .held = tint(0x343A45),
    .line = tint(0x2C323B),
    .text = tint(0xEEF1F5),
    .soft = tint(0xA8B0BC),
    .faint = tint(0x6F7884),
    .accent = tint(0xFF6B3D),
    .accent_hovered = tint(0xFF8058),
    .on_accent = tint(0x1A0E08),
    .good = tint(0x3DDC97),
    .warn = tint(0xFFC24B),
    .bad = tint(0xFF5A67),
    .info = tint(0x5AA9FF),
    .on_bad = tint(0x1F070A),
    .on_info = tint(0x071627),
    .shadow = tint(0x000000, 0.45),
};

constexpr Colors light_colors{
    .ground = tint(0xDADDE2),
    .panel = tint(0xFFFFFF, 0.96),
    .raised = tint(0xF1F3F6),
    .hovered = tint(0xE6E9EE),
    .held = tint(0xDADEE5),
    .line = tint(0xDDE1E7),
    .text = tint(0x16191E),
    .soft = tint(0x505A67),
    .faint = tint(0x7C8694),
    .accent = tint(0xD1441A),
    .accent_hovered = tint(0xBB3A14),
    .on_accent = tint(0xFFFFFF),
    .good = tint(0x0E9F63),
    .warn = tint(0xA86A00),
    .bad = tint(0xD02A3A),
    .info = tint(0x1F6FD0),
    .on_bad = tint(0xFFFFFF),
    .on_info = tint(0xFFFFFF),
    .shadow = tint(0x1B2430, 0.22),
};

/// Relative luminance of sRGB (WCAG 2.1).
double luminance(Rgb color) {
  const auto linear = [](std::uint8_t value) {
    const double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

}  // namespace

const Colors& theme_colors(bool dark) { return dark ? dark_colors : light_colors; }

double contrast(Rgb a, Rgb b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Rgb over(Tint front, Rgb back) {
  const auto mix = [&](std::uint8_t f, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround(f * front.opacity + b * (1 - front.opacity)));
  };
  return {mix(front.rgb.r, back.r), mix(front.rgb.g, back.g), mix(front.rgb.b, back.b)};
}

}  // namespace tessera
