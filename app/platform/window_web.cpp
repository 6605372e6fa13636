#include "app/platform/window.h"

#include <SDL.h>
#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "app/platform/shell.h"

// The page has <canvas id="canvas"> for the app, and <input id="typing"> which is focused while a text field is in use: by it
// come phones' keyboards, dead keys, input methods, and the browser's own cut and paste.

// SDL takes every key that it hears and keeps it from the browser. So it hears only those that the app may want: nothing
// with Ctrl, Alt or Cmd but undo and redo, no function keys, and while one types only those that end it.
EM_JS(void, tessera_filter_keys, (), {
  const ends = new Set(['Enter', 'Escape', 'Tab']);
  const hear = event => {
    const typing = document.activeElement && document.activeElement.id === 'typing';
    const browsers = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
    const pressing = event.type === 'keydown';
    const letter = event.key.toLowerCase();
    if (!typing && pressing && browsers && !event.altKey && (letter === 'z' || letter === 'y')) {
      event.preventDefault();
      _tessera_undo_pressed(letter === 'y', event.shiftKey);
    }
    if (typing ? browsers || !ends.has(event.key) || event.isComposing : pressing && (browsers || /^F[0-9]+$/.test(event.key)))
      event.stopImmediatePropagation();
  };
  for (const type of ['keydown', 'keypress', 'keyup']) addEventListener(type, hear, true);
});

// The picture has exactly the screen's pixels, at odd ratios too; only the browser knows how many those are.
EM_JS(void, tessera_watch_size, (), {
  const canvas = document.getElementById('canvas');
  const fit = (width, height) => {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    _tessera_size_changed();
  };
  const by_ratio = () => [Math.round(canvas.clientWidth * devicePixelRatio), Math.round(canvas.clientHeight * devicePixelRatio)];
  const observer = new ResizeObserver(entries => {
    const [width, height] = by_ratio();
    const box = entries[0].devicePixelContentBoxSize;
    const exact = box && [box[0].inlineSize, box[0].blockSize];
    // A page scaled as phones do may be told in other pixels.
    if (exact && Math.abs(exact[0] - width) <= 1 && Math.abs(exact[1] - height) <= 1) fit(exact[0], exact[1]);
    else fit(width, height);
  });
  try {
    observer.observe(canvas, {box: 'device-pixel-content-box'});
  } catch (unknown) {
    observer.observe(canvas);
  }
  addEventListener('resize', () => fit(...by_ratio()));
});

EM_JS(void, tessera_watch_typing, (), {
  const field = document.getElementById('typing');
  let wanted = false;
  const tell = () => {
    const text = allocateUTF8(field.value);
    _tessera_typed(text, field.selectionStart, field.selectionEnd);
    _free(text);
  };
  field.addEventListener('input', tell);
  document.addEventListener('selectionchange', () => {
    if (document.activeElement === field) tell();
  });
  // A phone opens its keyboard only where a touch asks for it.
  Module.tesseraTyping = {
    start: (text, from, to) => {
      wanted = true;
      field.value = text;
      field.focus({preventScroll: true});
      field.setSelectionRange(from, to);
    },
    select: (from, to) => {
      if (field.selectionStart !== from || field.selectionEnd !== to) field.setSelectionRange(from, to);
    },
    stop: () => {
      wanted = false;
      field.blur();
    }
  };
  document.getElementById('canvas').addEventListener('touchend', () => {
    if (wanted) field.focus({preventScroll: true});
  });
});
EM_JS(void, tessera_start_typing, (const char* text, int from, int to), { Module.tesseraTyping.start(UTF8ToString(text), from, to); });
EM_JS(void, tessera_select_typing, (int from, int to), { Module.tesseraTyping.select(from, to); });
EM_JS(void, tessera_stop_typing, (), { Module.tesseraTyping.stop(); });

