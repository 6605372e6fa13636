#pragma once

#include <string>

#include "server/core/staff_records.h"

namespace tessera {

/// `{"id":7,"kind":"guest","name":"ann","role":"guest"}`
std::string account_text(const AccountInfo& account);

/// The JSON of an entry, all but its `hash`, in the form that is stored, hashed and answered: keys sorted, no spaces, UTF-8.
///   {"action":"lock.create","actor":{…},"canvas":"main","detail":{…},"id":12,"target":"lock:3","time":"…Z"}
std::string audit_text(std::uint64_t id, const AuditRecord& record);

}  // namespace tessera
