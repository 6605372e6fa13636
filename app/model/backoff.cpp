#include "app/model/backoff.h"

#include <algorithm>

namespace tessera {

Duration retry_delay(std::uint32_t failed, RandomSource& random) {
  constexpr std::int64_t first = 500'000, longest = 15'000'000;
  const std::uint32_t doublings = std::min(failed > 0 ? failed - 1 : 0, 5u);
  const std::int64_t most = std::min(first << doublings, longest);
  const auto share = static_cast<std::int64_t>(random.next_u64() % 501);  // of a thousandth
  return Duration{most * (1'000 - share) / 1'000};
}

}  // namespace tessera
