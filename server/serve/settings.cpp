#include "server/serve/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>
#include <string_view>
#include <variant>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "server/serve/config_file.h"
#include "shared/base/ascii.h"

namespace tessera {
namespace {

constexpr const char* config_option = "config";

std::string variable_of(const std::string& option) {
  std::string name = "TESSERA_" + option;
  for (char& c : name) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

/// The options that are settings, by name; `--help` is not one.
std::map<std::string, CLI::Option*> options_of(const CLI::App& command) {
  std::map<std::string, CLI::Option*> options;
  for (const CLI::Option* option : command.get_options())
    if (option != command.get_help_ptr() && !option->get_lnames().empty())
      options.emplace(option->get_lnames().front(), const_cast<CLI::Option*>(option));
  return options;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c != ' ' && c != ',') words.back() += c;
    else if (!words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

Status put(CLI::Option& option, const std::vector<std::string>& values, const std::string& place) {
  try {
    option.add_result(values);
    option.run_callback();
  } catch (const CLI::ConversionError&) {
    const bool is_flag = option.get_items_expected_min() == 0;
    return Error{place + ": '" + values.back() + "' is not " + (is_flag ? "true or false" : "a whole number")};
  } catch (const CLI::Error& error) {
    return Error{place + ": " + error.what()};
  }
  return {};
}

constexpr const char* secret_variables[] = {"TESSERA_OWNER_TOKEN", "TESSERA_DISCORD_CLIENT_SECRET"};

/// Empty where it is not set.
std::string in_environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value ? value : "";
}

/// What else Discord needs: no secrets.
constexpr const char* plain_variables[] = {"TESSERA_DISCORD_CLIENT_ID", "TESSERA_DISCORD_GUILD", "TESSERA_DISCORD_API"};

/// Every variable that has a meaning here.
std::vector<std::string> known_variables(const std::map<std::string, CLI::Option*>& options) {
  std::vector<std::string> known(std::begin(plain_variables), std::end(plain_variables));
  for (const std::string name : secret_variables) known.insert(known.end(), {name, name + "_FILE"});
  for (const auto& [name, option] : options) known.push_back(variable_of(name));
  return known;
}

/// How many letters must change to make the one of the other (Levenshtein).
std::size_t distance(const std::string& word, const std::string& other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= word.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t changed = diagonal + (word[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

/// A mistyped variable is refused: its setting would silently stay what it was. One that resembles no setting is another program's.
Status check_variables(const std::map<std::string, CLI::Option*>& options) {
  constexpr std::string_view ours = "TESSERA_";
  std::vector<std::string> known;  // without ours
  for (const std::string& name : known_variables(options)) known.push_back(name.substr(ours.size()));
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view variable = *each;
    const std::string name(variable.substr(0, variable.find('=')));
    if (!name.starts_with(ours)) continue;
    const std::string own = name.substr(ours.size());
    if (std::find(known.begin(), known.end(), own) != known.end()) continue;
    if (const std::string nearest = nearest_word(own, known); !nearest.empty())
      return Error{"the environment has " + name + ", which is no setting; the nearest is " + std::string(ours) + nearest};
  }
  return {};
}

Status take_environment(const std::map<std::string, CLI::Option*>& options, ServeSettings& settings) {
  if (const Status known = check_variables(options); !known) return known;
  for (const auto& [name, option] : options) {
    const std::string variable = variable_of(name);
    const char* value = option->count() == 0 ? std::getenv(variable.c_str()) : nullptr;
    if (!value) continue;
    const bool is_list = option->get_expected_max() > 1;
    const auto values = is_list ? words_of(value) : std::vector<std::string>{value};
    if (const Status done = put(*option, values, variable); !done) return done;
    settings.sources[name] = "environment " + variable;
  }
  return {};
}

Status take_item(const ConfigItem& item, const std::map<std::string, CLI::Option*>& options, ServeSettings& settings) {
  const std::string place = settings.config + ", line " + std::to_string(item.line);
  const auto found = options.find(item.name);
  if (found == options.end() || item.name == config_option) {
    std::vector<std::string> names;
    for (const auto& [name, option] : options)
      if (name != config_option) names.push_back(name);
    const std::string nearest = nearest_word(item.name, names);
    return Error{place + ": there is no setting '" + item.name + "'; " +
                 (nearest.empty() ? "`tessera-server config` prints those that there are" : "the nearest is '" + nearest + "'")};
  }
  CLI::Option& option = *found->second;
  const bool is_list = option.get_expected_max() > 1;
  if (!is_list && item.values.size() != 1) return Error{place + ": " + item.name + " takes one value: put it in quotes where it has blanks or commas"};
  if (option.count() > 0 || item.values.empty()) return {};
  settings.sources[item.name] = place;
  return put(option, item.values, place + ", " + item.name);
}

Status take_file(const std::map<std::string, CLI::Option*>& options, ServeSettings& settings) {
  if (settings.config.empty()) return {};
  std::ifstream file(settings.config);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return Error{"the config file '" + settings.config + "' cannot be read"};
  const auto items = read_config(text.str());
  if (!items) return Error{settings.config + ", " + items.error().message};
  for (const ConfigItem& item : *items)
    if (const Status done = take_item(item, options, settings); !done) return done;
  return {};
}

/// Two ways to say where everything is kept: the one with the higher precedence counts.
Status choose_store(ServeSettings& settings) {
  const auto rank = [&](const char* name) {
    const auto source = settings.sources.find(name);
    if (source == settings.sources.end()) return 3;
    return source->second == "flag" ? 0 : source->second.starts_with("environment ") ? 1 : 2;
  };
  if (rank("data") == 3 || rank("store") == 3 || settings.store.empty()) return {};
  if (rank("data") == rank("store")) return Error{"--data and --store both say where everything is kept: give one of them"};
  if (rank("data") < rank("store")) settings.store.clear();
  return {};
}

using Value = std::variant<std::string, std::vector<std::string>, unsigned, bool>;

/// As text, with `quote` applied to what is one.
template <typename Quote>
std::string text_of(const Value& value, Quote quote) {
  if (const auto* text = std::get_if<std::string>(&value)) return quote(*text);
  if (const auto* number = std::get_if<unsigned>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  std::string texts;
  for (const std::string& each : std::get<std::vector<std::string>>(value)) texts += (texts.empty() ? "" : ", ") + quote(each);
  return texts;
}

/// As people read it.
std::string plain(const Value& value) {
  return text_of(value, [](const std::string& text) { return text; });
}

/// As the config file has it.
std::string written(const Value& value) {
  const std::string text = text_of(value, quoted);
  return std::holds_alternative<std::vector<std::string>>(value) ? "[" + text + "]" : text;
}

/// Every setting, by its name.
std::map<std::string, Value> values_of(const ServeSettings& settings) {
  return {
      {"listen", settings.listen},
      {"data", settings.data},
      {"store", settings.store},
      {"web", settings.web},
      {"canvas", settings.canvases},
      {"config", settings.config},
      {"public-url", settings.public_url},
      {"host-name", settings.host_names},
      {"tls-cert", settings.tls_cert},
      {"tls-key", settings.tls_key},
      {"log-level", settings.log_level},
      {"log-addresses", settings.log_addresses},
      {"name", settings.name},
      {"limit", settings.limit},
      {"read-limit", settings.read_limit},
      {"api-read-limit", settings.api_read_limit},
      {"audit-limit", settings.audit_limit},
      {"sign-in-limit", settings.sign_in_limit},
      {"session-ttl", settings.session_ttl},
      {"undo-window", settings.undo_window},
      {"discord-role", settings.discord_roles},
      {"trusted-proxy", settings.trusted_proxies},
      {"max-cells", settings.max_cells},
      {"guests", settings.guests},
      {"metrics", settings.metrics},
      {"public-audit", settings.public_audit},
      {"network-threads", settings.network_threads},
      {"dev-header-auth", settings.dev_header_auth},
      {"exit-with-parent", settings.exit_with_parent},
  };
}

/// Those that a running server takes over.
bool is_live(const std::string& name) {
  static const std::set<std::string> live{"api-read-limit", "audit-limit", "guests", "log-addresses", "log-level", "metrics", "public-audit", "read-limit", "sign-in-limit"};
  return live.contains(name);
}

}  // namespace

std::string nearest_word(const std::string& word, const std::vector<std::string>& known) {
  const std::string wanted = lower_case(word);
  std::string nearest;
  std::size_t least = (word.size() < 6 ? 1 : 2) + 1;
  for (const std::string& each : known) {
    const std::size_t letters = distance(wanted, lower_case(each));
    if (letters < least) {
      least = letters;
      nearest = each;
    }
  }
  return nearest;
}

void add_settings(CLI::App& command, ServeSettings& settings) {
  const auto one = [&](const char* flag, auto& place, const char* about) {
    CLI::Option* option = command.add_option(flag, place, about);
    if (option->get_expected_max() == 1) option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  one("--listen", settings.listen, "address and port; port 0 picks a free one");
  one("--data", settings.data, "directory of the data");
  one("--store", settings.store, "where to keep everything instead, as a URL: sqlite:///…, memory:");
  one("--web", settings.web, "directory of the web client; found beside the program where it is not given");
  one("--canvas", settings.canvases, "NAME:WxH, made where it is missing; may be repeated, the first is the default one");
  one("--config", settings.config, "file of settings (TOML or INI), each by the name of its flag");
  one("--public-url", settings.public_url, "how people reach this server, such as https://canvas.example.org");
  one("--host-name", settings.host_names, "another name this server is reached under; may be repeated");
  one("--tls-cert", settings.tls_cert, "certificate chain, PEM");
  one("--tls-key", settings.tls_key, "its key, PEM");
  one("--log-level", settings.log_level, "debug, info, warn, error or off");
  one("--log-addresses", settings.log_addresses, "network or full: how much of people's addresses the log holds");
  one("--name", settings.name, "what the server calls itself");
  one("--limit", settings.limit,
      "placing, on canvases it creates: PER_SECOND[:BURST[:PER_MINUTE]], or off, which lifts limits per address too");
  one("--read-limit", settings.read_limit, "plain canvas reads a minute and address, or off");
  one("--audit-limit", settings.audit_limit, "plain reads of the audit log a minute and address, or off");
  one("--api-read-limit", settings.api_read_limit, "pictures and tiles a minute and address, or off");
  one("--sign-in-limit", settings.sign_in_limit, "sign-ins by a nickname a minute and address, or off");
  one("--session-ttl", settings.session_ttl, "how long an unused session lasts: 30d, 12h, 90m");
  one("--undo-window", settings.undo_window, "how long one's own placement can be undone: 60s, 5m, at most 1h; or off");
  one("--discord-role", settings.discord_roles, "ROLE_ID=ROLE: what a role of the Discord guild is here (member, moderator, admin); may be repeated");
  one("--trusted-proxy", settings.trusted_proxies, "network (CIDR) whose X-Forwarded-For is believed; may be repeated");
  one("--max-cells", settings.max_cells, "most cells of a canvas it creates");
  one("--guests", settings.guests, "on or off: may anyone sign in with a nickname?");
  one("--metrics", settings.metrics, "loopback or all: who may read /metrics beside admins");
  one("--public-audit", settings.public_audit, "on or off: may everybody read what staff did, without what is private?");
  one("--network-threads", settings.network_threads, "0: as many as the machine has cores, but one");
  command.add_flag("--dev-header-auth", settings.dev_header_auth, "for development: X-User: NAME signs in, from loopback only");
  command.add_flag("--exit-with-parent", settings.exit_with_parent, "end when standard input closes");
}

Status fill_settings(CLI::App& command, ServeSettings& settings) {
  const auto options = options_of(command);
  for (const auto& [name, option] : options)
    if (option->count() > 0) settings.sources[name] = "flag";
  if (const Status done = take_environment(options, settings); !done) return done;
  if (const Status done = take_file(options, settings); !done) return done;
  return choose_store(settings);
}

std::vector<std::string> given_flags(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    for (const std::string& value : option->results()) flags.push_back("--" + option->get_lnames().front() + "=" + value);
  }
  return flags;
}

Result<ServeSettings> read_again(const std::vector<std::string>& flags) {
  CLI::App command;
  ServeSettings settings;
  add_settings(command, settings);
  try {
    command.parse(std::vector<std::string>(flags.rbegin(), flags.rend()));  // it takes them from the back
  } catch (const CLI::Error& error) {
    return Error{error.what()};
  }
  if (const Status filled = fill_settings(command, settings); !filled) return filled.error();
  return settings;
}

std::vector<std::string> need_restart(const ServeSettings& before, const ServeSettings& after) {
  std::vector<std::string> names;
  const auto old_values = values_of(before), new_values = values_of(after);
  for (const auto& [name, value] : new_values)
    if (old_values.at(name) != value && !is_live(name)) names.push_back(name);
  return names;
}

std::string describe_settings(const CLI::App& command, const ServeSettings& settings) {
  const std::map<std::string, Value> values = values_of(settings);
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty()) continue;
    const auto value = values.find(option->get_lnames().front());
    if (value == values.end()) continue;
    const auto source = settings.sources.find(value->first);
    // The config file cannot name itself.
    text += (value->first == config_option ? "# " : "") + value->first + " = " + written(value->second) + "  # " +
            (source == settings.sources.end() ? "default" : source->second) + "\n";
  }
  return text;
}

std::vector<ShownSetting> shown_settings(const ServeSettings& settings) {
  std::vector<ShownSetting> shown;
  for (const auto& [name, value] : values_of(settings)) {
    const auto source = settings.sources.find(name);
    const std::string from = source == settings.sources.end()                ? "default"
                             : source->second == "flag"                      ? "flag"
                             : source->second.starts_with("environment ") ? "environment"
                                                                             : "file";
    shown.push_back({name, plain(value), from});
  }
  return shown;
}

std::vector<ShownSetting> in_force(std::vector<ShownSetting> before, const std::vector<ShownSetting>& after) {
  for (ShownSetting& each : before)
    for (const ShownSetting& fresh : after)
      if (fresh.name == each.name && is_live(each.name)) each = fresh;
  return before;
}

std::string hidden_secret(bool is_set) { return is_set ? "set (hidden)" : "not set"; }

std::vector<ShownVariable> shown_variables() {
  std::vector<ShownVariable> shown;
  for (const char* name : secret_variables) {
    const std::string file = in_environment(std::string(name) + "_FILE");
    const bool is_set = !in_environment(name).empty();
    shown.push_back({name, hidden_secret(is_set || !file.empty()), is_set ? name : file.empty() ? "" : std::string(name) + "_FILE, " + file});
  }
  for (const char* name : plain_variables) {
    const std::string value = in_environment(name);
    shown.push_back({name, value.empty() ? "not set" : value, value.empty() ? "" : name});
  }
  return shown;
}

std::vector<SecretFile> secret_files() {
  std::vector<SecretFile> files;
  for (const std::string name : secret_variables) {
    const std::string path = in_environment(name + "_FILE");
    if (in_environment(name).empty() && !path.empty()) files.push_back({name + "_FILE", path});
  }
  return files;
}

Result<std::optional<std::string>> read_secret(const std::string& name) {
  if (std::string value = in_environment(name); !value.empty()) return std::optional(std::move(value));
  const std::string file_variable = name + "_FILE";
  const std::string path = in_environment(file_variable);
  if (path.empty()) return std::optional<std::string>{};
  std::ifstream file(path);
  std::string secret;
  if (!file || !std::getline(file, secret) || secret.empty())
    return Error{file_variable + " names a file that cannot be read or is empty: " + path};
  while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
  return std::optional(std::move(secret));
}

}  // namespace tessera
