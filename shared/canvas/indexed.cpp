#include <algorithm>
#include <array>

#include "shared/canvas/png.h"

namespace tessera {
namespace {

/// The index of each colour seen, at most 256 of them, by open addressing; remembers the last one asked for.
class ColorTable {
 public:
  ColorTable() { slots_.fill({unused, 0}); }

  void add(Rgb color, ColorIndex index) { find(key(color)) = {key(color), index}; }
  std::optional<ColorIndex> index_of(Rgb color) {
    const std::uint32_t wanted = key(color);
    if (wanted != last_.key) last_ = find(wanted);
    if (wanted != last_.key) return std::nullopt;
    return last_.index;
  }

 private:
  static constexpr std::uint32_t unused = UINT32_MAX;
  struct Slot {
    std::uint32_t key;
    ColorIndex index;
  };

  static std::uint32_t key(Rgb color) { return std::uint32_t{color.r} << 16 | std::uint32_t{color.g} << 8 | color.b; }
  Slot& find(std::uint32_t wanted) {
    std::size_t at = wanted * 2'654'435'769u >> 22;
    while (slots_[at].key != unused && slots_[at].key != wanted) at = (at + 1) % slots_.size();
    return slots_[at];
  }

  std::array<Slot, 1024> slots_;
  Slot last_{unused, 0};
};

bool is_empty(const std::uint8_t* dot) { return dot[3] < 128; }
Rgb color_of(const std::uint8_t* dot) { return {dot[0], dot[1], dot[2]}; }

/// The different colours of a picture, as first seen, up to one more than a palette can have.
std::vector<Rgb> colors_seen(const RgbaImage& image) {
  ColorTable table;
  std::vector<Rgb> seen;
  for (std::size_t at = 0; at < image.rgba.size() && seen.size() <= Palette::max_colors; at += 4) {
    const std::uint8_t* dot = image.rgba.data() + at;
    if (is_empty(dot) || table.index_of(color_of(dot))) continue;
    table.add(color_of(dot), static_cast<ColorIndex>(seen.size()));
    seen.push_back(color_of(dot));
  }
  return seen;
}

bool contains(const std::vector<Rgb>& colors, Rgb color) {
  return std::find(colors.begin(), colors.end(), color) != colors.end();
}

/// The file's own order, each colour once, where that fits a palette; else only those in use.
std::vector<Rgb> in_file_order(const std::vector<Rgb>& file_palette, const std::vector<Rgb>& used) {
  std::vector<Rgb> all, some;
  for (Rgb color : file_palette) {
    if (contains(all, color)) continue;
    all.push_back(color);
    if (contains(used, color)) some.push_back(color);
  }
  return all.size() <= Palette::max_colors ? all : some;
}

/// Colours of r/place keep their names; others are named by their code.
Result<Palette> named(const std::vector<Rgb>& colors) {
  const Palette known = Palette::r_place_2022();
  std::vector<PaletteColor> entries;
  for (Rgb color : colors) {
    const std::optional<ColorIndex> index = known.find(color);
    entries.push_back({color, index ? known[*index].name : format_color(color)});
  }
  return Palette::make(std::move(entries));
}

}  // namespace

Result<IndexedImage> to_indexed(const RgbaImage& image) {
  const std::vector<Rgb> used = colors_seen(image);
  if (used.size() > Palette::max_colors)
    return Error{"picture: it has more than 255 colours, the most of a palette; reduce them first"};
  const Palette known = Palette::r_place_2022();
  if (std::all_of(used.begin(), used.end(), [&](Rgb color) { return known.find(color).has_value(); }))
    return to_indexed(image, known);
  Result<Palette> palette = named(image.file_palette.empty() ? used : in_file_order(image.file_palette, used));
  if (!palette) return palette.error();
  return to_indexed(image, *palette);
}

Result<IndexedImage> to_indexed(const RgbaImage& image, const Palette& palette) {
  ColorTable table;
  for (std::size_t i = 0; i < palette.size(); ++i) table.add(palette.colors()[i].color, static_cast<ColorIndex>(i));
  std::vector<ColorIndex> indices(image.rgba.size() / 4, empty_color);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::uint8_t* dot = image.rgba.data() + i * 4;
    if (is_empty(dot)) continue;
    const std::optional<ColorIndex> index = table.index_of(color_of(dot));
    if (!index)
      return Error{"picture: " + format_color(color_of(dot)) + " at (" + std::to_string(i % image.size.width) + ", " +
                   std::to_string(i / image.size.width) + ") is not in the palette"};
    indices[i] = *index;
  }
  return IndexedImage{image.size, palette, std::move(indices)};
}

}  // namespace tessera
