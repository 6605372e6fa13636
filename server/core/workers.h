#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tessera {

/// A pool of threads for work that takes milliseconds over immutable values: compressing tiles and pictures. Jobs post
/// their results themselves and touch nothing else.
class Workers {
 public:
  enum class Urgency : std::uint8_t {
    Tile,  ///< somebody waits for it to see the canvas: before every picture
    Picture,
  };
  using Job = std::function<void()>;

  /// `threads` at least 1; `max_waiting` jobs of each urgency.
  Workers(std::size_t threads, std::size_t max_waiting);
  ~Workers();  ///< stops
  /// Drops what waits, finishes what runs; later posts are refused. From the owner's thread, so that readers and
  /// workers, who post to each other, can both be stopped before either is gone.
  void stop();

  /// From any thread, never waits. False: too much waits; answer that the server is busy, or post again later.
  [[nodiscard]] bool post(Urgency urgency, Job job);

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::array<std::deque<Job>, 2> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tessera
