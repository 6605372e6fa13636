#include "server/core/readers.h"

namespace tessera {

Result<std::unique_ptr<Readers>> Readers::open(Store& store, std::size_t threads, std::size_t max_waiting) {
  std::unique_ptr<Readers> readers(new Readers(max_waiting));
  for (std::size_t i = 0; i < threads; ++i) {
    auto reader = store.reader();
    if (!reader) return reader.error();
    readers->readers_.push_back(*std::move(reader));
  }
  for (const auto& reader : readers->readers_) {
    readers->threads_.emplace_back([self = readers.get(), &reader = *reader] { self->run(reader); });
  }
  return readers;
}

Readers::~Readers() { stop(); }

void Readers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

bool Readers::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= max_waiting_) return false;
    waiting_.push_back(std::move(job));
  }
  work_.notify_one();
  return true;
}

void Readers::run(StoreReader& reader) {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job(reader);
  }
}

}  // namespace tessera
