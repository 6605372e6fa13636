#include "server/auth/pkce.h"

#include "server/auth/base64url.h"
#include "server/auth/token.h"

namespace tessera {

std::string pkce_challenge(std::string_view verifier) { return base64url(hash_token(verifier)); }

}  // namespace tessera
