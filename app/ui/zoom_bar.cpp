#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr float map_padding = 8, least_map_side = 176, least_map_height = 64;
/// Lower windows have no minimap.
constexpr float least_window_height = 600;

std::string zoom_text(const Brush& brush, const Model& model) {
  const double zoom = model.viewport.target_zoom() / model.viewport.pixel_ratio();
  if (zoom < 0.995) return percent(brush, zoom);
  return brush.text({Text::ZoomTimes, {format_decimal(brush.language, zoom)}});
}

std::string coordinates(const Brush& brush, std::uint32_t x, std::uint32_t y) {
  return brush.text({Text::Coordinates, {std::to_string(x), std::to_string(y)}});
}

struct Measures {
  float row = 0, coordinates = 0, zoom = 0, step = 0;
  ImVec2 map;  ///< 0: none
  float width() const { return std::max(map.x, coordinates + zoom + 2 * step); }
};

Measures measures(const Brush& brush, const Model& model) {
  const Size size = model.viewport.canvas();
  Measures m;
  m.row = brush.target();
  m.coordinates =
      text_width(brush, coordinates(brush, std::max(size.width, 1'000u) - 1, std::max(size.height, 1'000u) - 1),
                 Type::Small) +
      brush.px(8);
  m.zoom = brush.px(48);
  m.step = brush.px(brush.touch ? 44 : 36);
  return m;
}

/// The whole canvas in a frame of its own shape, neither a thread nor a tower.
ImVec2 map_size(const Brush& brush, const Model& model, float width) {
  const Size canvas = model.viewport.canvas();
  const float across = std::max(width, brush.px(least_map_side));
  const float shape = static_cast<float>(canvas.height) / static_cast<float>(std::max(1u, canvas.width));
  return {across, std::clamp(std::round(across * shape), brush.px(least_map_height), across)};
}

/// The canvas within the frame.
Box map_picture(const Box& frame, Size canvas) {
  const float scale =
      std::min(frame.width() / static_cast<float>(canvas.width), frame.height() / static_cast<float>(canvas.height));
  const float width = std::max(1.0f, static_cast<float>(canvas.width) * scale),
              height = std::max(1.0f, static_cast<float>(canvas.height) * scale);
  const ImVec2 min{std::round(frame.centre().x - width / 2), std::round(frame.centre().y - height / 2)};
  return {min, {min.x + width, min.y + height}};
}

/// What the window shows, as a frame that is seen on every colour.
void view_frame(const Brush& brush, ImDrawList& list, const Viewport& view, const Box& picture) {
  const CanvasPoint from = view.to_canvas({0, 0}), to = view.to_canvas({view.width(), view.height()});
  const Size canvas = view.canvas();
  const auto x = [&](double cell) {
    return picture.min.x + static_cast<float>(std::clamp(cell / canvas.width, 0.0, 1.0)) * picture.width();
  };
  const auto y = [&](double cell) {
    return picture.min.y + static_cast<float>(std::clamp(cell / canvas.height, 0.0, 1.0)) * picture.height();
  };
  Box box{{std::round(x(from.x)), std::round(y(from.y))}, {std::round(x(to.x)), std::round(y(to.y))}};
  const float least = brush.px(6);
  if (box.width() < least) box.min.x = std::round(box.centre().x - least / 2), box.max.x = box.min.x + least;
  if (box.height() < least) box.min.y = std::round(box.centre().y - least / 2), box.max.y = box.min.y + least;
  const float line = brush.hair();
  list.PushClipRect(picture.min, picture.max, true);
  list.AddRect({box.min.x - line, box.min.y - line}, {box.max.x + line, box.max.y + line}, IM_COL32(0, 0, 0, 200), 0, 0,
               3 * line);
  list.AddRect(box.min, box.max, IM_COL32_WHITE, 0, 0, std::max(line, brush.px(1.5f)));
  list.PopClipRect();
}

