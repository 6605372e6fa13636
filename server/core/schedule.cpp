#include "server/core/schedule.h"

#include "server/core/canvas_change.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

Size size_then(const ScheduledWork& work, Size size) {
  return {work.width == 0 ? size.width : work.width, work.height == 0 ? size.height : work.height};
}

}  // namespace

Result<CanvasChange> scheduled_change(const ScheduledWork& work, const CanvasRecord& record) {
  CanvasChange change;
  switch (work.action) {
    case ScheduledAction::Pause:
      change.paused = true;
      change.pause_message = work.text;
      break;
    case ScheduledAction::Resume:
      change.paused = false;
      break;
    case ScheduledAction::Resize:
      change.size = size_then(work, record.size);
      break;
    case ScheduledAction::Palette:
      change.palette = work.palette;
      break;
    case ScheduledAction::Policy: {
      const auto policy = changed_policy(record.policy, work.policy);
      if (!policy) return policy.error();
      change.policy = *policy;
      break;
    }
    case ScheduledAction::Announce:
    case ScheduledAction::Reset: break;
  }
  return change;
}

std::string short_text(const ScheduledWork& work) {
  const auto side = [](std::uint32_t cells) { return cells == 0 ? std::string("…") : std::to_string(cells); };
  if (work.action == ScheduledAction::Resize) return side(work.width) + "×" + side(work.height);
  return work.action == ScheduledAction::Pause ? work.text : std::string();
}

Status check_scheduled(const ScheduledWork& work, WallTime at, const CanvasRecord& record, std::uint64_t max_cells) {
  if (work.expires && *work.expires <= at) return Error{"params.expires_at is not after the time of the announcement"};
  if (work.action != ScheduledAction::Resize && work.action != ScheduledAction::Palette) return {};
  const auto change = scheduled_change(work, record);
  if (!change) return change.error();
  const auto after = changed_record(record, *change, max_cells);
  return after ? Status() : Status(Error{after.error().message});
}

JsonObject schedule_detail(const ScheduleRecord& record) {
  return JsonObject().text("action", code(record.work.action)).text("at", format_time(record.at)).text("params", record.work.params);
}

}  // namespace tessera
