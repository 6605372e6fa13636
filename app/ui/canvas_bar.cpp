#include <algorithm>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

struct ConnectionLook {
  Tint color;
  std::string words;
};

ConnectionLook connection_look(const Brush& brush, const Model& model) {
  switch (model.connection.state) {
    case ConnectionState::Live:
      break;
    case ConnectionState::Offline:
      return {brush.colors.bad, brush.text(Text::Offline)};
    default:
      return {brush.colors.warn, brush.text(Text::Reconnecting)};
  }
  if (brush.phone) return {brush.colors.good, format_number(brush.language, model.online)};
  return {brush.colors.good, brush.text(plural(brush.language, model.online, Text::OnlineOne, Text::OnlineMany))};
}

std::string latency_text(const Brush& brush, const Model& model) {
  const bool shown = model.connection.latency && model.connection.state == ConnectionState::Live &&
                     brush.screen.x >= brush.px(measure::roomy);
  if (!shown) return {};
  const auto ms =
      std::max<std::int64_t>(1, std::chrono::round<std::chrono::milliseconds>(*model.connection.latency).count());
  return brush.text({Text::LatencyMs, {format_number(brush.language, static_cast<std::uint64_t>(ms))}});
}

/// The product's mark, which leads back to the start screen.
void leave_button(const Brush& brush, float height, Actions& out) {
  const Press pressed = press(brush, "leave", {height, height});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius), side = brush.px(22);
  if (pressed.hovered) list.AddRectFilled(pressed.box.min, pressed.box.max, ink(brush.colors.hovered), radius);
  mark(list, {pressed.box.min.x + (height - side) / 2, pressed.box.min.y + (height - side) / 2}, side);
  if (pressed.focused) focus_ring(brush, pressed.box, radius);
  hint(brush, pressed, brush.text(Text::LeaveCanvas));
  if (pressed.used) out.push_back(action::Leave{});
}

/// The canvas's name, which opens the list of canvases.
void name_button(const Brush& brush, const Model& model, float most, float height, Actions& out) {
  const std::string name = model.canvas.name.empty() ? std::string(brush.text(Text::LoadingCanvas)) : model.canvas.name;
  const float pad = brush.px(8), mark = brush.px(20);
  const std::string shown = cut(brush, name, Type::Strong, most);
  const float words = text_width(brush, shown, Type::Strong);
  const Press pressed = press(brush, "canvases", {words + 2 * pad + mark, height});
  const Box& box = pressed.box;
  const bool open = model.drawer == Drawer::Canvases;
  const float radius = brush.px(measure::control_radius);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (pressed.hovered || open)
    list.AddRectFilled(box.min, box.max, ink(open ? brush.colors.raised : brush.colors.hovered), radius);
  draw_text(brush, list, {box.min.x + pad, box.centre().y - line_height(brush, Type::Strong) / 2}, shown, Type::Strong,
            ink(brush.colors.text));
  draw_icon(brush, list, {box.max.x - pad - brush.px(4), box.centre().y}, open ? icons::chevron_up : icons::chevron_down,
            ink(brush.colors.soft), Type::Small);
  if (pressed.focused) focus_ring(brush, box, radius);
  hint(brush, pressed, shown == name ? std::string(brush.text(Text::CanvasesOpen)) : name + " · " + brush.text(Text::CanvasesOpen));
  if (!pressed.used) return;
  out.push_back(open ? Action{action::CloseDrawer{}} : Action{action::OpenDrawer{Drawer::Canvases}});
}

void connection_dot(const Brush& brush, Tint color, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddCircleFilled({at.x + brush.px(4), at.y + height / 2}, brush.px(4), ink(color));
  ImGui::Dummy({brush.px(8), height});
}

/// Something was announced, or could be by this person, or will happen by itself.
bool has_news(const Model& model) {
  return is_moderator(model) || !announced(model, WhichAnnouncements::All).empty() || !to_come(model).empty();
}

/// What the name may take, so that the two bars never meet.
float name_room(const Brush& brush, const Model& model, float words) {
  const float usual = brush.px(brush.screen.x >= brush.px(measure::roomy) ? 220 : 120);
  if (!brush.phone) return usual;
  const float other = (has_news(model) ? 4 : 3) * brush.target() + brush.px(8);
  return std::max(brush.px(24), brush.screen.x - 2 * brush.edge() - other - words - brush.px(88));
}

