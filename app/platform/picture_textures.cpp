#include "app/platform/picture_textures.h"

#include <utility>

namespace tessera {
namespace {

void fill(const Texture& texture, Size size, const Bytes& rgba, GLint magnify) {
  texture.bind(GL_TEXTURE0);
  set_sampling(GL_LINEAR, magnify);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, static_cast<GLsizei>(size.width), static_cast<GLsizei>(size.height), 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
}

}  // namespace

void PictureTextures::follow(const CanvasList& list) {
  if (pictures_ == list.pictures && items_ == list.items.size()) return;
  pictures_ = list.pictures;
  items_ = list.items.size();
  std::map<std::string, Shown, std::less<>> before = std::exchange(shown_, {});
  for (const auto& [name, shown] : before) names_.erase(name);
  for (const ListedCanvas& entry : list.items) {
    if (!entry.picture || shown_.contains(entry.setup.name)) continue;
    const SmallPicture& picture = *entry.picture;
    auto known = before.find(entry.setup.name);
    const bool same = known != before.end() && known->second.seq == picture.seq && known->second.epoch == picture.epoch;
    Shown& now = shown_[entry.setup.name];
    if (same) {
      now = std::move(known->second);
    } else {
      now.seq = picture.seq;
      now.epoch = picture.epoch;
      fill(now.texture, picture.size, picture.rgba, GL_LINEAR);
    }
    names_[entry.setup.name] = now.texture.name();
  }
}

void PictureTextures::follow(const StaffPanel& staff) {
  const auto show = [&](ImageSlot slot, const PanelImage& image) {
    const std::string name = image_name(slot);
    if (image.stamp == 0) {
      of_panel_.erase(name);
      names_.erase(name);
      return;
    }
    OfPanel& now = of_panel_[name];
    if (now.stamp == image.stamp) return;
    now.stamp = image.stamp;
    // Cells are seen as they are, not as a blur.
    fill(now.texture, image.size, image.rgba, GL_NEAREST);
    names_[name] = now.texture.name();
  };
  show(ImageSlot::Then, staff.reports.then);
  show(ImageSlot::Now, staff.reports.now);
  show(ImageSlot::Before, staff.rollbacks.before);
  show(ImageSlot::After, staff.rollbacks.after);
  show(ImageSlot::Placements, staff.people.placements);
}

}  // namespace tessera
