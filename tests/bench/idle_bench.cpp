// What an open connection that does nothing costs the real server in memory.
#include <cstdio>

#include <sys/resource.h>

#include "tests/bench/load_client.h"
#include "tests/bench/server_process.h"

using namespace tessera::bench;
using namespace std::chrono_literals;

int main() {
  constexpr std::size_t connections = 10'000;
  constexpr double wanted_bytes = 6 * 1024;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < connections + 100) {
    std::printf("%zu connections need as many open files; this machine allows %lu\n", connections, static_cast<unsigned long>(limit.rlim_max));
    return 0;
  }
  ServerProcess server({"--limit", "off", "--canvas", "main:2000x2000"});
  LoadClient client(server.port(), [](std::size_t, tessera::ByteSpan, SteadyTime) {});
  for (int i = 0; i < 100; ++i) client.add("", {});  // what the first ones cost once is not theirs
  const std::uint64_t before = server.resident_bytes();
  for (std::size_t i = 0; i < connections - 100; ++i) client.add("", {});
  client.run_until(std::chrono::steady_clock::now() + 2s);
  const double each = static_cast<double>(server.resident_bytes() - before) / static_cast<double>(connections - 100);
  std::printf("idle: %zu connections, %.0f bytes each\n", connections, each);
  char measured[64];
  std::snprintf(measured, sizeof measured, "%.1f KB", each / 1024);
  figure("resident memory per idle plain connection, 10,000 of them", measured, "≤ 6 KB", each <= wanted_bytes);
}
