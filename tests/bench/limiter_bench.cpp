// What it costs to ask whether an account may place, and to remember a million of them.
#include <chrono>
#include <cstdio>
#include <vector>

#include "server/core/limiter.h"
#include "shared/base/random.h"
#include "tests/bench/server_process.h"

using namespace tessera;

namespace {

constexpr std::uint32_t accounts = 1'000'000;
constexpr std::uint32_t checks = 4'000'000;

std::string text(double value, const char* format) {
  char out[64];
  std::snprintf(out, sizeof out, format, value);
  return out;
}

}  // namespace

int main() {
  const PlacingLimits limits;
  const TimePoint begin{std::chrono::hours{1}};
  Limiter limiter;
  for (std::uint32_t id = 1; id <= accounts; ++id) limiter.take(AccountId{id}, Role::Guest, limits, 1, begin);
  const double megabytes = static_cast<double>(limiter.bytes()) / 1e6;
  bench::figure("memory of the limiter, 1 million accounts known", text(megabytes, "%.0f MB"), "200 MB", megabytes <= 200);

  SeededRandom random(1);
  std::vector<AccountId> asked(checks);
  for (AccountId& id : asked) id = AccountId{1 + static_cast<std::uint32_t>(random.below(accounts))};
  std::uint64_t may = 0;
  const TimePoint later = begin + std::chrono::seconds{2};
  const auto measure = [&](const auto& ask) {
    const auto begun = std::chrono::steady_clock::now();
    for (const AccountId id : asked) ask(id);
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begun).count() / checks;
  };
  // What the memory itself costs here: one line of as much of it after another, each known only from the one before.
  struct alignas(64) Line {
    std::uint64_t next = 0;
  };
  const std::vector<Line, HugePageAllocator<Line>> lines(limiter.bytes() / sizeof(Line));
  std::uint64_t step = 0;
  const double read_ns = measure([&](AccountId id) { step = lines[static_cast<std::uint32_t>(id) * lines.size() / (accounts + 2) + step].next; });

  const double check_ns = measure([&](AccountId id) { may += limiter.available(id, limits, later) > 0 ? 1 : 0; });
  bench::figure("limiter check, any of 1 million accounts", text(check_ns, "%.0f ns"), "100 ns", check_ns <= 100 && may == checks);
  bench::figure("the same beside one read of memory at random", text(check_ns / read_ns, "%.2f×"), "", step == 0);
  const double taken_ns = measure([&](AccountId id) {
    if (limiter.available(id, limits, later) > 0) limiter.take(id, Role::Guest, limits, 1, later);
  });
  bench::figure("limiter check and charge taken", text(taken_ns, "%.0f ns"), "", true);
}
