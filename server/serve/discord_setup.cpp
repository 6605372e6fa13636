#include "server/serve/discord_setup.h"

#include <algorithm>
#include <cstdlib>

#include "server/auth/curl_client.h"
#include "server/serve/settings.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t longest_client_id = 64;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_client_id(const std::string& text) {
  return text.size() <= longest_client_id && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

/// An address on top of which Discord's own are: `https://host[:port][/path]`.
bool is_base_url(const std::string& text) {
  const std::size_t authority = text.find("://");
  if (authority == std::string::npos || text.find_first_of("?# \t\r\n") != std::string::npos) return false;
  return parse_origin(std::string_view(text).substr(0, text.find('/', authority + 3))).has_value();
}

Status take_roles(const std::vector<std::string>& texts, DiscordSettings& settings) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const auto id = parse_number(std::string_view(text).substr(0, equals));
    const std::string name = equals == std::string::npos ? "" : text.substr(equals + 1);
    const auto roles = {Role::Member, Role::Moderator, Role::Admin};
    const auto role = std::find_if(roles.begin(), roles.end(), [&](Role each) { return code(each) == name; });
    if (!id || *id == 0 || role == roles.end())
      return Error{"--discord-role: '" + text + "' is not ROLE_ID=ROLE, such as 41771983423143936=moderator; ROLE is member, moderator or admin"};
    settings.roles[*id] = *role;
  }
  if (!texts.empty() && settings.guild == 0)
    return Error{"--discord-role needs TESSERA_DISCORD_GUILD: the guild whose roles these are"};
  return {};
}

}  // namespace

Result<std::optional<DiscordSettings>> read_discord(const std::vector<std::string>& roles) {
  DiscordSettings settings;
  settings.client_id = environment("TESSERA_DISCORD_CLIENT_ID");
  const std::string guild = environment("TESSERA_DISCORD_GUILD");
  auto secret = read_secret("TESSERA_DISCORD_CLIENT_SECRET");
  if (!secret) return secret.error();
  if (settings.client_id.empty() && !*secret) {
    if (guild.empty() && roles.empty()) return std::optional<DiscordSettings>{};
    return Error{"a Discord guild or role is set, but not TESSERA_DISCORD_CLIENT_ID and TESSERA_DISCORD_CLIENT_SECRET"};
  }
  if (settings.client_id.empty() || !*secret)
    return Error{"TESSERA_DISCORD_CLIENT_ID and TESSERA_DISCORD_CLIENT_SECRET (or …_FILE) go together: one is missing"};
  if (!is_client_id(settings.client_id)) return Error{"TESSERA_DISCORD_CLIENT_ID is not the id of an application on Discord"};
  settings.client_secret = std::move(**secret);
  if (!guild.empty()) {
    const auto id = parse_number(guild);
    if (!id || *id == 0) return Error{"TESSERA_DISCORD_GUILD: '" + guild + "' is not the id of a Discord server, a number"};
    settings.guild = *id;
  }
  if (std::string api = environment("TESSERA_DISCORD_API"); !api.empty()) {
    while (api.ends_with('/')) api.pop_back();
    if (!is_base_url(api)) return Error{"TESSERA_DISCORD_API: '" + api + "' is not an address such as https://discord.com/api"};
    settings.api = std::move(api);
  }
  if (const Status done = take_roles(roles, settings); !done) return done.error();
  return std::optional(std::move(settings));
}

bool is_plain_http(const DiscordSettings& settings) {
  return settings.api.starts_with("http://") && !is_loopback_url(settings.api);
}

}  // namespace tessera
