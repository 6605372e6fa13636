#include "server/core/staff_text.h"

#include "server/core/audit_text.h"
#include "server/core/json_text.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

std::string time_text(std::uint64_t time_ms) { return json_string(format_time(WallTime{static_cast<std::int64_t>(time_ms)})); }
std::string expiry_text(std::uint64_t expires_ms) { return expires_ms == 0 ? "null" : time_text(expires_ms); }

}  // namespace

std::string lock_text(const LockInfo& lock) {
  std::string accounts = "[";
  for (const WireAccount& account : lock.accounts) {
    if (accounts.size() > 1) accounts += ',';
    accounts += std::to_string(static_cast<std::uint32_t>(account.account));
  }
  return JsonObject()
      .number("id", static_cast<std::uint32_t>(lock.id))
      .number("x", lock.x)
      .number("y", lock.y)
      .number("width", lock.width)
      .number("height", lock.height)
      .text("reason", lock.reason)
      .json("expires_at", expiry_text(lock.expires_ms))
      .text("allowed_role", code(lock.allowed))
      .json("allowed_accounts", accounts + ']')
      .json("created_by", account_text(lock.maker))
      .json("created", time_text(lock.created_ms))
      .number("version", lock.version)
      .str();
}

std::string announcement_text(const AnnouncementInfo& announcement) {
  return JsonObject()
      .number("id", static_cast<std::uint32_t>(announcement.id))
      .text("text", announcement.text)
      .flag("pinned", announcement.pinned)
      .json("expires_at", expiry_text(announcement.expires_ms))
      .json("created_by", account_text(announcement.maker))
      .json("created", time_text(announcement.created_ms))
      .number("version", announcement.version)
      .str();
}

std::string schedule_text(const ScheduleInfo& entry) {
  return JsonObject()
      .number("id", static_cast<std::uint32_t>(entry.id))
      .json("at", time_text(entry.at_ms))
      .text("action", code(entry.action))
      .text("text", entry.text)
      .str();
}

}  // namespace tessera
