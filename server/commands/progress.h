#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "shared/base/clock.h"

namespace tessera {

/// A progress bar on standard error, drawn only on a terminal and only for what takes over a second.
class ProgressBar {
 public:
  /// `clock` outlives the bar.
  ProgressBar(std::string label, const Clock& clock);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` of `all`; all 0: unknown, only `done` is shown.
  void show(std::uint64_t done, std::uint64_t all);

 private:
  std::string label_;
  const Clock& clock_;
  TimePoint begun_;
  TimePoint drawn_;
  bool terminal_ = false;
  bool visible_ = false;
};

/// Set by SIGINT and SIGTERM once `stop_on_signals` was called: a command ends at the next point that leaves things whole.
std::atomic<bool>& stop_requested();
void stop_on_signals();

}  // namespace tessera
