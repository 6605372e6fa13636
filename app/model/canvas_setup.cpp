#include "app/model/canvas_setup.h"

#include <algorithm>

namespace tessera {

bool same(SetupField field, const CanvasSetup& a, const CanvasSetup& b) {
  switch (field) {
    case SetupField::Width:
      return a.width == b.width;
    case SetupField::Height:
      return a.height == b.height;
    case SetupField::Palette:
      return a.palette == b.palette;
    case SetupField::PerSecond:
      return a.rules.per_second == b.rules.per_second;
    case SetupField::Burst:
      return a.rules.burst == b.rules.burst || (!a.rules.per_second && !b.rules.per_second);
    case SetupField::PerMinute:
      return a.rules.per_minute == b.rules.per_minute;
    case SetupField::Cooldown:
      return a.rules.cooldown_ms == b.rules.cooldown_ms;
    case SetupField::Guests:
      return a.guests == b.guests;
    case SetupField::Roles:
      return a.roles == b.roles;
    case SetupField::Access:
      return a.access == b.access;
    case SetupField::Code:
      return a.code == b.code || a.access != Access::Code || b.access != Access::Code;
    case SetupField::Paused:
      return a.paused == b.paused;
    case SetupField::Message:
      return a.message == b.message;
    case SetupField::Archived:
      return a.archived == b.archived;
  }
  return true;
}

void take(SetupField field, CanvasSetup& to, const CanvasSetup& from) {
  switch (field) {
    case SetupField::Width:
      to.width = from.width;
      return;
    case SetupField::Height:
      to.height = from.height;
      return;
    case SetupField::Palette:
      to.palette = from.palette;
      return;
    case SetupField::PerSecond:
      to.rules.per_second = from.rules.per_second;
      return;
    case SetupField::Burst:
      to.rules.burst = from.rules.burst;
      return;
    case SetupField::PerMinute:
      to.rules.per_minute = from.rules.per_minute;
      return;
    case SetupField::Cooldown:
      to.rules.cooldown_ms = from.rules.cooldown_ms;
      return;
    case SetupField::Guests:
      to.guests = from.guests;
      return;
    case SetupField::Roles:
      to.roles = from.roles;
      return;
    case SetupField::Access:
      to.access = from.access;
      return;
    case SetupField::Code:
      to.code = from.code;
      return;
    case SetupField::Paused:
      to.paused = from.paused;
      return;
    case SetupField::Message:
      to.message = from.message;
      return;
    case SetupField::Archived:
      to.archived = from.archived;
      return;
  }
}

std::vector<SetupField> differences(const CanvasSetup& a, const CanvasSetup& b) {
  std::vector<SetupField> fields;
  for (std::uint8_t i = 0; i < form_field_count; ++i) {
    const auto field = static_cast<SetupField>(i);
    if (!same(field, a, b)) fields.push_back(field);
  }
  // Another rule of access with a code of its own: the code goes along.
  const bool code_too = b.access == Access::Code && a.access != Access::Code && !b.code.empty();
  if (code_too) fields.push_back(SetupField::Code);
  return fields;
}

std::vector<PaletteColor> merge_palettes(const std::vector<PaletteColor>& base, const std::vector<PaletteColor>& mine,
                                         const std::vector<PaletteColor>& theirs) {
  std::vector<PaletteColor> merged = theirs;
  const std::size_t known = std::min({base.size(), mine.size(), theirs.size()});
  for (std::size_t i = 0; i < known; ++i) {
    if (mine[i].name != base[i].name) merged[i].name = mine[i].name;
    if (mine[i].retired != base[i].retired) merged[i].retired = mine[i].retired;
  }
  for (std::size_t i = base.size(); i < mine.size() && merged.size() < Palette::max_colors; ++i) {
    const bool there = std::any_of(merged.begin(), merged.end(),
                                   [&](const PaletteColor& entry) { return entry.color == mine[i].color; });
    if (!there) merged.push_back(mine[i]);
  }
  return merged;
}

}  // namespace tessera
