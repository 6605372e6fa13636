#include "app/platform/input.h"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

/// Of the interface's own units a second.
constexpr double pan_speed = 900;
constexpr double pan_speed_fast = 2'400;
constexpr int far_cells = 8;
constexpr double whole_notch = 0.5;

std::optional<PointerButton> button_of(Uint8 button) {
  if (button == SDL_BUTTON_LEFT) return PointerButton::Left;
  if (button == SDL_BUTTON_MIDDLE) return PointerButton::Middle;
  if (button == SDL_BUTTON_RIGHT) return PointerButton::Right;
  return std::nullopt;
}

std::optional<std::size_t> pan_key(SDL_Scancode code) {
  switch (code) {
    case SDL_SCANCODE_W: return 0;
    case SDL_SCANCODE_A: return 1;
    case SDL_SCANCODE_S: return 2;
    case SDL_SCANCODE_D: return 3;
    default: return std::nullopt;
  }
}

ScreenPoint middle(ScreenPoint a, ScreenPoint b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }
double distance(ScreenPoint a, ScreenPoint b) { return std::hypot(a.x - b.x, a.y - b.y); }

ScreenPoint place_of(const SDL_TouchFingerEvent& finger, const Model& model) {
  return {static_cast<double>(finger.x) * model.viewport.width(), static_cast<double>(finger.y) * model.viewport.height()};
}

}  // namespace

void Input::handle(const SDL_Event& event, const Model& model, bool typing, Actions& out) {
  switch (event.type) {
    case SDL_KEYDOWN:
      if (!typing) key_pressed(event.key, model, out);
      break;
    case SDL_KEYUP: key_released(event.key); break;
    case SDL_MOUSEMOTION:
      if (event.motion.which != SDL_TOUCH_MOUSEID) moved({double(event.motion.x), double(event.motion.y)}, out);
      break;
    case SDL_MOUSEBUTTONDOWN:
      if (event.button.which != SDL_TOUCH_MOUSEID) pressed(event.button, out);
      break;
    case SDL_MOUSEBUTTONUP:
      if (event.button.which != SDL_TOUCH_MOUSEID) released(event.button, out);
      break;
    case SDL_MOUSEWHEEL: wheel(event.wheel, out); break;
    case SDL_FINGERDOWN: finger_down(event.tfinger.fingerId, place_of(event.tfinger, model), out); break;
    case SDL_FINGERMOTION: finger_moved(event.tfinger.fingerId, place_of(event.tfinger, model), out); break;
    case SDL_FINGERUP: finger_up(event.tfinger.fingerId, place_of(event.tfinger, model), out); break;
    case SDL_QUIT: out.push_back(action::Quit{}); break;
    case SDL_WINDOWEVENT:
      if (event.window.event == SDL_WINDOWEVENT_LEAVE) {
        mouse_.reset();
        leave(out);
      }
      if (event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) let_go(out);
      break;
    default: break;
  }
}

void Input::rest(Actions& out) {
  const bool pressed = std::any_of(owners_.begin(), owners_.end(), [](Owner owner) { return owner != Owner::None; });
  if (mouse_ && !pressed && covered_(*mouse_) == hovering_) moved(*mouse_, out);
}

void Input::hold(Duration since_last, const Model& model, Actions& out) {
  if (!holding() || model.screen != Screen::Canvas) return;
  const double seconds = std::min(std::chrono::duration<double>(since_last).count(), 0.1);
  const bool fast = (SDL_GetModState() & KMOD_SHIFT) != 0;
  const double step = (fast ? pan_speed_fast : pan_speed) * model.viewport.pixel_ratio() * seconds;
  out.push_back(action::Pan{step * (held_[1] - held_[3]), step * (held_[0] - held_[2])});
}

// ---- keys ----

