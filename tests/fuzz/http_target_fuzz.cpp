#include <cstdlib>

#include "server/auth/forwarding.h"
#include "server/auth/site.h"
#include "server/http/router.h"
#include "server/net/http_target.h"
#include "shared/base/text.h"

namespace {

using namespace tessera;

const Router& router() {
  static const Router routes = [] {
    Router made;
    made.add({.pattern = "/c/{canvas}/{x}",
              .path = {canvas_parameter(), number_in_path("x", 300, "")},
              .query = {{.name = "at", .kind = ParameterKind::Instant},
                        {.name = "region", .kind = ParameterKind::Region},
                        {.name = "epoch", .kind = ParameterKind::Epoch},
                        {.name = "q", .kind = ParameterKind::Text, .max = 8}}});
    return made;
  }();
  return routes;
}

void check_route(const HttpTarget& target) {
  HttpRequest request;
  request.method = "GET";
  request.path = target.path;
  request.query = target.query;
  Call call(std::move(request), nullptr);
  const auto route = router().match(call);
  if (!route && route.error().status != 400 && route.error().status != 404) std::abort();
  if (!route) return;
  if (call.number("x") > 300) std::abort();
  const Rect* region = call.find<Rect>("region");
  if (region && region->empty()) std::abort();
}

}  // namespace

// What a request line and its headers may say: a refusal, or a path without tricks and parameters within their ranges.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto target = parse_http_target(text)) {
    const std::string path = target->path + "/";
    if (!path.starts_with('/') || !is_utf8(path) || path.find("/../") != std::string::npos || path.find("/./") != std::string::npos ||
        path.find('\\') != std::string::npos || path.find('\0') != std::string::npos)
      std::abort();
    check_route(*target);
  }
  std::vector<NamedValue> cookies;
  parse_cookies(text, cookies);
  const auto origin = parse_origin(text);
  if (origin && parse_origin(origin->text()) != origin) std::abort();
  static const Site site(std::nullopt, {});
  if (site.knows_host(text) && !parse_host(text, "http")) std::abort();
  if (const auto network = Network::parse(text); network && text.find('/') == std::string_view::npos && !network->contains(text)) std::abort();
  return 0;
}