void account_button(const Brush& brush, const Model& model, float height, Actions& out) {
  const bool named = brush.screen.x >= brush.px(measure::roomy);
  const std::string name = cut(brush, model.account.name, Type::Strong, brush.px(160));
  const float width = height + (named ? text_width(brush, name, Type::Strong) + brush.px(12) : 0);
  const Press pressed = press(brush, "who", {width, height});
  const Box& box = pressed.box;
  const float radius = brush.px(measure::control_radius);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool open = model.drawer == Drawer::Account;
  if (pressed.hovered || open)
    list.AddRectFilled(box.min, box.max, ink(open ? brush.colors.raised : brush.colors.hovered), radius);
  avatar(brush, list, {box.min.x + height / 2, box.centre().y}, brush.px(12), model.account.name);
  if (named)
    draw_text(brush, list, {box.min.x + height, box.centre().y - line_height(brush, Type::Strong) / 2}, name,
              Type::Strong, ink(brush.colors.text));
  if (pressed.focused) focus_ring(brush, box, radius);
  if (!open) hint(brush, pressed, brush.text({Text::SignedInAs, {model.account.name}}));
  if (pressed.used) out.push_back(open ? Action{action::CloseDrawer{}} : Action{action::OpenDrawer{Drawer::Account}});
}

}  // namespace

void canvas_bar(const Brush& brush, const Model& model, Actions& out) {
  const float height = brush.target();
  if (const Panel panel(brush, {.id = "canvas", .at = {brush.edge(), brush.edge()}, .kind = PanelKind::Bar}); panel) {
    const ConnectionLook look = connection_look(brush, model);
    const float words = text_width(brush, look.words, Type::Text);
    if (brush.phone) {
      ImGui::Dummy({brush.px(12), height});
      same_line(brush);
      connection_dot(brush, look.color, height);
      same_line(brush, 2);
      name_button(brush, model, name_room(brush, model, words), height, out);
      same_line(brush);
    } else {
      leave_button(brush, height, out);
      same_line(brush);
      name_button(brush, model, name_room(brush, model, words), height, out);
      same_line(brush, 8);
      bar_divider(brush, height);
      same_line(brush, 12);
      connection_dot(brush, look.color, height);
      same_line(brush, 8);
    }
    label(brush, look.words, Type::Text, Tone::Soft, 0, height);
    if (const std::string latency = latency_text(brush, model); !latency.empty()) {
      same_line(brush, 12);
      label(brush, latency, Type::Text, Tone::Soft, 0, height);
    }
    same_line(brush);
    ImGui::Dummy({brush.px(12), height});
  }
}

void account_bar(const Brush& brush, const Model& model, Actions& out) {
  const float height = brush.target();
  const auto opener = [&](const char* id, const char* icon, Text name, Drawer which) {
    const bool open = model.drawer == which;
    // A hint would lie over the drawer that it names.
    if (!icon_button(brush, id, icon, open ? "" : brush.text(name), {.kind = open ? ButtonKind::Raised : ButtonKind::Quiet}))
      return;
    out.push_back(open ? Action{action::CloseDrawer{}} : Action{action::OpenDrawer{which}});
  };
  const PanelLook look{
      .id = "account", .at = {brush.screen.x - brush.edge(), brush.edge()}, .pivot = {1, 0}, .kind = PanelKind::Bar};
  if (const Panel panel(brush, look); panel) {
    if (has_news(model)) {
      opener("news", icons::bullhorn, Text::Announcements, Drawer::Announcements);
      same_line(brush);
    }
    if (is_moderator(model)) {
      if (icon_button(brush, "staff", icons::shield, brush.text(Text::Staff), {.kind = ButtonKind::Quiet})) out.push_back(action::OpenStaff{});
      same_line(brush);
    }
    opener("share", icons::share, Text::Share, Drawer::Share);
    same_line(brush);
    if (!brush.phone) {
      opener("help", icons::question, Text::Help, Drawer::Help);
      same_line(brush);
    }
    opener("settings", icons::cog, Text::Settings, Drawer::Settings);
    same_line(brush, brush.phone ? 0 : 4);
    if (!brush.phone) {
      bar_divider(brush, height);
      same_line(brush, 4);
    }
    if (signed_in(model))
      account_button(brush, model, height, out);
    else
      opener("who", icons::user, Text::NotSignedIn, Drawer::Account);
  }
}

}  // namespace tessera
