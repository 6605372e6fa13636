#include "server/core/workers.h"

#include <cassert>

namespace tessera {

Workers::Workers(std::size_t threads, std::size_t max_waiting) : max_waiting_(max_waiting) {
  assert(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() { stop(); }

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool Workers::post(Urgency urgency, Job job) {
  {
    const std::lock_guard lock(mutex_);
    auto& queue = waiting_[static_cast<std::size_t>(urgency)];
    if (stopping_ || queue.size() >= max_waiting_) return false;
    queue.push_back(std::move(job));
  }
  work_.notify_one();
  return true;
}

void Workers::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stopping_ || !waiting_[0].empty() || !waiting_[1].empty(); });
      if (stopping_) return;
      auto& queue = waiting_[waiting_[0].empty() ? 1 : 0];
      job = std::move(queue.front());
      queue.pop_front();
    }
    job();
  }
}

}  // namespace tessera
