#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/core/ports.h"

namespace tessera {

/// One or two threads that read the store beside the writer, each by its own `StoreReader`: histories, pictures of the
/// past, the journal for export. Jobs post their results themselves; each is a short transaction.
class Readers {
 public:
  using Job = std::function<void(StoreReader&)>;

  static Result<std::unique_ptr<Readers>> open(Store& store, std::size_t threads = 2, std::size_t max_waiting = 1'024);
  ~Readers();  ///< stops
  /// Drops what waits, finishes what runs; later posts are refused. From the owner's thread, so that readers and
  /// workers, who post to each other, can both be stopped before either is gone.
  void stop();

  /// From any thread, never waits. False: too much waits; answer that the server is busy.
  [[nodiscard]] bool post(Job job);

 private:
  explicit Readers(std::size_t max_waiting) : max_waiting_(max_waiting) {}
  void run(StoreReader& reader);

  const std::size_t max_waiting_;
  std::vector<std::unique_ptr<StoreReader>> readers_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Job> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tessera
