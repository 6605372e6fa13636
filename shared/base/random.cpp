#include "shared/base/random.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

namespace tessera {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t most_at_once = 256;  // getentropy's own limit
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), most_at_once);
    if (getentropy(out.data(), count) != 0) std::abort();  // without randomness no token is safe
    out = out.subspan(count);
  }
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 56);
}

}  // namespace tessera
