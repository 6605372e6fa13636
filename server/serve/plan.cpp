#include "server/serve/plan.h"

#include <filesystem>

#include <ifaddrs.h>
#include <netdb.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/serve/discord_setup.h"
#include "server/serve/log.h"
#include "server/storage/open_store.h"

namespace tessera {
namespace {

constexpr std::size_t shortest_owner_token = 16;

/// Takes a parsed value, or makes the error name its setting.
template <typename T>
bool take(Result<T> parsed, const char* setting, T& place, std::string& error) {
  if (parsed) place = std::move(*parsed);
  else if (error.empty()) error = std::string("--") + setting + ": " + parsed.error().message;
  return parsed.ok();
}

/// The web client, where it lies beside the program or where a package puts it.
std::string find_web() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return {};
  const auto folder = program.parent_path();
  for (const auto& place : {folder / "web", folder.parent_path() / "web", folder.parent_path() / "share/tessera/web"})
    if (std::filesystem::exists(place / "index.html", failed)) return place;
  return {};
}

std::string machine_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? std::string(name) : std::string{};
}

/// An address of this machine that others on its network reach; 127.0.0.1 where there is none.
std::string network_address() {
  std::string found = "127.0.0.1";
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return found;
  for (const ifaddrs* each = all; each; each = each->ifa_next) {
    const bool fits = each->ifa_addr && each->ifa_addr->sa_family == AF_INET && (each->ifa_flags & IFF_UP) &&
                      !(each->ifa_flags & IFF_LOOPBACK);
    char text[NI_MAXHOST];
    if (fits && getnameinfo(each->ifa_addr, sizeof(sockaddr_in), text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0) {
      found = text;
      break;
    }
  }
  freeifaddrs(all);
  return found;
}

std::string check_addresses(const ServeSettings& settings, Plan& plan) {
  if (!settings.public_url.empty()) {
    plan.public_url = parse_origin(settings.public_url);
    if (!plan.public_url) return "--public-url: '" + settings.public_url + "' is not http://HOST[:PORT] or https://HOST[:PORT]";
  }
  for (const std::string& text : settings.trusted_proxies) {
    const auto network = Network::parse(text);
    if (!network) return "--trusted-proxy: '" + text + "' is not a network such as 10.0.0.0/8";
    plan.proxies.push_back(*network);
  }
  if (settings.tls_cert.empty() != settings.tls_key.empty()) return "--tls-cert and --tls-key go together: one is missing";
  return {};
}

std::string check_owner(Plan& plan) {
  auto token = read_secret("TESSERA_OWNER_TOKEN");
  if (!token) return token.error().message;
  plan.owner_token = std::move(*token);
  if (plan.owner_token && plan.owner_token->size() < shortest_owner_token)
    return "TESSERA_OWNER_TOKEN is too short to be safe: at least " + std::to_string(shortest_owner_token) +
           " characters; `openssl rand -hex 32` makes a good one";
  if (plan.owner_token && plan.owner_token->size() > limits::token_bytes)
    return "TESSERA_OWNER_TOKEN is longer than " + std::to_string(limits::token_bytes) + " characters";
  return {};
}

std::string check_discord(const ServeSettings& settings, Plan& plan) {
  auto discord = read_discord(settings.discord_roles);
  if (!discord) return discord.error().message;
  plan.discord = std::move(*discord);
  return {};
}

/// Whoever else works on this machine may read or change it. Its group may be one that was made for it.
bool is_open_to_others(const std::string& path) {
  using std::filesystem::perms;
  std::error_code failed;
  const auto rights = std::filesystem::status(path, failed).permissions();
  return !failed && rights != perms::unknown && (rights & (perms::others_read | perms::others_write)) != perms::none;
}

/// Where the value came from that an error names by its flag; nothing where that was the flag itself.
std::string origin(const std::string& error, const ServeSettings& settings) {
  if (!error.starts_with("--")) return {};
  const auto source = settings.sources.find(error.substr(2, error.find_first_of(": ") - 2));
  return source == settings.sources.end() || source->second == "flag" ? std::string() : " (" + source->second + ")";
}

}  // namespace

