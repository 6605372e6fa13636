#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/core/http.h"
#include "shared/base/result.h"

namespace tessera {

/// A request target (RFC 9112, section 3.2) taken apart.
struct HttpTarget {
  std::string path;               ///< percent-decoded, begins with '/'
  std::vector<NamedValue> query;  ///< percent-decoded
};

/// Origin form or absolute form. Refused, with the reason: anything that does not begin with '/' once scheme and authority
/// are gone; `.` and `..` segments, backslashes, control characters and slashes that were percent-encoded, wrong
/// percent-encoding, what is not UTF-8, a fragment.
Result<HttpTarget> parse_http_target(std::string_view target);

/// The pairs of a `Cookie` header (RFC 6265, section 4.2.1), quotes around a value dropped.
void parse_cookies(std::string_view header, std::vector<NamedValue>& out);

}  // namespace tessera
