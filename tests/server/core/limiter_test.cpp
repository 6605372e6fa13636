#include "server/core/limiter.h"

#include <chrono>
#include <deque>

#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "tests/support/fake_clock.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

constexpr AccountId ann{7};
constexpr AccountId ben{8};
constexpr PlacingLimits unlimited{.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0};
constexpr PlacingLimits bucket{.per_second = 10, .burst = 20, .per_minute = std::nullopt, .cooldown_ms = 0};
constexpr PlacingLimits minute{.per_second = std::nullopt, .burst = 0, .per_minute = 100, .cooldown_ms = 0};
constexpr PlacingLimits cooldown{
    .per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 2'500};
constexpr PlacingLimits slow{.per_second = 1.0 / 300, .burst = 2, .per_minute = std::nullopt, .cooldown_ms = 0};

struct Fixture {
  FakeClock clock;
  Limiter limiter;
  PlacingLimits limits;

  explicit Fixture(const PlacingLimits& l) : limits(l) {}
  std::uint32_t available(AccountId account = ann) { return limiter.available(account, limits, clock.now()); }
  Limiter::Taken take(std::uint32_t count, AccountId account = ann) {
    return limiter.take(account, Role::Guest, limits, count, clock.now());
  }
  ChargeState state(AccountId account = ann) { return limiter.state(account, limits, clock.now()); }
};

Placement placed(AccountId account, WallTime time) {
  return {.seq = 1, .time = time, .account = account, .cell = {}, .color = 0};
}
Limiter::Charged guest(AccountId id) { return {id, Role::Guest}; }

}  // namespace

TEST_CASE("Limiter: a policy without numbers limits nothing and remembers nobody") {
  Fixture f(unlimited);
  CHECK(f.available() == UINT32_MAX);
  f.take(1'000'000);
  CHECK(f.available() == UINT32_MAX);
  CHECK(f.limiter.accounts() == 0);
  CHECK(f.state() == ChargeState{});
}

TEST_CASE("Limiter: a bucket gives its burst at once, then its rate, each account its own") {
  Fixture f(bucket);
  CHECK(f.state() == ChargeState{.charges = 20, .max = 20, .next_ms = 0, .refill_ms = 100});
  f.take(20);
  CHECK(f.available() == 0);
  CHECK(f.available(ben) == 20);
  CHECK(f.state().next_ms == 100);
  f.clock.advance(99ms);
  CHECK(f.available() == 0);
  CHECK(f.state().next_ms == 1);
  f.clock.advance(1ms);
  CHECK(f.available() == 1);
  f.clock.advance(10h);
  CHECK(f.available() == 20);
}

