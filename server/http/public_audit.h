#pragma once

#include <optional>

#include "server/core/staff_records.h"
#include "server/http/shapes.h"

namespace tessera {

/// An entry of the audit log as everybody may see it, `public` in place of its hash: what staff did to whom, without who reported what,
/// notes, devices, networks, what somebody was told in private, and the server's own settings. Of its detail only what is known to be
/// harmless is left. Nothing where it is for staff alone: denied attempts, notes, sign-ins.
std::optional<Json> public_entry(const AuditEntry& entry);

}  // namespace tessera
