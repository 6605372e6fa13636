#include "server/http/public_audit.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tessera {
namespace {

constexpr std::array<std::string_view, 3> private_actions{"account.note", "auth.denied", "auth.sign_in"};

/// Members of details that tell nothing private.
constexpr std::array<std::string_view, 49> public_members{
    "access", "accounts", "action", "admin", "after", "allowed_accounts", "allowed_role", "at", "ban_reason", "banned_until", "before",
    "burst", "cells", "color", "cooldown_ms", "expires_at", "guest", "guests", "height", "member", "message", "moderator", "name",
    "new_code", "only_color", "outcome", "owner", "palette", "params", "paused", "per_minute", "per_second", "pinned", "placements",
    "reason", "region", "retired", "role", "roles", "schedule", "seq", "snapshot", "state", "text", "until", "why", "width", "x", "y"};

bool is_public(std::string_view action, std::string_view member) {
  if (action.starts_with("report.") && member == "reason") return false;  // in the reporter's words
  if (action == "account.warn" && member == "text") return false;
  if (action.starts_with("grant.") && member == "guest") return false;    // who somebody was before
  if (action.starts_with("setting.")) return false;
  return std::find(public_members.begin(), public_members.end(), member) != public_members.end();
}

Json cleaned(std::string_view action, const Json& detail) {
  if (detail.is_array()) {
    Json items = Json::array();
    for (const Json& item : detail) items.push_back(cleaned(action, item));
    return items;
  }
  if (!detail.is_object()) return detail;
  Json object = Json::object();
  for (const auto& [name, value] : detail.items()) {
    // Several accounts that were rolled back together may be those of one address.
    const bool several = name == "accounts" && value.size() > 1;
    if (!several && is_public(action, name)) object[name] = cleaned(action, value);
  }
  return object;
}

}  // namespace

std::optional<Json> public_entry(const AuditEntry& entry) {
  const Json json = Json::parse(entry.text, nullptr, false);
  if (!json.is_object() || !json.contains("action") || !json["action"].is_string()) return std::nullopt;
  const std::string action = json["action"];
  if (std::find(private_actions.begin(), private_actions.end(), action) != private_actions.end()) return std::nullopt;
  Json shown{{"id", entry.id}};
  for (const char* member : {"time", "actor", "action", "canvas", "target"}) shown[member] = json.contains(member) ? json[member] : Json(nullptr);
  shown["detail"] = json.contains("detail") ? cleaned(action, json["detail"]) : Json::object();
  // What will be announced, or would have been, is the staff's.
  if (action.starts_with("schedule.") && shown["detail"].is_object() && shown["detail"].value("action", Json()) == "announce") shown["detail"].erase("params");
  shown["public"] = true;
  return shown;
}

}  // namespace tessera
