#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "tests/journey/simulation_world.h"

using namespace tessera;
using simulation::Sabotage;
using simulation::simulate;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// How many of the runs break a promise.
std::size_t runs_that_fail(Sabotage sabotage, std::uint64_t runs) {
  std::size_t failed = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) failed += simulate(seed, sabotage).findings.empty() ? 0 : 1;
  return failed;
}

}  // namespace

TEST_CASE(
    "Simulation: whatever the network and the server do, everyone ends with the same canvas, and every answer was "
    "true") {
  const std::uint64_t first = number_from("TESSERA_SEED", 1), runs = number_from("TESSERA_SEEDS", 2'000);
  simulation::Report sum;
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const auto outcome = simulate(seed);
    INFO("seed ", seed, " (TESSERA_SEED=", seed, " TESSERA_SEEDS=1 repeats it)\n", outcome.findings);
    REQUIRE(outcome.findings.empty());
    sum.placements += outcome.placements;
    sum.requests += outcome.requests;
    sum.answered += outcome.answered;
    sum.unknown += outcome.unknown;
    sum.rejected += outcome.rejected;
    sum.cuts += outcome.cuts;
    sum.kills += outcome.kills;
    sum.stores += outcome.stores;
    sum.rollbacks += outcome.rollbacks;
    sum.rolled_back += outcome.rolled_back;
  }
  MESSAGE(runs, " runs: ", sum.requests, " requests, ", sum.answered, " answered, ", sum.unknown, " lost on the way, ",
          sum.rejected, " cells refused, ", sum.placements, " placements, ", sum.rollbacks, " rollbacks of ", sum.rolled_back, " cells, ", sum.cuts, " cuts, ", sum.kills, " kills, ",
          sum.stores - runs, " lost stores");
  if (runs < 100) return;
  // The runs are worth something only where all of it happens.
  CHECK(sum.answered > runs);
  CHECK(sum.unknown > runs / 20);
  CHECK(sum.rejected > runs / 20);
  CHECK(sum.cuts > runs);
  CHECK(sum.kills > runs);
  CHECK(sum.stores > runs + runs / 20);
  CHECK(sum.rollbacks > runs / 2);
  CHECK(sum.rolled_back > runs);
}

TEST_CASE("Simulation: the same seed gives the same run") {
  const auto one = simulate(42), two = simulate(42);
  CHECK(one.placements == two.placements);
  CHECK(one.requests == two.requests);
  CHECK(one.unknown == two.unknown);
}

TEST_CASE("Simulation: notices an answer that comes before the commit") {
  CHECK(runs_that_fail(Sabotage::AnswerBeforeCommit, 20) > 10);
}

TEST_CASE("Simulation: notices a restart that forgets what became of requests") {
  CHECK(runs_that_fail(Sabotage::ForgetOutcomes, 100) > 0);
}

TEST_CASE("Simulation: notices a restart that leaves a rollback half done") {
  CHECK(runs_that_fail(Sabotage::ForgetRollbacks, 100) > 0);
}

TEST_CASE("Simulation: notices deltas lost on their way") { CHECK(runs_that_fail(Sabotage::LoseDeltas, 100) > 0); }

TEST_CASE("Simulation: notices a client that comes back without naming its unanswered requests") {
  CHECK(runs_that_fail(Sabotage::ForgetUnanswered, 100) > 0);
}

TEST_CASE("Simulation: notices a repeated request that is taken for a new one") {
  CHECK(runs_that_fail(Sabotage::NewRequestIds, 100) > 0);
}
