#include "app/platform/lock_overlay.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tessera {
namespace {

/// An index of ImGui's has sixteen bits, and there is more to draw than locks.
constexpr int most_vertices = 24'000;
/// In units of the screen: what is smaller is not seen; what is smaller than the next is a plain patch.
constexpr float least_side = 2, least_hatched = 10;
constexpr float stripe_period = 12, stripe_width = 5;

struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;
  float width() const { return right - left; }
  float height() const { return bottom - top; }
};

struct LockInk {
  ImU32 stripe = 0, ground = 0, line = 0, edge = 0;
};

/// Dark stripes with a light ground between them are seen on every colour.
constexpr LockInk closed_ink{IM_COL32(12, 14, 18, 130), IM_COL32(255, 255, 255, 46), IM_COL32(255, 255, 255, 235), IM_COL32(12, 14, 18, 210)};
/// What a rollback or a report is about.
constexpr LockInk staff_ink{IM_COL32(214, 47, 63, 96), IM_COL32(214, 47, 63, 26), IM_COL32(255, 255, 255, 150), IM_COL32(214, 47, 63, 255)};
constexpr LockInk open_ink{IM_COL32(12, 14, 18, 34), 0, IM_COL32(255, 255, 255, 130), IM_COL32(12, 14, 18, 110)};

/// Where a part of a line lies between two of its diagonals: a convex shape of at most six corners.
struct Stripe {
  std::array<ImVec2, 6> corners;
  int count = 0;
  void add(float x, float y) { corners[static_cast<std::size_t>(count++)] = {x, y}; }
};

/// The part of the box in which x + y is from `low` to `high`, both within the sums of its own corners.
Stripe stripe_in(const Box& box, float low, float high) {
  Stripe stripe;
  const bool low_on_top = low - box.top <= box.right, high_on_top = high - box.top <= box.right;
  const bool low_on_left = low - box.left <= box.bottom, high_on_left = high - box.left <= box.bottom;
  stripe.add(low_on_top ? low - box.top : box.right, low_on_top ? box.top : low - box.right);
  if (low_on_top && !high_on_top) stripe.add(box.right, box.top);
  stripe.add(high_on_top ? high - box.top : box.right, high_on_top ? box.top : high - box.right);
  stripe.add(high_on_left ? box.left : high - box.bottom, high_on_left ? high - box.left : box.bottom);
  if (low_on_left && !high_on_left) stripe.add(box.left, box.bottom);
  stripe.add(low_on_left ? box.left : low - box.bottom, low_on_left ? low - box.left : box.bottom);
  return stripe;
}

/// Draws what is seen of a lock: `whole` on the screen, of which `seen` is within the window.
class LockPainter {
 public:
  LockPainter(ImDrawList& list, float unit) : list_(list), unit_(unit), before_(list.VtxBuffer.Size) {}

  bool has_room() const { return list_.VtxBuffer.Size - before_ < most_vertices; }

  void draw(const Box& whole, const Box& seen, const LockInk& ink) {
    if (whole.width() < least_side * unit_ && whole.height() < least_side * unit_) return;
    const bool small = std::min(whole.width(), whole.height()) < least_hatched * unit_;
    if (small) return list_.AddRectFilled({seen.left, seen.top}, {seen.right, seen.bottom}, ink.stripe);
    if (ink.ground != 0) list_.AddRectFilled({seen.left, seen.top}, {seen.right, seen.bottom}, ink.ground);
    hatch(whole, seen, ink.stripe);
    frame(whole, unit_, ink.edge);
    inner_frame(whole, unit_, ink.line);
  }

  /// A rectangle that is not there yet.
  void draw_frame(const Box& whole, ImU32 ground, ImU32 line) {
    list_.AddRectFilled({whole.left, whole.top}, {whole.right, whole.bottom}, ground);
    frame(whole, 2 * unit_, line);
    inner_frame(whole, unit_, IM_COL32(255, 255, 255, 220));
  }