void Input::key_pressed(const SDL_KeyboardEvent& key, const Model& model, Actions& out) {
  if (model.sign_in.open || !model.notices.waiting.empty()) return;  // its own keys are the dialog's
  if ((key.keysym.mod & (KMOD_CTRL | KMOD_GUI)) != 0 && (key.keysym.mod & KMOD_LALT) == 0) return shortcut(key, model, out);
  if ((key.keysym.mod & (KMOD_CTRL | KMOD_LALT | KMOD_GUI)) != 0) return;
  if (model.screen != Screen::Canvas) {
    if (key.keysym.sym == SDLK_ESCAPE && model.drawer != Drawer::None) out.push_back(action::CloseDrawer{});
    return;
  }
  if (const auto pan = pan_key(key.keysym.scancode)) {
    held_[*pan] = true;
    return;
  }
  if (key.keysym.sym == SDLK_SPACE) {
    space_ = true;
    return;
  }
  command(key, model, out);
}

void Input::shortcut(const SDL_KeyboardEvent& key, const Model& model, Actions& out) {
  if (model.screen != Screen::Canvas) return;
  const bool shift = (key.keysym.mod & KMOD_SHIFT) != 0;
  if (key.keysym.sym == SDLK_z && !shift) out.push_back(action::UndoStroke{});
  if ((key.keysym.sym == SDLK_z && shift) || (key.keysym.sym == SDLK_y && !shift)) out.push_back(action::RedoStroke{});
}

void Input::key_released(const SDL_KeyboardEvent& key) {
  if (const auto pan = pan_key(key.keysym.scancode)) held_[*pan] = false;
  if (key.keysym.sym == SDLK_SPACE) space_ = false;
}

void Input::command(const SDL_KeyboardEvent& key, const Model& model, Actions& out) {
  const int cells = (key.keysym.mod & KMOD_SHIFT) != 0 ? far_cells : 1;
  const bool first = key.repeat == 0;
  switch (key.keysym.sym) {
    case SDLK_LEFT: return out.push_back(action::MoveCursor{-cells, 0});
    case SDLK_RIGHT: return out.push_back(action::MoveCursor{cells, 0});
    case SDLK_UP: return out.push_back(action::MoveCursor{0, -cells});
    case SDLK_DOWN: return out.push_back(action::MoveCursor{0, cells});
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS: return out.push_back(action::ZoomStep{1});
    case SDLK_MINUS:
    case SDLK_KP_MINUS: return out.push_back(action::ZoomStep{-1});
    case SDLK_LEFTBRACKET: return out.push_back(action::StepColor{-1});
    case SDLK_RIGHTBRACKET: return out.push_back(action::StepColor{1});
    case SDLK_HOME: return out.push_back(action::Fit{});
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
      if (first) out.push_back(action::ActAtMarker{});
      return;
    case SDLK_i:
      if (first) out.push_back(action::InspectAtMarker{});
      return;
    case SDLK_p: return out.push_back(action::SelectTool{Tool::Pencil});
    case SDLK_h: return out.push_back(action::SelectTool{Tool::Hand});
    case SDLK_e: return out.push_back(action::SelectTool{Tool::Eyedropper});
    case SDLK_l: return out.push_back(action::SelectTool{Tool::Lock});
    case SDLK_m: return out.push_back(action::OpenStaff{});
    case SDLK_ESCAPE:
      if (model.lock_frame.from || model.staff.picking || marks_report(model)) out.push_back(action::CancelLock{});
      else if (model.drawer != Drawer::None) out.push_back(action::CloseDrawer{});
      else if (model.tool.tool == Tool::Lock) out.push_back(action::CancelLock{});
      return;
    default: break;
  }
  // Where the layout has no brackets, the keys in their place do the same.
  if (key.keysym.scancode == SDL_SCANCODE_LEFTBRACKET) out.push_back(action::StepColor{-1});
  if (key.keysym.scancode == SDL_SCANCODE_RIGHTBRACKET) out.push_back(action::StepColor{1});
}

// ---- mouse ----

void Input::moved(ScreenPoint at, Actions& out) {
  mouse_ = at;
  const bool dragging = std::find(owners_.begin(), owners_.end(), Owner::Canvas) != owners_.end();
  const bool panel = std::find(owners_.begin(), owners_.end(), Owner::Panel) != owners_.end();
  if (!dragging && (panel || covered_(at))) return leave(out);
  hovering_ = true;
  out.push_back(action::PointerMoved{at, false});
}

