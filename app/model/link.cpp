#include "app/model/link.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/base/ascii.h"
#include "shared/base/geometry.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

constexpr std::size_t longest_link = 2'048;
constexpr std::size_t longest_template_id = 64;
constexpr std::size_t longest_secret = 128;
constexpr double smallest_zoom = 0.001, largest_zoom = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_unreserved(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~'; }

/// Nothing where the bytes are no UTF-8 that can be shown either.
std::optional<std::string> percent_decoded(std::string_view text) {
  auto out = percent_decode(text);
  if (!out) return std::nullopt;
  const bool control =
      std::any_of(out->begin(), out->end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
  if (control || !is_utf8(*out)) return std::nullopt;
  return out;
}

/// `12`, `0.5`; no sign, no exponent: what format_link writes, whatever the locale.
std::optional<double> parse_decimal(std::string_view text, double least, double most) {
  if (text.empty() || text.size() > 16 || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  double value = 0, place = 0;
  for (const char c : text) {
    if (c == '.' && place == 0) {
      place = 1;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
    place *= 10;
  }
  if (place > 0) value /= place;
  if (value < least || value > most) return std::nullopt;
  return value;
}

std::string format_decimal_plain(double value) {
  const auto hundredths = static_cast<std::uint64_t>(std::llround(value * 100));
  std::string out = std::to_string(hundredths / 100);
  if (hundredths % 100 == 0) return out;
  const std::string part = std::to_string(100 + hundredths % 100).substr(1);
  return out + "." + (part[1] == '0' ? part.substr(0, 1) : part);
}

bool is_private(std::string_view host) {
  if (host.front() == '[') return true;
  if (host.find('.') == std::string_view::npos) return true;
  for (const std::string_view end : {".local", ".lan", ".home", ".internal", ".localhost"}) {
    if (host.size() > end.size() && host.substr(host.size() - end.size()) == end) return true;
  }
  const bool numbers = std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (!numbers) return false;
  for (const std::string_view start : {"127.", "10.", "192.168.", "169.254."}) {
    if (host.substr(0, start.size()) == start) return true;
  }
  if (host.substr(0, 4) != "172.") return false;
  const auto second = parse_number(host.substr(4, host.find('.', 4) - 4), 255);
  return second && *second >= 16 && *second <= 31;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  if (host.front() == '[') {
    if (host.size() < 4 || host.back() != ']') return false;
    const std::string_view inside = host.substr(1, host.size() - 2);
    return std::all_of(inside.begin(), inside.end(),
                       [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; });
  }
  if (host.front() == '.' || host.front() == '-' || host.back() == '-') return false;
  if (host.find("..") != std::string_view::npos) return false;
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
}

bool is_path(std::string_view path) {
  if (path.find("/../") != std::string_view::npos || path.find("//") != std::string_view::npos) return false;
  if (path.size() >= 3 && path.substr(path.size() - 3) == "/..") return false;
  return std::all_of(path.begin(), path.end(), [](char c) { return is_unreserved(c) || c == '/'; });
}

struct Authority {
  std::string host;
  std::string port;  // empty: the scheme's own
};

Result<Authority, Text> parse_authority(std::string_view text) {
  if (text.find('@') != std::string_view::npos) return Text::LinkUser;
  const std::string all = lower_case(text);
  const std::size_t bracket = all.find(']');
  const std::size_t colon = all.find(':', bracket == std::string::npos ? 0 : bracket);
  Authority authority{all.substr(0, colon), colon == std::string::npos ? "" : all.substr(colon + 1)};
  if (!is_host(authority.host)) return Text::LinkHost;
  if (colon == std::string::npos) return authority;
  const auto port = parse_number(authority.port, 65'535);
  if (!port || *port == 0) return Text::LinkPort;
  authority.port = std::to_string(*port);
  return authority;
}

Result<std::string, Text> parse_server(std::string_view text) {
  std::string scheme;
  if (const std::size_t at = text.find("://"); at != std::string_view::npos) {
    scheme = lower_case(text.substr(0, at));
    text.remove_prefix(at + 3);
    if (scheme == "ws") scheme = "http";
    if (scheme == "wss") scheme = "https";
    if (scheme != "http" && scheme != "https") return Text::LinkScheme;
  }
  text = text.substr(0, text.find('?'));
  const std::size_t slash = text.find('/');
  const auto authority = parse_authority(text.substr(0, slash));
  if (!authority) return authority.error();
  if (scheme.empty()) scheme = is_private(authority->host) ? "http" : "https";

  std::string path(slash == std::string_view::npos ? std::string_view{} : text.substr(slash));
  constexpr std::string_view page = "/index.html";
  if (path.size() >= page.size() && path.compare(path.size() - page.size(), page.size(), page) == 0) {
    path.resize(path.size() - page.size());
  }
  while (!path.empty() && path.back() == '/') path.pop_back();
  if (!is_path(path)) return Text::LinkPath;

  const bool usual = authority->port.empty() || authority->port == (scheme == "http" ? "80" : "443");
  return scheme + "://" + authority->host + (usual ? "" : ":" + authority->port) + path;
}

void read_part(std::string_view key, std::string_view value, Link& link) {
  if (key == "x") link.x = parse_decimal(value, 0, max_canvas_side - 1);
  if (key == "y") link.y = parse_decimal(value, 0, max_canvas_side - 1);
  if (key == "zoom") link.zoom = parse_decimal(value, smallest_zoom, largest_zoom);
  const auto decoded = percent_decoded(value);
  if (!decoded) return;
  if (key == "canvas" && decoded->size() <= limits::canvas_name_bytes) link.canvas = *decoded;
  if (!std::all_of(decoded->begin(), decoded->end(), is_unreserved)) return;
  if (key == "template" && decoded->size() <= longest_template_id) link.template_id = *decoded;
  if (key == "owner" && decoded->size() <= longest_secret) link.owner = *decoded;
  if (key == "invite" && decoded->size() <= longest_secret) link.invite = *decoded;
}

}  // namespace

Link parse_fragment(std::string_view fragment) {
  Link link;
  if (fragment.size() > longest_link) return link;
  if (!fragment.empty() && fragment.front() == '#') fragment.remove_prefix(1);
  while (!fragment.empty()) {
    const std::size_t end = fragment.find('&');
    const std::string_view part = fragment.substr(0, end);
    fragment = end == std::string_view::npos ? std::string_view{} : fragment.substr(end + 1);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos) read_part(part.substr(0, equals), part.substr(equals + 1), link);
  }
  return link;
}

Result<Link, Text> parse_link(std::string_view text) {
  text = trimmed(text, " \t\n\r");
  if (text.empty()) return Text::LinkEmpty;
  if (text.size() > longest_link) return Text::LinkTooLong;
  const std::size_t hash = text.find('#');
  auto server = parse_server(text.substr(0, hash));
  if (!server) return server.error();
  Link link = hash == std::string_view::npos ? Link{} : parse_fragment(text.substr(hash));
  link.server = std::move(*server);
  return link;
}

std::string format_fragment(const Link& link) {
  std::string out;
  const auto add = [&out](std::string_view key, const std::string& value) {
    out += out.empty() ? '#' : '&';
    out.append(key).append("=").append(value);
  };
  if (!link.canvas.empty()) add("canvas", percent_encode(link.canvas));
  if (link.x) add("x", format_decimal_plain(*link.x));
  if (link.y) add("y", format_decimal_plain(*link.y));
  if (link.zoom) add("zoom", format_decimal_plain(std::max(*link.zoom, 0.01)));
  if (!link.template_id.empty()) add("template", percent_encode(link.template_id));
  return out;
}

std::string format_secret_link(const Link& link) {
  std::string fragment;
  if (!link.owner.empty()) fragment += "&owner=" + percent_encode(link.owner);
  if (!link.invite.empty()) fragment += "&invite=" + percent_encode(link.invite);
  return fragment.empty() ? std::string() : link.server + "/#" + fragment.substr(1);
}

std::string format_link(const Link& link) { return link.server + "/" + format_fragment(link); }

std::string server_label(std::string_view server) {
  const std::size_t at = server.find("://");
  return std::string(at == std::string_view::npos ? server : server.substr(at + 3));
}

}  // namespace tessera
