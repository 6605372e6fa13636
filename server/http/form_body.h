#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "server/core/http.h"
#include "shared/base/result.h"

namespace tessera {

/// Whether the body says that it is `application/x-www-form-urlencoded`.
bool is_form(const HttpRequest& request);

/// A form as a JSON object of texts, so that handlers read one shape. Refused: what is not UTF-8, a `%` without its digits, a name
/// that stands twice (RFC 6749, 3.2).
Result<nlohmann::json> parse_form_body(std::string_view text);

}  // namespace tessera