void Input::leave(Actions& out) {
  if (hovering_) out.push_back(action::PointerLeft{});
  hovering_ = false;
}

void Input::pressed(const SDL_MouseButtonEvent& event, Actions& out) {
  const auto button = button_of(event.button);
  if (!button) return;
  const ScreenPoint at{double(event.x), double(event.y)};
  const bool panel = covered_(at);
  owners_[static_cast<std::size_t>(*button)] = panel ? Owner::Panel : Owner::Canvas;
  if (panel) return;
  const bool paint = (SDL_GetModState() & KMOD_SHIFT) != 0;
  out.push_back(action::PointerPressed{at, *button, false, space_, paint});
}

void Input::released(const SDL_MouseButtonEvent& event, Actions& out) {
  const auto button = button_of(event.button);
  if (!button) return;
  const Owner owner = std::exchange(owners_[static_cast<std::size_t>(*button)], Owner::None);
  if (owner == Owner::Canvas) out.push_back(action::PointerReleased{{double(event.x), double(event.y)}, *button});
}

/// A mouse's wheel moves by notches, a touch pad by hairs that add up to one.
void Input::wheel(const SDL_MouseWheelEvent& event, Actions& out) {
  const ScreenPoint at{double(event.mouseX), double(event.mouseY)};
  if (covered_(at)) return;
  const double turned = static_cast<double>(event.preciseY) * (event.direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1);
  int steps = 0;
  if (std::abs(turned) >= whole_notch) {
    steps = static_cast<int>(std::lround(turned));
    if (steps == 0) steps = turned > 0 ? 1 : -1;
    wheel_rest_ = 0;
  } else {
    if (turned * wheel_rest_ < 0) wheel_rest_ = 0;
    wheel_rest_ += turned;
    steps = static_cast<int>(wheel_rest_);
    wheel_rest_ -= steps;
  }
  if (steps != 0) out.push_back(action::WheelTurned{at, steps});
}

// ---- fingers ----

void Input::finger_down(SDL_FingerID id, ScreenPoint at, Actions& out) {
  mouse_.reset();
  if (covered_(at)) return;
  fingers_[id] = {at};
  if (fingers_.size() == 1 && !pinching_) {
    out.push_back(action::PointerMoved{at, true});
    out.push_back(action::PointerPressed{at, PointerButton::Left, true, false, false});
  } else if (!pinching_) {
    pinching_ = true;
    out.push_back(action::PointerCancelled{});
  }
}

void Input::finger_moved(SDL_FingerID id, ScreenPoint at, Actions& out) {
  const auto found = fingers_.find(id);
  if (found == fingers_.end()) return;
  if (pinching_) pinch(id, at, out);
  else out.push_back(action::PointerMoved{at, true});
  found->second.at = at;
}

/// The finger moves to `at`: the first two fingers' middle goes along, and their distance zooms.
void Input::pinch(SDL_FingerID id, ScreenPoint at, Actions& out) {
  const ScreenPoint before = fingers_[id].at;
  if (fingers_.size() == 1) return out.push_back(action::Pinched{at, at.x - before.x, at.y - before.y, 1});
  const auto other = std::find_if(fingers_.begin(), fingers_.end(), [&](const auto& entry) { return entry.first != id; });
  const ScreenPoint still = other->second.at;
  const double apart = std::max(1.0, distance(before, still));
  const ScreenPoint from = middle(before, still), to = middle(at, still);
  out.push_back(action::Pinched{to, to.x - from.x, to.y - from.y, std::max(1.0, distance(at, still)) / apart});
}

void Input::finger_up(SDL_FingerID id, ScreenPoint at, Actions& out) {
  if (fingers_.erase(id) == 0) return;
  if (!pinching_) {
    out.push_back(action::PointerReleased{at, PointerButton::Left});
  } else if (fingers_.empty()) {
    pinching_ = false;
    out.push_back(action::PinchEnded{at});
  }
}

void Input::let_go(Actions& out) {
  held_ = {};
  space_ = false;
  owners_ = {};
  fingers_.clear();
  pinching_ = false;
  out.push_back(action::PointerCancelled{});
}

}  // namespace tessera
