#include "shared/canvas/palette.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "shared/base/text.h"

namespace tessera {
namespace {

using Lab = std::array<float, 3>;

float linear(std::uint8_t channel) {
  const float value = static_cast<float>(channel) / 255.0f;
  return value <= 0.04045f ? value / 12.92f : std::pow((value + 0.055f) / 1.055f, 2.4f);
}

// Björn Ottosson, "A perceptual color space for image processing", 2020.
Lab oklab(Rgb color) {
  const float r = linear(color.r), g = linear(color.g), b = linear(color.b);
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  return {0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s,
          1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
          0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s};
}

float distance(const Lab& a, const Lab& b) {
  float sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::string entry_label(std::size_t index, const PaletteColor& entry) {
  return "palette: colour " + std::to_string(index) + " (" + format_color(entry.color) + ")";
}

}  // namespace

std::optional<Rgb> parse_color(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  const std::optional<Bytes> bytes = from_hex(text.substr(1));
  if (!bytes) return std::nullopt;
  return Rgb{(*bytes)[0], (*bytes)[1], (*bytes)[2]};
}

std::string format_color(Rgb color) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "#";
  for (std::uint8_t channel : {color.r, color.g, color.b}) {
    out += digits[channel >> 4];
    out += digits[channel & 15];
  }
  return out;
}

Palette Palette::r_place_2022() {
  static const std::vector<PaletteColor> colors = {
      {{0x6D, 0x00, 0x1A}, "Burgundy"},    {{0xBE, 0x00, 0x39}, "Dark red"},   {{0xFF, 0x45, 0x00}, "Orange red"},
      {{0xFF, 0xA8, 0x00}, "Orange"},      {{0xFF, 0xD6, 0x35}, "Yellow"},     {{0xFF, 0xF8, 0xB8}, "Pale yellow"},
      {{0x00, 0xA3, 0x68}, "Dark green"},  {{0x00, 0xCC, 0x78}, "Green"},      {{0x7E, 0xED, 0x56}, "Light green"},
      {{0x00, 0x75, 0x6F}, "Dark teal"},   {{0x00, 0x9E, 0xAA}, "Teal"},       {{0x00, 0xCC, 0xC0}, "Light teal"},
      {{0x24, 0x50, 0xA4}, "Dark blue"},   {{0x36, 0x90, 0xEA}, "Blue"},       {{0x51, 0xE9, 0xF4}, "Light blue"},
      {{0x49, 0x3A, 0xC1}, "Indigo"},      {{0x6A, 0x5C, 0xFF}, "Periwinkle"}, {{0x94, 0xB3, 0xFF}, "Lavender"},
      {{0x81, 0x1E, 0x9F}, "Dark purple"}, {{0xB4, 0x4A, 0xC0}, "Purple"},     {{0xE4, 0xAB, 0xFF}, "Pale purple"},
      {{0xDE, 0x10, 0x7F}, "Magenta"},     {{0xFF, 0x38, 0x81}, "Pink"},       {{0xFF, 0x99, 0xAA}, "Light pink"},
      {{0x6D, 0x48, 0x2F}, "Dark brown"},  {{0x9C, 0x69, 0x26}, "Brown"},      {{0xFF, 0xB4, 0x70}, "Beige"},
      {{0x00, 0x00, 0x00}, "Black"},       {{0x51, 0x52, 0x52}, "Dark gray"},  {{0x89, 0x8D, 0x90}, "Gray"},
      {{0xD4, 0xD7, 0xD9}, "Light gray"},  {{0xFF, 0xFF, 0xFF}, "White"}};
  static const Palette palette = make(colors).value();
  return palette;
}

Result<Palette> Palette::make(std::vector<PaletteColor> colors) {
  if (colors.empty()) return Error{"palette: at least one colour is needed"};
  if (colors.size() > max_colors)
    return Error{"palette: " + std::to_string(colors.size()) + " colours; at most 255 are possible"};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    PaletteColor& entry = colors[i];
    if (!is_utf8(entry.name)) return Error{entry_label(i, entry) + ": its name is not UTF-8"};
    if (code_points(entry.name) > max_name_code_points)
      return Error{entry_label(i, entry) + ": its name is longer than 32 characters"};
    if (entry.name.empty()) entry.name = format_color(entry.color);
    for (std::size_t j = 0; j < i; ++j)
      if (colors[j].color == entry.color)
        return Error{entry_label(i, entry) + " is the same as colour " + std::to_string(j)};
  }
  Palette palette;
  palette.colors_ = std::move(colors);
  for (const PaletteColor& entry : palette.colors_) palette.lab_.push_back(oklab(entry.color));
  return palette;
}

std::optional<ColorIndex> Palette::find(Rgb color) const {
  for (std::size_t i = 0; i < colors_.size(); ++i)
    if (colors_[i].color == color) return static_cast<ColorIndex>(i);
  return std::nullopt;
}

ColorIndex Palette::nearest(Rgb color) const {
  const Lab wanted = oklab(color);
  ColorIndex best = empty_color;
  float least = 0;
  for (std::size_t i = 0; i < colors_.size(); ++i) {
    if (colors_[i].retired) continue;
    const float here = distance(wanted, lab_[i]);
    if (best != empty_color && here >= least) continue;
    best = static_cast<ColorIndex>(i);
    least = here;
  }
  return best;
}

}  // namespace tessera
