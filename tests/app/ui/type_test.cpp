#include "app/ui/type.h"

#include "app/ui/drawings.h"
#include "assets/icons.h"
#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

struct TypeFixture : UiFixture {
  Brush brush{.colors = theme_colors(true), .fonts = fonts, .state = state, .scale = 1};
};

bool has_glyph(const ImFont* font, unsigned code) {
  return font->FindGlyphNoFallback(static_cast<ImWchar>(code)) != nullptr;
}

/// Every character of a text that a typeface lacks.
std::string missing(const ImFont* font, const char* text) {
  std::string lacking;
  for (const char* at = text; *at != '\0';) {
    unsigned code = 0;
    at += ImTextCharFromUtf8(&code, at, nullptr);
    if (!has_glyph(font, code)) lacking += " U+" + std::to_string(code);
  }
  return lacking;
}

}  // namespace

TEST_CASE("Type: the typefaces have every character of every text, in both languages") {
  UiFixture ui;
  for (std::uint16_t i = 0; i < text_count; ++i)
    for (const Language language : {Language::English, Language::French}) {
      const char* text = translate(language, static_cast<Text>(i));
      CAPTURE(text);
      for (const ImFont* font : {ui.fonts.text, ui.fonts.strong, ui.fonts.small, ui.fonts.heading})
        CHECK(missing(font, text) == "");
    }
}

TEST_CASE("Type: numbers keep their width while they change, and are spaced as the language wants") {
  TypeFixture ui;
  for (const Type type : {Type::Small, Type::Text, Type::Strong})
    CHECK(text_width(ui.brush, "1111", type) == text_width(ui.brush, "9048", type));
  CHECK(missing(ui.fonts.text, format_number(Language::French, 1'234'567).c_str()) == "");
}

TEST_CASE("Type: what is too long ends with an ellipsis and fits") {
  TypeFixture ui;
  const std::string name = "Maximilienne-Éléonore de la Très-Longue-Rue";
  for (float width = 20; width < 300; width += 7) {
    const std::string shown = cut(ui.brush, name, Type::Text, width);
    CHECK(text_width(ui.brush, shown, Type::Text) <= width);
    CHECK(shown.ends_with("…"));
  }
  CHECK(cut(ui.brush, name, Type::Text, 1'000) == name);
}

TEST_CASE("Type: a cut never leaves half a character") {
  TypeFixture ui;
  for (float width = 1; width < 120; width += 1) {
    const std::string shown = cut(ui.brush, "éééééééééééééééé", Type::Text, width);
    for (std::size_t i = 0; i + 3 < shown.size(); i += 2) CHECK(shown.substr(i, 2) == "é");
  }
}

TEST_CASE("Type: lines are broken at blanks, over-long words anywhere, and the rest of too many lines is left out") {
  TypeFixture ui;
  CHECK(count_lines(ui.brush, "one two", 1'000, Type::Text) == 1);
  CHECK(count_lines(ui.brush, "one two", text_width(ui.brush, "one t", Type::Text), Type::Text) == 2);
  CHECK(count_lines(ui.brush, "one\ntwo\nthree", 1'000, Type::Text) == 3);
  CHECK(count_lines(ui.brush, std::string(1'000, 'W'), 100, Type::Text) > 50);
  CHECK(count_lines(ui.brush, std::string(1'000, 'W'), 100, Type::Text, 4) == 4);
  CHECK(count_lines(ui.brush, "", 100, Type::Text) == 1);
  CHECK(count_lines(ui.brush, "éé", 0, Type::Text) == 2);
}

TEST_CASE("Type: an icon stands where it was put, to the pixel") {
  TypeFixture ui;
  ui.play();
  ui.settle();
  ImDrawList list(ImGui::GetDrawListSharedData());
  list._ResetForNewFrame();
  list.PushClipRectFullScreen();
  for (const char* icon : {icons::pencil, icons::cog, icons::close, icons::search, icons::share}) {
    const int first = list.VtxBuffer.Size;
    draw_icon(ui.brush, list, {100, 50}, icon, IM_COL32_WHITE);
    REQUIRE(list.VtxBuffer.Size == first + 4);
    const ImVec2 min = list.VtxBuffer[first].pos, max = list.VtxBuffer[first + 2].pos;
    CHECK(std::abs((min.x + max.x) / 2 - 100) <= 1);
    CHECK(std::abs((min.y + max.y) / 2 - 50) <= 1);
  }
}

}  // namespace tessera
