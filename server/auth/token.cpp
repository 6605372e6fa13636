#include "server/auth/token.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace tessera {

std::string make_token(RandomSource& random) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 33> bytes{};  // 32 random ones and a zero to fill the last group of three
  random.fill(std::span(bytes).first(32));
  std::string token;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
    for (int shift = 18; shift >= 0; shift -= 6) token += digits[group >> shift & 63];
  }
  token.pop_back();
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return token;
}

TokenHash hash_token(std::string_view token) {
  TokenHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

bool same_hash(const TokenHash& one, const TokenHash& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace tessera
