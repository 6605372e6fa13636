// Limits under attack: whatever one account tries, it never places more than its charges.
#include <algorithm>
#include <deque>

#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "tests/support/rooms_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

constexpr PlacingLimits usual{.per_second = 10, .burst = 20, .per_minute = 100, .cooldown_ms = 0};
constexpr PlacingLimits stored_charges{.per_second = 1.0 / 30, .burst = 12, .per_minute = std::nullopt, .cooldown_ms = 0};

/// What the limits mean, by the most simple means: an ideal bucket that begins full, and a list of the last minute.
class Referee {
 public:
  explicit Referee(const PlacingLimits& limits) : limits_(limits), charges_(limits.burst) {}

  void placed(TimePoint now, std::uint32_t count) {
    const double seconds = std::chrono::duration<double>(now - at_).count();
    if (limits_.per_second) charges_ = std::min<double>(limits_.burst, charges_ + seconds * *limits_.per_second) - count;
    at_ = now;
    least_ = std::min(least_, charges_);
    for (std::uint32_t i = 0; i < count; ++i) minute_.push_back(now);
    while (now - minute_.front() >= 60s) minute_.pop_front();
    most_in_a_minute_ = std::max(most_in_a_minute_, minute_.size());
    total_ += count;
  }
  double least() const { return least_; }
  std::size_t most_in_a_minute() const { return most_in_a_minute_; }
  std::uint64_t total() const { return total_; }

 private:
  PlacingLimits limits_;
  double charges_;
  double least_ = 0;
  TimePoint at_{};
  std::deque<TimePoint> minute_;
  std::size_t most_in_a_minute_ = 0;
  std::uint64_t total_ = 0;
};

/// One account with fifty sockets and HTTP beside them, which reconnects, draws anew and sets the wall clock.
struct Attack : RoomsFixture {
  Attack(const PlacingLimits& limits, const PlacingLimits& rules) : RoomsFixture({{"main", {100, 100}}}, at_once(), limits), referee(rules) {
    account = sign_in("mallory");
    connect_all();
  }

  static RoomsSettings at_once() {
    RoomsSettings settings;
    settings.room.flush_interval = {};  // so that what is accepted is counted at once
    return settings;
  }
  void connect_all() {
    sockets.clear();
    for (std::uint64_t client = 1; client <= 50; ++client) {
      sockets.push_back(connect(account, gate, client));
      enter(sockets.back());
    }
  }
  std::vector<WireCell> cells() {
    std::vector<WireCell> drawn(1 + random.below(8));
    for (WireCell& cell : drawn) cell = {static_cast<std::uint16_t>(random.below(100)), static_cast<std::uint16_t>(random.below(100)), 3};
    return drawn;
  }
  void step() {
    switch (random.below(40)) {
      case 0: connect_all(); break;
      case 1: set_the_clock(); break;
      case 2: {
        const ConnectionId again = connect(account, gate, 1 + random.below(50));
        enter(again);
        sockets[random.below(50)] = again;
        break;
      }
      default:
        for (std::uint64_t burst = random.below(12); burst > 0; --burst) {
          if (random.below(3) == 0) rooms->place("main", account, cells(), [](const PlaceReply&) {});
          else place(sockets[random.below(50)], random.next_u64() | 1, cells());
        }
    }
    const Seq before = stored();
    commit_all();
    const Seq after = stored();
    if (after > before) referee.placed(clock.now(), static_cast<std::uint32_t>(after - before));
    gate.take();
  }
  /// Back; and on, where no restart will ask how long it took.
  void set_the_clock() {
    const auto by = static_cast<std::int64_t>(random.below(3'600'000));
    clock.set_wall(WallTime{ms(clock.wall()) + (restarted && random.below(2) == 0 ? by : -by)});
  }
  Seq stored() { return *store.last_seq(CanvasId{1}); }
  /// Lets some time pass, most often too little for anything to come back.
  void rest() { pass(std::chrono::milliseconds(random.below(20) == 0 ? random.below(90'000) : random.below(400))); }

  Referee referee;
  SeededRandom random{2022};
  RecordingGate gate;
  AccountId account{};
  std::vector<ConnectionId> sockets;
  bool restarted = false;
};

/// A room with these limits, and a referee who knows the rules.
Referee attack_for_an_hour(const PlacingLimits& limits, const PlacingLimits& rules) {
  Attack attack(limits, rules);
  const TimePoint begin = attack.clock.now();
  while (attack.clock.now() - begin < 60min) {
    attack.step();
    attack.rest();
    if (attack.restarted || attack.clock.now() - begin < 30min) continue;
    attack.restarted = true;
    attack.pass(1s);
    attack.commit_all();
    attack.restart();
    attack.connect_all();
  }
  return attack.referee;
}

bool is_fair(const Referee& referee, const PlacingLimits& rules) {
  return referee.least() > -0.01 && (!rules.per_minute || referee.most_in_a_minute() <= *rules.per_minute);
}

}  // namespace

TEST_CASE("Limits under attack: fifty sockets and HTTP at once never get more than one's charges, over an hour and a restart") {
  for (const PlacingLimits& limits : {usual, stored_charges}) {
    const Referee referee = attack_for_an_hour(limits, limits);
    CHECK(is_fair(referee, limits));
    CHECK(referee.total() > 80);  // it did draw
  }
}

TEST_CASE("Limits under attack: the referee notices one charge too many, and one placement a minute") {
  PlacingLimits rules = usual;
  --rules.burst;
  CHECK_FALSE(is_fair(attack_for_an_hour(usual, rules), rules));
  rules = usual;
  --*rules.per_minute;
  CHECK_FALSE(is_fair(attack_for_an_hour(usual, rules), rules));
}

}  // namespace tessera
