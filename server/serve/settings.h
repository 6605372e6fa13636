#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/http/server_state.h"
#include "shared/base/result.h"

namespace CLI {
class App;
}

namespace tessera {

/// What `serve` can be told, as people write it: each a flag, an environment variable `TESSERA_…` and a key of the config
/// file, in this order of precedence. Checked where it is used.
struct ServeSettings {
  std::string listen = "127.0.0.1:7878";
  std::string data = "./tessera-data";
  std::string store;
  std::string web;
  std::vector<std::string> canvases;
  std::string config;
  std::string public_url;
  std::vector<std::string> host_names;
  std::string tls_cert;
  std::string tls_key;
  std::string log_level = "info";
  std::string log_addresses = "network";
  std::string name = "Tessera";
  std::string limit = "10:20:100";
  std::string read_limit = "10";
  std::string api_read_limit = "1200";
  std::string audit_limit = "5";
  std::string sign_in_limit = "120";
  std::string session_ttl = "30d";
  std::string undo_window = "60s";
  std::vector<std::string> discord_roles;
  std::vector<std::string> trusted_proxies;
  std::string max_cells = "16M";
  std::string guests = "on";
  std::string metrics = "loopback";
  std::string public_audit = "off";
  unsigned network_threads = 0;
  bool dev_header_auth = false;
  bool exit_with_parent = false;

  /// Where each setting came from, by its name: `flag`, `environment TESSERA_…`, `FILE`; absent: its default.
  std::map<std::string, std::string> sources;
};

/// Adds the options to a command; they write into `settings`, which must live until the program has run.
void add_settings(CLI::App& command, ServeSettings& settings);

/// After the flags were read: the environment and the config file fill what no flag said. An error names a key that means
/// nothing, with the nearest that does, or a value that does not fit.
Status fill_settings(CLI::App& command, ServeSettings& settings);

/// Every setting as a line of the config file, with where it came from behind a `#`.
std::string describe_settings(const CLI::App& command, const ServeSettings& settings);

/// The same for people, by name.
std::vector<ShownSetting> shown_settings(const ServeSettings& settings);
/// What counts once a running server was told to read its settings anew.
std::vector<ShownSetting> in_force(std::vector<ShownSetting> before, const std::vector<ShownSetting>& after);
/// A variable that is no setting, as it may be shown: a secret is only said to be there.
struct ShownVariable {
  std::string name, value;
  std::string source{};  ///< the variable, or its `…_FILE` with the file; empty where neither is set
};
/// The owner's token, and what Discord needs.
std::vector<ShownVariable> shown_variables();
/// What may be told of a secret.
std::string hidden_secret(bool is_set);

/// The flags of a command line that was parsed, so that `read_again` takes them as they were given.
std::vector<std::string> given_flags(const CLI::App& command);
/// The settings as they would be at a start now: the same flags, the environment, the file as it is by now.
Result<ServeSettings> read_again(const std::vector<std::string>& flags);
/// Names of settings that differ and are only read at the start; those that a running server takes over are left out.
std::vector<std::string> need_restart(const ServeSettings& before, const ServeSettings& after);

/// A secret from the environment: the variable itself, or the file that `NAME_FILE` names. Nothing where neither is set. It is
/// never a flag or a key of the file, where others could read it.
Result<std::optional<std::string>> read_secret(const std::string& name);

/// A file that holds a secret, and the flag or the variable that names it.
struct SecretFile {
  std::string setting, path;
};
/// Those that `read_secret` reads.
std::vector<SecretFile> secret_files();

/// The one of `known` that `word` was likely meant to be: case does not count, and two letters may be wrong, of a word with
/// fewer than six one. Empty where none is so near.
std::string nearest_word(const std::string& word, const std::vector<std::string>& known);

}  // namespace tessera
