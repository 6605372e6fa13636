#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "shared/base/bytes.h"

/// Every stored value begins with a CRC-32C over the table it belongs to, its key and what follows it, so that a byte
/// flipped in a key or a value, or a value that stands under another's key, is found when it is read.
namespace tessera {

enum class SealedTable : std::uint8_t {
  Journal = 1,
  Checkpoints = 2,
  Canvases = 3,
  Heads = 4,
  Events = 5,
  Accounts = 6,
  Sessions = 7,
  Outcomes = 8,
  Charges = 9,
  Meta = 10,
  Marker = 11,  ///< the file beside the database
  Joins = 12,
  Invites = 13,
  Locks = 14,
  Announcements = 15,
  Rollbacks = 16,
  Schedule = 17,
  Snapshots = 18,
  Reports = 19,
  Grants = 20,
  Seen = 21,
  Settings = 22,
};

inline constexpr std::size_t crc_bytes = 4;

/// The checksum of a table and a key made of numbers, to be continued over the body.
std::uint32_t key_crc(SealedTable table, std::initializer_list<std::uint64_t> key);
/// The same for a key made of bytes.
std::uint32_t key_crc(SealedTable table, ByteSpan key);

/// Writes `crc` into the first four bytes.
void store_crc(Bytes& value, std::uint32_t crc);
/// Whether `value` begins with the checksum of what follows.
bool crc_matches(ByteSpan value, std::uint32_t key);

/// Checksum and body.
Bytes seal(std::uint32_t key, ByteSpan body);
/// The body, where the checksum is right.
std::optional<ByteSpan> unseal(std::uint32_t key, ByteSpan value);

}  // namespace tessera
