#pragma once

#include "shared/base/geometry.h"

namespace tessera {

/// Gathers changed cells into one rectangle that covers them, so that an upload sends only what changed.
class DirtyRect {
 public:
  void add(std::uint32_t x, std::uint32_t y) { area_ = area_.unite({x, y, 1, 1}); }
  void add(const Rect& area) { area_ = area_.unite(area); }
  bool empty() const { return area_.empty(); }
  /// What has gathered since the last call; empty afterwards.
  Rect take() {
    const Rect area = area_;
    area_ = {};
    return area;
  }

 private:
  Rect area_;
};

}  // namespace tessera
