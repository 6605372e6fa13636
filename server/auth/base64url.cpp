#include "server/auth/base64url.h"

#include <algorithm>
#include <string_view>

namespace tessera {

std::string base64url(ByteSpan bytes) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t held = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t part = 0; part < 3; ++part) group = group << 8 | (part < held ? bytes[i + part] : 0u);
    for (std::size_t digit = 0; digit <= held; ++digit) text += digits[group >> (18 - 6 * digit) & 63];
  }
  return text;
}

}  // namespace tessera
