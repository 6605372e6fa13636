#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "app/ui/surfaces.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"
#include "tests/support/model_fixture.h"

namespace tessera {

/// Typefaces rasterised once for each scale; contexts of the tests share them.
struct SharedFonts {
  ImFontAtlas atlas;
  Fonts fonts;

  static SharedFonts& at(double scale) {
    static std::map<double, std::unique_ptr<SharedFonts>> all;
    auto& entry = all[scale];
    if (entry) return *entry;
    entry = std::make_unique<SharedFonts>();
    ImGuiContext* context = ImGui::CreateContext(&entry->atlas);
    ImGui::SetCurrentContext(context);
    entry->fonts = load_fonts(scale);
    ImGui::DestroyContext(context);
    return *entry;
  }
};

struct TestWindow {
  float width = 1'440, height = 900;
  double scale = 1;
};

/// The interface over a model, drawn into nothing, with a mouse and a keyboard of the test's own.
struct UiFixture : ModelFixture {
  TestWindow window;
  ImGuiContext* context = nullptr;
  Fonts fonts;
  UiState state;
  Overview overview{1, 0.5f, 0.5f};
  Actions pushed;  ///< since forget() or carry_out()
  std::size_t done = 0;
  bool moves = false;

  explicit UiFixture(TestWindow of_size = {}) : window(of_size) {
    SharedFonts& shared = SharedFonts::at(window.scale);
    context = ImGui::CreateContext(&shared.atlas);
    ImGui::SetCurrentContext(context);
    fonts = shared.fonts;
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {window.width, window.height};
    io.ConfigInputTrickleEventQueue = false;
    io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
    model.settings.reduced_motion = true;
    model.device.language = Language::English;
    act(action::WindowResized{window.width, window.height, window.scale});
  }
  ~UiFixture() { ImGui::DestroyContext(context); }
  UiFixture(const UiFixture&) = delete;
  UiFixture& operator=(const UiFixture&) = delete;

  /// On the canvas, signed in.
  void play() {
    go_live();
    model.settings.reduced_motion = true;
    act(action::WindowResized{window.width, window.height, window.scale});
  }

  /// One frame. Its actions are gathered; with `lives` they are carried out before the next, as the app does.
  bool lives = false;
  void frame(float seconds = 0.016f) {
    if (lives)
      for (; done < pushed.size(); ++done) act(Action(pushed[done]));
    ImGui::GetIO().DeltaTime = seconds;
    ImGui::NewFrame();
    moves = draw_ui(model, fonts, window.scale, overview, state, pushed);
    ImGui::Render();
  }
  /// Until everything has its size and place.
  void settle() {
    for (int i = 0; i < 8; ++i) frame(0.1f);
  }
  /// Carries out what was pushed.
  void carry_out() {
    for (const Action& action : std::exchange(pushed, {})) act(action);
  }
  void forget() {
    if (lives)
      for (; done < pushed.size(); ++done) act(Action(pushed[done]));
    pushed.clear();
    done = 0;
  }

  void point(ImVec2 at) { ImGui::GetIO().AddMousePosEvent(at.x, at.y); }
  void click(ImVec2 at) {
    point(at);
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frame();
  }
  void press(ImGuiKey key, ImGuiKey with = ImGuiKey_None) {
    ImGuiIO& io = ImGui::GetIO();
    if (with != ImGuiKey_None) io.AddKeyEvent(with, true);
    io.AddKeyEvent(key, true);
    frame();
    io.AddKeyEvent(key, false);
    if (with != ImGuiKey_None) io.AddKeyEvent(with, false);
    frame();
  }
  void type(const char* text) {
    ImGui::GetIO().AddInputCharactersUTF8(text);
    frame();
  }
  /// Tab until the control that pushes such an action is used by Enter; false where none does.
  template <typename Kind>
  bool reach(int most = 80) {
    for (int i = 0; i < most; ++i) {
      press(ImGuiKey_Tab);
      press(ImGuiKey_Enter);
      if (last<Kind>()) return true;
    }
    return false;
  }

  Box box(const char* panel) const {
    const auto found = panel_box(panel);
    REQUIRE_MESSAGE(found, panel);
    return *found;
  }
  static ImVec2 within(const Box& box, float from_left, float from_top) {
    return {box.min.x + from_left, box.min.y + from_top};
  }

  /// The last action of a kind.
  template <typename Kind>
  std::optional<Kind> last() const {
    for (auto action = pushed.rbegin(); action != pushed.rend(); ++action)
      if (const Kind* match = std::get_if<Kind>(&*action)) return *match;
    return std::nullopt;
  }

  /// Every panel that was drawn in the last frame.
  std::vector<const ImGuiWindow*> panels() const {
    std::vector<const ImGuiWindow*> drawn;
    for (const ImGuiWindow* panel : context->Windows)
      if (panel->Active && !panel->Hidden && (panel->Flags & ImGuiWindowFlags_ChildWindow) == 0 &&
          panel->DrawList->VtxBuffer.Size > 0)
        drawn.push_back(panel);
    return drawn;
  }
};

}  // namespace tessera
