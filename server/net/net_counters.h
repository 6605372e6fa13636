#pragma once

#include <atomic>
#include <cstdint>

#include "server/core/counters.h"

namespace tessera {

/// What the network threads count, for /metrics. Each grows only, but for the gauges. Any thread reads.
struct NetCounters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};       ///< over a limit of connections
  std::atomic<std::uint64_t> requests{0};          ///< HTTP, answered by anything
  std::atomic<std::uint64_t> bad_requests{0};      ///< that could not be read
  std::atomic<std::uint64_t> messages_in{0};       ///< WebSocket messages
  std::atomic<std::uint64_t> deltas_out{0};        ///< `Deltas` queued for a connection
  std::atomic<std::uint64_t> deltas_waited{0};     ///< … of them, those that could not leave at once
  std::atomic<std::uint64_t> refreshes{0};         ///< times a connection fell behind and got tiles anew
  std::atomic<std::uint64_t> bytes_out{0};
  Histogram sent_us{time_bounds};                  ///< from the oldest request of a batch to its having been written to whoever keeps up
  std::atomic<std::int64_t> open_connections{0};   ///< gauge
  std::atomic<std::int64_t> open_binary{0};        ///< gauge
  std::atomic<std::int64_t> open_json{0};          ///< gauge
  std::atomic<std::int64_t> outbox_bytes{0};       ///< gauge: what waits for slow readers; one second old at most
};

}  // namespace tessera
