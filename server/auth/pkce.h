#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// RFC 7636, method S256: what the authorization request says of a verifier, which only the token request then shows. A token of
/// `make_token` is a verifier.
std::string pkce_challenge(std::string_view verifier);

}  // namespace tessera
