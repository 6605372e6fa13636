#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/model/update.h"
#include "shared/canvas/deflate.h"

namespace tessera {

/// A model with a clock and a random source of the test's own, and the server's side played by the test.
struct ModelFixture {
  Model model;
  TimePoint now{std::chrono::seconds{1'000}};
  SeededRandom random{7};
  Effects effects;  ///< of the last act()

  static constexpr std::int64_t wall_base_ms = 1'700'000'000'000;

  Instant moment() {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    return {now, WallTime{wall_base_ms + passed}, random};
  }
  Effects& act(const Action& action) { return effects = update(model, action, moment()); }
  Effects& tick(std::chrono::milliseconds later = std::chrono::milliseconds{0}) {
    now += later;
    return act(action::Tick{});
  }
  Effects& hear(ServerMessage message) { return act(action::Received{model.connection.id, std::move(message)}); }

  /// Every effect of one kind.
  template <typename Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const Effect& effect : effects) {
      if (const Kind* match = std::get_if<Kind>(&effect)) found.push_back(*match);
    }
    return found;
  }
  /// Every message sent of one kind.
  template <typename Message>
  std::vector<Message> sent() const {
    std::vector<Message> found;
    for (const effect::Send& send : all<effect::Send>()) {
      if (const Message* match = std::get_if<Message>(&send.message)) found.push_back(*match);
    }
    return found;
  }

  Welcome welcome = {protocol_version, {}, "Test", "0.1", true};
  Entered entered = {
      {CanvasId{1}, "main", 600, 400, colors(), false, "", Access::Open, 1}, Epoch{11}, 0, {20, 20, 0, 100}, true, {}, 3};

  static std::vector<PaletteEntry> colors() {
    std::vector<PaletteEntry> entries;
    const Palette palette = Palette::r_place_2022();
    for (const PaletteColor& color : palette.colors()) {
      entries.push_back({color.color.r, color.color.g, color.color.b, color.name, color.retired});
    }
    return entries;
  }
  static AccountInfo ann() { return {AccountId{7}, "ann", AccountKind::Guest, Role::Guest}; }

  void start(const std::string& link = "http://localhost:7878", Device device = {}) {
    act(action::WindowResized{800, 600, 1});
    action::Started started;
    started.device = device;
    started.link = link;
    act(started);
  }
  /// From the start to the canvas, with all that is in view loaded and empty.
  void go_live() {
    if (model.connection.state == ConnectionState::Offline) start();
    welcome.account = ann();
    come_back();
  }
  /// A new connection was asked for: answers everything until the canvas stands.
  void come_back() {
    act(action::Connected{model.connection.id});
    hear(welcome);
    hear(entered);
    answer_watches(Tile{}, 0);
  }
  /// A snapshot for each tile asked for in the last effects.
  void answer_watches(const Tile& tile, Seq seq) {
    for (const Watch& watch : sent<Watch>()) {
      for (const TileState& state : watch.add) hear(TileSnapshot{state.tile, seq, compress_tile(tile, 1)});
    }
  }
  void lose() { act(action::Disconnected{model.connection.id, DisconnectReason::Lost, ""}); }

  Place place(Cell cell, ColorIndex color) {
    model.tool = {Tool::Pencil, color};
    model.marker = {cell, true};
    act(action::PlaceAtMarker{});
    const auto places = sent<Place>();
    return places.empty() ? Place{} : places.front();
  }
  bool has_toast(Text text) const {
    for (const Toast& toast : model.toasts) {
      if (toast.phrase.text == text) return true;
    }
    return false;
  }
};

/// Placements of one tile as the server tells them.
inline Deltas deltas_of(TileIndex tile, Seq from, std::vector<std::pair<TileOffset, ColorIndex>> cells) {
  TileDelta delta{tile, from, from + cells.size(), {}};
  for (const auto& [offset, color] : cells) delta.cells.push_back({offset, color});
  return {from + 1, delta.to, {delta}};
}

}  // namespace tessera
