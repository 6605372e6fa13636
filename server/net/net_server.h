#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/address_prefix.h"
#include "server/core/authenticator.h"
#include "server/core/http.h"
#include "server/core/hub.h"
#include "server/net/net_counters.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"
#include "shared/base/result.h"

namespace tessera {

class StaticFiles;

struct NetSettings {
  std::string address = "127.0.0.1";  ///< of IPv4 or IPv6; `::` listens on both
  std::uint16_t port = 7878;          ///< 0: any free one
  unsigned threads = 0;               ///< 0: all cores but one, at least one
  std::string tls_certificate;        ///< PEM files; both empty: no TLS
  std::string tls_key;

  std::string server_name = "Tessera";
  std::string server_version;

  std::size_t connections = 20'000;
  std::optional<std::size_t> connections_per_address = 256;  ///< absent (`--limit off`): no limit
  std::size_t head_bytes = 16u << 10;
  std::chrono::seconds head_time{10};   ///< from a request's first byte to the end of its head
  std::chrono::seconds body_time{30};   ///< … from there to the end of its body
  std::chrono::seconds keep_alive{60};  ///< between two requests
  std::chrono::seconds stall_time{60};  ///< a peer that takes nothing of what waits for it for so long is given up
  std::chrono::seconds ping_every{20};
  std::chrono::seconds idle_time{60};   ///< a WebSocket that says nothing, not even pong, for so long is closed
  std::chrono::milliseconds json_every{50};
  std::size_t json_behind_bytes = 1'000'000;
};

/// Who drew a cell: answers with `Inspected`, or with why not. Called on network threads; `reply` may come from any.
using Inspector =
    std::function<void(CanvasId canvas, Cell cell, std::function<void(Result<Inspected, Refused>)> reply)>;

/// What the network threads talk to; all of it outlives them.
struct NetServices {
  Hub& hub;
  HttpHandler& http;
  Authenticator& authenticator;
  const Clock& clock;
  RandomSource& random;
  const StaticFiles* files = nullptr;  ///< the web client; null: none
  Inspector inspect;
  /// Where a request comes from, as hashed networks. Any thread; none: nobody is noted.
  std::function<std::vector<AddressPrefix>(const HttpRequest&)> prefixes{};
  /// Whether the other end is a proxy, whose connections are those of many clients. Any thread; none: nobody is.
  std::function<bool(const std::string& address)> is_proxy{};
  /// Makes a request look as its client sent it, over https or not. Any thread; none: it is as it came.
  std::function<void(HttpRequest&)> see_client{};
};

/// The listener and its network threads: HTTP and WebSocket on one port. Made, started and stopped by one thread; must stay
/// until the hub has stopped posting to its gates. Knows no rules and no storage.
class NetServer {
 public:
  /// Listens at once, so that `port` is known, but serves nothing before `start`. An error says what cannot be listened on.
  static Result<std::unique_ptr<NetServer>> open(const NetSettings& settings, const NetServices& services);
  ~NetServer();

  std::uint16_t port() const;
  void start();
  /// Stops accepting, tells every WebSocket 1001, gives answers under way up to `patience` to leave, and ends the threads.
  void stop(std::chrono::milliseconds patience = std::chrono::milliseconds(2000));
  /// Reads certificate and key anew, for connections from now on; those that are open go on. An error changes nothing. Any thread.
  Status reload_tls();
  const NetCounters& counters() const;

 private:
  struct Impl;
  explicit NetServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tessera
