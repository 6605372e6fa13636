#include "app/platform/picture_textures.h"

#include <utility>

namespace tessera {

void PictureTextures::follow(const CanvasList& list) {
  if (pictures_ == list.pictures && items_ == list.items.size()) return;
  pictures_ = list.pictures;
  items_ = list.items.size();
  std::map<std::string, Shown, std::less<>> before = std::exchange(shown_, {});
  names_.clear();
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
      now.texture.bind(GL_TEXTURE0);
      set_sampling(GL_LINEAR, GL_LINEAR);
      glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, static_cast<GLsizei>(picture.size.width),
                   static_cast<GLsizei>(picture.size.height), 0, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
    }
    names_[entry.setup.name] = now.texture.name();
  }
}

}  // namespace tessera
