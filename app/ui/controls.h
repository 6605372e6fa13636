#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "app/ui/brush.h"
#include "app/ui/surfaces.h"
#include "app/ui/type.h"

/// Each control answers whether it was used, by mouse, finger or keyboard.
namespace tessera {

/// What mouse and keyboard do with a box; drawn by whoever asks.
struct Press {
  Box box;
  bool used = false;
  bool hovered = false;
  bool held = false;
  bool focused = false;  ///< by the keyboard, which is to be seen
  bool tip = false;      ///< the mouse has rested on it
};
enum class Reach : std::uint8_t { MouseAndKeyboard, Mouse };
Press press(const Brush& brush, const char* id, ImVec2 size, bool enabled = true,
            Reach reach = Reach::MouseAndKeyboard);
void focus_ring(const Brush& brush, const Box& box, float radius);
/// The tooltip of a control that has one, at the mouse or beneath what the keyboard is on.
void hint(const Brush& brush, const Press& press, std::string_view text);

enum class ButtonKind : std::uint8_t { Main, Raised, Quiet, Danger };
struct ButtonLook {
  ButtonKind kind = ButtonKind::Raised;
  const char* icon = nullptr;
  float width = 0;   ///< 0: as wide as its words
  float height = 0;  ///< 0: the usual
  bool enabled = true;
  Type size = Type::Strong;
};
bool button(const Brush& brush, const char* id, std::string_view words, const ButtonLook& look = {});
float button_width(const Brush& brush, std::string_view words, const ButtonLook& look = {});

struct IconLook {
  bool on = false;  ///< the chosen tool
  bool enabled = true;
  ImVec2 size = {};  ///< 0: the usual square
  ButtonKind kind = ButtonKind::Quiet;
};
/// With an icon alone; `name` is its tooltip.
bool icon_button(const Brush& brush, const char* id, const char* icon, std::string_view name,
                 const IconLook& look = {});

bool toggle(const Brush& brush, const char* id, std::string_view words, bool on, float width);
/// One of a few, or none (-1); the index chosen, or `chosen` as it was. The keyboard reaches it once, arrows choose.
int segments(const Brush& brush, const char* id, std::span<const std::string> words, int chosen, float width);

/// A word in a rounded frame of its own colour.
void badge_label(const Brush& brush, std::string_view words, Tone tone);
float badge_width(const Brush& brush, std::string_view words);
/// The small line above a control.
void caption(const Brush& brush, Text words);

/// A line of text with an icon before it and a hint while empty.
struct FieldLook {
  const char* icon = nullptr;
  const char* hint = "";
  float width = 200;
  float height = 0;
  bool focus = false;  ///< take the keyboard now
  bool enabled = true;
  bool fixed = false;  ///< only to be selected and copied
  bool digits = false;
  bool wrong = false;
  float room_right = 0;  ///< kept free inside, for a button laid over it
};
struct FieldUse {
  bool changed = false, enter = false;
};
FieldUse text_field(const Brush& brush, const char* id, std::string& text, const FieldLook& look);

/// A colour to choose; only the chosen one is reached by Tab, the panel sees to the arrows. `focused`: it has the
/// keyboard.
struct SwatchUse {
  bool used = false, focused = false;
};
SwatchUse swatch(const Brush& brush, const char* id, Rgb color, bool chosen, ImVec2 size, std::string_view name);

/// A key of the keyboard, as help shows it; `height` of the line it stands in.
void keycap(const Brush& brush, std::string_view key, float height);
float keycap_width(const Brush& brush, std::string_view key);

}  // namespace tessera
