#include <algorithm>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr std::size_t most_entries = 20;

const char* icon_of(ScheduledAction action) {
  switch (action) {
    case ScheduledAction::Pause:
      return icons::pause;
    case ScheduledAction::Resume:
      return icons::play;
    case ScheduledAction::Resize:
      return icons::expand;
    case ScheduledAction::Palette:
      return icons::brush;
    case ScheduledAction::Policy:
      return icons::list;
    case ScheduledAction::Announce:
    case ScheduledAction::Reset:
      break;
  }
  return icons::undo;
}

/// With all that is said of it.
Phrase in_full(const Model& model, const ScheduleInfo& entry) {
  if (entry.action == ScheduledAction::Pause && !entry.text.empty()) return {Text::ComingClosesBecause, {entry.text}};
  return explain(model, entry);
}

std::string when(const Brush& brush, const Model& model, const ScheduleInfo& entry) {
  const std::string at = format_date_time(brush.language, WallTime{static_cast<std::int64_t>(entry.at_ms)}, model.device.utc_offset);
  const auto left = time_left(model, entry);
  return left ? brush.text({Text::ComingAt, {at, *left}}) : at;
}

void item(const Brush& brush, const Model& model, const ScheduleInfo& entry, float width) {
  const float indent = brush.px(28);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, icon_of(entry.action), ink(brush.colors.info));
  ImGui::SetCursorPosX(start.x + indent);
  ImGui::BeginGroup();
  paragraph(brush, brush.text(in_full(model, entry)), width - indent, Type::Text, Tone::Text);
  label(brush, when(brush, model, entry), Type::Small, Tone::Soft, width - indent);
  ImGui::EndGroup();
  space(brush, 16);
}

}  // namespace

void schedule_list(const Brush& brush, const Model& model, float width, Actions& out) {
  const auto all = to_come(model);
  if (all.empty()) return;
  const ScheduleInfo* next = next_to_come(model);
  divider(brush, width);
  space(brush, 16);
  label(brush, brush.text(Text::ComingTitle), Type::Strong, Tone::Text, width);
  space(brush, 12);
  for (std::size_t i = 0; i < std::min(all.size(), most_entries); ++i) item(brush, model, *all[i], width);
  if (all.size() > most_entries) {
    label(brush, brush.text({Text::ComingMore, {format_number(brush.language, all.size() - most_entries)}}), Type::Small, Tone::Soft, width);
    space(brush, 16);
  }
  if (next == nullptr || countdown(model) != nullptr) return;
  if (button(brush, "countdown", brush.text(Text::ComingShow), {.icon = icons::eye, .width = width, .height = brush.target()}))
    out.push_back(action::ShowCountdown{next->id});
}

}  // namespace tessera
