#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/auth/discord.h"

namespace tessera {

/// Sign-in with Discord as the operator set it up: `TESSERA_DISCORD_CLIENT_ID`, `…_CLIENT_SECRET` (or `…_FILE`), `…_GUILD`, `…_API` of
/// the environment, and `--discord-role ROLE_ID=moderator`. Nothing where it is not set up. An error names what is missing or wrong.
Result<std::optional<DiscordSettings>> read_discord(const std::vector<std::string>& roles);

/// Whether what is asked of Discord's stand-in goes over a network unencrypted.
bool is_plain_http(const DiscordSettings& settings);

}  // namespace tessera
