#include "app/platform/input.h"

#include <doctest/doctest.h>

using namespace tessera;

namespace {

/// An Input on the canvas, with a panel in the window's left hundred pixels.
struct Desk {
  Model model;
  bool dialog = false;
  Input input{[this](ScreenPoint point) { return dialog || point.x < 100; }};
  bool typing = false;

  Desk() {
    model.screen = Screen::Canvas;
    model.viewport.resize(1000, 800, 1);
  }
  Actions see(const SDL_Event& event) {
    Actions out;
    input.handle(event, model, typing, out);
    return out;
  }
  Actions key(SDL_Keycode symbol, Uint16 modifiers = 0, SDL_Scancode code = SDL_SCANCODE_UNKNOWN, bool repeat = false) {
    SDL_Event event{};
    event.type = SDL_KEYDOWN;
    event.key.keysym = {code, symbol, modifiers, 0};
    event.key.repeat = repeat ? 1 : 0;
    return see(event);
  }
  Actions key_up(SDL_Keycode symbol, SDL_Scancode code) {
    SDL_Event event{};
    event.type = SDL_KEYUP;
    event.key.keysym = {code, symbol, 0, 0};
    return see(event);
  }
  Actions move(int x, int y) {
    SDL_Event event{};
    event.type = SDL_MOUSEMOTION;
    event.motion.x = x;
    event.motion.y = y;
    return see(event);
  }
  Actions button(Uint32 type, int x, int y, Uint8 which = SDL_BUTTON_LEFT) {
    SDL_Event event{};
    event.type = type;
    event.button.button = which;
    event.button.x = x;
    event.button.y = y;
    return see(event);
  }
  Actions finger(Uint32 type, SDL_FingerID id, float x, float y) {
    SDL_Event event{};
    event.type = type;
    event.tfinger.fingerId = id;
    event.tfinger.x = x;
    event.tfinger.y = y;
    return see(event);
  }
  Actions wheel(float notches, int x = 500) {
    SDL_Event event{};
    event.type = SDL_MOUSEWHEEL;
    event.wheel.preciseY = notches;
    event.wheel.mouseX = x;
    event.wheel.mouseY = 300;
    return see(event);
  }
};

template <typename T>
T only(const Actions& actions) {
  REQUIRE(actions.size() == 1);
  REQUIRE(std::holds_alternative<T>(actions[0]));
  return std::get<T>(actions[0]);
}

}  // namespace

TEST_CASE("Input: keys are what the help says") {
  Desk desk;
  CHECK(only<action::MoveCursor>(desk.key(SDLK_LEFT)).dx == -1);
  CHECK(only<action::MoveCursor>(desk.key(SDLK_DOWN, KMOD_LSHIFT)).dy == 8);
  CHECK(only<action::ZoomStep>(desk.key(SDLK_PLUS)).steps == 1);
  CHECK(only<action::ZoomStep>(desk.key(SDLK_MINUS)).steps == -1);
  CHECK(only<action::StepColor>(desk.key(SDLK_LEFTBRACKET)).step == -1);
  CHECK(only<action::StepColor>(desk.key(SDLK_RIGHTBRACKET)).step == 1);
  CHECK(only<action::SelectTool>(desk.key(SDLK_h)).tool == Tool::Hand);
  only<action::Fit>(desk.key(SDLK_HOME));
  only<action::InspectAtMarker>(desk.key(SDLK_i));
  only<action::ActAtMarker>(desk.key(SDLK_RETURN));
  CHECK(desk.key(SDLK_RETURN, 0, SDL_SCANCODE_RETURN, true).empty());
}

TEST_CASE("Input: a text field, a dialog and the browser's own shortcuts keep their keys") {
  Desk desk;
  CHECK(desk.key(SDLK_i, KMOD_LCTRL).empty());
  CHECK(desk.key(SDLK_i, KMOD_LALT).empty());
  CHECK(desk.key(SDLK_i, KMOD_LGUI).empty());
  desk.typing = true;
  CHECK(desk.key(SDLK_i).empty());
  CHECK(desk.key(SDLK_w, 0, SDL_SCANCODE_W).empty());
  CHECK_FALSE(desk.input.holding());
  desk.typing = false;
  desk.model.sign_in.open = true;
  CHECK(desk.key(SDLK_RETURN).empty());
  desk.model.sign_in.open = false;
  desk.model.notices.waiting = {{NoticeKind::Warning, "here", "read this"}};
  CHECK(desk.key(SDLK_RETURN).empty());
  CHECK(desk.key(SDLK_ESCAPE).empty());
  desk.model.notices.waiting.clear();
  desk.model.screen = Screen::Start;
  CHECK(desk.key(SDLK_RETURN).empty());
}

