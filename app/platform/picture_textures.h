#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "app/model/canvases.h"
#include "app/model/panel.h"
#include "app/platform/gl.h"

namespace tessera {

/// The small pictures of the list of canvases as textures, one for each canvas that has one. Main thread, with the GL
/// context.
class PictureTextures {
 public:
  /// Makes what is new, and gives back what the list does not hold any more.
  void follow(const CanvasList& list);
  /// The same for the pictures of the staff panel.
  void follow(const StaffPanel& staff);
  /// A canvas's texture by its name, a panel's picture by `image_name`.
  const std::map<std::string, std::uintptr_t, std::less<>>& names() const { return names_; }

 private:
  struct Shown {
    Texture texture;
    std::uint64_t seq = 0;
    std::string epoch;
  };
  struct OfPanel {
    Texture texture;
    std::uint64_t stamp = 0;
  };
  std::map<std::string, Shown, std::less<>> shown_;
  std::map<std::string, OfPanel, std::less<>> of_panel_;
  std::map<std::string, std::uintptr_t, std::less<>> names_;
  std::uint64_t pictures_ = 0;
  std::size_t items_ = 0;
};

}  // namespace tessera
