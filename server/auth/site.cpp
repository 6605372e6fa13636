#include "server/auth/site.h"

#include <algorithm>

#include <arpa/inet.h>

#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t longest_host = 255;

std::uint16_t usual_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= longest_host && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

bool ends_with_label(std::string_view host, std::string_view label) {
  return host.size() > label.size() && host.ends_with(label);
}

}  // namespace

std::string Origin::text() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return scheme + "://" + shown + (port == usual_port(scheme) ? "" : ":" + std::to_string(port));
}

std::optional<Origin> parse_host(std::string_view text, std::string_view scheme) {
  Origin origin{.scheme = lower_case(scheme), .host = {}, .port = usual_port(scheme)};
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    origin.host = lower_case(text.substr(1, end - 1));
    if (!is_ipv6(origin.host)) return std::nullopt;
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    origin.host = lower_case(text.substr(0, colon));
    if (!is_host_name(origin.host)) return std::nullopt;
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (rest.empty()) return origin;
  const auto port = rest.starts_with(':') ? parse_number(rest.substr(1), 65'535) : std::nullopt;
  if (!port || *port == 0) return std::nullopt;
  origin.port = static_cast<std::uint16_t>(*port);
  return origin;
}

std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_case(text.substr(0, end));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  std::string_view host = text.substr(end + 3);
  if (host.ends_with('/')) host.remove_suffix(1);
  return parse_host(host, scheme);
}

bool is_address(std::string_view host) {
  in_addr address{};
  const std::string text(host);
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || is_ipv6(text);
}

Site::Site(std::optional<Origin> public_url, std::vector<std::string> names, std::vector<Network> proxies)
    : public_url_(std::move(public_url)), proxies_(std::move(proxies)) {
  for (const std::string& name : names) names_.push_back(lower_case(name));
  names_.emplace_back("localhost");
  if (public_url_) names_.push_back(public_url_->host);
}

bool Site::knows_host(std::string_view host_header) const {
  const auto host = parse_host(host_header, "http");
  if (!host) return false;
  return is_address(host->host) || ends_with_label(host->host, ".localhost") || ends_with_label(host->host, ".local") ||
         std::find(names_.begin(), names_.end(), host->host) != names_.end();
}

bool Site::is_own_origin(std::string_view origin, std::string_view host_header, std::string_view scheme) const {
  const auto from = parse_origin(origin);
  if (!from) return false;
  if (public_url_ && *from == *public_url_) return true;
  return knows_host(host_header) && parse_host(host_header, scheme) == from;
}

bool Site::is_public_https(std::string_view host_header) const {
  return public_url_ && public_url_->scheme == "https" && parse_host(host_header, "https") == public_url_;
}

void see_client(HttpRequest& request, const Site& site) {
  apply_forwarding(request, site.proxies());
  const std::string* host = request.header("host");
  if (host && site.is_public_https(*host)) request.is_secure = true;
}

}  // namespace tessera
