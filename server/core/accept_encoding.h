#pragma once

#include <string_view>

namespace tessera {

/// Does an `Accept-Encoding` (RFC 9110, section 12.5.3) take this coding?
bool accepts_encoding(std::string_view header, std::string_view coding);

}  // namespace tessera
