#include "server/core/accept_encoding.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace tessera {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool accepts_encoding(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const std::string_view item = header.substr(0, header.find(','));
    header.remove_prefix(std::min(item.size() + 1, header.size()));
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
