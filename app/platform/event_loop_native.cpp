#include "app/platform/event_loop.h"

#include <SDL.h>

#include <algorithm>

namespace tessera {

void EventLoop::run(Step step, Listen) {
  for (;;) {
    const NextStep next = step();
    if (next.end) return;
    if (woken_.exchange(false)) continue;
    if (!next.at) {
      SDL_WaitEvent(nullptr);
      continue;
    }
    // Rounded up, so that the step finds its time come.
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next.at - clock_.now());
    if (wait.count() > 0) SDL_WaitEventTimeout(nullptr, static_cast<int>(std::min<std::int64_t>(wait.count(), 60'000)));
  }
}

void EventLoop::wake() {
  if (woken_.exchange(true)) return;
  SDL_Event event{};
  event.type = SDL_USEREVENT;
  SDL_PushEvent(&event);
}

}  // namespace tessera
