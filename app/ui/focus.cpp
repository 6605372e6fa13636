#include "app/ui/focus.h"

#include <algorithm>
#include <utility>

#include <imgui.h>
#include <imgui_internal.h>

namespace tessera {

bool Focus::begin_frame() {
  before_ = std::exchange(last_, std::exchange(now_, {}));
  arrived_ = false;
  move_off_what_is_gone();
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) || ImGui::IsMouseClicked(ImGuiMouseButton_Right)) release();
  if (ImGui::IsKeyPressed(ImGuiKey_Tab) && !io.KeyCtrl && !io.KeyAlt && !io.KeySuper) step(io.KeyShift ? -1 : 1);
  const bool left = shown() && ImGui::IsKeyPressed(ImGuiKey_Escape, false) && !ImGui::IsAnyItemActive();
  if (left) release();
  if (shown()) ImGui::SetNextFrameWantCaptureKeyboard(true);
  return left;
}

bool Focus::visit(unsigned id) {
  const ImGuiWindow* modal = ImGui::GetTopMostPopupModal();
  if (modal != nullptr && ImGui::GetCurrentWindowRead()->RootWindow != modal) return false;
  now_.push_back(id);
  return on_ == id && shown_;
}

void Focus::follow(unsigned id) {
  if (on_ == id) return;
  on_ = id;
  shown_ = false;
}

void Focus::move(unsigned id) {
  std::replace(now_.begin(), now_.end(), on_, id);
  on_ = id;
}

void Focus::step(int by) {
  if (last_.empty()) return;
  const auto at = std::find(last_.begin(), last_.end(), on_);
  const auto count = static_cast<std::ptrdiff_t>(last_.size());
  std::ptrdiff_t next = by > 0 ? 0 : count - 1;
  if (at != last_.end()) next = (at - last_.begin() + by + count) % count;
  on_ = last_[static_cast<std::size_t>(next)];
  shown_ = arrived_ = true;
  ImGui::ClearActiveID();
}

/// The control went away, as with a drawer that closes: back to the one before it, which most often opened it.
void Focus::move_off_what_is_gone() {
  const auto there = [&](unsigned id) { return std::find(last_.begin(), last_.end(), id) != last_.end(); };
  if (on_ == 0 || there(on_)) return;
  auto at = std::find(before_.begin(), before_.end(), on_);
  on_ = 0;
  if (at == before_.end()) return;
  while (on_ == 0 && at != before_.begin())
    if (there(*--at)) on_ = *at;
}

bool use_key_pressed() {
  return ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false) ||
         ImGui::IsKeyPressed(ImGuiKey_Space, false);
}

}  // namespace tessera
