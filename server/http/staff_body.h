#pragma once

#include <nlohmann/json.hpp>

#include "server/core/staff.h"
#include "shared/base/result.h"

/// The bodies of what staff make and change. An error names the field and what is wrong with it.
namespace tessera {

class AddressHasher;

Result<NewLock> read_new_lock(const nlohmann::json& body);
/// `{"x1","y1","x2","y2","reason"}` of the plain route: both corners are within.
Result<NewLock> read_plain_lock(const nlohmann::json& body);
/// What it leaves out of the rectangle is as in `lock`.
Result<LockChange> read_lock_change(const nlohmann::json& body, const LockInfo& lock);

Result<NewAnnouncement> read_new_announcement(const nlohmann::json& body);
Result<AnnouncementChange> read_announcement_change(const nlohmann::json& body);

struct RollbackBody {
  RollbackAsked asked;
  bool dry_run = false;
  bool wait = true;  ///< for the drawing, for a while
};
/// An address is hashed at once.
Result<RollbackBody> read_rollback(const nlohmann::json& body, const AddressHasher& addresses);

}  // namespace tessera
