#include "app/ui/type.h"

#include <algorithm>
#include <cmath>

#include <imgui_internal.h>

#include "app/ui/surfaces.h"

namespace tessera {
namespace {

constexpr std::string_view ellipsis = "…";
/// Nothing on screen is longer; what is, was sent to make us slow.
constexpr std::size_t most_shown = 2'048;

std::string_view sane(std::string_view text) {
  if (text.size() <= most_shown) return text;
  std::size_t end = most_shown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

/// Where a line that begins at `begin` ends, and where the next begins.
struct Line {
  const char* end;
  const char* next;
};
Line break_line(const ImFont& face, const char* begin, const char* end, float width) {
  const char* newline = std::find(begin, end, '\n');
  const char* stop = face.CalcWordWrapPositionA(1, begin, newline, width);
  // Never in the middle of a character, never nothing at all.
  if (stop == begin && begin != newline) ++stop;
  while (stop != newline && (static_cast<unsigned char>(*stop) & 0xC0) == 0x80) ++stop;
  const char* next = stop;
  while (next != newline && *next == ' ') ++next;
  if (next == newline && newline != end) ++next;
  return {stop, next};
}

}  // namespace

ImU32 tone_ink(const Brush& brush, Tone tone) {
  const Colors& c = brush.colors;
  switch (tone) {
    case Tone::Text:
      return ink(c.text);
    case Tone::Soft:
      return ink(c.soft);
    case Tone::Accent:
      return ink(c.accent);
    case Tone::Good:
      return ink(c.good);
    case Tone::Warn:
      return ink(c.warn);
    case Tone::Bad:
      return ink(c.bad);
    case Tone::Info:
      return ink(c.info);
  }
  return ink(c.text);
}

ImFont* font(const Brush& brush, Type type) {
  switch (type) {
    case Type::Small:
      return brush.fonts.small;
    case Type::Text:
      return brush.fonts.text;
    case Type::Strong:
      return brush.fonts.strong;
    case Type::Heading:
      return brush.fonts.heading;
    case Type::Title:
      return brush.fonts.title;
  }
  return brush.fonts.text;
}

float line_height(const Brush& brush, Type type) {
  switch (type) {
    case Type::Small:
      return brush.px(16);
    case Type::Text:
    case Type::Strong:
      return brush.px(20);
    case Type::Heading:
      return brush.px(24);
    case Type::Title:
      return brush.px(40);
  }
  return brush.px(20);
}

float text_width(const Brush& brush, std::string_view text, Type type) {
  text = sane(text);
  const ImFont* face = font(brush, type);
  return std::ceil(face->CalcTextSizeA(face->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x);
}

std::string cut(const Brush& brush, std::string_view text, Type type, float width) {
  if (text.size() <= most_shown && text_width(brush, text, type) <= width) return std::string(text);
  text = sane(text);
  const ImFont* face = font(brush, type);
  const float room = width - text_width(brush, ellipsis, type);
  const char* end = text.data();
  if (room > 0) face->CalcTextSizeA(face->FontSize, room, 0, text.data(), text.data() + text.size(), &end);
  std::string shown(text.data(), static_cast<std::size_t>(end - text.data()));
  while (!shown.empty() && shown.back() == ' ') shown.pop_back();
  return shown.append(ellipsis);
}

void draw_text(const Brush& brush, ImDrawList& list, ImVec2 at, std::string_view text, Type type, ImU32 color) {
  text = sane(text);
  const ImFont* face = font(brush, type);
  const float down = (line_height(brush, type) - face->FontSize) / 2;
  list.AddText(face, face->FontSize, {std::round(at.x), std::round(at.y + down)}, color, text.data(),
               text.data() + text.size());
}

void draw_centred(const Brush& brush, ImDrawList& list, ImVec2 min, ImVec2 max, std::string_view text, Type type,
                  ImU32 color) {
  const float width = text_width(brush, text, type), height = line_height(brush, type);
  draw_text(brush, list, {(min.x + max.x - width) / 2, (min.y + max.y - height) / 2}, text, type, color);
}

void draw_icon(const Brush& brush, ImDrawList& list, ImVec2 centre, const char* icon, ImU32 color, Type type) {
  const ImFont* face = font(brush, type);
  unsigned code = 0;
  ImTextCharFromUtf8(&code, icon, nullptr);
  const ImFontGlyph* glyph = face->FindGlyph(static_cast<ImWchar>(code));
  if (glyph == nullptr) return;
  const ImVec2 at{std::round(centre.x - (glyph->X0 + glyph->X1) / 2),
                  std::round(centre.y - (glyph->Y0 + glyph->Y1) / 2)};
  list.AddText(face, face->FontSize, at, color, icon);
}

void label(const Brush& brush, std::string_view text, Type type, Tone tone, float width, float height) {
  const std::string shown = width > 0 ? cut(brush, text, type, width) : std::string(sane(text));
  const float line = line_height(brush, type);
  if (height <= 0) height = line;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(brush, *ImGui::GetWindowDrawList(), {at.x, at.y + std::round((height - line) / 2)}, shown, type,
            tone_ink(brush, tone));
  ImGui::Dummy({std::max(1.0f, text_width(brush, shown, type)), height});
  if (width > 0 && shown != text && ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort)) tooltip(brush, text);
}

void paragraph(const Brush& brush, std::string_view text, float width, Type type, Tone tone, int most_lines) {
  text = sane(text);
  const ImFont& face = *font(brush, type);
  const float line = line_height(brush, type);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const char *from = text.data(), *end = text.data() + text.size();
  int lines = 0;
  while (from != end && (most_lines == 0 || lines < most_lines)) {
    const Line broken = break_line(face, from, end, width);
    const bool last = lines + 1 == most_lines && broken.next != end;
    const std::string_view words(from, static_cast<std::size_t>((last ? end : broken.end) - from));
    const ImVec2 place{at.x, at.y + line * static_cast<float>(lines++)};
    draw_text(brush, *ImGui::GetWindowDrawList(), place, last ? cut(brush, words, type, width) : std::string(words),
              type, tone_ink(brush, tone));
    from = broken.next;
  }
  ImGui::Dummy({width, line * static_cast<float>(std::max(1, lines))});
}

int count_lines(const Brush& brush, std::string_view text, float width, Type type, int most_lines) {
  text = sane(text);
  int lines = 0;
  for (const char *from = text.data(), *end = text.data() + text.size();
       from != end && (most_lines == 0 || lines < most_lines); ++lines)
    from = break_line(*font(brush, type), from, end, width).next;
  return std::max(1, lines);
}

void space(const Brush& brush, float units) { ImGui::Dummy({1, brush.px(units)}); }

}  // namespace tessera
