#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "server/core/hub.h"
#include "server/core/minute_history.h"
#include "server/net/net_counters.h"
#include "server/serve/log.h"

namespace tessera {

/// Takes a sample at the end of each minute, on a thread of its own, and keeps them in a file every few minutes and at the stop.
/// Made, started and stopped by one thread.
class Sampler {
 public:
  /// Borrowed; all of it outlives the sampler.
  struct Parts {
    const Clock& clock;
    MinuteHistory& history;
    const Counters& core;
    const NetCounters& net;
    Hub& hub;
    const Log& log;
    std::filesystem::path file;  ///< empty: nothing is kept
  };

  explicit Sampler(Parts parts) : parts_(std::move(parts)) {}
  ~Sampler() { stop(); }

  /// Reads the file; what is wrong with it is told to the log, and it is begun anew.
  void start();
  /// Takes the last sample and keeps all; the rooms must still answer.
  void stop();

 private:
  void run();
  /// Waits for the rooms, a second at most: who is online is 0 where they do not answer.
  Readings read() const;
  void save() const;

  const Parts parts_;
  std::mutex mutex_;  // guards `stopping_`
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tessera
