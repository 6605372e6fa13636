#include "server/core/address_prefix.h"

#include "shared/base/bytes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::array<std::string_view, prefix_kind_count> kind_words{"v4-32", "v4-24", "v6-128", "v6-64", "v6-48"};
constexpr std::size_t hash_digits = 16;

}  // namespace

std::string prefix_id(const AddressPrefix& prefix) {
  std::string id(kind_words[static_cast<std::size_t>(prefix.kind)]);
  id += '/';
  id += to_hex(prefix.hash);
  return id;
}

std::optional<AddressPrefix> parse_prefix_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || text.size() - slash - 1 != hash_digits) return std::nullopt;
  const auto bytes = from_hex(text.substr(slash + 1));
  if (!bytes) return std::nullopt;
  for (std::uint8_t kind = 0; kind < prefix_kind_count; ++kind) {
    if (kind_words[kind] != text.substr(0, slash)) continue;
    AddressPrefix prefix{.kind = static_cast<PrefixKind>(kind)};
    for (const std::uint8_t byte : *bytes) prefix.hash = prefix.hash << 8 | byte;
    return prefix;
  }
  return std::nullopt;
}

}  // namespace tessera
