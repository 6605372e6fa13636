#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// The whole canvas in a square, its longer side as long as that; a mark where there is no picture yet.
void picture(const Brush& brush, const ListedCanvas& entry, ImVec2 at, float side) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::swatch_radius);
  const ImVec2 far{at.x + side, at.y + side};
  list.AddRectFilled(at, far, ink(brush.colors.ground), radius);
  const auto texture = brush.state.pictures.find(entry.setup.name);
  if (texture == brush.state.pictures.end() || !entry.picture) {
    const float size = std::round(side * 0.44f), inset = std::round(side * 0.28f);
    return mark(list, {at.x + inset, at.y + inset}, size);
  }
  const auto width = static_cast<float>(entry.picture->size.width), height = static_cast<float>(entry.picture->size.height);
  const float longest = std::max({1.0f, width, height});
  const ImVec2 half{side * width / longest / 2, side * height / longest / 2}, middle{at.x + side / 2, at.y + side / 2};
  const ImVec2 min{std::round(middle.x - half.x), std::round(middle.y - half.y)},
      max{std::round(middle.x + half.x), std::round(middle.y + half.y)};
  // What has never been drawn is transparent: paper lies beneath.
  list.AddRectFilled(min, max, ink(Rgb{0xf3, 0xf2, 0xee}), radius);
  list.AddImageRounded(reinterpret_cast<ImTextureID>(texture->second), min, max, {0, 0}, {1, 1}, ink(Rgb{255, 255, 255}), radius);
  list.AddRect(at, far, ink(brush.colors.text, 0.12), radius, 0, brush.hair());
}

struct State {
  const char* icon;
  Text words;
  Tone tone;
};

/// What is special about a canvas, the most important first; only one has room.
std::optional<State> state_of(const CanvasSetup& setup) {
  if (setup.archived) return State{icons::folder, Text::CanvasArchivedMark, Tone::Soft};
  if (setup.paused) return State{icons::pause, Text::CanvasPaused, Tone::Warn};
  switch (setup.access) {
    case Access::Code:
      return State{icons::key, Text::CanvasByCode, Tone::Soft};
    case Access::Members:
      return State{icons::users, Text::CanvasMembers, Tone::Soft};
    case Access::Invited:
      return State{icons::lock, Text::CanvasInvited, Tone::Soft};
    case Access::Open:
      break;
  }
  return std::nullopt;
}

std::string numbers(const Brush& brush, const CanvasSetup& setup) {
  std::string line = brush.text({Text::CanvasSize, {format_number(brush.language, setup.width), format_number(brush.language, setup.height)}});
  if (setup.archived) return line;
  return line + " · " + brush.text(plural(brush.language, setup.online, Text::OnlineOne, Text::OnlineMany));
}

void state_line(const Brush& brush, const State& state, bool here, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), start = ImGui::GetCursorPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(6), at.y + brush.px(8)}, state.icon, tone_ink(brush, state.tone), Type::Small);
  ImGui::SetCursorPos({start.x + brush.px(18), start.y});
  const std::string words = here ? std::string(brush.text(Text::CanvasHere)) + " · " + brush.text(state.words) : brush.text(state.words);
  label(brush, words, Type::Small, state.tone, width - brush.px(18));
}

