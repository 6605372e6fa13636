#include "shared/base/crc32c.h"

#include <array>
#include <cstring>

namespace tessera {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// Slicing-by-8 (Kounavis, Berry 2005): table k advances a byte by k more zero bytes.
consteval Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
    tables[0][byte] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[slice - 1][byte];
      tables[slice][byte] = before >> 8 ^ tables[0][before & 255];
    }
  return tables;
}

constexpr Tables tables = make_tables();

std::uint32_t load32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}

std::uint32_t by_tables(std::uint32_t crc, const std::uint8_t* at, std::size_t left) {
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low = load32(at) ^ crc;
    const std::uint32_t high = load32(at + 4);
    crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^ tables[4][low >> 24] ^
          tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^ tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
  }
  for (; left > 0; --left, ++at) crc = crc >> 8 ^ tables[0][(crc ^ *at) & 255];
  return crc;
}

#ifdef __x86_64__
// SSE 4.2 has this very polynomial as an instruction.
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, const std::uint8_t* at,
                                                               std::size_t left) {
  std::uint64_t wide = crc;
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; left > 0; --left, ++at) crc = __builtin_ia32_crc32qi(crc, *at);
  return crc;
}

std::uint32_t advance(std::uint32_t crc, const std::uint8_t* at, std::size_t left) {
  return __builtin_cpu_supports("sse4.2") != 0 ? by_instruction(crc, at, left) : by_tables(crc, at, left);
}
#else
std::uint32_t advance(std::uint32_t crc, const std::uint8_t* at, std::size_t left) { return by_tables(crc, at, left); }
#endif

}  // namespace

std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t so_far) {
  return ~advance(~so_far, bytes.data(), bytes.size());
}

}  // namespace tessera
