#include "server/auth/address_hasher.h"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "server/auth/forwarding.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr unsigned mapped_bits = 96;  // of ::ffff:0:0/96, before an IPv4 address
constexpr std::array<std::uint8_t, mapped_bits / 8> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_v4(const AddressBits& bits) { return std::equal(mapped.begin(), mapped.end(), bits.begin()); }

AddressPrefix hashed(const AddressHasher::Key& key, PrefixKind kind, AddressBits bits) {
  const unsigned kept = bits_of(kind) + (is_v4(bits) ? mapped_bits : 0);
  for (unsigned bit = kept; bit < bits.size() * 8; ++bit) bits[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> bit % 8));
  std::array<std::uint8_t, 17> message{};
  message[0] = static_cast<std::uint8_t>(kind);
  std::copy(bits.begin(), bits.end(), message.begin() + 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), digest.data(), nullptr);
  AddressPrefix prefix{.kind = kind};
  for (std::size_t i = 0; i < sizeof prefix.hash; ++i) prefix.hash = prefix.hash << 8 | digest[i];
  return prefix;
}

std::vector<PrefixKind> kinds_of(const AddressBits& bits) {
  using enum PrefixKind;
  if (is_v4(bits)) return {V4Address, V4Network};
  return {V6Address, V6Subnet, V6Site};
}

}  // namespace

std::vector<AddressPrefix> AddressHasher::prefixes(std::string_view address) const {
  const auto bits = read_address(address);
  std::vector<AddressPrefix> all;
  if (!bits) return all;
  for (const PrefixKind kind : kinds_of(*bits)) all.push_back(hashed(key_, kind, *bits));
  return all;
}

Result<AddressPrefix> AddressHasher::find(std::string_view typed) const {
  if (const auto known = parse_prefix_id(typed)) return *known;
  const std::size_t slash = typed.find('/');
  const auto bits = read_address(typed.substr(0, slash));
  if (!bits) return Error{"must be an address such as 192.0.2.7, a network such as 192.0.2.0/24, or one as an account's profile names it"};
  const auto kinds = kinds_of(*bits);
  if (slash == std::string_view::npos) return hashed(key_, kinds.front(), *bits);
  const auto length = parse_number(typed.substr(slash + 1), 128);
  for (const PrefixKind kind : kinds)
    if (length && *length == bits_of(kind)) return hashed(key_, kind, *bits);
  return Error{"names a network of a size that is not kept: an IPv4 one has 24 or 32 bits, an IPv6 one 48, 64 or 128"};
}

}  // namespace tessera
