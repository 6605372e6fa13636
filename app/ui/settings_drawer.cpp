#include <array>
#include <cmath>

#include "app/ui/panels.h"

namespace tessera {
namespace {

double chosen_scale(const Brush& brush, double now, float width) {
  constexpr std::array<double, 5> scales{0.75, 1, 1.25, 1.5, 2};
  std::array<std::string, scales.size()> names;
  std::size_t nearest = 0;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    names[i] = percent(brush, scales[i]);
    if (std::abs(scales[i] - now) < std::abs(scales[nearest] - now)) nearest = i;
  }
  const auto chosen = static_cast<std::size_t>(segments(brush, "scale", names, static_cast<int>(nearest), width));
  return chosen == nearest ? now : scales[chosen];
}

}  // namespace

void settings_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  Settings settings = model.settings;
  caption(brush, Text::Theme);
  const std::array<std::string, theme_count> themes{brush.text(Text::ThemeSystem), brush.text(Text::ThemeDark),
                                                    brush.text(Text::ThemeLight)};
  settings.theme = static_cast<Theme>(segments(brush, "theme", themes, static_cast<int>(settings.theme), width));
  space(brush, 16);

  caption(brush, Text::Language);
  const std::array<std::string, language_count> languages{"English", "Français"};
  const int language = segments(brush, "language", languages, static_cast<int>(brush.language), width);
  if (language != static_cast<int>(brush.language)) settings.language = static_cast<Language>(language);
  space(brush, 16);

  caption(brush, Text::Scale);
  settings.scale = chosen_scale(brush, settings.scale, width);
  space(brush, 12);

  if (toggle(brush, "grid", brush.text(Text::ShowGrid), settings.grid, width)) settings.grid = !settings.grid;
  space(brush, 4);
  if (toggle(brush, "motion", brush.text(Text::ReducedMotion), settings.reduced_motion, width))
    settings.reduced_motion = !settings.reduced_motion;
  space(brush, 4);
  if (toggle(brush, "notify", brush.text(Text::Notify), settings.notify, width)) settings.notify = !settings.notify;
  if (!(settings == model.settings)) out.push_back(action::SetSettings{settings});
}

}  // namespace tessera