void row(const Brush& brush, const Model& model, const ListedCanvas& entry, float width, Actions& out) {
  const CanvasSetup& setup = entry.setup;
  const bool here = !setup.archived && setup.name == model.canvas.name;
  const auto state = state_of(setup);
  const float height = brush.px(72), side = brush.px(56), inset = brush.px(8), radius = brush.px(measure::control_radius);
  const ImVec2 start = ImGui::GetCursorPos();
  // Nobody can enter an archived one: it is set up instead.
  const bool usable = !setup.archived || is_admin(model);
  const Press pressed = press(brush, "open", {width, height}, usable);
  if (!ImGui::IsRectVisible(pressed.box.min, pressed.box.max)) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (here || pressed.hovered || pressed.focused)
    list.AddRectFilled(pressed.box.min, pressed.box.max, ink(pressed.hovered ? brush.colors.hovered : brush.colors.raised), radius);
  if (here) list.AddRect(pressed.box.min, pressed.box.max, ink(brush.colors.accent), radius, 0, brush.px(2));
  if (pressed.focused) focus_ring(brush, pressed.box, radius);
  picture(brush, entry, {pressed.box.min.x + inset, pressed.box.min.y + inset}, side);
  const float x = start.x + inset + side + brush.px(measure::gap_wide), room = std::max(1.0f, start.x + width - inset - x);
  const bool three = here || state;
  const float top = start.y + brush.px(three ? 8 : 16);
  ImGui::SetCursorPos({x, top});
  label(brush, setup.name, Type::Strong, setup.archived ? Tone::Soft : Tone::Text, room);
  ImGui::SetCursorPos({x, top + brush.px(21)});
  label(brush, numbers(brush, setup), Type::Small, Tone::Soft, room);
  ImGui::SetCursorPos({x, top + brush.px(39)});
  if (state) state_line(brush, *state, here, room);
  else if (here) label(brush, brush.text(Text::CanvasHere), Type::Small, Tone::Accent, room);
  ImGui::SetCursorPos({start.x, start.y + height});
  ImGui::Dummy({width, brush.px(4)});
  if (!pressed.used) return;
  if (setup.archived) out.push_back(action::SetUpCanvas{setup.name});
  else if (here) out.push_back(action::CloseDrawer{});
  else out.push_back(action::OpenCanvas{setup.name});
}

void waiting(const Brush& brush, float width) {
  const float side = brush.px(48);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(brush, *ImGui::GetWindowDrawList(), {at.x + width / 2, at.y + side / 2}, brush.px(10), brush.colors.soft);
  ImGui::Dummy({width, side});
}

/// Whoever scrolls to the end of the list gets the next page of it.
void more(const Brush& brush, const CanvasList& list, float width, Actions& out) {
  if (list.next.empty() || list.error) return;
  waiting(brush, width);
  if (ImGui::IsItemVisible() && list.asked == unasked) out.push_back(action::ReadMoreCanvases{});
}

void trouble(const Brush& brush, const CanvasList& list, float width, Actions& out) {
  if (!list.error) return;
  paragraph(brush, brush.text(list.loaded ? Phrase{Text::CanvasesFailed, {}} : *list.error), width, Type::Small, Tone::Bad, 4);
  space(brush, 8);
  if (button(brush, "again", brush.text(Text::Retry),
             {.icon = icons::refresh, .width = width, .enabled = list.asked == unasked}))
    out.push_back(action::ReadCanvases{});
  space(brush, 12);
}

void admin_buttons(const Brush& brush, const Model& model, float width, Actions& out) {
  if (!is_admin(model)) return;
  space(brush, 8);
  divider(brush, width);
  space(brush, 12);
  if (button(brush, "new", brush.text(Text::NewCanvas), {.icon = icons::plus, .width = width}))
    out.push_back(action::NewCanvas{});
  if (model.canvas.name.empty()) return;
  space(brush, 8);
  if (button(brush, "set up", brush.text({Text::SetUpThis, {model.canvas.name}}), {.icon = icons::cog, .width = width}))
    out.push_back(action::SetUpCanvas{});
}

}  // namespace

void canvases_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  const CanvasList& list = model.canvases;
  trouble(brush, list, width, out);
  if (!list.loaded && !list.error) waiting(brush, width);
  if (list.loaded && list.items.empty()) {
    paragraph(brush, brush.text(Text::CanvasesNone), width);
    space(brush, 8);
  }
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    row(brush, model, list.items[i], width, out);
    ImGui::PopID();
  }
  more(brush, list, width, out);
  admin_buttons(brush, model, width, out);
  // On phones the bar has no way out.
  if (!brush.phone) return;
  space(brush, 8);
  if (button(brush, "leave", brush.text(Text::LeaveCanvas), {.icon = icons::home, .width = width})) out.push_back(action::Leave{});
}

}  // namespace tessera