namespace tessera {
namespace {

constexpr const char* canvas_selector = "#canvas";

struct Selection {
  int from = 0;
  int to = 0;
  bool operator==(const Selection&) const = default;
};

/// The page's input and ImGui's field hold the same text: the input leads while one types, ImGui where one clicks.
struct Typing {
  bool active = false;
  ImGuiID field = 0;
  Selection shown;
};
Typing typing_now;

ImGuiInputTextState* state_of_field() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  ImGuiInputTextState& state = context.InputTextState;
  return state.ID != 0 && state.ID == context.ActiveId ? &state : nullptr;
}

std::string text_of(const ImGuiInputTextState& state) {
  std::string text(static_cast<std::size_t>(state.CurLenA) + 1, '\0');
  const int length = ImTextStrToUtf8(text.data(), static_cast<int>(text.size()), state.TextW.Data, state.TextW.Data + state.CurLenW);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

Selection selection_of(const ImGuiInputTextState& state) {
  if (!state.HasSelection()) return {state.Stb.cursor, state.Stb.cursor};
  return {std::min(state.Stb.select_start, state.Stb.select_end), std::max(state.Stb.select_start, state.Stb.select_end)};
}

/// At once and not through ImGui's queue of keys: the page may tell of several changes between two frames.
void write(ImGuiInputTextState& state, const char* text) {
  const int size = ImTextCountCharsFromUtf8(text, nullptr) + 1;
  state.TextW.resize(size);
  state.CurLenW = ImTextStrFromUtf8(state.TextW.Data, size, text, nullptr);
  state.CurLenA = ImTextCountUtf8BytesFromStr(state.TextW.Data, state.TextW.Data + state.CurLenW);
}

void select(ImGuiInputTextState& state, Selection selection) {
  state.Stb.select_start = selection.from;
  state.Stb.select_end = state.Stb.cursor = selection.to;
  state.CursorClamp();
  state.CursorAnimReset();
}

}  // namespace

extern "C" EMSCRIPTEN_KEEPALIVE void tessera_size_changed() {
  SDL_Event event{};
  event.type = SDL_USEREVENT;
  SDL_PushEvent(&event);
}

/// The page's input changed, or what is selected in it.
extern "C" EMSCRIPTEN_KEEPALIVE void tessera_typed(const char* text, int from, int to) {
  ImGuiInputTextState* state = state_of_field();
  if (!typing_now.active || state == nullptr) return;
  typing_now.shown = {from, to};
  if (text_of(*state) != text) write(*state, text);
  select(*state, typing_now.shown);
  tessera_size_changed();
}

/// SDL never hears of Ctrl: this stands for the two keys.
extern "C" EMSCRIPTEN_KEEPALIVE void tessera_undo_pressed(bool redo, bool shift) {
  SDL_Event event{};
  event.type = SDL_KEYDOWN;
  event.key.state = SDL_PRESSED;
  event.key.keysym.sym = redo ? SDLK_y : SDLK_z;
  event.key.keysym.scancode = redo ? SDL_SCANCODE_Y : SDL_SCANCODE_Z;
  event.key.keysym.mod = static_cast<Uint16>(KMOD_LCTRL | (shift ? KMOD_LSHIFT : 0));
  SDL_PushEvent(&event);
  event.type = SDL_KEYUP;
  event.key.state = SDL_RELEASED;
  event.key.keysym.mod = KMOD_NONE;
  SDL_PushEvent(&event);
}

void prepare_video() { tessera_filter_keys(); }

void adopt_window(SDL_Window*) {
  SDL_StopTextInput();
  ImGui::GetIO().SetClipboardTextFn = [](void*, const char* text) { copy_text(text); };
  tessera_watch_size();
  tessera_watch_typing();
}

FrameSize measure_window(SDL_Window*) {
  FrameSize size;
  emscripten_get_canvas_element_size(canvas_selector, &size.width, &size.height);
  size.width = std::max(1, size.width);
  size.height = std::max(1, size.height);
  size.pixel_ratio = emscripten_get_device_pixel_ratio();
  return size;
}

double window_unit(SDL_Window* window) {
  int units = 0;
  SDL_GetWindowSize(window, &units, nullptr);
  return units > 0 ? static_cast<double>(measure_window(window).width) / units : 1;
}

void follow_typing(SDL_Window*, bool) {
  Typing& now = typing_now;
  ImGuiInputTextState* state = state_of_field();
  if (state == nullptr) {
    if (now.active) tessera_stop_typing();
    now = {};
    return;
  }
  if (!now.active || now.field != state->ID) {
    now = {true, state->ID, selection_of(*state)};
    tessera_start_typing(text_of(*state).c_str(), now.shown.from, now.shown.to);
    return;
  }
  if (selection_of(*state) == now.shown) return;
  now.shown = selection_of(*state);
  tessera_select_typing(now.shown.from, now.shown.to);
}

SDL_Point first_size() {
  double width = 0, height = 0;
  emscripten_get_element_css_size(canvas_selector, &width, &height);
  return {std::max(1, static_cast<int>(width)), std::max(1, static_cast<int>(height))};
}

}  // namespace tessera
