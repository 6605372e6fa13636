#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

/// No more tiles than this across: a draw list has room for 65,536 corners.
constexpr float most_columns = 80;

std::uint32_t mixed(std::uint32_t a, std::uint32_t b) {
  std::uint32_t value = a * 73'856'093u ^ b * 19'349'663u;
  value = (value ^ (value >> 13)) * 0x5BD1E995u;
  return value ^ (value >> 15);
}

/// Made up, the same each time: most tiles have the colour of their neighbourhood, so that it looks drawn.
Rgb made_up(const Palette& palette, std::uint32_t column, std::uint32_t row) {
  const std::uint32_t own = mixed(column + 977, row + 31), neighbourhood = mixed(column / 3, row / 3);
  const std::uint32_t chosen = own % 4 == 0 ? own >> 8 : neighbourhood >> 8;
  return palette.colors()[chosen % palette.size()].color;
}

/// The picture of the last canvas, a tile for each dot, large enough to cover the window.
Rgb remembered(const RecentServer& recent, float across, float down) {
  const auto side = static_cast<float>(recent.picture_side);
  const auto at = [&](float share) { return static_cast<std::size_t>(std::clamp(share * side, 0.0f, side - 1)); };
  const std::size_t dot = 4 * (at(down) * recent.picture_side + at(across));
  return {recent.picture[dot], recent.picture[dot + 1], recent.picture[dot + 2]};
}

}  // namespace

void mosaic(const Brush& brush, const Model& model) {
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  list.AddRectFilled({0, 0}, brush.screen, ink(brush.colors.ground));
  const float longest = std::max(brush.screen.x, brush.screen.y),
              side = std::max(brush.px(28), std::ceil(longest / most_columns));
  const float line = std::max(1.0f, std::round(side / 14));
  const auto known = std::find_if(model.recent.begin(), model.recent.end(), [](const RecentServer& recent) {
    return recent.picture_side > 0 &&
           recent.picture.size() >= std::size_t{4} * recent.picture_side * recent.picture_side;
  });
  const Palette made_up_of = Palette::r_place_2022();
  const double strength = dark(model) ? 0.26 : 0.5;
  const auto columns = static_cast<std::uint32_t>(std::ceil(brush.screen.x / side)),
             rows = static_cast<std::uint32_t>(std::ceil(brush.screen.y / side));
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column < columns; ++column) {
      const ImVec2 at{static_cast<float>(column) * side, static_cast<float>(row) * side};
      const float across = 0.5f + (at.x + side / 2 - brush.screen.x / 2) / longest,
                  down = 0.5f + (at.y + side / 2 - brush.screen.y / 2) / longest;
      const Rgb color =
          known == model.recent.end() ? made_up(made_up_of, column, row) : remembered(*known, across, down);
      list.AddRectFilled(at, {at.x + side - line, at.y + side - line}, ink(Tint{color, strength}));
    }
}

}  // namespace tessera
