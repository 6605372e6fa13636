#pragma once

#include <vector>

namespace tessera {

/// Where the keyboard is: Tab and Shift+Tab go through the controls in the order in which they are drawn, across
/// panels; Enter and Space use the one that is reached, Escape goes back to the canvas. Dear ImGui's own navigation
/// stays off, since the arrow keys belong to the canvas. Main thread, between NewFrame and Render.
class Focus {
 public:
  /// Takes the keys of this frame. Answers whether Escape was pressed while a control had the keyboard.
  bool begin_frame();
  /// From each control as it is drawn, by its ImGui id. True: it has the keyboard, and shows it.
  bool visit(unsigned id);
  /// The keyboard has just come to this control.
  bool arrived(unsigned id) const { return arrived_ && on_ == id; }
  /// A text field into which a person clicked: Tab goes on from there.
  void follow(unsigned id);
  /// To another control of the same group, which the next frame draws in its place.
  void move(unsigned id);
  /// Lets the keyboard go back to the canvas.
  void release() { on_ = 0; }
  /// A control has the keyboard and shows it.
  bool shown() const { return on_ != 0 && shown_; }

 private:
  void step(int by);
  void move_off_what_is_gone();

  std::vector<unsigned> before_, last_, now_;
  unsigned on_ = 0;
  bool shown_ = false;
  bool arrived_ = false;
};

/// Enter or Space, in this frame.
bool use_key_pressed();

}  // namespace tessera
