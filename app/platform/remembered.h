#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/model/model.h"

/// What the app remembers, as JSON for `Storage`. Reading never fails: what is missing or wrong is left at its default, so
/// that a damaged file costs a setting and not the start.
namespace tessera {

std::string write_settings(const Settings& settings);
Settings read_settings(std::string_view text);

std::string write_recent(const std::vector<RecentServer>& recent);
std::vector<RecentServer> read_recent(std::string_view text);

std::string write_tokens(const std::vector<SavedToken>& tokens);
std::vector<SavedToken> read_tokens(std::string_view text);

}  // namespace tessera
