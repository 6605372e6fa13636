#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/http/server_state.h"

namespace tessera {

/// Settings by name, as people write them; secrets hidden.
using SettingValues = std::map<std::string, std::string>;

/// Without where each comes from.
SettingValues setting_values(const std::vector<ShownSetting>& shown);

/// As the store keeps them: an object as JSON.
std::string settings_text(const SettingValues& settings);
/// The reverse; none where it is no such text.
SettingValues settings_of(const std::string& text);

/// What the audit log tells of a change: `{"after":{…},"before":{…}}`, those that differ alone. What only one of the two programs knows is
/// no change. Nothing where there is none.
std::optional<std::string> setting_changes(const SettingValues& before, const SettingValues& after);

}  // namespace tessera
