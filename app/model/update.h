#pragma once

#include "app/model/actions.h"
#include "app/model/effects.h"
#include "app/model/model.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"

namespace tessera {

/// What update() may know of the world: the time of the action, and where random numbers come from.
struct Instant {
  TimePoint now{};
  WallTime wall{};
  RandomSource& random;
};

/// The only function that changes the model. Never blocks, never fails: what comes from outside may be anything.
/// The effects are to be carried out in order.
Effects update(Model& model, const Action& action, const Instant& moment);

}  // namespace tessera
