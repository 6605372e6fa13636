#include "app/platform/lock_overlay.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <memory>

using namespace tessera;

namespace {

/// A canvas of 1000 × 1000 in a window of as many points, drawn into a list that is counted.
struct Drawing {
  Model model;
  ImGuiContext* context = nullptr;
  ImFontAtlas atlas;

  Drawing() {
    context = ImGui::CreateContext(&atlas);
    ImGui::SetCurrentContext(context);
    model.screen = Screen::Canvas;
    model.viewport.resize(1000, 1000, 1);
    model.viewport.set_canvas({1000, 1000});
    look(1);
  }
  ~Drawing() { ImGui::DestroyContext(context); }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  void look(double zoom) { model.viewport.go_to({500, 500}, zoom, Motion::AtOnce, {}); }
  void lock(std::uint32_t id, Rect area) {
    LockInfo lock;
    lock.id = LockId{id};
    lock.x = static_cast<std::uint16_t>(area.x);
    lock.y = static_cast<std::uint16_t>(area.y);
    lock.width = area.width;
    lock.height = area.height;
    model.locks.put(lock);
  }
  int vertices() {
    ImDrawList list(ImGui::GetDrawListSharedData());
    list._ResetForNewFrame();
    list.PushClipRect({0, 0}, {1000, 1000});
    draw_locks(list, model);
    for (const ImDrawVert& vertex : list.VtxBuffer) {
      CHECK(vertex.pos.x >= -80);
      CHECK(vertex.pos.x <= 1080);
    }
    return list.VtxBuffer.Size;
  }
};

}  // namespace

TEST_CASE("Locks on the canvas: what is out of view or too small to be seen costs nothing to draw") {
  Drawing drawing;
  CHECK(drawing.vertices() == 0);
  for (std::uint32_t id = 1; id <= 1'000; ++id) drawing.lock(id, {id % 50, id / 50, 1, 1});
  CHECK(drawing.vertices() == 0);  // a point each
  drawing.look(16);
  CHECK(drawing.vertices() == 0);  // far from the middle
  drawing.lock(2'000, {490, 490, 20, 20});
  CHECK(drawing.vertices() > 100);
}

TEST_CASE("Locks on the canvas: ten thousand that cover each other stay within what one frame may draw") {
  Drawing drawing;
  for (std::uint32_t id = 1; id <= 10'000; ++id) drawing.lock(id, {0, 0, 1'000, 1'000});
  const int many = drawing.vertices();
  CHECK(many > 10'000);
  CHECK(many < 30'000);
}

TEST_CASE("Locks on the canvas: where one may draw it is quieter than where not") {
  Drawing drawing;
  drawing.lock(1, {400, 400, 100, 100});
  const int closed = drawing.vertices();
  drawing.model.account = {AccountId{1}, "julie", AccountKind::Guest, Role::Moderator};
  CHECK(drawing.vertices() < closed);
}

TEST_CASE("Locks on the canvas: what is being reported is framed as well, and where a report was") {
  Drawing drawing;
  drawing.model.drawer = Drawer::Report;
  drawing.model.report_desk.form = {"400", "400", "100", "100", std::nullopt, ""};
  CHECK(drawing.vertices() == 0);
  drawing.model.report_desk.writing = true;
  CHECK(drawing.vertices() > 0);
  drawing.model.drawer = Drawer::None;
  CHECK(drawing.vertices() == 0);
  drawing.model.report_desk.shown = ShownPlace{{400, 400, 10, 10}, {}};
  CHECK(drawing.vertices() > 0);
}
