#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/journey/simulation_client.h"

namespace tessera::simulation {

/// What one run came to.
struct Report {
  std::string findings;  ///< empty: every promise was kept
  std::size_t placements = 0;
  std::size_t requests = 0;
  std::size_t answered = 0;
  std::size_t unknown = 0;
  std::size_t rejected = 0;
  std::size_t cuts = 0;
  std::size_t kills = 0;
  std::size_t rollbacks = 0;    ///< of the last store
  std::size_t rolled_back = 0;  ///< cells drawn for them
  std::size_t stores = 0;  ///< one, and one more for each that was lost
};

/// Clients that draw on one canvas for some seconds while the network and the server fail; then all is well again, and
/// what everyone sees, and was told, is held against what is stored. The same seed gives the same run.
Report simulate(std::uint64_t seed, Sabotage sabotage = Sabotage::None);

}  // namespace tessera::simulation
