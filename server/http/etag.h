#pragma once

#include <string>
#include <string_view>

#include "server/core/http.h"

namespace tessera {

/// Whether `If-None-Match` (RFC 9110, section 13.1.2) names `tag`, which has its quotes; weak comparison, `*` names any.
bool names_tag(std::string_view if_none_match, std::string_view tag);

/// `response` with this tag; or the 304 in its place, where the caller already has what it would bring.
HttpResponse with_tag(const HttpRequest& request, HttpResponse response, const std::string& tag);

}  // namespace tessera
