#include "app/net/address.h"

#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::string_view plain_scheme = "http://";
constexpr std::string_view tls_scheme = "https://";

}  // namespace

std::optional<Address> parse_address(std::string_view server) {
  Address address;
  address.tls = server.starts_with(tls_scheme);
  if (!address.tls && !server.starts_with(plain_scheme)) return std::nullopt;
  server.remove_prefix(address.tls ? tls_scheme.size() : plain_scheme.size());

  const std::size_t slash = std::min(server.find('/'), server.size());
  const std::string_view authority = server.substr(0, slash);
  std::string_view path = server.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);

  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return std::nullopt;
  const std::string_view host = bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
  std::string_view port = authority.substr(bracketed ? host_end + 1 : host_end);
  if (host.empty() || (!port.empty() && !port.starts_with(':'))) return std::nullopt;
  if (!port.empty()) {
    port.remove_prefix(1);
    if (parse_number(port, 65'535).value_or(0) == 0) return std::nullopt;
  }
  address.host = host;
  address.port = port.empty() ? (address.tls ? "443" : "80") : std::string(port);
  address.authority = authority;
  address.path = path;
  return address;
}

std::string websocket_url(std::string_view server) {
  while (server.ends_with('/')) server.remove_suffix(1);
  // http → ws, https → wss.
  return "ws" + std::string(server.substr(std::min<std::size_t>(server.size(), 4))) + "/ws";
}

}  // namespace tessera
