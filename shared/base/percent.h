#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tessera {

/// Each `%` and its two hexadecimal digits as the byte they name (RFC 3986, 2.1), whichever byte that is: what may be in it is the
/// caller's to say. Nothing where a `%` is not followed by two digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace tessera