void minimap(const Brush& brush, const Model& model, const Overview& overview, ImVec2 size, Actions& out) {
  const Press pressed = press(brush, "map", size, true, Reach::Mouse);
  const Box& frame = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::swatch_radius);
  list.AddRectFilled(frame.min, frame.max, ink(brush.colors.ground), radius);
  const Size canvas = model.viewport.canvas();
  const Box picture = map_picture(frame, canvas);
  const auto texture = reinterpret_cast<ImTextureID>(overview.texture);
  list.AddImageRounded(texture, picture.min, picture.max, {0, 0}, {overview.right, overview.bottom},
                       ink(Rgb{255, 255, 255}), radius);
  view_frame(brush, list, model.viewport, picture);
  list.AddRect(frame.min, frame.max, ink(brush.colors.line), radius, 0, brush.hair());
  if (!pressed.held) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const double x = std::clamp((mouse.x - picture.min.x) / picture.width(), 0.0f, 1.0f),
               y = std::clamp((mouse.y - picture.min.y) / picture.height(), 0.0f, 1.0f);
  out.push_back(action::GoTo{{x * canvas.width, y * canvas.height}});
}

/// Where the marker is, how large a cell is seen, and both ways from there.
void readout(const Brush& brush, const Model& model, const Measures& m, Actions& out) {
  const float left = ImGui::GetCursorPosX(), width = m.width();
  std::string where = "–";
  if (model.marker.cell) where = coordinates(brush, model.marker.cell->x, model.marker.cell->y);
  ImGui::Dummy({brush.px(4), m.row});
  same_line(brush);
  label(brush, where, Type::Small, Tone::Soft, m.coordinates - brush.px(4), m.row);
  ImGui::SameLine(left + width - m.zoom - 2 * m.step);
  const Press zoom = press(brush, "fit", {m.zoom, m.row});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius);
  if (zoom.hovered) list.AddRectFilled(zoom.box.min, zoom.box.max, ink(brush.colors.hovered), radius);
  draw_centred(brush, list, zoom.box.min, zoom.box.max, zoom_text(brush, model), Type::Strong, ink(brush.colors.text));
  if (zoom.focused) focus_ring(brush, zoom.box, radius);
  hint(brush, zoom, std::string(brush.text(Text::Fit)) + " · " + brush.text(Text::KeysFit));
  if (zoom.used) out.push_back(action::Fit{});
  same_line(brush);
  const IconLook look{.size = {m.step, m.row}};
  if (icon_button(brush, "out", icons::minus, std::string(brush.text(Text::ZoomOut)) + " · −", look))
    out.push_back(action::ZoomStep{-1});
  same_line(brush);
  if (icon_button(brush, "in", icons::plus, std::string(brush.text(Text::ZoomIn)) + " · +", look))
    out.push_back(action::ZoomStep{1});
}

}  // namespace

void zoom_bar(const Brush& brush, const Model& model, const Overview& overview, Actions& out) {
  Measures m = measures(brush, model);
  const auto palette = panel_box("palette");
  const float gap = brush.px(measure::gap_wide);
  const float with_map = map_size(brush, model, m.width()).x + brush.px(2 * map_padding);
  const auto beside_palette = [&](float width) {
    return !palette || palette->max.x + gap <= brush.screen.x - brush.edge() - width;
  };
  const bool high = brush.screen.y >= brush.px(least_window_height);
  if (overview.texture != 0 && high && beside_palette(with_map) && model.viewport.canvas().cells() > 0)
    m.map = map_size(brush, model, m.width());
  const bool mapped = m.map.x > 0;
  const float padding = mapped ? map_padding : 4;
  const float bottom =
      beside_palette(m.width() + brush.px(2 * padding)) ? brush.screen.y - brush.edge() : palette->min.y - gap;
  const PanelLook look{.id = "zoom",
                       .at = {brush.screen.x - brush.edge(), bottom},
                       .pivot = {1, 1},
                       .kind = PanelKind::Bar,
                       .padding = padding};
  if (const Panel panel(brush, look); panel) {
    if (mapped) {
      minimap(brush, model, overview, m.map, out);
      space(brush, 4);
    }
    readout(brush, model, m, out);
  }
}

}  // namespace tessera
