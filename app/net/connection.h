#pragma once

#include <memory>
#include <string>

#include "app/net/inbox.h"
#include "app/net/net_loop.h"
#include "shared/base/ids.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// The app's WebSocket to a server (subprotocol tessera.v1), one at a time. Main thread; what happens comes through the
/// inbox as `Connected`, `Received`, `Unreadable` and `Disconnected`, each with the connection's id. Knows messages, not
/// what they mean, and never connects again by itself.
class WebSocketClient {
 public:
  /// Past this many bytes not yet sent, the connection counts as lost.
  static constexpr std::size_t unsent_bytes = 4u << 20;

  WebSocketClient(NetLoop& loop, Inbox& inbox);
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  /// Closes what is open, then connects to `server` (a base address such as `http://host:port`).
  void open(ConnectionId id, const std::string& server);
  /// Nothing of this connection reaches the inbox through a later turn of the network; what is there already may.
  void close(ConnectionId id);
  /// Ignored where `id` is not the open connection.
  void send(ConnectionId id, const ClientMessage& message);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tessera
