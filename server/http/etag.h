#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/http.h"
#include "shared/base/result.h"

namespace tessera {

/// Whether `If-None-Match` (RFC 9110, section 13.1.2) names `tag`, which has its quotes, `W/"5"` too; weak comparison, `*` names any.
bool names_tag(std::string_view if_none_match, std::string_view tag);

/// `response` with this tag; or the 304 in its place, where the caller already has what it would bring.
HttpResponse with_tag(const HttpRequest& request, HttpResponse response, const std::string& tag);

/// What an `If-Match` names (RFC 9110, section 13.1.1; strong comparison).
struct IfMatch {
  bool any = false;                     ///< `*`
  std::vector<std::uint32_t> versions;  ///< of tags such as `"5"`; others match nothing

  /// The version that the thing must have, given the one it has now: nothing where any will do, 0 where none can be right.
  std::optional<std::uint32_t> expected(std::uint32_t current) const;
};

/// The precondition of a change, or 428 where there is none and 400 where it cannot be read.
Result<IfMatch, HttpResponse> read_if_match(const HttpRequest& request);

/// `"5"`.
std::string version_tag(std::uint32_t version);
/// An answer that shows a thing which has this version, for the `If-Match` of its next change.
HttpResponse with_version(HttpResponse response, std::uint32_t version);

}  // namespace tessera
