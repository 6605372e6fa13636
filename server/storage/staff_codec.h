#pragma once

#include <optional>

#include "server/core/address_prefix.h"
#include "server/core/staff_records.h"
#include "shared/base/bytes.h"

/// How the records of the staff's work become the bodies of stored values, as record_codec.h does with the others.
namespace tessera {

Bytes pack_lock(const LockRecord& record);
std::optional<LockRecord> unpack_lock(LockId id, ByteSpan body);

Bytes pack_grant(const GrantRecord& record);
std::optional<GrantRecord> unpack_grant(GrantKey key, ByteSpan body);

Bytes pack_seen(const SeenRecord& record);
std::optional<SeenRecord> unpack_seen(AccountId account, ByteSpan body);

Bytes pack_announcement(const AnnouncementRecord& record);
std::optional<AnnouncementRecord> unpack_announcement(AnnouncementId id, ByteSpan body);

Bytes pack_rollback(const RollbackRecord& record);
std::optional<RollbackRecord> unpack_rollback(RollbackId id, ByteSpan body);

}  // namespace tessera
