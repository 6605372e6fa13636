#include "server/storage/audit_chain.h"

#include <cassert>
#include <string>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "shared/base/text.h"

namespace tessera {
namespace {

std::array<char, 64> hex(const AuditHash& hash) {
  static constexpr char digits[] = "0123456789abcdef";
  std::array<char, 64> text;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    text[2 * i] = digits[hash[i] >> 4];
    text[2 * i + 1] = digits[hash[i] & 15];
  }
  return text;
}

}  // namespace

void AuditHasher::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
void AuditHasher::Free::operator()(evp_md_st* digest) const { EVP_MD_free(digest); }

AuditHasher::AuditHasher() : digest_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {}

AuditHash AuditHasher::next(const AuditHash& before, std::string_view text) {
  const auto start = hex(before);
  AuditHash hash{};
  unsigned size = 0;
  [[maybe_unused]] const bool hashed = EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr) == 1 &&
                                       EVP_DigestUpdate(context_.get(), start.data(), start.size()) == 1 &&
                                       EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1 &&
                                       EVP_DigestFinal_ex(context_.get(), hash.data(), &size) == 1;
  assert(hashed && size == hash.size());
  return hash;
}

AuditSeal seal_audit(const AuditKey& key, const AuditHead& head) {
  const std::string text = std::to_string(head.entries) + " " + to_hex(ByteSpan(head.hash));
  AuditSeal seal{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(text).data(), text.size(), seal.data(), &size);
  return seal;
}

bool same_seal(const AuditSeal& one, const AuditSeal& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace tessera
