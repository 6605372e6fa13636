#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/core/authenticator.h"
#include "server/core/hub.h"
#include "server/net/http_connection.h"
#include "server/net/outbox.h"
#include "server/net/transport.h"
#include "server/net/ws_frame.h"

namespace tessera {

class NetThread;
struct CanvasGroup;

/// One WebSocket after its handshake: frames, ping, time-outs, closing, back-pressure. What the messages mean is its
/// subclasses'. Belongs to its network thread.
class WsConnection : public TransportUser {
 public:
  WsConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer, Identity identity);
  ~WsConnection() override;

  /// Sends the answer to the handshake, then reads what came behind its request.
  void begin(Bytes handshake_answer, ByteSpan left_over);
  virtual ConnectionKind kind() const = 0;
  ConnectionId id() const { return id_; }
  const Peer& peer() const { return peer_; }
  Outbox& outbox() { return outbox_; }

  void on_bytes(std::span<std::uint8_t> bytes) override;
  void on_writable() override { flush(); }
  void on_end() override { end(); }

  // ---- from the hub, in its order ----
  virtual void on_message(const ServerMessage& message) = 0;
  virtual void on_joined(const Joined& joined) = 0;
  virtual void on_snapshot(const std::shared_ptr<const Snapshot>& snapshot);

  /// Sends this close frame after what is queued, takes nothing more from the peer, and ends once that has left or 5 s are over.
  void close(std::uint16_t code, std::string_view reason);
  void flush();
  /// `Deltas`, at once where nothing waits before them, else queued; how many bytes left. May end the connection.
  std::size_t deliver(const FramePtr& frame);
  void sweep(TimePoint now);

  // The network thread's own marks.
  CanvasGroup* group = nullptr;
  std::size_t group_at = 0;
  bool is_dirty = false;
  bool has_ended() const { return ended_; }
  bool was_announced() const { return announced_; }

 protected:
  virtual void on_open() = 0;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(ByteSpan bytes) = 0;
  /// After something has left.
  virtual void on_progress() {}
  virtual void on_sweep(TimePoint) {}

  /// Why the peer is not read from; all of them must be gone.
  enum Pause : std::uint8_t { pause_answers = 1, pause_sign_in = 2, pause_requests = 4, pause_joining = 8 };
  void pause(Pause why);
  void unpause(Pause why);
  void send(const ServerMessage& message);
  /// Tells the hub of this connection, with its account as it is now.
  void announce(ClientId client);
  /// Tells the hub where the account places from: once for each account that this connection is signed in as.
  void note_placing();
  bool is_closing() const { return closing_; }

  NetThread& thread_;

 private:
  void read(std::span<std::uint8_t> bytes);
  void read_held();
  void await_close(std::span<std::uint8_t> bytes);
  void handle(const WsEvent& event);
  void write_out();
  void end();

  std::shared_ptr<Transport> transport_;
  Outbox outbox_;
  ConnectionId id_;
  Peer peer_;
  WsReader reader_;
  Bytes held_;  // came while paused
  TimePoint last_heard_{};
  TimePoint last_ping_{};
  TimePoint last_progress_{};
  TimePoint awaiting_since_{};
  TimePoint close_by_{};
  std::uint8_t pauses_ = 0;
  bool reading_ = false;
  bool closing_ = false;
  bool peer_closed_ = false;
  bool finished_ = false;
  bool ended_ = false;
  bool announced_ = false;
  AccountId noted_{};  // where it places from is known

 protected:
  AccountInfo account_;
  std::optional<TokenHash> session_;  // whose end signs the connection out
};

}  // namespace tessera
