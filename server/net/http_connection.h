#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/address_prefix.h"
#include "server/core/http.h"
#include "server/net/address_limits.h"
#include "server/net/frame.h"
#include "server/net/http_parser.h"
#include "server/net/transport.h"
#include "server/net/ws_handshake.h"
#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/base/result.h"
#include "shared/protocol/messages.h"

namespace tessera {

class NetThread;

/// Whom a connection belongs to, as far as limits and handlers care.
struct Peer {
  std::string address;
  bool is_loopback = false;
  std::optional<AddressKey> counted{};  ///< the address that it counts for; none: a trusted proxy's, that of many
  std::vector<AddressPrefix> prefixes{};  ///< of a WebSocket: where its request came from
};

/// One connection while it speaks HTTP/1.1: one request at a time, answered in order, kept alive. Belongs to its network
/// thread. Knows no route: static files, `/ws`, and the handler for everything else.
class HttpConnection final : public TransportUser {
 public:
  HttpConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer);
  ~HttpConnection() override;

  ConnectionId id() const { return id_; }
  const Peer& peer() const { return peer_; }
  std::shared_ptr<Transport> take_transport() { return std::move(transport_); }

  void on_bytes(std::span<std::uint8_t> bytes) override;
  void on_writable() override { flush(); }
  void on_end() override;

  /// The answer to the request under way.
  void respond(const HttpResponse& response);
  /// Time-outs.
  void sweep(TimePoint now);
  /// Closes now where nothing is under way, else after its answer.
  void stop();

 private:
  enum class State : std::uint8_t { Idle, Head, Body, Handling, Sending, Draining };

  void enter(State state);
  void read();
  bool read_one();
  bool check_head();
  void dispatch(HttpRequest request);
  void upgrade(HttpRequest request);
  bool count_for(const std::string& client);
  void refuse(const BadRequest& bad);
  void send(FramePtr frame);
  void flush();
  void finish_answer();
  void end();

  NetThread& thread_;
  ConnectionId id_;
  std::shared_ptr<Transport> transport_;
  Peer peer_;
  State state_ = State::Idle;
  TimePoint since_{};     // of the state, or of the last progress while sending
  Bytes unread_;          // came, but belongs to what is read later
  std::unique_ptr<HttpParser> parser_;
  std::vector<FramePtr> sending_;
  std::size_t sent_ = 0;  // of the first of them
  bool head_only_ = false;
  bool keep_alive_ = true;
  bool is_secure_;        // the client's side of it, whatever lies between
  bool stopping_ = false;
  bool ended_ = false;
  bool reading_ = false;
};

}  // namespace tessera
