#include <set>

#include <doctest/doctest.h>

#include "server/auth/cookie.h"
#include "server/auth/token.h"
#include "shared/base/text.h"

using namespace tessera;

TEST_CASE("Token: 256 bits as 43 characters of base64url") {
  struct Ones final : RandomSource {
    void fill(std::span<std::uint8_t> out) override {
      for (auto& byte : out) byte = 0xff;
    }
  } ones;
  CHECK(make_token(ones) == std::string(42, '_') + "8");
  SystemRandom random;
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(make_token(random));
  CHECK(tokens.size() == 100);
}

TEST_CASE("Token: what is kept is its SHA-256") {
  CHECK(to_hex(hash_token("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(same_hash(hash_token("abc"), hash_token("abc")));
  CHECK_FALSE(same_hash(hash_token("abc"), hash_token("abd")));
}

TEST_CASE("Cookie: scripts cannot read it, other sites' forms do not send it, https keeps it to https") {
  CHECK(set_session_cookie("t", std::chrono::seconds(60), false) ==
        "tessera_session=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  CHECK(set_session_cookie("t", std::chrono::seconds(60), true).ends_with("; Secure"));
  CHECK(clear_session_cookie(false) == "tessera_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}
