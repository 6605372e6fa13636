#include "app/net/connection.h"

#include <emscripten/websocket.h>

#include "app/net/address.h"
#include "shared/protocol/codec.h"

namespace tessera {

/// The browser's WebSocket; its events come on the main thread, and none after `leave`.
struct WebSocketClient::Impl {
  Inbox& inbox;
  ConnectionId id{};
  EMSCRIPTEN_WEBSOCKET_T socket = 0;
  bool opened = false;

  void leave() {
    if (socket <= 0) return;
    emscripten_websocket_set_onopen_callback(socket, nullptr, nullptr);
    emscripten_websocket_set_onmessage_callback(socket, nullptr, nullptr);
    emscripten_websocket_set_onclose_callback(socket, nullptr, nullptr);
    emscripten_websocket_close(socket, 1000, "");
    emscripten_websocket_delete(socket);
    socket = 0;
    opened = false;
  }

  void end(DisconnectReason reason, std::string detail) {
    leave();
    inbox.post(action::Disconnected{id, reason, std::move(detail)});
  }
};

namespace {

constexpr unsigned short going_away = 1001, restarting = 1012, try_again_later = 1013;

DisconnectReason reason_of(unsigned short code, bool opened) {
  if (code == try_again_later) return DisconnectReason::Full;
  if (code == going_away || code == restarting) return DisconnectReason::Stopped;
  // A browser does not say why a handshake failed.
  return opened ? DisconnectReason::Lost : DisconnectReason::Unreachable;
}

}  // namespace

WebSocketClient::WebSocketClient(NetLoop&, Inbox& inbox) : impl_(new Impl{inbox}) {}

WebSocketClient::~WebSocketClient() { impl_->leave(); }

void WebSocketClient::open(ConnectionId id, const std::string& server) {
  Impl& impl = *impl_;
  impl.leave();
  impl.id = id;
  const std::string url = websocket_url(server);
  EmscriptenWebSocketCreateAttributes attributes{url.c_str(), protocol_name, EM_TRUE};
  impl.socket = emscripten_websocket_new(&attributes);
  if (impl.socket <= 0) return impl.end(DisconnectReason::Unreachable, "the browser refused to connect to " + url);

  emscripten_websocket_set_onopen_callback(impl.socket, &impl, [](int, const EmscriptenWebSocketOpenEvent*, void* data) -> EM_BOOL {
    Impl& self = *static_cast<Impl*>(data);
    self.opened = true;
    self.inbox.post(action::Connected{self.id});
    return EM_TRUE;
  });
  emscripten_websocket_set_onmessage_callback(
      impl.socket, &impl, [](int, const EmscriptenWebSocketMessageEvent* event, void* data) -> EM_BOOL {
        Impl& self = *static_cast<Impl*>(data);
        auto message = decode_server({event->data, event->numBytes});
        if (!event->isText && message) self.inbox.post(action::Received{self.id, std::move(*message)}, event->numBytes);
        else self.inbox.post(action::Unreadable{self.id, event->isText ? "text" : message.error().message}, event->numBytes);
        return EM_TRUE;
      });
  emscripten_websocket_set_onclose_callback(
      impl.socket, &impl, [](int, const EmscriptenWebSocketCloseEvent* event, void* data) -> EM_BOOL {
        Impl& self = *static_cast<Impl*>(data);
        self.end(reason_of(event->code, self.opened), event->reason);
        return EM_TRUE;
      });
}

void WebSocketClient::close(ConnectionId id) {
  if (id == impl_->id) impl_->leave();
}

void WebSocketClient::send(ConnectionId id, const ClientMessage& message) {
  Impl& impl = *impl_;
  if (id != impl.id || !impl.opened) return;
  Bytes bytes = encode(message);
  unsigned long long unsent = 0;
  emscripten_websocket_get_buffered_amount(impl.socket, &unsent);
  if (unsent + bytes.size() > unsent_bytes) return impl.end(DisconnectReason::Lost, "too much is waiting to be sent");
  emscripten_websocket_send_binary(impl.socket, bytes.data(), static_cast<std::uint32_t>(bytes.size()));
}

}  // namespace tessera