 private:
  /// The stripes go with the canvas: they begin at the lock's own corner, also where that is out of sight.
  void hatch(const Box& whole, const Box& seen, ImU32 color) {
    // At 45 degrees plain steps look even, and cost half.
    const ImDrawListFlags flags = list_.Flags;
    list_.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    const float period = stripe_period * unit_, width = stripe_width * unit_;
    const float first = seen.left + seen.top, last = seen.right + seen.bottom, start = whole.left + whole.top;
    for (float at = start + std::floor((first - start) / period) * period; at < last; at += period) {
      const float low = std::max(at, first), high = std::min(at + width, last);
      if (high <= low || !has_room()) continue;
      const Stripe stripe = stripe_in(seen, low, high);
      list_.AddConvexPolyFilled(stripe.corners.data(), stripe.count, color);
    }
    list_.Flags = flags;
  }
  /// Four filled bars just outside the box, which lie on whole pixels where the box does.
  void frame(const Box& box, float thickness, ImU32 color) {
    const float left = box.left - thickness, top = box.top - thickness, right = box.right + thickness, bottom = box.bottom + thickness;
    list_.AddRectFilled({left, top}, {right, box.top}, color);
    list_.AddRectFilled({left, box.bottom}, {right, bottom}, color);
    list_.AddRectFilled({left, box.top}, {box.left, box.bottom}, color);
    list_.AddRectFilled({box.right, box.top}, {right, box.bottom}, color);
  }
  void inner_frame(const Box& box, float thickness, ImU32 color) {
    frame({box.left + thickness, box.top + thickness, box.right - thickness, box.bottom - thickness}, thickness, color);
  }

  ImDrawList& list_;
  float unit_;
  int before_;
};

/// Far outside the window the exact place does not matter, and floats would lose it.
float near_window(double value, double limit) { return static_cast<float>(std::clamp(value, -64.0, limit + 64)); }

Box on_screen(const Viewport& view, const Rect& area) {
  const ScreenPoint from = view.to_screen({double(area.x), double(area.y)}), to = view.to_screen({double(area.right()), double(area.bottom())});
  return {near_window(from.x, view.width()), near_window(from.y, view.height()), near_window(to.x, view.width()), near_window(to.y, view.height())};
}

Box in_window(const Viewport& view, const Box& box) {
  return {std::max(box.left, 0.0f), std::max(box.top, 0.0f), std::min(box.right, static_cast<float>(view.width())),
          std::min(box.bottom, static_cast<float>(view.height()))};
}

void draw_drawn(LockPainter& painter, const Model& model) {
  const auto area = lock_frame(model) ? lock_frame(model) : edited_area(model);
  if (!area) return;
  const ImU32 accent = dark(model) ? IM_COL32(0xff, 0x6b, 0x3d, 255) : IM_COL32(0xd1, 0x44, 0x1a, 255);
  const ImU32 ground = (accent & ~IM_COL32_A_MASK) | (56u << IM_COL32_A_SHIFT);
  painter.draw_frame(on_screen(model.viewport, *area), ground, accent);
}

}  // namespace

void draw_locks(ImDrawList& list, const Model& model) {
  const Viewport& view = model.viewport;
  LockPainter painter(list, static_cast<float>(std::max(1.0, std::floor(view.pixel_ratio()))));
  const Rect seen = view.visible_cells().intersect({0, 0, view.canvas().width, view.canvas().height});
  model.locks.each_in(seen, [&](const LockInfo& lock) {
    const Box whole = on_screen(view, area_of(lock).intersect({0, 0, view.canvas().width, view.canvas().height}));
    painter.draw(whole, in_window(view, whole), may_draw_in(model, lock) ? open_ink : closed_ink);
    return painter.has_room();
  });
  if (const auto area = rollback_area(model)) {
    const Box whole = on_screen(view, area->intersect({0, 0, view.canvas().width, view.canvas().height}));
    painter.draw(whole, in_window(view, whole), staff_ink);
  }
  draw_drawn(painter, model);
}

}  // namespace tessera
