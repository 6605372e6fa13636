#pragma once

#include <SDL.h>

#include <memory>

#include "app/model/viewport.h"
#include "app/platform/ui_renderer.h"
#include "shared/base/result.h"

namespace tessera {

/// How large the window is: physical pixels, and how many of them make one unit of the interface (1 on plain displays).
struct FrameSize {
  int width = 1;
  int height = 1;
  double pixel_ratio = 1;
  bool operator==(const FrameSize&) const = default;
};

/// The app's one window, its GL context, and Dear ImGui in it. ImGui works in physical pixels, so that nothing is ever
/// stretched. Main thread. Knows neither model nor actions.
class Window {
 public:
  static Result<std::unique_ptr<Window>> open();
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  FrameSize size() const;
  /// The next event, its positions in physical pixels; ImGui has seen it. False when there is none left.
  bool next_event(SDL_Event& event);
  /// Is there a panel at this point, or something that covers everything?
  bool covered(ScreenPoint point) const;
  /// Is a text field being typed into?
  bool typing() const;
  /// Do keys belong to the panels: a text field, a control that Tab has reached, a dialog?
  bool takes_keys() const;
  /// Is ImGui busy with a button held, in a slider or so?
  bool holding() const;
  /// Can anything be seen of it?
  bool visible() const;

  void begin_frame();
  /// Draws what ImGui has gathered since, and shows the frame.
  void end_frame();
  /// ImGui's atlas has other fonts.
  void renew_fonts();

 private:
  Window() = default;
  Status start();

  SDL_Window* window_ = nullptr;
  SDL_GLContext context_ = nullptr;
  bool imgui_ = false;
  std::unique_ptr<UiRenderer> renderer_;
};

// ---- where desktop and browser differ ----

/// Before the window is there: hints and GL attributes.
void prepare_video();
/// Once it is there, with ImGui.
void adopt_window(SDL_Window* window);
FrameSize measure_window(SDL_Window* window);
/// Physical pixels to one of SDL's own.
double window_unit(SDL_Window* window);
/// After each frame: text fields may have come into use or gone out of it.
void follow_typing(SDL_Window* window, bool typing);
/// The size of a first window, in SDL's own units.
SDL_Point first_size();

}  // namespace tessera
