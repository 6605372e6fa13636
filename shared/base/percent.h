#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera {

/// Each `%` and its two hexadecimal digits as the byte they name (RFC 3986, 2.1), whichever byte that is: what may be in it is the
/// caller's to say. Nothing where a `%` is not followed by two digits.
std::optional<std::string> percent_decode(std::string_view text);

/// `text` as one value in an address or a form: every byte but letters, digits, `-`, `.`, `_` and `~` becomes `%` and two digits.
std::string percent_encode(std::string_view text);

/// The names and values of a query or of an `application/x-www-form-urlencoded` body, in their order; a plus is a blank. Which
/// bytes may be in them is the caller's to say. Nothing where a `%` is not followed by two digits.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text);

}  // namespace tessera