TEST_CASE("Input: Escape ends the marking of a report's area before it closes the drawer") {
  Desk desk;
  desk.model.drawer = Drawer::Report;
  desk.model.report_desk.writing = desk.model.report_desk.marking = true;
  only<action::CancelLock>(desk.key(SDLK_ESCAPE));
  desk.model.report_desk.marking = false;
  only<action::CloseDrawer>(desk.key(SDLK_ESCAPE));
}

TEST_CASE("Input: W A S D pan while held, by their place on the keyboard, at one speed whatever the frame rate") {
  Desk desk;
  desk.key(SDLK_z, 0, SDL_SCANCODE_W);
  desk.key(SDLK_d, 0, SDL_SCANCODE_D);
  CHECK(desk.input.holding());
  Actions short_frame, long_frame;
  desk.input.hold(Duration{10'000}, desk.model, short_frame);
  desk.input.hold(Duration{20'000}, desk.model, long_frame);
  const auto once = only<action::Pan>(short_frame);
  CHECK(once.dy > 0);
  CHECK(once.dx < 0);
  CHECK(only<action::Pan>(long_frame).dx == doctest::Approx(2 * once.dx));
  desk.key_up(SDLK_z, SDL_SCANCODE_W);
  desk.key_up(SDLK_d, SDL_SCANCODE_D);
  CHECK_FALSE(desk.input.holding());
}

TEST_CASE("Input: keys and buttons held are let go when the window loses the focus") {
  Desk desk;
  desk.key(SDLK_w, 0, SDL_SCANCODE_W);
  desk.button(SDL_MOUSEBUTTONDOWN, 500, 300);
  SDL_Event event{};
  event.type = SDL_WINDOWEVENT;
  event.window.event = SDL_WINDOWEVENT_FOCUS_LOST;
  only<action::PointerCancelled>(desk.see(event));
  CHECK_FALSE(desk.input.holding());
  CHECK(desk.button(SDL_MOUSEBUTTONUP, 500, 300).empty());
}

TEST_CASE("Input: a press belongs to what it began on until it is released") {
  Desk desk;
  CHECK(only<action::PointerPressed>(desk.button(SDL_MOUSEBUTTONDOWN, 500, 300)).at == ScreenPoint{500, 300});
  // Dragged over the panel: still the canvas's.
  CHECK(only<action::PointerMoved>(desk.move(50, 300)).at == ScreenPoint{50, 300});
  only<action::PointerReleased>(desk.button(SDL_MOUSEBUTTONUP, 50, 300));
  CHECK(desk.button(SDL_MOUSEBUTTONDOWN, 50, 300).empty());
  only<action::PointerLeft>(desk.move(500, 300));
  CHECK(desk.button(SDL_MOUSEBUTTONUP, 500, 300).empty());
}

TEST_CASE("Input: over a panel the pointer has left the canvas, once") {
  Desk desk;
  only<action::PointerMoved>(desk.move(500, 300));
  only<action::PointerLeft>(desk.move(50, 300));
  CHECK(desk.move(40, 300).empty());
}

TEST_CASE("Input: Space pans and a right press is one") {
  Desk desk;
  desk.key(SDLK_SPACE, 0, SDL_SCANCODE_SPACE);
  CHECK(only<action::PointerPressed>(desk.button(SDL_MOUSEBUTTONDOWN, 500, 300)).pan);
  desk.key_up(SDLK_SPACE, SDL_SCANCODE_SPACE);
  CHECK(only<action::PointerPressed>(desk.button(SDL_MOUSEBUTTONDOWN, 500, 300, SDL_BUTTON_RIGHT)).button == PointerButton::Right);
}

TEST_CASE("Input: the wheel turns by notches, a touch pad's hairs add up, and a panel keeps its own") {
  Desk desk;
  CHECK(only<action::WheelTurned>(desk.wheel(1)).steps == 1);
  CHECK(only<action::WheelTurned>(desk.wheel(-1.2f)).steps == -1);
  CHECK(only<action::WheelTurned>(desk.wheel(0.53f)).steps == 1);
  CHECK(desk.wheel(0.4f).empty());
  CHECK(desk.wheel(0.4f).empty());
  CHECK(only<action::WheelTurned>(desk.wheel(0.4f)).steps == 1);
  CHECK(desk.wheel(-0.4f).empty());
  CHECK(desk.wheel(1, 50).empty());
}

TEST_CASE("Input: one finger points, a second one makes it a pinch, and all must go before one points again") {
  Desk desk;
  const Actions down = desk.finger(SDL_FINGERDOWN, 1, 0.4f, 0.5f);
  REQUIRE(down.size() == 2);
  CHECK(std::get<action::PointerPressed>(down[1]).touch);
  only<action::PointerCancelled>(desk.finger(SDL_FINGERDOWN, 2, 0.6f, 0.5f));
  // 200 pixels apart become 400, the middle goes along.
  const auto pinched = only<action::Pinched>(desk.finger(SDL_FINGERMOTION, 2, 0.8f, 0.5f));
  CHECK(pinched.factor == doctest::Approx(2).epsilon(0.001));
  CHECK(pinched.dx == doctest::Approx(100).epsilon(0.001));
  CHECK(pinched.at.x == doctest::Approx(600).epsilon(0.001));
  CHECK(desk.finger(SDL_FINGERUP, 1, 0.4f, 0.5f).empty());
  CHECK(only<action::Pinched>(desk.finger(SDL_FINGERMOTION, 2, 0.7f, 0.5f)).factor == 1);
  only<action::PinchEnded>(desk.finger(SDL_FINGERUP, 2, 0.7f, 0.5f));
  CHECK(desk.finger(SDL_FINGERDOWN, 3, 0.5f, 0.5f).size() == 2);
  only<action::PointerReleased>(desk.finger(SDL_FINGERUP, 3, 0.5f, 0.5f));
}

TEST_CASE("Input: a finger on a panel, and the mouse that SDL makes of a finger, are not the canvas's") {
  Desk desk;
  CHECK(desk.finger(SDL_FINGERDOWN, 1, 0.05f, 0.5f).empty());
  CHECK(desk.finger(SDL_FINGERUP, 1, 0.05f, 0.5f).empty());
  SDL_Event event{};
  event.type = SDL_MOUSEBUTTONDOWN;
  event.button.which = SDL_TOUCH_MOUSEID;
  event.button.button = SDL_BUTTON_LEFT;
  event.button.x = 500;
  CHECK(desk.see(event).empty());
}

TEST_CASE("Input: a panel that comes or goes under a resting mouse takes it or gives it back, once") {
  Desk desk;
  desk.move(500, 400);
  const auto rest = [&] {
    Actions out;
    desk.input.rest(out);
    return out;
  };
  CHECK(rest().empty());
  desk.dialog = true;
  const Actions covered = rest();
  REQUIRE(covered.size() == 1);
  CHECK(std::holds_alternative<action::PointerLeft>(covered[0]));
  CHECK(rest().empty());
  desk.dialog = false;
  const Actions back = rest();
  REQUIRE(back.size() == 1);
  CHECK(std::get<action::PointerMoved>(back[0]).at.x == 500);
  CHECK(rest().empty());
}

TEST_CASE("Input: Ctrl or Cmd with Z undoes, with Shift or as Y redoes, and neither is the canvas's while one types") {
  Desk desk;
  for (const Uint16 with : {KMOD_LCTRL, KMOD_RCTRL, KMOD_LGUI}) {
    only<action::UndoStroke>(desk.key(SDLK_z, with));
    only<action::RedoStroke>(desk.key(SDLK_z, static_cast<Uint16>(with | KMOD_LSHIFT)));
    only<action::RedoStroke>(desk.key(SDLK_y, with));
    CHECK(desk.key(SDLK_p, with).empty());
    CHECK(desk.key(SDLK_z, static_cast<Uint16>(with | KMOD_LALT)).empty());
  }
  CHECK(desk.key(SDLK_z).empty());
  desk.typing = true;
  CHECK(desk.key(SDLK_z, KMOD_LCTRL).empty());
  desk.typing = false;
  desk.model.sign_in.open = true;
  CHECK(desk.key(SDLK_z, KMOD_LCTRL).empty());
  desk.model.sign_in.open = false;
  desk.model.screen = Screen::Start;
  CHECK(desk.key(SDLK_z, KMOD_LCTRL).empty());
}
