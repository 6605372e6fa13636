#include <algorithm>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// A spinner while it is tried, a sign while it waits.
void title(const Brush& brush, const Model& model, bool trying, float width) {
  const float height = line_height(brush, Type::Heading), side = brush.px(20);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 centre{at.x + side / 2, at.y + height / 2};
  if (trying)
    spinner(brush, list, centre, side / 2 - brush.px(2), brush.colors.accent);
  else
    draw_icon(brush, list, centre, icons::warning, ink(brush.colors.warn));
  ImGui::Dummy({side, height});
  same_line(brush, measure::gap_wide);
  const std::string server = server_name(brush, model.connection.server);
  label(brush, brush.text({Text::Connecting, {server}}), Type::Heading, Tone::Text,
        width - side - brush.px(measure::gap_wide));
}

void trouble(const Brush& brush, const Model& model, float width) {
  if (model.connection.trouble) {
    space(brush, 8);
    paragraph(brush, brush.text(*model.connection.trouble), width, Type::Text, Tone::Soft, 6);
  }
  if (model.connection.state != ConnectionState::Waiting || !model.connection.retry_at) return;
  const Duration left = std::max(Duration::zero(), *model.connection.retry_at - model.now);
  const Duration seconds = std::chrono::ceil<std::chrono::seconds>(left);
  space(brush, 4);
  paragraph(brush, brush.text({Text::RetryingIn, {format_duration(brush.language, seconds)}}), width, Type::Small);
}

}  // namespace

void connecting_screen(const Brush& brush, const Model& model, Actions& out) {
  const float outer = std::min(brush.px(440), brush.screen.x - 2 * brush.px(measure::gap_wide)),
              width = outer - brush.px(48);
  const ImVec2 middle{brush.screen.x / 2, brush.screen.y / 2};
  const bool trying =
      model.connection.state == ConnectionState::Opening || model.connection.state == ConnectionState::Greeting;
  if (const Panel panel(brush, {.id = "connecting", .at = middle, .pivot = {0.5f, 0.5f}, .padding = 24}); panel) {
    title(brush, model, trying, width);
    trouble(brush, model, width);
    space(brush, 24);
    if (button(brush, "back", brush.text(Text::Back), {.icon = icons::chevron_left})) out.push_back(action::Leave{});
    if (!trying) {
      same_line(brush, measure::gap);
      if (button(brush, "retry", brush.text(Text::Retry), {.kind = ButtonKind::Main}))
        out.push_back(action::RetryNow{});
    }
    ImGui::Dummy({width, 1});
  }
}

}  // namespace tessera
