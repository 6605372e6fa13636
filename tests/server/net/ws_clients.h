#pragma once

#include "tests/server/net/net_fixture.h"

/// Clients of either kind that are on a canvas already, and what the hub tells them of it.
namespace tessera::test {

inline constexpr CanvasId canvas{1};
inline constexpr TileIndex tile{0, 0};

inline Entered entered(bool paused = false) {
  Entered message;
  message.canvas = {canvas, "main", 4000, 4000, {{255, 69, 0, "red", false}, {0, 0, 171, "blue", false}}, paused, "tea", Access::Open, 1};
  message.epoch = Epoch{9};
  message.online = 1;
  return message;
}

inline Published published(Seq first, std::size_t count, std::size_t deltas_bytes = 0) {
  auto batch = std::make_shared<Batch>();
  Deltas deltas{first, first + count - 1, {{tile, first - 1, first + count - 1, {}}}};
  for (std::size_t i = 0; i < count; ++i) {
    const Cell cell{static_cast<std::uint16_t>(i % 256), 0};
    batch->placements.push_back({first + i, WallTime{1}, AccountId{7}, cell, 1});
    deltas.tiles[0].cells.push_back({offset_of(cell), 1});
  }
  auto bytes = encode(ServerMessage(deltas));
  if (deltas_bytes > bytes.size()) bytes.resize(deltas_bytes);
  return {canvas, Epoch{9}, WallTime{1}, batch, std::make_shared<const Bytes>(std::move(bytes)), {tile}};
}

/// A binary client on the canvas, watching its tile, which it already has.
struct Watcher {
  LoopbackClient client;
  Gate* gate;
  ConnectionId id;
};

inline Watcher watch(NetFixture& net, LoopbackClient client) {
  client.send(Hello{protocol_version, ClientId{5}, ""});
  const Opened opened = net.hub.next<Opened>();
  client.read<Welcome>();
  client.send(Enter{});
  net.hub.next<EnterCanvas>();
  opened.gate->post(Joined{opened.connection, canvas, entered()});
  client.read<Entered>();
  client.send(Watch{{{tile, 0, 0}}, {}});
  net.hub.next<WatchTiles>();
  opened.gate->post(Directed{opened.connection, TileCurrent{tile, 0}});
  client.read<TileCurrent>();
  return {std::move(client), opened.gate, opened.connection};
}

inline std::string pixel_update(int x, int y, std::string_view color) {
  return R"({"type":"pixel:update","data":{"x":)" + std::to_string(x) + ",\"y\":" + std::to_string(y) + ",\"color\":\"" +
         std::string(color) + "\"}}";
}

struct JsonReader {
  LoopbackClient client;
  Gate* gate;
  ConnectionId id;
};

inline JsonReader read_json(NetFixture& net, LoopbackClient client, bool paused = false) {
  const Opened opened = net.hub.next<Opened>();
  CHECK(opened.kind == ConnectionKind::Json);
  CHECK(net.hub.next<EnterCanvas>().message.canvas.empty());
  opened.gate->post(Joined{opened.connection, canvas, entered(paused)});
  return {std::move(client), opened.gate, opened.connection};
}

}  // namespace tessera::test
