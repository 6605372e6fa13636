#include "shared/base/crc32c.h"

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "shared/base/bytes.h"
#include "shared/base/random.h"

namespace tessera {
namespace {

std::uint32_t bit_by_bit(ByteSpan bytes) {
  std::uint32_t crc = UINT32_MAX;
  for (std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
  }
  return ~crc;
}

}  // namespace

TEST_CASE("CRC-32C: the examples of RFC 3720, B.4") {
  std::array<std::uint8_t, 32> bytes{};
  CHECK(crc32c(bytes) == 0x8A9136AA);
  bytes.fill(0xFF);
  CHECK(crc32c(bytes) == 0x62A8AB43);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  CHECK(crc32c(bytes) == 0x46DD794E);
  CHECK(crc32c(as_bytes("123456789")) == 0xE3069283);
  CHECK(crc32c({}) == 0);
}

TEST_CASE("CRC-32C: any length and alignment agrees with the definition") {
  Bytes bytes(300);
  SeededRandom(7).fill(bytes);
  for (std::size_t start = 0; start < 9; ++start)
    for (std::size_t length = 0; length + start <= bytes.size(); length += 7) {
      const ByteSpan part = ByteSpan(bytes).subspan(start, length);
      CHECK(crc32c(part) == bit_by_bit(part));
    }
}

TEST_CASE("CRC-32C: pieces one after the other give the checksum of the whole") {
  Bytes bytes(1000);
  SeededRandom(8).fill(bytes);
  for (std::size_t cut : {0u, 1u, 13u, 500u, 1000u}) {
    const ByteSpan whole(bytes);
    CHECK(crc32c(whole.subspan(cut), crc32c(whole.first(cut))) == crc32c(whole));
  }
}

}  // namespace tessera
