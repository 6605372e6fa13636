#pragma once

#include <SDL.h>

#include <array>
#include <functional>
#include <map>
#include <optional>

#include "app/model/actions.h"

namespace tessera {

/// Turns SDL's events into actions: keys, mouse, wheel, fingers. Says what was done, not what it means. A press belongs to
/// what it began on, panel or canvas, until it is released. Main thread; needs no window.
class Input {
 public:
  /// `covered`: is there a panel at this point?
  explicit Input(std::function<bool(ScreenPoint)> covered) : covered_(std::move(covered)) {}

  /// Positions are physical pixels. `typing`: keys belong to a text field.
  void handle(const SDL_Event& event, const Model& model, bool typing, Actions& out);
  /// Once a frame: panels come and go under a mouse that rests.
  void rest(Actions& out);
  /// What held keys do, once a frame.
  void hold(Duration since_last, const Model& model, Actions& out);
  /// Is a key held that moves the canvas?
  bool holding() const { return held_[0] || held_[1] || held_[2] || held_[3]; }

 private:
  enum class Owner : std::uint8_t { None, Canvas, Panel };
  struct Finger {
    ScreenPoint at;
  };

  /// With Ctrl, or Cmd.
  void shortcut(const SDL_KeyboardEvent& key, const Model& model, Actions& out);
  void key_pressed(const SDL_KeyboardEvent& key, const Model& model, Actions& out);
  void key_released(const SDL_KeyboardEvent& key);
  void command(const SDL_KeyboardEvent& key, const Model& model, Actions& out);
  void moved(ScreenPoint at, Actions& out);
  void pressed(const SDL_MouseButtonEvent& button, Actions& out);
  void released(const SDL_MouseButtonEvent& button, Actions& out);
  void wheel(const SDL_MouseWheelEvent& wheel, Actions& out);
  void finger_down(SDL_FingerID id, ScreenPoint at, Actions& out);
  void finger_moved(SDL_FingerID id, ScreenPoint at, Actions& out);
  void finger_up(SDL_FingerID id, ScreenPoint at, Actions& out);
  void pinch(SDL_FingerID id, ScreenPoint at, Actions& out);
  void let_go(Actions& out);
  void leave(Actions& out);

  std::function<bool(ScreenPoint)> covered_;
  std::array<Owner, 3> owners_{};
  std::array<bool, 4> held_{};  // W A S D, by their place on the keyboard
  bool space_ = false;
  bool hovering_ = false;               // the canvas has the mouse
  std::optional<ScreenPoint> mouse_;    // while it is in the window
  double wheel_rest_ = 0;
  std::map<SDL_FingerID, Finger> fingers_;  // that began on the canvas
  bool pinching_ = false;
};

}  // namespace tessera
