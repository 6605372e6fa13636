#include "app/ui/theme.h"

#include <doctest/doctest.h>

namespace tessera {
namespace {

constexpr Rgb black{0, 0, 0}, white{255, 255, 255};

/// Both ends of what a canvas may show behind a panel.
double worst_contrast(Tint text, Tint ground) {
  return std::min(contrast(text.rgb, over(ground, black)), contrast(text.rgb, over(ground, white)));
}

}  // namespace

TEST_CASE("Theme: contrast is WCAG's, from 1 to 21") {
  CHECK(contrast(black, white) == doctest::Approx(21));
  CHECK(contrast(white, black) == doctest::Approx(21));
  CHECK(contrast({0x77, 0x77, 0x77}, white) == doctest::Approx(4.48).epsilon(0.005));
  CHECK(contrast({1, 2, 3}, {1, 2, 3}) == doctest::Approx(1));
}

TEST_CASE("Theme: a colour laid over another is mixed by its opacity") {
  CHECK(over({white, 0.5}, black) == Rgb{128, 128, 128});
  CHECK(over({{10, 20, 30}, 1}, white) == Rgb{10, 20, 30});
}

TEST_CASE("Theme: text can be read on its ground, whatever the canvas shows behind a panel") {
  for (const bool dark : {true, false}) {
    CAPTURE(dark);
    const Colors& c = theme_colors(dark);
    for (const Tint text : {c.text, c.soft, c.bad}) {
      CHECK(worst_contrast(text, c.panel) >= 4.5);
      CHECK(contrast(text.rgb, c.raised.rgb) >= 4.5);
    }
    for (const Tint ground : {c.hovered, c.held}) CHECK(contrast(c.text.rgb, ground.rgb) >= 4.5);
    CHECK(contrast(c.soft.rgb, c.hovered.rgb) >= 4.5);
    for (const Tint ground : {c.accent, c.accent_hovered}) CHECK(contrast(c.on_accent.rgb, ground.rgb) >= 4.5);
    CHECK(contrast(c.on_bad.rgb, c.bad.rgb) >= 4.5);
    CHECK(contrast(c.on_info.rgb, c.info.rgb) >= 4.5);
  }
}

TEST_CASE("Theme: signs that stand beside words, and the ring of the keyboard, are seen on their ground") {
  for (const bool dark : {true, false}) {
    CAPTURE(dark);
    const Colors& c = theme_colors(dark);
    for (const Tint sign : {c.accent, c.good, c.warn, c.bad, c.info, c.faint})
      CHECK(worst_contrast(sign, c.panel) >= 3);
  }
}

}  // namespace tessera
