#pragma once

#include <cstdint>

namespace tessera {

/// What this process uses of the machine. A figure that the system does not tell is 0.
struct ProcessFigures {
  std::uint64_t memory_bytes = 0;  ///< resident
  std::uint64_t cpu_us = 0;        ///< user and system time since the start
  std::uint32_t threads = 0;
  std::uint32_t open_files = 0;  ///< sockets too
  std::uint64_t most_files = 0;
};

/// Reads /proc: not for the room loop.
ProcessFigures process_figures();

}  // namespace tessera
