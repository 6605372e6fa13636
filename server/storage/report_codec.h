#pragma once

#include <optional>

#include "server/core/staff_records.h"
#include "shared/base/bytes.h"

/// How a report becomes the body of a stored value, as staff_codec.h does with the staff's other records.
namespace tessera {

Bytes pack_report(const ReportRecord& record);
std::optional<ReportRecord> unpack_report(ReportId id, ByteSpan body);

}  // namespace tessera