Result<Plan> make_plan(const ServeSettings& settings) {
  Plan plan;
  std::string error;
  LimitSetting limit;
  take(parse_listen(settings.listen), "listen", plan.listen, error);
  take(parse_limit(settings.limit), "limit", limit, error);
  take(parse_per_minute(settings.read_limit), "read-limit", plan.plain_reads, error);
  take(parse_per_minute(settings.audit_limit), "audit-limit", plan.audit_reads, error);
  take(parse_per_minute(settings.api_read_limit), "api-read-limit", plan.wide_reads, error);
  take(parse_per_minute(settings.sign_in_limit), "sign-in-limit", plan.sign_ins, error);
  take(parse_duration(settings.session_ttl), "session-ttl", plan.session_time, error);
  take(parse_undo_window(settings.undo_window), "undo-window", plan.undo_window, error);
  take(parse_count(settings.max_cells), "max-cells", plan.opening.max_cells, error);
  take(parse_switch(settings.guests), "guests", plan.guests, error);
  for (const std::string& text : settings.canvases) {
    NamedCanvas canvas;
    if (take(parse_named_canvas(text), "canvas", canvas, error)) plan.opening.named.push_back(std::move(canvas));
  }
  if (settings.metrics != "loopback" && settings.metrics != "all")
    error = "--metrics: '" + settings.metrics + "' is neither loopback nor all";
  plan.metrics_for_all = settings.metrics == "all";
  take(parse_switch(settings.public_audit), "public-audit", plan.public_audit, error);
  if (settings.log_addresses != "network" && settings.log_addresses != "full")
    error = "--log-addresses: '" + settings.log_addresses + "' is neither network nor full";
  plan.full_addresses = settings.log_addresses == "full";
  if (error.empty()) error = check_addresses(settings, plan);
  if (error.empty()) error = check_owner(plan);
  if (error.empty()) error = check_discord(settings, plan);
  if (const auto log = Log::open(settings.log_level); !log && error.empty()) error = log.error().message;
  if (!error.empty()) return Error{error + origin(error, settings)};

  plan.opening.limits = limit.placing;
  plan.limits_off = limit.off;
  if (limit.off) plan.plain_reads = plan.audit_reads = plan.wide_reads = plan.sign_ins = std::nullopt;
  plan.store_url = settings.store.empty() ? data_directory_url(settings.data) : settings.store;
  plan.web = settings.web.empty() ? find_web() : settings.web;
  plan.host_names = settings.host_names;
  plan.host_names.push_back(machine_name());
  plan.tls_cert = settings.tls_cert;
  plan.tls_key = settings.tls_key;
  plan.secret_files = secret_files();
  if (plan.is_secure()) plan.secret_files.push_back({"--tls-key", plan.tls_key});
  plan.name = settings.name;
  plan.network_threads = settings.network_threads;
  plan.dev_header_auth = settings.dev_header_auth;
  plan.exit_with_parent = settings.exit_with_parent;
  plan.shown = shown_settings(settings);
  for (const ShownVariable& each : shown_variables()) plan.shown.push_back({each.name, each.value, each.source.empty() ? "default" : "environment"});
  return plan;
}

std::vector<std::string> warnings(const Plan& plan) {
  std::vector<std::string> out;
  const bool is_safe = plan.is_secure() || (plan.public_url && plan.public_url->scheme == "https");
  if (!plan.listen.is_loopback() && !is_safe)
    out.emplace_back(
        "listening beyond this machine without TLS: names, tokens and cookies can be read on the way; "
        "give --tls-cert and --tls-key, or --public-url https://… behind a proxy");
  if (plan.dev_header_auth)
    out.emplace_back("--dev-header-auth lets every program on this machine sign in as anybody; never use it where others work");
  if (plan.limits_off) out.emplace_back("--limit off: nothing holds back who draws or reads too fast");
  if (plan.discord && is_plain_http(*plan.discord))
    out.emplace_back("TESSERA_DISCORD_API is neither https nor on this machine: the client's secret can be read on the way");
  if (plan.discord && plan.public_url && plan.public_url->scheme != "https")
    out.emplace_back("Discord is offered only over https and on this machine itself, so not at " + plan.public_url->text());
  for (const SecretFile& file : plan.secret_files)
    if (is_open_to_others(file.path))
      out.push_back(file.setting + " names a file that is open to everybody on this machine: chmod 600 " + file.path);
  if (plan.web.empty()) out.emplace_back("no web client was found, so that no browser can join: build it, or give --web DIR");
  return out;
}

std::string link(const Plan& plan, std::uint16_t port) {
  if (plan.public_url) return plan.public_url->text();
  const std::string host = plan.listen.is_any() ? network_address() : plan.listen.address;
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return (plan.is_secure() ? "https://" : "http://") + shown + ":" + std::to_string(port);
}

}  // namespace tessera
