#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "shared/base/clock.h"

namespace tessera {

/// When the app wants to go on by itself; nothing: not before something happens.
struct NextStep {
  bool end = false;
  std::optional<TimePoint> at;
};

/// Sleeps until there is something to do: input, a wake, or the time that the last step named. Main thread, but for `wake`.
class EventLoop {
 public:
  using Step = std::function<NextStep()>;
  using Listen = std::function<void()>;

  explicit EventLoop(const Clock& clock) : clock_(clock) {}
  /// `step` does all there is to do and draws. `listen` only takes what is in the inbox: in a browser, where a frame may be
  /// long in coming, answers go out without waiting for it. Natively this returns when a step ends it; in a browser at
  /// once, and the page goes on.
  void run(Step step, Listen listen);
  /// From any thread: there is something in the inbox.
  void wake();

 private:
  const Clock& clock_;
  std::atomic<bool> woken_ = false;
};

}  // namespace tessera
