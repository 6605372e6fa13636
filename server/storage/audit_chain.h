#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "server/core/staff_records.h"

struct evp_md_ctx_st;
struct evp_md_st;

namespace tessera {

/// Hashes entry after entry without asking for memory: the SHA-256 of the hash before, in hex, followed by the text.
/// The hash before the first is all zeros. One thread at a time.
class AuditHasher {
 public:
  AuditHasher();
  AuditHash next(const AuditHash& before, std::string_view text);

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
    void operator()(evp_md_st* digest) const;
  };
  std::unique_ptr<evp_md_st, Free> digest_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Where the log ends.
struct AuditHead {
  std::uint64_t entries = 0;
  AuditHash hash{};  ///< of the last entry; zeros where there is none
  bool operator==(const AuditHead&) const = default;
};

using AuditKey = std::array<std::uint8_t, 32>;
using AuditSeal = std::array<std::uint8_t, 32>;

/// The HMAC-SHA-256 (RFC 2104) of the number of entries in decimal, a blank, and the last one's hash in hex.
AuditSeal seal_audit(const AuditKey& key, const AuditHead& head);
bool same_seal(const AuditSeal& one, const AuditSeal& other);

}  // namespace tessera
