#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/ui/brush.h"

/// Text and icons. A line of text is as high as `look.md` says (12 on 16, 14 on 20, 16 on 24, 32 on 40), its capitals
/// in the middle, so that everything lies on the grid.
namespace tessera {

enum class Type : std::uint8_t { Small, Text, Strong, Heading, Title };
enum class Tone : std::uint8_t { Text, Soft, Accent, Good, Warn, Bad, Info };

ImU32 tone_ink(const Brush& brush, Tone tone);
ImFont* font(const Brush& brush, Type type);
float line_height(const Brush& brush, Type type);
float text_width(const Brush& brush, std::string_view text, Type type);
/// The text, cut to `width` with an ellipsis where it is longer.
std::string cut(const Brush& brush, std::string_view text, Type type, float width);

/// One line whose line box begins at `at`.
void draw_text(const Brush& brush, ImDrawList& list, ImVec2 at, std::string_view text, Type type, ImU32 color);
/// One line in the middle of a box.
void draw_centred(const Brush& brush, ImDrawList& list, ImVec2 min, ImVec2 max, std::string_view text, Type type,
                  ImU32 color);
/// An icon of `assets/icons.h`, the middle of what is seen of it at `centre`; 16 units high, or 12 with `Type::Small`.
void draw_icon(const Brush& brush, ImDrawList& list, ImVec2 centre, const char* icon, ImU32 color,
               Type type = Type::Text);

// ---- as ImGui items ----

/// One line; cut with an ellipsis past `width` (0: never), then the whole of it is in a tooltip. `height`: the line
/// lies in the middle of so much (0: as high as the line).
void label(const Brush& brush, std::string_view text, Type type = Type::Text, Tone tone = Tone::Text, float width = 0,
           float height = 0);
/// Broken into lines at `width`; past `most_lines` (0: never) the last ends with an ellipsis.
void paragraph(const Brush& brush, std::string_view text, float width, Type type = Type::Text, Tone tone = Tone::Soft,
               int most_lines = 0);
/// How many lines that makes.
int count_lines(const Brush& brush, std::string_view text, float width, Type type, int most_lines = 0);
/// Room between two things.
void space(const Brush& brush, float units);

}  // namespace tessera
