#pragma once

#include <cstdint>

namespace tessera {

/// What this process uses of the machine. A figure that the system does not tell is 0.
struct ProcessFigures {
  std::uint64_t memory_bytes = 0;  ///< resident
  std::uint64_t cpu_us = 0;        ///< user and system time since the start
  std::uint32_t threads = 0;
};

/// Reads /proc: not for the room loop.
ProcessFigures process_figures();

/// The files it has open, sockets too, and how many it may have.
struct OpenFiles {
  std::uint32_t open = 0;
  std::uint64_t most = 0;
};
/// Counts them one by one, so it takes longer the more there are.
OpenFiles open_files();

}  // namespace tessera
