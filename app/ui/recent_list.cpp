#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

void picture(const Brush& brush, const RecentServer& recent, ImVec2 at, float side, Tint ground) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::uint32_t across = recent.picture_side;
  const float radius = brush.px(measure::swatch_radius);
  if (across == 0 || recent.picture.size() < std::size_t{4} * across * across) {
    list.AddRectFilled(at, {at.x + side, at.y + side}, ink(brush.colors.ground), radius);
    return mark(list, {at.x + std::round(side * 0.28f), at.y + std::round(side * 0.28f)}, std::round(side * 0.44f));
  }
  // Blocks of the picture in place of a texture: it is small, and seen here alone.
  constexpr std::uint32_t blocks = 20;
  const auto edge = [&](float from, std::uint32_t i) {
    return std::round(from + side * static_cast<float>(i) / blocks);
  };
  for (std::uint32_t y = 0; y < blocks; ++y)
    for (std::uint32_t x = 0; x < blocks; ++x) {
      const std::size_t dot = 4 * (std::size_t{y * across / blocks} * across + x * across / blocks);
      const Rgb color{recent.picture[dot], recent.picture[dot + 1], recent.picture[dot + 2]};
      list.AddRectFilled({edge(at.x, x), edge(at.y, y)}, {edge(at.x, x + 1), edge(at.y, y + 1)}, ink(color));
    }
  round_corners(list, at, {at.x + side, at.y + side}, radius, ink({ground.rgb, 1}));
}

void recent_row(const Brush& brush, const Model& model, const RecentServer& recent, float width, Actions& out) {
  const float height = brush.px(56), side = brush.px(40), inset = brush.px(8), cross = brush.px(40),
              radius = brush.px(measure::control_radius);
  const ImVec2 start = ImGui::GetCursorPos();
  ImGui::SetNextItemAllowOverlap();
  const Press row = press(brush, "open", {width, height});
  // Once more for the cross that lies over it, which takes the mouse for itself.
  const bool inside = row.hovered || (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(row.box.min, row.box.max));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (inside || row.focused) list.AddRectFilled(row.box.min, row.box.max, ink(brush.colors.raised), radius);
  if (row.focused) focus_ring(brush, row.box, radius);
  picture(brush, recent, {row.box.min.x + inset, row.box.min.y + inset}, side,
          inside || row.focused ? brush.colors.raised : brush.colors.panel);
  const std::string ago = format_ago(brush.language, recent.seen, model.wall),
                    server = server_name(brush, recent.server);
  const float right = std::max(text_width(brush, ago, Type::Small) + inset, cross);
  const float text_x = inset + side + brush.px(measure::gap_wide),
              text_room = std::max(1.0f, width - text_x - right - brush.px(measure::gap));
  ImGui::SetCursorPos({start.x + text_x, start.y + brush.px(10)});
  label(brush, recent.canvas.empty() ? server : recent.canvas, Type::Strong, Tone::Text, text_room);
  ImGui::SetCursorPos({start.x + text_x, start.y + brush.px(30)});
  label(brush, server, Type::Small, Tone::Soft, text_room);
  if (!inside) {
    ImGui::SetCursorPos({start.x + width - text_width(brush, ago, Type::Small) - inset, start.y});
    label(brush, ago, Type::Small, Tone::Soft, 0, height);
  }
  // The keyboard reaches it too; it is only seen where mouse or keyboard are.
  ImGui::SetCursorPos({start.x + width - cross - brush.px(4), start.y + (height - cross) / 2});
  const Press forget = press(brush, "forget", {cross, cross});
  if (inside || forget.focused) {
    if (forget.hovered) list.AddRectFilled(forget.box.min, forget.box.max, ink(brush.colors.held), radius);
    draw_icon(brush, list, forget.box.centre(), icons::close,
              ink(forget.hovered ? brush.colors.text : brush.colors.soft));
    hint(brush, forget, brush.text(Text::ForgetRecent));
  }
  if (forget.focused) focus_ring(brush, forget.box, radius);
  ImGui::SetCursorPos({start.x, start.y + height});
  ImGui::Dummy({width, brush.px(4)});
  if (forget.used)
    out.push_back(action::ForgetRecent{recent.server, recent.canvas});
  else if (row.used)
    out.push_back(
        action::OpenLink{recent.canvas.empty() ? recent.server : recent.server + "/#canvas=" + recent.canvas});
}

}  // namespace

std::string server_name(const Brush& brush, std::string_view server) {
  const std::size_t scheme = server.find("://");
  const std::string name(scheme == std::string_view::npos ? server : server.substr(scheme + 3));
  const bool here = name.starts_with("127.0.0.1") || name.starts_with("localhost") || name.starts_with("[::1]");
  return here ? brush.text(Text::ThisComputer) : name;
}

std::string percent(const Brush& brush, double share) {
  return brush.text(
      {Text::Percent,
       {format_number(brush.language, static_cast<std::uint64_t>(std::max(1.0, std::round(share * 100))))}});
}

void recent_list(const Brush& brush, const Model& model, float width, Actions& out) {
  ImGui::BeginGroup();
  label(brush, brush.text(Text::Recent), Type::Small, Tone::Soft);
  space(brush, 8);
  if (model.recent.empty()) paragraph(brush, brush.text(Text::RecentNone), width);
  for (std::size_t i = 0; i < model.recent.size() && i < recent_servers; ++i) {
    ImGui::PushID(static_cast<int>(i));
    recent_row(brush, model, model.recent[i], width, out);
    ImGui::PopID();
  }
  ImGui::EndGroup();
}

}  // namespace tessera