TEST_CASE("Limiter: a cooldown allows one placement at a time") {
  Fixture f(cooldown);
  CHECK(f.state() == ChargeState{.charges = 1, .max = 1, .next_ms = 0, .refill_ms = 2'500});
  f.take(1);
  CHECK(f.state().next_ms == 2'500);
  f.clock.advance(2'499ms);
  CHECK(f.available() == 0);
  f.clock.advance(1ms);
  CHECK(f.available() == 1);
}

TEST_CASE("Limiter: charges are the least of all limits") {
  Fixture f({.per_second = 10, .burst = 20, .per_minute = 5, .cooldown_ms = 0});
  CHECK(f.state().max == 5);
  f.take(5);
  f.clock.advance(3s);
  CHECK(f.available() == 0);  // the bucket is full again, the minute is not
}

TEST_CASE("Limiter: no 60 seconds anywhere hold more placements than the cap, however they are spread") {
  SeededRandom random(42);
  for (int round = 0; round < 200; ++round) {
    Fixture f(minute);
    f.clock.advance(Duration{static_cast<std::int64_t>(random.below(5'000'000))});
    std::deque<TimePoint> window;
    for (int step = 0; step < 600; ++step) {
      const bool pause = random.below(4) == 0;
      f.clock.advance(Duration{static_cast<std::int64_t>(random.below(pause ? 20'000'000 : 900'000))});
      const std::uint32_t wanted = static_cast<std::uint32_t>(random.below(40));
      const std::uint32_t granted = std::min(wanted, f.available());
      f.take(granted);
      for (std::uint32_t i = 0; i < granted; ++i) window.push_back(f.clock.now());
      while (!window.empty() && f.clock.now() - window.front() >= 60s) window.pop_front();
      REQUIRE(window.size() <= 100);
    }
  }
}

TEST_CASE("Limiter: what was placed within a minute comes back within 65 seconds") {
  Fixture f(minute);
  f.take(100);
  f.clock.advance(60s);
  const bool soon = f.available() == 0;
  f.clock.advance(5s);
  CHECK(soon);
  CHECK(f.available() == 100);
}

TEST_CASE("Limiter: after exactly next_ms there is one more charge, and a millisecond before there is not") {
  SeededRandom random(7);
  const PlacingLimits policies[] = {bucket,
                                    minute,
                                    cooldown,
                                    slow,
                                    {.per_second = 3.7, .burst = 9, .per_minute = 12, .cooldown_ms = 0},
                                    {.per_second = 0.9, .burst = 50, .per_minute = 45, .cooldown_ms = 0},
                                    {.per_second = 5, .burst = 5, .per_minute = 30, .cooldown_ms = 700}};
  for (const PlacingLimits& limits : policies) {
    Fixture f(limits);
    for (int step = 0; step < 2'000; ++step) {
      f.clock.advance(Duration{static_cast<std::int64_t>(random.below(3'000)) * 1'000});
      if (const std::uint32_t available = f.available(); available > 0) {
        f.take(1 + static_cast<std::uint32_t>(random.below(available)));
      }
      const ChargeState now = f.state();
      if (now.charges == now.max) {
        CHECK(now.next_ms == 0);
        continue;
      }
      REQUIRE(now.next_ms > 0);
      const TimePoint then = f.clock.now() + std::chrono::milliseconds{now.next_ms};
      REQUIRE(f.limiter.available(ann, limits, then) > now.charges);
      REQUIRE(f.limiter.available(ann, limits, then - 1ms) == now.charges);
    }
  }
}

TEST_CASE("Limiter: what could not be stored is given back whole") {
  Fixture f({.per_second = 10, .burst = 20, .per_minute = 30, .cooldown_ms = 1'000});
  f.take(1);
  f.clock.advance(20s);
  const ChargeState before = f.state();
  const Limiter::Taken taken = f.take(1);
  CHECK(f.state().charges == 0);
  f.limiter.give_back(ann, f.limits, 1, taken, f.clock.now());
  CHECK(f.state() == before);
}

TEST_CASE("Limiter: the minute gets back what was not stored even 5 seconds later, and nothing after it is over") {
  Fixture f(minute);
  const Limiter::Taken taken = f.take(60);
  f.clock.advance(6s);
  f.limiter.give_back(ann, f.limits, 60, taken, f.clock.now());
  CHECK(f.available() == 100);
  const Limiter::Taken old = f.take(60);
  f.clock.advance(70s);
  f.take(10);
  f.limiter.give_back(ann, f.limits, 60, old, f.clock.now());
  CHECK(f.available() == 90);
}

TEST_CASE("Limiter: accounts with all their charges are forgotten, others are not") {
  Fixture f({.per_second = 10, .burst = 20, .per_minute = 100, .cooldown_ms = 0});
  Policy policy;
  policy.limits = f.limits;
  for (std::uint32_t i = 1; i <= 5'000; ++i) f.take(1, AccountId{i});
  f.clock.advance(30s);
  f.take(1, ann);
  f.clock.advance(36s);
  for (int i = 0; i < 64; ++i) f.limiter.sweep(policy, f.clock.now());
  CHECK(f.limiter.accounts() == 1);
  CHECK(f.available(ann) == 20);
  f.clock.advance(60s);
  for (int i = 0; i < 64; ++i) f.limiter.sweep(policy, f.clock.now());
  CHECK(f.limiter.accounts() == 0);
}

TEST_CASE("Limiter: forgetting some leaves the others to be found") {
  Fixture f(bucket);
  Policy policy;
  policy.limits = f.limits;
  for (std::uint32_t i = 1; i <= 20'000; ++i) {
    f.take(i % 3 == 0 ? 20 : 1, AccountId{i});
  }
  f.clock.advance(1s);
  for (int i = 0; i < 64; ++i) f.limiter.sweep(policy, f.clock.now());
  for (std::uint32_t i = 1; i <= 20'000; ++i) REQUIRE(f.available(AccountId{i}) == (i % 3 == 0 ? 10 : 20));
}

TEST_CASE("Limiter: a million accounts fit 200 MB") {
  Fixture f(bucket);
  for (std::uint32_t i = 1; i <= 1'000'000; ++i) f.take(1, AccountId{i * 2'654'435'761u | 1u});
  CHECK(f.limiter.accounts() > 990'000);
  CHECK(f.limiter.bytes() <= 200'000'000);
}

TEST_CASE("Limiter: only charges that take over a minute to come back are saved") {
  Fixture quick(bucket);
  quick.take(20);
  CHECK_FALSE(Limiter::outlasts_a_minute(bucket));
  CHECK_FALSE(quick.limiter.saved(ann, bucket, CanvasId{1}, quick.clock.moment()));

  Fixture f(slow);
  CHECK(Limiter::outlasts_a_minute(slow));
  CHECK_FALSE(f.limiter.saved(ann, slow, CanvasId{1}, f.clock.moment()));
  f.take(2);
  const auto saved = f.limiter.saved(ann, slow, CanvasId{1}, f.clock.moment());
  REQUIRE(saved);
  CHECK(saved->tokens_micro == 0);
  CHECK(saved->time == f.clock.wall());
  CHECK(saved->last_placement == f.clock.wall());
}

TEST_CASE("Limiter: across a restart slow charges go on from what was saved") {
  Fixture before(slow);
  before.take(2);
  const auto saved = before.limiter.saved(ann, slow, CanvasId{1}, before.clock.moment());
  REQUIRE(saved);

  Policy policy;
  policy.limits = slow;
  Fixture after(slow);  // its monotonic clock is another machine's
  after.clock.advance(7h);
  after.clock.set_wall(WallTime{ms(before.clock.wall()) + 100'000});
  after.limiter.rebuild(std::span(&*saved, 1), {}, policy, guest, after.clock.moment());
  CHECK(after.available() == 0);
  CHECK(after.state().next_ms == 200'000);

  Fixture back(slow);  // the wall clock was set back: no time has passed
  back.clock.set_wall(WallTime{ms(before.clock.wall()) - 5'000'000});
  back.limiter.rebuild(std::span(&*saved, 1), {}, policy, guest, back.clock.moment());
  CHECK(back.available() == 0);
  CHECK(back.state().next_ms == 300'000);
}

TEST_CASE("Limiter: across a restart the sliding minute holds what the journal says") {
  Policy policy;
  policy.limits = minute;
  Fixture f(minute);
  std::vector<Placement> recent;
  for (int i = 0; i < 90; ++i) recent.push_back(placed(ann, WallTime{ms(f.clock.wall()) - 30'000 + i}));
  f.limiter.rebuild({}, recent, policy, guest, f.clock.moment());
  CHECK(f.available() == 10);
  CHECK(f.available(ben) == 100);
  f.clock.advance(29s);
  CHECK(f.available() == 10);
  f.clock.advance(6s);
  CHECK(f.available() == 100);
}

TEST_CASE("Limiter: a restart never gives more charges than there were, and no fewer than come back in two minutes") {
  SeededRandom random(3);
  for (int round = 0; round < 100; ++round) {
    PlacingLimits limits{.per_second = 0.1 + 0.1 * static_cast<double>(random.below(30)),
                         .burst = 1 + static_cast<std::uint32_t>(random.below(60)),
                         .per_minute = 70,
                         .cooldown_ms = 0};
    if (random.below(3) == 0) limits.per_minute.reset();
    Policy policy;
    policy.limits = limits;
    Fixture f(limits);
    std::vector<Placement> journal;
    std::vector<SavedCharges> saved;
    for (int step = 0; step < 300; ++step) {
      f.clock.advance(std::chrono::milliseconds{1 + random.below(4'000)});
      const std::uint32_t count = std::min(f.available(), static_cast<std::uint32_t>(random.below(6)));
      f.take(count);
      for (std::uint32_t i = 0; i < count; ++i) journal.push_back(placed(ann, f.clock.wall()));
      if (auto charges = f.limiter.saved(ann, limits, CanvasId{1}, f.clock.moment()); charges && count > 0)
        saved = {*charges};
      if (step % 10 != 0) continue;
      std::vector<Placement> recent;
      for (const Placement& placement : journal) {
        if (ms(f.clock.wall()) - ms(placement.time) <= 65'000) recent.push_back(placement);
      }
      Limiter rebuilt;
      rebuilt.rebuild(saved, recent, policy, guest, f.clock.moment());
      REQUIRE(rebuilt.available(ann, limits, f.clock.now()) <= f.available());
      const TimePoint later = f.clock.now() + 126s;
      REQUIRE(rebuilt.available(ann, limits, later) == f.limiter.available(ann, limits, later));
    }
  }
}

TEST_CASE("Limiter: who turns out to be another has the lower tokens, both minutes and the later cooldown of the two") {
  Fixture tokens(bucket);
  tokens.take(15);
  tokens.take(3, ben);
  tokens.limiter.merge(ann, ben, Role::Guest, bucket, tokens.clock.now());
  CHECK(tokens.available(ben) == 5);
  CHECK(tokens.available() == 5);
  tokens.limiter.merge(AccountId{99}, ben, Role::Guest, bucket, tokens.clock.now());  // who never placed
  CHECK(tokens.available(ben) == 5);
  tokens.limiter.merge(ann, AccountId{98}, Role::Guest, bucket, tokens.clock.now());
  CHECK(tokens.available(AccountId{98}) == 5);
  tokens.clock.advance(1s);
  CHECK(tokens.available(ben) == 15);

  Fixture minutes(minute);
  minutes.take(30, ben);
  minutes.clock.advance(20s);
  minutes.take(40);
  minutes.limiter.merge(ann, ben, Role::Guest, minute, minutes.clock.now());
  CHECK(minutes.available(ben) == 30);
  minutes.clock.advance(46s);  // the older part is out of the window
  CHECK(minutes.available(ben) == 60);

  Fixture cooldowns(cooldown);
  cooldowns.take(1);
  cooldowns.limiter.merge(ann, ben, Role::Guest, cooldown, cooldowns.clock.now());
  CHECK(cooldowns.available(ben) == 0);
}

}  // namespace tessera
