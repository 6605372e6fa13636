#include "shared/base/random.h"

#include <set>
#include <vector>

#include <doctest/doctest.h>

namespace tessera {

TEST_CASE("SeededRandom: the reference values of SplitMix64") {
  SeededRandom random(1234567);
  CHECK(random.next() == 6457827717110365317u);
  CHECK(random.next() == 3203168211198807973u);
  CHECK(random.next() == 9817491932198370423u);
}

TEST_CASE("SystemRandom: fills any length and does not repeat itself") {
  SystemRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random.next_u64());
  CHECK(seen.size() == 100);
  std::vector<std::uint8_t> bytes(1000, 0);
  random.fill(bytes);
  CHECK(std::set<std::uint8_t>(bytes.begin() + 900, bytes.end()).size() > 20);
}

}  // namespace tessera
