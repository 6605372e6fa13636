#include "app/net/staff_json.h"

#include "app/net/json_fields.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

using nlohmann::json;

json written_time(const std::optional<WallTime>& time) { return time ? json(format_time(*time)) : json(nullptr); }

std::uint64_t time_in(const json& object, const char* key) {
  const auto time = parse_time(text_in(object, key));
  return time && ms(*time) > 0 ? static_cast<std::uint64_t>(ms(*time)) : 0;
}

std::uint32_t narrow_in(const json& object, const char* key) {
  return static_cast<std::uint32_t>(number_in(object, key, UINT32_MAX).value_or(0));
}

std::vector<WireAccount> accounts_in(const json& lock) {
  std::vector<WireAccount> accounts;
  const json* list = field_in(lock, "allowed_accounts");
  if (!list || !list->is_array()) return accounts;
  for (const json& item : *list)
    if (item.is_number_unsigned() && item.get<std::uint64_t>() <= UINT32_MAX && accounts.size() < limits::lock_accounts)
      accounts.push_back({AccountId{item.get<std::uint32_t>()}});
  return accounts;
}

}  // namespace

AccountInfo read_account(const json& account) {
  AccountInfo out;
  out.id = AccountId{narrow_in(account, "id")};
  out.name = display_name(text_in(account, "name")).value_or("");
  out.kind = word_in<AccountKind>(account, "kind", account_kind_count).value_or(AccountKind::Guest);
  out.role = word_in<Role>(account, "role", role_count).value_or(Role::Guest);
  return out;
}

std::optional<LockInfo> read_lock(const json& lock) {
  LockInfo out;
  out.id = LockId{narrow_in(lock, "id")};
  const auto x = number_in(lock, "x", max_canvas_side - 1), y = number_in(lock, "y", max_canvas_side - 1),
             width = number_in(lock, "width", max_canvas_side), height = number_in(lock, "height", max_canvas_side);
  const auto allowed = word_in<Role>(lock, "allowed_role", role_count);
  if (out.id == LockId{} || !x || !y || !width || !height || *width == 0 || *height == 0 || !allowed) return std::nullopt;
  out.x = static_cast<std::uint16_t>(*x);
  out.y = static_cast<std::uint16_t>(*y);
  out.width = static_cast<std::uint32_t>(*width);
  out.height = static_cast<std::uint32_t>(*height);
  out.reason = line_in(lock, "reason");
  out.expires_ms = time_in(lock, "expires_at");
  out.allowed = *allowed;
  out.accounts = accounts_in(lock);
  if (const json* maker = field_in(lock, "created_by")) out.maker = read_account(*maker);
  out.created_ms = time_in(lock, "created");
  out.version = narrow_in(lock, "version");
  return out;
}

std::optional<AnnouncementInfo> read_announcement(const json& announcement) {
  AnnouncementInfo out;
  out.id = AnnouncementId{narrow_in(announcement, "id")};
  out.text = line_in(announcement, "text");
  if (out.id == AnnouncementId{} || out.text.empty()) return std::nullopt;
  out.pinned = flag_in(announcement, "pinned");
  out.expires_ms = time_in(announcement, "expires_at");
  if (const json* maker = field_in(announcement, "created_by")) out.maker = read_account(*maker);
  out.created_ms = time_in(announcement, "created");
  out.version = narrow_in(announcement, "version");
  return out;
}

json write_lock(const LockWish& wish, const std::vector<StaffField>& fields) {
  json out = json::object();
  for (const StaffField field : fields) {
    if (field == StaffField::Area)
      out.update({{"x", wish.area.x}, {"y", wish.area.y}, {"width", wish.area.width}, {"height", wish.area.height}});
    if (field == StaffField::Reason) out["reason"] = wish.reason;
    if (field == StaffField::Until) out["expires_at"] = written_time(wish.until);
    if (field == StaffField::Allowed) out["allowed_role"] = code(wish.allowed);
  }
  return out;
}

json write_announcement(const AnnouncementWish& wish, const std::vector<StaffField>& fields) {
  json out = json::object();
  for (const StaffField field : fields) {
    if (field == StaffField::Words) out["text"] = wish.words;
    if (field == StaffField::Pinned) out["pinned"] = wish.pinned;
    if (field == StaffField::Until) out["expires_at"] = written_time(wish.until);
  }
  return out;
}

json write_lock(const LockWish& wish) {
  return write_lock(wish, {StaffField::Area, StaffField::Reason, StaffField::Until, StaffField::Allowed});
}
json write_announcement(const AnnouncementWish& wish) {
  return write_announcement(wish, {StaffField::Words, StaffField::Pinned, StaffField::Until});
}

}  // namespace tessera
