#pragma once

#include <string>

#include "server/core/staff_records.h"

/// Locks and announcements as the JSON that HTTP and JSON connections tell.
namespace tessera {

/// `{"id","x","y","width","height","reason","expires_at","created_by","version",…}`
std::string lock_text(const LockInfo& lock);
/// `{"id","text","pinned","expires_at","created_by","version",…}`
std::string announcement_text(const AnnouncementInfo& announcement);

}  // namespace tessera
