#include "server/http/staff_body.h"

#include <algorithm>

#include "server/auth/address_hasher.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_word_bytes = 64;

/// One line, without what cannot be seen.
std::string read_line(JsonFields& fields, const char* name) {
  return display_name(fields.text(name, limits::text_bytes), limits::text_bytes).value_or("");
}

std::optional<WallTime> read_time(JsonFields& fields, const char* name) {
  if (fields.is_null(name)) return std::nullopt;
  const auto time = parse_time(fields.text(name, most_word_bytes));
  if (!time) fields.refuse(name, "must be a time such as 2030-01-01T00:00:00Z, or null");
  return time;
}

std::uint32_t read_side(JsonFields& fields, const char* name, std::uint32_t otherwise, std::int64_t min) {
  return fields.has(name) ? static_cast<std::uint32_t>(fields.number(name, min, max_canvas_side)) : otherwise;
}

Rect read_area(JsonFields& fields) {
  Rect area;
  area.x = static_cast<std::uint32_t>(fields.number("x", 0, max_canvas_side));
  area.y = static_cast<std::uint32_t>(fields.number("y", 0, max_canvas_side));
  area.width = static_cast<std::uint32_t>(fields.number("width", 1, max_canvas_side));
  area.height = static_cast<std::uint32_t>(fields.number("height", 1, max_canvas_side));
  return area;
}

Role read_allowed_role(JsonFields& fields) {
  const auto role = find_role(fields.text("allowed_role", most_word_bytes));
  if (!role || *role == Role::Guest) fields.refuse("allowed_role", "must be member, moderator, admin or owner");
  return role.value_or(Role::Moderator);
}

std::vector<AccountId> read_accounts(JsonFields& fields, const char* name) {
  std::vector<AccountId> accounts;
  for (const nlohmann::json& item : fields.list(name, limits::lock_accounts)) {
    if (!item.is_number_unsigned() || item.get<std::uint64_t>() == 0 || item.get<std::uint64_t>() > UINT32_MAX) {
      fields.refuse(name, "must be a list of accounts' ids");
      return {};
    }
    accounts.push_back(AccountId{item.get<std::uint32_t>()});
  }
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return accounts;
}

std::optional<RollbackAsked::Bound> read_bound(JsonFields& fields, const nlohmann::json& body, const char* name) {
  if (!fields.has(name) || fields.is_null(name)) return std::nullopt;
  if (body[name].is_number()) return static_cast<Seq>(fields.number(name, 0, INT64_MAX));
  const auto time = parse_time(fields.text(name, most_word_bytes));
  if (time) return *time;
  fields.refuse(name, "must be a time such as 2030-01-01T00:00:00Z, or the seq of a placement");
  return std::nullopt;
}

template <typename Read>
Result<Read> checked(JsonFields& fields, const std::string& error, Read read) {
  fields.finish();
  if (!error.empty()) return Error{error};
  return read;
}

}  // namespace

Result<NewLock> read_new_lock(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  NewLock lock;
  lock.area = read_area(fields);
  if (fields.has("reason")) lock.reason = read_line(fields, "reason");
  if (fields.has("expires_at")) lock.expires = read_time(fields, "expires_at");
  if (fields.has("allowed_role")) lock.allowed = read_allowed_role(fields);
  if (fields.has("allowed_accounts")) lock.accounts = read_accounts(fields, "allowed_accounts");
  return checked(fields, error, lock);
}

Result<NewLock> read_plain_lock(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  const auto corner = [&](const char* name) { return static_cast<std::uint32_t>(fields.number(name, 0, max_canvas_side - 1)); };
  const std::uint32_t x1 = corner("x1"), y1 = corner("y1"), x2 = corner("x2"), y2 = corner("y2");
  if (fields.ok() && (x2 < x1 || y2 < y1)) fields.refuse("x2", "and y2 must not be before x1 and y1");
  NewLock lock;
  lock.area = {x1, y1, x2 - x1 + 1, y2 - y1 + 1};
  if (fields.has("reason")) lock.reason = read_line(fields, "reason");
  return checked(fields, error, lock);
}

Result<LockChange> read_lock_change(const nlohmann::json& body, const LockInfo& lock) {
  std::string error;
  JsonFields fields(body, "", error);
  LockChange change;
  change.area = Rect{read_side(fields, "x", lock.x, 0), read_side(fields, "y", lock.y, 0), read_side(fields, "width", lock.width, 1),
                     read_side(fields, "height", lock.height, 1)};
  if (fields.has("reason")) change.reason = read_line(fields, "reason");
  if (fields.has("expires_at")) change.expires.emplace(read_time(fields, "expires_at"));
  if (fields.has("allowed_role")) change.allowed = read_allowed_role(fields);
  if (fields.has("allowed_accounts")) change.accounts = read_accounts(fields, "allowed_accounts");
  return checked(fields, error, change);
}

Result<NewAnnouncement> read_new_announcement(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  NewAnnouncement announcement;
  announcement.text = read_line(fields, "text");
  if (announcement.text.empty()) fields.refuse("text", "must say something");
  if (fields.has("pinned")) announcement.pinned = fields.boolean("pinned");
  if (fields.has("expires_at")) announcement.expires = read_time(fields, "expires_at");
  return checked(fields, error, announcement);
}

Result<AnnouncementChange> read_announcement_change(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  AnnouncementChange change;
  if (fields.has("text")) {
    change.text = read_line(fields, "text");
    if (change.text->empty()) fields.refuse("text", "must say something");
  }
  if (fields.has("pinned")) change.pinned = fields.boolean("pinned");
  if (fields.has("expires_at")) change.expires.emplace(read_time(fields, "expires_at"));
  return checked(fields, error, change);
}

Result<RollbackBody> read_rollback(const nlohmann::json& body, const AddressHasher& addresses) {
  std::string error;
  JsonFields fields(body, "", error);
  RollbackBody wanted;
  RollbackAsked& asked = wanted.asked;
  const auto given = [&](const char* name) { return fields.has(name) && !fields.is_null(name); };
  if (given("account")) asked.account = AccountId{static_cast<std::uint32_t>(fields.number("account", 1, UINT32_MAX))};
  if (given("address")) {
    const auto address = addresses.find(fields.text("address", most_word_bytes));
    if (address) asked.address = *address;
    else fields.refuse("address", address.error().message);
  }
  if (given("region")) {
    JsonFields region(fields.object("region"), "region", error);
    asked.region = read_area(region);
    region.finish();
  }
  asked.since = read_bound(fields, body, "since");
  asked.until = read_bound(fields, body, "until");
  if (fields.has("reason")) asked.reason = read_line(fields, "reason");
  if (fields.has("dry_run")) wanted.dry_run = fields.boolean("dry_run");
  if (fields.has("wait")) wanted.wait = fields.boolean("wait");
  fields.finish();
  if (fields.ok() && asked.account == nobody && !asked.address && asked.region.empty()) error = "name an account, an address, a region, or several of them";
  return checked(fields, error, wanted);
}

}  // namespace tessera
