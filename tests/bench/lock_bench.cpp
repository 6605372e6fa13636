// What a placement's look at the locks costs, where a canvas has none and where it has ten thousand.
#include <chrono>
#include <cstdio>
#include <vector>

#include "server/core/lock_table.h"
#include "shared/base/random.h"
#include "tests/bench/server_process.h"

using namespace tessera;

namespace {

constexpr std::uint32_t side = 2'000;
constexpr std::uint32_t most_locks = 10'000;
constexpr std::uint32_t checks = 4'000'000;

std::string text(double value, const char* format) {
  char out[64];
  std::snprintf(out, sizeof out, format, value);
  return out;
}

}  // namespace

int main() {
  SeededRandom random(1);
  const auto draw = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random.below(below)); };
  struct Asked {
    Cell cell;
    AccountId account{};
  };
  std::vector<Asked> asked(checks);
  for (Asked& each : asked)
    each = {{static_cast<std::uint16_t>(draw(side)), static_cast<std::uint16_t>(draw(side))}, AccountId{100 + draw(100'000)}};
  LockTable locks;
  std::uint64_t refused = 0;
  const auto measure = [&] {
    for (const Asked& each : asked) refused += locks.refuses(each.cell, each.account, Role::Guest) ? 1 : 0;  // works the tiles out
    refused = 0;
    const auto begun = std::chrono::steady_clock::now();
    for (const Asked& each : asked) refused += locks.refuses(each.cell, each.account, Role::Guest) ? 1 : 0;
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begun).count() / checks;
  };
  bench::figure("check of a placement, no lock", text(measure(), "%.1f ns"), "", refused == 0);
  for (std::uint32_t i = 1; i <= most_locks; ++i) {
    LockRecord lock;
    lock.id = LockId{i};
    const std::uint32_t width = 1 + draw(60), height = 1 + draw(60);
    lock.area = {draw(side - width), draw(side - height), width, height};
    lock.accounts = {AccountId{1 + draw(50)}};
    locks.put(std::move(lock));
  }
  const double many_ns = measure();
  const bool plausible = refused > checks / 2 && refused < checks;
  bench::figure("check of a placement, 10,000 locks", text(many_ns, "%.0f ns"), "200 ns", many_ns <= 200 && plausible);
  const auto begun = std::chrono::steady_clock::now();
  locks.end(LockId{1});
  std::uint32_t again = 0;
  for (std::uint16_t y = 0; y < side; y += 256)
    for (std::uint16_t x = 0; x < side; x += 256) again += locks.refuses({x, y}, AccountId{200}, Role::Guest) ? 1 : 0;
  const double worked_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
  bench::figure("one of 10,000 lifted, and worked out again where it was", text(worked_ms, "%.2f ms"), "", again < 65);
}
