#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/result.h"

namespace tessera {

struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  auto operator<=>(const Rgb&) const = default;
};

/// `#RRGGBB` of either case.
std::optional<Rgb> parse_color(std::string_view text);
/// `#RRGGBB`, upper case.
std::string format_color(Rgb color);

struct PaletteColor {
  Rgb color;
  std::string name;
  bool retired = false;  ///< stays on the canvas, can no longer be placed
  bool operator==(const PaletteColor&) const = default;
};

/// The ordered list of 1 to 255 colours of a canvas; index 255 is always 'empty'. Never shrinks: a cell's index keeps
/// its meaning.
class Palette {
 public:
  static constexpr std::size_t max_colors = 255;
  static constexpr std::size_t max_name_code_points = 32;

  /// r/place 2022's 32 colours, in its order.
  static Palette r_place_2022();
  /// An error says which entry is wrong: none, more than 255, two of the same colour, a name too long or not UTF-8.
  /// An empty name becomes the colour's code.
  static Result<Palette> make(std::vector<PaletteColor> colors);

  std::size_t size() const { return colors_.size(); }
  const PaletteColor& operator[](ColorIndex index) const { return colors_[index]; }
  const std::vector<PaletteColor>& colors() const { return colors_; }
  bool contains(ColorIndex index) const { return index < colors_.size(); }
  /// May it be placed now?
  bool allows(ColorIndex index) const { return contains(index) && !colors_[index].retired; }
  /// The index of exactly this colour.
  std::optional<ColorIndex> find(Rgb color) const;
  /// The nearest colour that may be placed, by distance in Oklab (Ottosson 2020); 'empty' where all are retired.
  ColorIndex nearest(Rgb color) const;
  bool operator==(const Palette&) const = default;

 private:
  std::vector<PaletteColor> colors_;
  std::vector<std::array<float, 3>> lab_;  // of each colour, in Oklab
};

}  // namespace tessera
