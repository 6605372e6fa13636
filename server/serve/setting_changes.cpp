#include "server/serve/setting_changes.h"

#include <nlohmann/json.hpp>

#include "server/core/audit_detail.h"

namespace tessera {

SettingValues setting_values(const std::vector<ShownSetting>& shown) {
  SettingValues values;
  for (const ShownSetting& each : shown) values.emplace(each.name, each.value);
  return values;
}

std::string settings_text(const SettingValues& settings) {
  JsonObject object;
  for (const auto& [name, value] : settings) object.text(name, value);
  return object.str();
}

SettingValues settings_of(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  SettingValues settings;
  if (!json.is_object()) return settings;
  for (const auto& [name, value] : json.items())
    if (value.is_string()) settings.emplace(name, value.get<std::string>());
  return settings;
}

std::optional<std::string> setting_changes(const SettingValues& before, const SettingValues& after) {
  JsonObject was, is;
  for (const auto& [name, value] : after) {
    const auto known = before.find(name);
    if (known == before.end() || known->second == value) continue;
    was.text(name, known->second);
    is.text(name, value);
  }
  if (is.empty()) return std::nullopt;
  return change_detail(was, is).str();
}

}  // namespace tessera
