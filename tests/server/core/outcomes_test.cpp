#include "server/core/outcomes.h"

#include <map>

#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "tests/support/fake_clock.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;
constexpr AccountId ann{7};
constexpr AccountId ben{8};

RequestId request(std::uint64_t number) { return RequestId{number}; }

}  // namespace

TEST_CASE("Outcomes: an answer is found again by account and id, rejections and all") {
  FakeClock clock;
  Outcomes outcomes(1'000);
  const std::vector<Rejection> rejected{
      {0, Refusal::OutOfBounds, 0}, {3, Refusal::TooSoon, 70}, {4, Refusal::TooSoon, 70}};
  outcomes.add_answered(ann, request(5), 100, 2, rejected, clock.now());
  const auto known = outcomes.find(ann, request(5), clock.now());
  REQUIRE(known);
  CHECK(known->state == Outcomes::State::Answered);
  CHECK(known->first_seq == 100);
  CHECK(known->accepted == 2);
  CHECK(known->rejected == rejected);
  CHECK_FALSE(outcomes.find(ben, request(5), clock.now()));
  CHECK_FALSE(outcomes.find(ann, request(6), clock.now()));
}

TEST_CASE("Outcomes: they are kept ten minutes and no longer") {
  FakeClock clock;
  Outcomes outcomes(1'000);
  outcomes.add_answered(ann, request(5), 1, 1, {}, clock.now());
  clock.advance(10min - 1s);
  CHECK(outcomes.find(ann, request(5), clock.now()));
  clock.advance(1s);
  CHECK_FALSE(outcomes.find(ann, request(5), clock.now()));
  for (int i = 0; i < 64; ++i) outcomes.sweep(clock.now());
  CHECK(outcomes.size() == 0);
}

TEST_CASE("Outcomes: a pending request neither expires nor is pushed out") {
  FakeClock clock;
  Outcomes outcomes(64);
  const auto handle = outcomes.add_pending(ann, request(5), 42, clock.now());
  clock.advance(1h);
  for (std::uint64_t i = 100; i < 2'000; ++i) outcomes.add_answered(ann, request(i), 1, 1, {}, clock.now());
  const auto known = outcomes.find(ann, request(5), clock.now());
  REQUIRE(known);
  CHECK(known->state == Outcomes::State::Pending);
  CHECK(known->pending == 42);
  outcomes.answer(handle, 9, 1, {}, clock.now());
  CHECK(outcomes.find(ann, request(5), clock.now())->first_seq == 9);
}

TEST_CASE("Outcomes: memory is bounded, the oldest go first") {
  FakeClock clock;
  Outcomes outcomes(6'400);
  for (std::uint64_t i = 1; i <= 100'000; ++i) outcomes.add_answered(ann, request(i), i, 1, {}, clock.now());
  CHECK(outcomes.size() <= 6'500);
  CHECK(outcomes.find(ann, request(100'000), clock.now()));
  CHECK_FALSE(outcomes.find(ann, request(1), clock.now()));
}

TEST_CASE("Outcomes: long lists of rejections count towards the bound") {
  FakeClock clock;
  Outcomes outcomes(64'000);
  std::vector<Rejection> alternating;
  for (std::uint16_t i = 0; i < 4'096; ++i) {
    alternating.push_back({i, i % 2 == 0 ? Refusal::OutOfBounds : Refusal::BadColor, 0});
  }
  for (std::uint64_t i = 1; i <= 2'000; ++i) outcomes.add_answered(ann, request(i), 0, 0, alternating, clock.now());
  CHECK(outcomes.size() < 200);
}

TEST_CASE("Outcomes: what is found agrees with a plain map over a long run") {
  FakeClock clock;
  SeededRandom random(11);
  Outcomes outcomes(1u << 20);
  std::map<std::uint64_t, std::pair<TimePoint, Seq>> expected;
  for (int step = 0; step < 60'000; ++step) {
    clock.advance(std::chrono::milliseconds{random.below(60)});
    const std::uint64_t id = 1 + random.below(40'000);
    const auto known = outcomes.find(ann, request(id), clock.now());
    const auto whole_seconds = [](TimePoint time) { return time.time_since_epoch().count() / 1'000'000; };
    const auto before = expected.find(id);
    const bool fresh =
        before != expected.end() && whole_seconds(clock.now()) - whole_seconds(before->second.first) < 600;
    REQUIRE(known.has_value() == fresh);
    if (known) {
      REQUIRE(known->first_seq == before->second.second);
    } else {
      outcomes.add_answered(ann, request(id), static_cast<Seq>(step) + 1, 1, {}, clock.now());
      expected[id] = {clock.now(), static_cast<Seq>(step) + 1};
    }
    if (step % 100 == 0) outcomes.sweep(clock.now());
  }
}

}  // namespace tessera
