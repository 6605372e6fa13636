#include "app/net/inbox.h"

#include <utility>

namespace tessera {

void Inbox::post(Action action, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(action));
    bytes_ += bytes;
  }
  wake_();
}

Actions Inbox::take() {
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

}  // namespace tessera
