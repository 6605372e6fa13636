#pragma once

#include <string>
#include <string_view>

#include "server/core/records.h"
#include "shared/base/random.h"

/// Session tokens: 256 random bits, told once to their owner; the server keeps only their SHA-256.
namespace tessera {

/// 43 characters of base64url (RFC 4648, section 5, unpadded) over 256 bits of `random`.
std::string make_token(RandomSource& random);

/// SHA-256 of the token's characters as they stand, whatever they are.
TokenHash hash_token(std::string_view token);

/// Takes the same time wherever the two differ.
bool same_hash(const TokenHash& one, const TokenHash& other);

}  // namespace tessera
