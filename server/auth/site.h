#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/auth/forwarding.h"

namespace tessera {

/// Scheme, host and port of an `Origin` header or a URL, in lower case, the port always there.
struct Origin {
  std::string scheme;
  std::string host;  ///< an IPv6 address without its brackets
  std::uint16_t port = 0;
  bool operator==(const Origin&) const = default;
  /// `http://127.0.0.1:7878`; the scheme's usual port is left out.
  std::string text() const;
};

/// `http://host[:port]` or `https://…`, with or without a final slash, and nothing after it. Nothing for anything else, `null` included.
std::optional<Origin> parse_origin(std::string_view text);

/// `name[:port]`, `1.2.3.4[:port]`, `[::1][:port]` as in a `Host` header; the port defaults to the scheme's.
std::optional<Origin> parse_host(std::string_view text, std::string_view scheme);

/// Whether `host` is written as an IPv4 or IPv6 address.
bool is_address(std::string_view host);

/// Under which names this server answers, and what it takes for itself: the guard against other people's pages (cross-site
/// requests) and against names that are pointed at a private server from outside (DNS rebinding). Immutable: any thread.
class Site {
 public:
  /// `public_url`: as in `--public-url`; the only origin besides the one a request came to. `names`: more host names that are ours.
  /// `proxies`: whose word about where a request came from is taken.
  Site(std::optional<Origin> public_url, std::vector<std::string> names, std::vector<Network> proxies = {});

  const std::vector<Network>& proxies() const { return proxies_; }

  /// May a request carry this `Host`? Addresses, `localhost`, `*.localhost`, `*.local`, this machine's name, the public URL's host.
  bool knows_host(std::string_view host_header) const;

  /// Does `origin` (the header) name this server, as reached under `host_header` over `scheme`?
  bool is_own_origin(std::string_view origin, std::string_view host_header, std::string_view scheme) const;

  /// Did a request with this `Host` come for a public URL of https? Whoever gave one says with it how people come, whichever way a
  /// proxy hands their requests on.
  bool is_public_https(std::string_view host_header) const;

  /// Where people reach this server: the public URL, else as the request came.
  const std::optional<Origin>& public_url() const { return public_url_; }

 private:
  std::optional<Origin> public_url_;
  std::vector<std::string> names_;
  std::vector<Network> proxies_;
};

/// Makes a request look as its client sent it: by the word of trusted proxies, and over https where the public URL says so.
void see_client(HttpRequest& request, const Site& site);

}  // namespace tessera
