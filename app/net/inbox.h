#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>

#include "app/model/actions.h"

namespace tessera {

/// The one door to the main thread: what the network and the local server report waits here, in order, until the main
/// thread takes it. Any thread may post. Knows nothing of what the actions mean.
class Inbox {
 public:
  /// Past this many bytes waiting, connections stop reading until they are taken.
  static constexpr std::size_t full_bytes = 16u << 20;

  /// `wake` lets the main thread know; called from the posting thread.
  explicit Inbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// `bytes`: what it took on the wire, for `full()`.
  void post(Action action, std::size_t bytes = 0);
  Actions take();
  bool full() const { return bytes_.load(std::memory_order_relaxed) > full_bytes; }

 private:
  std::function<void()> wake_;
  std::mutex mutex_;
  Actions waiting_;
  std::atomic<std::size_t> bytes_ = 0;
};

}  // namespace tessera
