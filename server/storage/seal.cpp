#include "server/storage/seal.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "shared/base/crc32c.h"

namespace tessera {

std::uint32_t key_crc(SealedTable table, std::initializer_list<std::uint64_t> key) {
  std::array<std::uint8_t, 1 + 4 * 8> bytes{};
  assert(key.size() <= 4);
  std::size_t size = 0;
  bytes[size++] = static_cast<std::uint8_t>(table);
  for (std::uint64_t number : key)
    for (int byte = 0; byte < 8; ++byte) bytes[size++] = static_cast<std::uint8_t>(number >> (8 * byte));
  return crc32c(ByteSpan(bytes).first(size));
}

std::uint32_t key_crc(SealedTable table, ByteSpan key) {
  const auto tag = static_cast<std::uint8_t>(table);
  return crc32c(key, crc32c({&tag, 1}));
}

void store_crc(Bytes& value, std::uint32_t crc) {
  assert(value.size() >= crc_bytes);
  for (std::size_t byte = 0; byte < crc_bytes; ++byte) value[byte] = static_cast<std::uint8_t>(crc >> (8 * byte));
}

bool crc_matches(ByteSpan value, std::uint32_t key) {
  if (value.size() < crc_bytes) return false;
  ByteReader reader(value);
  return reader.u32() == crc32c(value.subspan(crc_bytes), key);
}

Bytes seal(std::uint32_t key, ByteSpan body) {
  Bytes value(crc_bytes + body.size());
  std::copy(body.begin(), body.end(), value.begin() + crc_bytes);
  store_crc(value, crc32c(body, key));
  return value;
}

std::optional<ByteSpan> unseal(std::uint32_t key, ByteSpan value) {
  if (!crc_matches(value, key)) return std::nullopt;
  return value.subspan(crc_bytes);
}

}  // namespace tessera
