#pragma once

#include <cstdint>
#include <span>

namespace tessera {

/// CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected; RFC 3720 appendix B.4) of `bytes`.
/// Continue a checksum over several pieces by passing the one so far.
std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t so_far = 0);

}  // namespace tessera
