#pragma once

#include <string>

#include "server/core/json_text.h"
#include "server/core/staff_records.h"
#include "shared/base/result.h"

/// What a schedule's entries come to; nothing here knows a clock or a room.
namespace tessera {

/// The change of the canvas, as it is by then; of all but an announcement and a reset, which are none. An error says why it cannot be.
Result<CanvasChange> scheduled_change(const ScheduledWork& work, const CanvasRecord& record);

/// More of it for everybody: of a pause why, of a resize the size. What an announcement says is nobody's but the staff's until then.
std::string short_text(const ScheduledWork& work);

/// Whether it may be one day, as far as that can be told now: a size that no canvas may have, a palette that loses or recolours an
/// entry, an announcement that ends before it begins never may.
Status check_scheduled(const ScheduledWork& work, WallTime at, const CanvasRecord& record, std::uint64_t max_cells);

/// What the audit log tells of an entry.
JsonObject schedule_detail(const ScheduleRecord& record);

}  // namespace tessera
