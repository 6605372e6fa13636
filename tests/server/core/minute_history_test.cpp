#include "server/core/minute_history.h"

#include <doctest/doctest.h>

#include "tests/support/fake_clock.h"

namespace tessera {
namespace {

using std::chrono::seconds;

constexpr std::int64_t minute_ms = MinuteHistory::minute_ms;
constexpr WallTime ever{0};

/// A server that counts, and a clock that starts half-way through a minute.
struct Server {
  FakeClock clock;
  MinuteHistory history{clock};
  Readings readings;
  Histogram answers{time_bounds};

  Server() {
    clock.set_wall(WallTime{1'000 * minute_ms + 30'000});
    history.begin(readings);
  }
  void take() {
    readings.answer_us = buckets_of(answers);
    history.take(readings);
  }
  void pass(seconds time) {
    clock.advance(time);
    take();
  }
};

}  // namespace

TEST_CASE("History: a minute has what was counted in it, and what there was at its end") {
  Server server;
  server.readings.placements = 5;
  server.readings.refused[static_cast<std::size_t>(Refusal::TooSoon)] = 2;
  server.readings.connections = 9;
  server.readings.cpu_us = 15'000'000;
  CHECK(server.history.next_due() == WallTime{1'001 * minute_ms});
  server.pass(seconds{30});
  server.readings.placements = 12;
  server.readings.connections = 3;
  server.readings.cpu_us += 6'000'000;
  server.pass(seconds{60});
  const auto samples = server.history.since(ever);
  REQUIRE(samples.size() == 2);
  CHECK(samples[0].minute == 1'000);
  CHECK(samples[0].placements == 5);
  CHECK(samples[0].refused[static_cast<std::size_t>(Refusal::TooSoon)] == 2);
  CHECK(samples[0].connections == 9);
  CHECK(samples[0].cpu() == doctest::Approx(0.5));
  CHECK(samples[1].minute == 1'001);
  CHECK(samples[1].placements == 7);
  CHECK(samples[1].refused[static_cast<std::size_t>(Refusal::TooSoon)] == 0);
  CHECK(samples[1].connections == 3);
  CHECK(samples[1].cpu() == doctest::Approx(0.1));
  CHECK(server.history.since(WallTime{1'001 * minute_ms}).size() == 1);
  CHECK(server.history.since(WallTime{1'001 * minute_ms + 1}).empty());
}

TEST_CASE("History: times of answers are of the minute's own, and there are none where nothing was answered") {
  Server server;
  for (int i = 0; i < 99; ++i) server.answers.add(1'500);
  server.answers.add(900'000);
  server.pass(seconds{30});
  server.pass(seconds{60});
  for (int i = 0; i < 4; ++i) server.answers.add(100);
  server.pass(seconds{60});
  const auto samples = server.history.since(ever);
  REQUIRE(samples.size() == 3);
  CHECK(*samples[0].answer_p50_us >= 1'000);
  CHECK(*samples[0].answer_p50_us < 2'000);
  CHECK(*samples[0].answer_p99_us <= 2'000);
  CHECK_FALSE(samples[1].answer_p50_us);
  CHECK(*samples[2].answer_p99_us < 100);
  CHECK_FALSE(samples[2].commit_p99_us);
}

TEST_CASE("History: a quantile lies between its bucket's bounds in proportion") {
  Readings::Buckets counts{};
  CHECK_FALSE(quantile(counts, 0.5));
  counts[0] = 1;
  CHECK(quantile(counts, 0.5) == 50u);
  counts[4] = 3;  // 1,000 to 2,000
  CHECK(quantile(counts, 0.25) == 100u);
  CHECK(quantile(counts, 0.625) == 1'500u);
  CHECK(quantile(counts, 1.0) == 2'000u);
  counts.back() = 96;  // more than 10 s: how much more is not known
  CHECK(quantile(counts, 0.99) == 10'000'000u);
}

TEST_CASE("Histogram: a bound belongs to the bucket below it, and what is above all of them is counted too") {
  Histogram histogram{time_bounds};
  for (const std::uint64_t value : {0ull, 100ull, 101ull, 200ull, 10'000'000ull, 10'000'001ull}) histogram.add(value);
  CHECK(histogram.bucket(0) == 2);
  CHECK(histogram.bucket(1) == 2);
  CHECK(histogram.bucket(time_bounds.size() - 1) == 1);
  CHECK(histogram.bucket(time_bounds.size()) == 1);
  CHECK(histogram.total() == 6);
  CHECK(histogram.sum() == 20'000'402);
}

TEST_CASE("History: a server that begins again within a minute adds to it, and a gap stays a gap") {
  Server server;
  server.readings.placements = 5;
  server.pass(seconds{10});
  const auto kept = server.history.since(ever);

  MinuteHistory again(server.clock);
  again.restore(kept);
  again.begin({});
  server.clock.advance(seconds{20});
  Readings readings;
  readings.placements = 3;
  readings.connections = 4;
  again.take(readings);
  REQUIRE(again.since(ever).size() == 1);
  CHECK(again.since(ever)[0].placements == 8);
  CHECK(again.since(ever)[0].connections == 4);
  CHECK(again.since(ever)[0].covered_ms == 30'000);

  MinuteHistory later(server.clock);
  server.clock.advance(seconds{3'600});
  later.restore(again.since(ever));
  later.begin({});
  server.clock.advance(seconds{60});
  later.take({});
  REQUIRE(later.since(ever).size() == 2);
  CHECK(later.since(ever)[1].minute == 1'061);
}

TEST_CASE("History: a day is kept, older minutes and those of another order go") {
  Server server;
  for (int minute = 0; minute < 1'500; ++minute) server.pass(seconds{60});
  const auto samples = server.history.since(ever);
  CHECK(samples.size() == MinuteHistory::most_samples);
  CHECK(samples.back().minute == 1'000 + 1'499);

  MinuteHistory restored(server.clock);
  std::vector<MinuteSample> mixed{samples[5], samples[4], samples[6], samples[7]};
  mixed.push_back(samples.back());
  mixed.back().minute += 100;  // not yet
  mixed[3].covered_ms = 0;
  restored.restore(mixed);
  CHECK(restored.since(ever).size() == 2);
  server.clock.advance(std::chrono::hours{25});
  MinuteHistory too_late(server.clock);
  too_late.restore(samples);
  CHECK(too_late.since(ever).empty());
}

TEST_CASE("History: a clock that is set back adds to the newest minute until it is there again") {
  Server server;
  server.pass(seconds{30});
  server.clock.set_wall(WallTime{900 * minute_ms});
  server.take();
  server.readings.placements = 4;
  server.pass(seconds{60});
  const auto samples = server.history.since(ever);
  CHECK(samples.back().minute == 1'001);
  CHECK(samples.back().placements == 4);
}

TEST_CASE("History: the cores in use now are those since the last reading") {
  Server server;
  server.readings.cpu_us = 30'000'000;
  server.pass(seconds{30});
  CHECK(server.history.cores(30'000'000) == doctest::Approx(1.0));  // too soon to tell: the last minute's
  server.clock.advance(seconds{10});
  CHECK(server.history.cores(32'500'000) == doctest::Approx(0.25));
}

}  // namespace tessera
