#pragma once

#include <optional>

#include "server/core/staff_records.h"
#include "shared/base/bytes.h"

/// How the records of events become the bodies of stored values, as record_codec.h does with the others.
namespace tessera {

Bytes pack_schedule(const ScheduleRecord& record);
std::optional<ScheduleRecord> unpack_schedule(ScheduleId id, ByteSpan body);

Bytes pack_snapshot(const SnapshotRecord& record);
std::optional<SnapshotRecord> unpack_snapshot(SnapshotId id, ByteSpan body);

}  // namespace tessera
