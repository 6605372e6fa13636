#include "app/ui/fonts.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <imgui.h>

#include "assets/fonts.h"
#include "assets/icons.h"

namespace tessera {
namespace {

using FontFile = std::span<const unsigned char>;

// What assets/cut_fonts.py keeps.
constexpr ImWchar text_ranges[] = {0x20,   0x17f,  0x2007, 0x2044, 0x20ac, 0x20ac, 0x2122, 0x2122, 0x2190, 0x21b5,
                                   0x2212, 0x2212, 0x2248, 0x2265, 0x2318, 0x2318, 0xfffd, 0xfffd, 0};
constexpr ImWchar icon_ranges[] = {icons::first_code_point, icons::last_code_point, 0};

unsigned read_u16(FontFile file, std::size_t at) {
  return at + 2 <= file.size() ? static_cast<unsigned>(file[at] << 8 | file[at + 1]) : 0;
}
std::size_t read_u32(FontFile file, std::size_t at) {
  return std::size_t{read_u16(file, at)} << 16 | read_u16(file, at + 2);
}

/// Where a table of a TrueType file begins; the end of the file where it has none.
std::size_t table(FontFile file, const char* tag) {
  for (std::size_t i = 0; i < read_u16(file, 4); ++i) {
    const std::size_t entry = 12 + 16 * i;
    if (entry + 16 <= file.size() && std::memcmp(&file[entry], tag, 4) == 0) return read_u32(file, entry + 8);
  }
  return file.size();
}

/// Ascent to descent in units of the em: ImGui takes that for the size, designers take the em.
double line_of_em(FontFile file) {
  const std::size_t hhea = table(file, "hhea");
  const auto ascent = static_cast<std::int16_t>(read_u16(file, hhea + 4));
  const auto descent = static_cast<std::int16_t>(read_u16(file, hhea + 6));
  const unsigned em = read_u16(file, table(file, "head") + 18);
  return em == 0 ? 1 : static_cast<double>(ascent - descent) / em;
}

ImFont* add(FontFile file, double em_pixels, const ImWchar* ranges, ImFontConfig config) {
  config.FontDataOwnedByAtlas = false;
  const auto pixels = static_cast<float>(std::round(em_pixels * line_of_em(file)));
  // The atlas only reads what it does not own.
  void* data = const_cast<unsigned char*>(file.data());
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(file.size()), pixels, &config, ranges);
}

ImFont* add_text(FontFile file, double em_pixels) {
  ImFontConfig config;
  config.OversampleH = 2;
  config.OversampleV = 1;
  return add(file, em_pixels, text_ranges, config);
}

/// Into the font added last, their middle at the middle of its capitals.
void merge_icons(double em_pixels, double text_em_pixels) {
  ImFontConfig config;
  config.MergeMode = true;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.GlyphOffset.y = static_cast<float>(std::round((em_pixels - text_em_pixels) * 0.42));
  add(icons_font(), em_pixels, icon_ranges, config);
}

}  // namespace

Fonts load_fonts(double scale) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  Fonts fonts;
  fonts.text = add_text(inter_regular(), 14 * scale);
  merge_icons(16 * scale, 14 * scale);
  fonts.strong = add_text(inter_semibold(), 14 * scale);
  merge_icons(16 * scale, 14 * scale);
  fonts.small = add_text(inter_regular(), 12 * scale);
  merge_icons(12 * scale, 12 * scale);
  fonts.heading = add_text(inter_semibold(), 16 * scale);
  merge_icons(16 * scale, 16 * scale);
  fonts.title = add_text(inter_semibold(), 32 * scale);
  atlas.Build();
  return fonts;
}

}  // namespace tessera
