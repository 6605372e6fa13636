#include "server/core/accept_encoding.h"

#include <cstdlib>
#include <string>

#include "shared/base/ascii.h"

namespace tessera {

bool accepts_encoding(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const std::string_view item = next_item(header);
    const std::size_t semicolon = item.find(';');
    if (trimmed(item.substr(0, semicolon)) != coding) continue;
    if (semicolon == std::string_view::npos) return true;
    const std::string_view quality = trimmed(item.substr(semicolon + 1));
    if (!quality.starts_with("q=")) return true;
    return std::strtod(std::string(quality.substr(2)).c_str(), nullptr) > 0;
  }
  return false;
}

}  // namespace tessera
