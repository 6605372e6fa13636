#include "app/platform/event_loop.h"

#include <SDL.h>
#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>
#include <utility>

namespace tessera {
namespace {

/// The page's one loop: a frame is asked for when there is something to show, a timer is set when there will be, and
/// otherwise the browser is left alone. A hidden page gets no frames; timers stand in for them.
struct PageLoop {
  EventLoop::Step step;
  EventLoop::Listen listen;
  const Clock* clock = nullptr;
  bool frame_asked = false;
  long timer = 0;
  bool busy = false;

  /// Not from within what it would call.
  void hear() {
    ask();
    if (std::exchange(busy, true)) return;
    listen();
    busy = false;
  }

  void take_step() {
    busy = true;
    const NextStep next = step();
    busy = false;
    if (next.end || !next.at) return;
    const double wait_ms = std::chrono::duration<double, std::milli>(*next.at - clock->now()).count();
    if (wait_ms <= frame_ms) return ask();
    set_timer(wait_ms);
  }

  void ask() {
    if (frame_asked) return;
    frame_asked = true;
    EmscriptenVisibilityChangeEvent visibility{};
    emscripten_get_visibility_status(&visibility);
    if (visibility.hidden) {
      emscripten_set_timeout([](void* self) { static_cast<PageLoop*>(self)->framed(); }, 0, this);
      return;
    }
    emscripten_request_animation_frame(
        [](double, void* self) -> EM_BOOL {
          static_cast<PageLoop*>(self)->framed();
          return EM_FALSE;
        },
        this);
  }

 private:
  static constexpr double frame_ms = 16;

  void framed() {
    frame_asked = false;
    clear_timer();
    take_step();
  }
  void set_timer(double wait_ms) {
    clear_timer();
    timer = emscripten_set_timeout(
        [](void* data) {
          auto* self = static_cast<PageLoop*>(data);
          self->timer = 0;
          self->ask();
        },
        std::min(wait_ms, 60'000.0), this);
  }
  void clear_timer() {
    if (timer != 0) emscripten_clear_timeout(timer);
    timer = 0;
  }
};

/// As long as the page lives; the browser calls into it.
PageLoop& page_loop() {
  static PageLoop loop;
  return loop;
}

}  // namespace

void EventLoop::run(Step step, Listen listen) {
  PageLoop& loop = page_loop();
  loop.step = std::move(step);
  loop.listen = std::move(listen);
  loop.clock = &clock_;
  SDL_AddEventWatch(
      [](void*, SDL_Event*) {
        page_loop().ask();
        return 0;
      },
      nullptr);
  loop.take_step();
}

void EventLoop::wake() {
  if (page_loop().step) page_loop().hear();
}

}  // namespace tessera
