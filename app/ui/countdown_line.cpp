#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// As wide as the same words with other figures, so that the line stands still while it counts.
float steady_width(const Brush& brush, std::string_view words) {
  std::string widest;
  std::size_t digits = 0;  // in a row; nine seconds take as much room as ten
  for (const char sign : words) {
    const bool digit = sign >= '0' && sign <= '9';
    if (!digit && digits == 1) widest += '0';
    digits = digit ? digits + 1 : 0;
    widest += digit ? '0' : sign;
  }
  if (digits == 1) widest += '0';
  const float step = brush.px(8);
  return std::ceil(text_width(brush, widest, Type::Text) / step) * step;
}

/// The words, which open the list of all that is to come.
void words_button(const Brush& brush, const std::string& words, ImVec2 size, Actions& out) {
  const Press pressed = press(brush, "line", size);
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius), before = brush.px(36);
  if (pressed.hovered) list.AddRectFilled(box.min, box.max, ink(brush.colors.hovered), radius);
  draw_icon(brush, list, {box.min.x + brush.px(20), box.centre().y}, icons::clock, ink(brush.colors.soft));
  const std::string shown = cut(brush, words, Type::Text, box.width() - before - brush.px(4));
  draw_text(brush, list, {box.min.x + before, box.centre().y - line_height(brush, Type::Text) / 2}, shown, Type::Text, ink(brush.colors.soft));
  if (pressed.focused) focus_ring(brush, box, radius);
  if (shown != words) hint(brush, pressed, words);
  if (pressed.used) out.push_back(action::OpenDrawer{Drawer::Announcements});
}

}  // namespace

void countdown_line(const Brush& brush, const Model& model, Actions& out) {
  const ScheduleInfo* entry = countdown(model);
  const auto left = entry ? time_left(model, *entry) : std::nullopt;
  // Its list says all of it, and on a phone a drawer needs the room.
  if (!left || model.drawer == Drawer::Announcements || (brush.phone && model.drawer != Drawer::None)) return;
  const std::string what = brush.text(explain(model, *entry));
  std::string words = brush.text({Text::ComingIn, {what, *left}});
  const float height = brush.px(brush.touch ? measure::touch_target : 36), pad = brush.px(4), around = brush.px(40);
  const float most = std::min(free_width(brush, model) - 2 * brush.edge(), brush.px(640)) - 2 * pad - height;
  const float width = std::min(most, steady_width(brush, words) + around);
  // How long it is counts most.
  const float room = width - around, rest = text_width(brush, words, Type::Text) - text_width(brush, what, Type::Text);
  if (rest + text_width(brush, what, Type::Text) > room) words = brush.text({Text::ComingIn, {cut(brush, what, Type::Text, room - rest), *left}});
  const float middle = std::round(free_width(brush, model) / 2), half = (width + height) / 2 + pad;
  const float top = line_top(brush, model, half, {"banner", "announcements"});
  if (in_the_way(brush, model, "countdown", {{middle - half, top}, {middle + half, top + height + 2 * pad}})) return;
  const PanelLook look{.id = "countdown", .at = {middle, top}, .pivot = {0.5f, 0}, .kind = PanelKind::Bar, .from = {0, -8}};
  if (const Panel panel(brush, look); panel) {
    words_button(brush, words, {width, height}, out);
    same_line(brush);
    if (icon_button(brush, "away", icons::close, brush.text(Text::Dismiss), {.size = {height, height}}))
      out.push_back(action::PutAwayCountdown{entry->id});
  }
}

}  // namespace tessera
