#include <algorithm>
#include <cmath>

#include "app/model/turn.h"

/// What follows the view: the tiles asked for, the page's address, the picture in the list of recent canvases.
namespace tessera {
namespace {

constexpr Duration address_delay{300'000};
constexpr std::size_t surveyed_at_once = 4;
/// Of larger canvases the minimap shows what was visited.
constexpr std::uint32_t largest_survey = 256;

Rect tiles_of(const Rect& cells) {
  if (cells.empty()) return {};
  const std::uint32_t left = cells.x / tile_side, top = cells.y / tile_side;
  return {left, top, (cells.right() - 1) / tile_side + 1 - left, (cells.bottom() - 1) / tile_side + 1 - top};
}

/// Goes on with the survey once all that was asked for has come; true where other tiles are wanted now.
bool go_on_with_survey(Model& model) {
  const Size size = model.replica.size();
  const std::uint32_t count = size.tile_columns() * size.tile_rows();
  if (phone(model) || count > largest_survey || !model.replica.complete()) return false;
  Survey& survey = model.survey;
  const bool asked = !survey.asked.empty();
  survey.asked.clear();
  for (; survey.next < count && survey.asked.size() < surveyed_at_once; ++survey.next) {
    const TileIndex tile{static_cast<std::uint8_t>(survey.next % size.tile_columns()),
                         static_cast<std::uint8_t>(survey.next / size.tile_columns())};
    if (!model.replica.loaded(tile)) survey.asked.push_back(tile);
  }
  return asked || !survey.asked.empty();
}

/// The middle of the view, one dot in so many cells.
Bytes small_picture(const Model& model) {
  const Viewport& viewport = model.viewport;
  const Size size = model.replica.size();
  const double side = std::min({viewport.width() / viewport.zoom(), viewport.height() / viewport.zoom(),
                                static_cast<double>(size.width), static_cast<double>(size.height)});
  const double step = side / recent_picture_side;
  const double left = std::clamp(viewport.centre().x - side / 2, 0.0, std::max(0.0, size.width - side));
  const double top = std::clamp(viewport.centre().y - side / 2, 0.0, std::max(0.0, size.height - side));
  Bytes rgba;
  rgba.reserve(std::size_t{4} * recent_picture_side * recent_picture_side);
  for (std::uint32_t row = 0; row < recent_picture_side; ++row) {
    for (std::uint32_t column = 0; column < recent_picture_side; ++column) {
      const Cell cell{static_cast<std::uint16_t>(left + (column + 0.5) * step),
                      static_cast<std::uint16_t>(top + (row + 0.5) * step)};
      const ColorIndex index = model.replica.shown(cell);
      const bool drawn = model.palette.contains(index);
      const Rgb color = drawn ? model.palette[index].color : Rgb{255, 255, 255};
      rgba.insert(rgba.end(), {color.r, color.g, color.b, 255});
    }
  }
  return rgba;
}

void tick_address(Turn& turn) {
  Model& model = turn.model;
  if (!model.device.web || !turn.live() || model.viewport.moving()) return;
  const std::string fragment = format_fragment(link_here(model));
  if (fragment == model.address) {
    model.address_due.reset();
  } else if (!model.address_due) {
    model.address_due = turn.now() + address_delay;
  } else if (turn.now() >= *model.address_due) {
    model.address = fragment;
    model.address_due.reset();
    turn.emit(effect::SetAddress{fragment});
  }
}

}  // namespace

Link link_here(const Model& model) {
  Link link;
  link.server = model.connection.server;
  link.canvas = model.canvas.name;
  const Size size = model.replica.size();
  if (size.cells() == 0) return link;
  const CanvasPoint centre = model.viewport.centre();
  link.x = std::min(std::floor(centre.x), size.width - 1.0);
  link.y = std::min(std::floor(centre.y), size.height - 1.0);
  link.zoom = std::round(model.viewport.target_zoom() / model.viewport.pixel_ratio() * 100) / 100;
  return link;
}

void look_at(Turn& turn, const std::optional<Link>& destination, Motion how) {
  Viewport& viewport = turn.model.viewport;
  const bool place = destination && (destination->x || destination->y || destination->zoom);
  if (!place) return viewport.fit(how, turn.now());
  const CanvasPoint centre{destination->x ? std::floor(*destination->x) + 0.5 : viewport.canvas().width / 2.0,
                           destination->y ? std::floor(*destination->y) + 0.5 : viewport.canvas().height / 2.0};
  constexpr double usual_zoom = 8;
  double zoom = destination->zoom.value_or(destination->x ? usual_zoom : 1) * viewport.pixel_ratio();
  if (zoom >= 1) zoom = std::round(zoom);
  viewport.go_to(centre, zoom, how, turn.now());
}

void watch_view(Turn& turn) {
  Model& model = turn.model;
  if (!turn.live() || model.hidden) return;
  const Rect tiles = tiles_of(model.viewport.visible_cells());
  const bool moved = model.watched != tiles;
  if (!moved && !go_on_with_survey(model)) return;
  model.watched = tiles;
  std::vector<TileIndex> wanted = model.viewport.visible_tiles(Replica::watched_tiles);
  for (const TileIndex tile : model.survey.asked)
    if (std::find(wanted.begin(), wanted.end(), tile) == wanted.end()) wanted.push_back(tile);
  Replica::Out out;
  model.replica.want(wanted, out);
  turn.send_all(out);
}

void tick_view(Turn& turn) {
  Model& model = turn.model;
  model.viewport.advance(turn.now());
  watch_view(turn);
  tick_address(turn);
  if (model.recent_due && turn.now() >= *model.recent_due) {
    model.recent_due.reset();
    remember_recent(turn);
  }
}

void remember_recent(Turn& turn) {
  Model& model = turn.model;
  RecentServer entry{model.connection.server, model.canvas.name, turn.moment.wall, recent_picture_side,
                     small_picture(model)};
  std::erase_if(model.recent, [&](const RecentServer& other) {
    return other.server == entry.server && other.canvas == entry.canvas;
  });
  model.recent.insert(model.recent.begin(), std::move(entry));
  if (model.recent.size() > recent_servers) model.recent.resize(recent_servers);
  turn.emit(effect::SaveRecent{model.recent});
}

void address_changed(Turn& turn, const std::string& fragment) {
  Model& model = turn.model;
  if (fragment == model.address || model.connection.server.empty()) return;
  Link link = parse_fragment(fragment);
  model.address = fragment;
  if (has_secret(link)) {
    model.address = format_fragment(link);
    turn.emit(effect::SetAddress{model.address});
  }
  link.server = model.connection.server;
  go_to_link(turn, link);
}

}  // namespace tessera
