#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr std::size_t most_lines = 3, most_lines_on_phones = 2;

struct Lines {
  std::vector<const AnnouncementInfo*> shown;
  std::size_t more = 0;
};

Lines lines_of(const Brush& brush, const Model& model) {
  Lines lines{announced(model, WhichAnnouncements::InSight), 0};
  const std::size_t most = brush.phone ? most_lines_on_phones : most_lines;
  if (lines.shown.size() <= most) return lines;
  lines.more = lines.shown.size() - most;
  lines.shown.resize(most);
  return lines;
}

/// One line that opens the list; its cross beside it, where it may be put away.
void line(const Brush& brush, const AnnouncementInfo& announcement, float width, float height, Actions& out) {
  ImGui::PushID(static_cast<int>(announcement.id));
  const float cross = announcement.pinned ? 0 : height;
  const Press pressed = press(brush, "line", {width - cross, height});
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius), before = brush.px(36);
  if (pressed.hovered) list.AddRectFilled(box.min, box.max, ink(brush.colors.hovered), radius);
  draw_icon(brush, list, {box.min.x + brush.px(20), box.centre().y}, announcement.pinned ? icons::map_marker : icons::bullhorn,
            ink(announcement.pinned ? brush.colors.warn : brush.colors.info));
  const std::string shown = cut(brush, announcement.text, Type::Text, box.width() - before - brush.px(8));
  draw_text(brush, list, {box.min.x + before, box.centre().y - line_height(brush, Type::Text) / 2}, shown, Type::Text, ink(brush.colors.text));
  if (pressed.focused) focus_ring(brush, box, radius);
  if (shown != announcement.text) hint(brush, pressed, announcement.text);
  if (pressed.used) out.push_back(action::OpenDrawer{Drawer::Announcements});
  if (!announcement.pinned) {
    same_line(brush);
    if (icon_button(brush, "dismiss", icons::close, brush.text(Text::Dismiss), {.size = {height, height}}))
      out.push_back(action::DismissAnnouncement{announcement.id});
  }
  ImGui::PopID();
}

float wanted_width(const Brush& brush, const Lines& lines, float height) {
  float width = brush.px(160);
  for (const AnnouncementInfo* each : lines.shown)
    width = std::max(width, text_width(brush, each->text, Type::Text) + brush.px(36 + 12) + (each->pinned ? 0 : height));
  return std::ceil(width);
}

}  // namespace

void announcement_lines(const Brush& brush, const Model& model, Actions& out) {
  const Lines lines = lines_of(brush, model);
  // Its list says all of it, and on a phone a drawer needs the room.
  if (lines.shown.empty() || model.drawer == Drawer::Announcements || (brush.phone && model.drawer != Drawer::None)) return;
  const float height = brush.px(brush.touch ? measure::touch_target : 36), pad = brush.px(4);
  const float most = std::min(free_width(brush, model) - 2 * brush.edge(), brush.px(640)) - 2 * pad;
  const float width = std::min(most, wanted_width(brush, lines, height));
  const float all = static_cast<float>(lines.shown.size() + (lines.more > 0 ? 1 : 0)) * height + 2 * pad;
  const float middle = std::round(free_width(brush, model) / 2), half = width / 2 + pad, top = line_top(brush, model, half, {"banner"});
  if (in_the_way(brush, model, "announcements", {{middle - half, top}, {middle + half, top + all}})) return;
  const PanelLook look{.id = "announcements", .at = {middle, top}, .pivot = {0.5f, 0}, .kind = PanelKind::Bar, .from = {0, -8}};
  if (const Panel panel(brush, look); panel) {
    for (const AnnouncementInfo* each : lines.shown) line(brush, *each, width, height, out);
    if (lines.more == 0) return;
    const std::string words = brush.text({Text::AnnouncementsMore, {format_number(brush.language, lines.more)}});
    if (button(brush, "more", words, {.kind = ButtonKind::Quiet, .width = width, .height = height, .size = Type::Small}))
      out.push_back(action::OpenDrawer{Drawer::Announcements});
  }
}

}  // namespace tessera
