#include "app/model/backoff.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("Backoff: waits grow from half a second to fifteen, and differ") {
  SeededRandom random(5);
  const std::int64_t most[] = {500, 500, 1'000, 2'000, 4'000, 8'000, 15'000, 15'000};
  for (std::uint32_t failed = 0; failed < 8; ++failed) {
    Duration least_seen = Duration::max(), most_seen{};
    for (int i = 0; i < 200; ++i) {
      const Duration delay = retry_delay(failed, random);
      CHECK(delay <= std::chrono::milliseconds{most[failed]});
      CHECK(delay * 2 >= std::chrono::milliseconds{most[failed]});
      least_seen = std::min(least_seen, delay);
      most_seen = std::max(most_seen, delay);
    }
    CHECK(most_seen - least_seen > std::chrono::milliseconds{most[failed]} / 4);
  }
  CHECK(retry_delay(UINT32_MAX, random) <= std::chrono::seconds{15});
}
