#include "server/http/picture_queue.h"

#include <algorithm>
#include <optional>

#include "server/core/problem.h"

namespace tessera {
namespace {

std::size_t size_of(const PictureQueue::Picture& picture) {
  return picture.response.body ? picture.response.body->size() : 0;
}

}  // namespace

std::shared_ptr<const PictureQueue::Picture> PictureQueue::find(const std::string& key, const std::string& tag) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || found->second.picture->tag != tag) return nullptr;
  found->second.used = ++uses_;
  return found->second.picture;
}

void PictureQueue::order(const std::string& key, Make make, Done done) {
  {
    const std::lock_guard lock(mutex_);
    const auto same = std::find_if(orders_.begin(), orders_.end(), [&](const Order& order) { return order.key == key; });
    if (same != orders_.end()) {
      same->waiting.push_back(std::move(done));
      return;
    }
    if (orders_.size() < settings_.max_waiting) {
      orders_.push_back({key, std::move(make), {}});
      orders_.back().waiting.push_back(std::move(done));
      done = nullptr;
    }
  }
  if (!done) return begin_more();
  HttpResponse busy = problem(503, "busy", "too many pictures are being made; try again in a second");
  busy.add("Retry-After", "1");
  done(busy);
}

void PictureQueue::begin_more() {
  for (;;) {
    std::optional<Order> order;
    {
      const std::lock_guard lock(mutex_);
      if (running_ >= settings_.at_once || orders_.empty()) return;
      order = std::move(orders_.front());
      orders_.pop_front();
      ++running_;
    }
    order->make([this, key = std::move(order->key), waiting = std::move(order->waiting)](const Made& made) {
      {
        const std::lock_guard lock(mutex_);
        --running_;
        if (made) keep(key, *made);
      }
      for (const Done& done : waiting) done(made);
      begin_more();
    });
  }
}

void PictureQueue::keep(const std::string& key, const Picture& picture) {
  const std::size_t size = size_of(picture);
  if (size > settings_.kept_bytes) return;
  Kept& place = kept_[key];
  if (place.picture) bytes_ -= size_of(*place.picture);
  place = {std::make_shared<const Picture>(picture), ++uses_};
  bytes_ += size;
  while (bytes_ > settings_.kept_bytes) {
    const auto oldest = std::min_element(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
      return one.second.used < other.second.used;
    });
    bytes_ -= size_of(*oldest->second.picture);
    kept_.erase(oldest);
  }
}

}  // namespace tessera
