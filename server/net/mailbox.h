#pragma once

#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "server/core/hub.h"

namespace tessera {

/// Where other threads leave work for one network thread. Outlives it, so that a late answer finds a closed door, not a
/// dangling one. `post` may be called from any thread.
class Mailbox {
 public:
  using Task = std::function<void()>;
  using Item = std::variant<GateEvent, Task>;

  /// `wake` is called, on the posting thread, when the box stops being empty.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void post(Item item) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    items_.push_back(std::move(item));
    if (items_.size() == 1) wake_();
  }

  void post_all(std::vector<GateEvent>& events) {
    if (events.empty()) return;
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool was_empty = items_.empty();
    for (GateEvent& event : events) items_.emplace_back(std::move(event));
    if (was_empty) wake_();
  }

  /// Everything that is there, into `out`, which is emptied first and whose memory is kept in use.
  void take(std::vector<Item>& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    out.swap(items_);
  }

  void close() {
    std::vector<Item> dropped;  // destroyed without the lock: a task's end may post
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
    wake_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::vector<Item> items_;
  std::function<void()> wake_;
  bool closed_ = false;
};

}  // namespace tessera
