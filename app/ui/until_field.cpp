#include <array>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {

void until_field(const Brush& brush, UntilForm& form, float width) {
  caption(brush, Text::Until);
  const std::array<std::string, until_choice_count> names{brush.text(Text::UntilNone), brush.text(Text::UntilHour), brush.text(Text::UntilDay),
                                                          brush.text(Text::UntilTime)};
  const int chosen = segments(brush, "until", names, static_cast<int>(form.choice), width);
  form.choice = static_cast<UntilChoice>(chosen);
  if (form.choice != UntilChoice::Time) return;
  space(brush, 8);
  text_field(brush, "time", form.time, {.icon = icons::clock, .hint = brush.text(Text::UntilHint), .width = width});
}

std::string until_text(const Brush& brush, const Model& model, const std::optional<WallTime>& until) {
  if (!until) return brush.text(Text::UntilNone);
  return format_date_time(brush.language, *until, model.device.utc_offset);
}

}  // namespace tessera
