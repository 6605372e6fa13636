#include "server/serve/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace tessera {
namespace {

std::uint64_t microseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
}

}  // namespace

ProcessFigures process_figures() {
  ProcessFigures figures;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  figures.cpu_us = microseconds(used.ru_utime) + microseconds(used.ru_stime);
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    unsigned long pages = 0;
    if (std::fscanf(file, "%*s %lu", &pages) == 1) figures.memory_bytes = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    std::fclose(file);
  }
  if (std::FILE* file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file) != nullptr)
      if (std::sscanf(line, "Threads: %u", &figures.threads) == 1) break;
    std::fclose(file);
  }
  return figures;
}

OpenFiles open_files() {
  OpenFiles files;
  std::error_code failed;
  for (auto at = std::filesystem::directory_iterator("/proc/self/fd", failed); !failed && at != std::filesystem::directory_iterator(); at.increment(failed))
    ++files.open;
  rlimit most{};
  if (getrlimit(RLIMIT_NOFILE, &most) == 0) files.most = most.rlim_cur;
  return files;
}

}  // namespace tessera
