#pragma once

#include <string>

#include "server/core/staff_records.h"

/// Locks, announcements and what is scheduled as the JSON that HTTP and JSON connections tell.
namespace tessera {

/// `{"id","x","y","width","height","reason","expires_at","created_by","version",…}`
std::string lock_text(const LockInfo& lock);
/// `{"id","text","pinned","expires_at","created_by","version",…}`
std::string announcement_text(const AnnouncementInfo& announcement);
/// `{"id","at","action","text"}`
std::string schedule_text(const ScheduleInfo& entry);

}  // namespace tessera
