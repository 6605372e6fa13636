#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "app/model/staff_questions.h"

/// Locks and announcements as the HTTP API writes them.
namespace tessera {

AccountInfo read_account(const nlohmann::json& account);

/// Nothing: it is not what it should be.
std::optional<LockInfo> read_lock(const nlohmann::json& lock);
std::optional<AnnouncementInfo> read_announcement(const nlohmann::json& announcement);

/// These fields alone.
nlohmann::json write_lock(const LockWish& wish, const std::vector<StaffField>& fields);
nlohmann::json write_announcement(const AnnouncementWish& wish, const std::vector<StaffField>& fields);
/// All of them, for a new one.
nlohmann::json write_lock(const LockWish& wish);
nlohmann::json write_announcement(const AnnouncementWish& wish);

}  // namespace tessera
