#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace tessera {

/// A setting as those who may see it do; never a secret.
struct ShownSetting {
  std::string name;
  std::string value;
  std::string from;  ///< `flag`, `environment`, `file` or `default`
  bool operator==(const ShownSetting&) const = default;
};

/// How the server fares now, apart from what the rooms and the store know.
struct ServerState {
  WallTime started{};
  std::string store;                              ///< what kind: `sqlite`, `memory`
  std::optional<std::uint64_t> database_bytes{};  ///< absent where there is no file
  std::uint32_t binary_connections = 0;
  std::uint32_t json_connections = 0;
  std::uint64_t memory_bytes = 0;
  double cpu = 0;  ///< cores in use
  std::uint32_t threads = 0;
  std::vector<ShownSetting> settings;
};

}  // namespace tessera
