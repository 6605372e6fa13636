#pragma once

#include "app/ui/panels.h"

namespace tessera {

/// Both versions of a lock or an announcement that somebody else has changed, field by field, to choose from.
/// `field_name(field)` is its words, `value_text(field, wish)` what stands in it.
template <typename Editor>
void staff_conflict(const Brush& brush, const Editor& editor, float width, const auto& field_name, const auto& value_text, Actions& out) {
  conflict_title(brush, width);
  for (const StaffConflict& each : editor.conflicts) {
    ImGui::PushID(static_cast<int>(each.field));
    const std::string mine = value_text(each.field, *editor.mine), theirs = value_text(each.field, wish_of(*editor.theirs));
    if (const auto side = conflict_choice(brush, field_name(each.field), mine, theirs, each.side, width))
      out.push_back(action::ChooseStaffSide{each.field, *side});
    ImGui::PopID();
  }
  const ConflictUse use = conflict_buttons(brush, editor.busy, width);
  if (use.save) out.push_back(action::ResolveStaffConflict{});
  if (use.back) out.push_back(action::DropStaffConflict{});
}

}  // namespace tessera
