#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/auth/discord.h"
#include "server/auth/site.h"
#include "server/core/opening.h"
#include "server/serve/setting_changes.h"
#include "server/serve/settings.h"
#include "server/serve/values.h"

namespace tessera {

/// The settings of `serve`, understood.
struct Plan {
  ListenAddress listen;
  std::string store_url;
  std::string web;  ///< empty: no web client
  std::optional<Origin> public_url;
  std::vector<std::string> host_names;
  std::vector<Network> proxies;
  std::string tls_cert, tls_key;
  std::vector<SecretFile> secret_files;  ///< that the plan was made from, the key of TLS among them
  std::string name;
  OpeningSettings opening;
  bool limits_off = false;
  std::optional<std::uint32_t> plain_reads, audit_reads, wide_reads, sign_ins;  ///< a minute and address; absent: no limit
  std::chrono::seconds session_time{};
  std::chrono::seconds undo_window{};
  std::optional<std::string> owner_token;
  std::optional<DiscordSettings> discord;
  unsigned network_threads = 0;
  bool guests = true;
  bool metrics_for_all = false;
  bool public_audit = false;
  bool full_addresses = false;  ///< in the log
  bool dev_header_auth = false;
  bool exit_with_parent = false;
  std::vector<ShownSetting> shown;  ///< all of them, for those who may see them

  bool is_secure() const { return !tls_cert.empty(); }
};

/// An error names the setting and what is wrong with it.
Result<Plan> make_plan(const ServeSettings& settings);

/// What the operator should know before anybody comes, a sentence each.
std::vector<std::string> warnings(const Plan& plan);

/// The link for people, once the port is known.
std::string link(const Plan& plan, std::uint16_t port);

}  // namespace tessera
