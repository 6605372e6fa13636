#include "server/core/automation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "shared/base/random.h"

namespace tessera {
namespace {

constexpr std::uint32_t minute = 60'000, hour = 60 * minute;

/// Placements of several accounts, made one account at a time.
class Crowd {
 public:
  void add(AccountId account, double time_ms, std::uint32_t x, std::uint32_t y, unsigned color = 3) {
    marks_.push_back({account, static_cast<std::uint32_t>(time_ms), {static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)}, static_cast<ColorIndex>(color)});
  }
  std::vector<Suspect> find(const AutomationRules& rules = {}) {
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& one, const Mark& other) { return one.time_ms < other.time_ms; });
    return find_automation(marks_, rules);
  }
  std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_.below(below)); }
  double uniform() { return (static_cast<double>(random_.below(1u << 30)) + 1) / (1u << 30); }
  /// How long people take for the same thing again and again: log-normal.
  double human(double median_ms, double spread) { return median_ms * std::exp(spread * std::sqrt(-2 * std::log(uniform())) * std::cos(6.2831853 * uniform())); }

  /// Clicks as fast as a hand can, in strokes and with looks at the picture between them.
  void add_fast_human(AccountId account, double begin) {
    double time = begin;
    std::uint32_t x = 100 + draw(50), y = 100 + draw(50);
    for (int i = 0; i < 900; ++i) {
      time += draw(30) == 0 ? human(20'000, 0.8) : human(260, 0.3);
      x += draw(3) - 1;
      y += draw(3) - 1;
      add(account, time, x, y, draw(4));
      for (std::uint32_t drag = draw(12) == 0 ? draw(12) : 0; drag > 0; --drag) add(account, time += 16, ++x, y, 2);
    }
  }
  /// Waits for a cooldown of two minutes all day, with a break now and then.
  void add_keen_human(AccountId account) {
    double time = 8.0 * hour;
    for (int i = 0; i < 250; ++i) {
      time += 2 * minute + human(6'000, 1.0) + (draw(8) == 0 ? draw(30 * minute) : 0);
      add(account, time, 300 + draw(30), 300 + draw(30), draw(3));
    }
  }

 private:
  std::vector<Mark> marks_;
  SeededRandom random_{7};
};

const Suspect* suspect(const std::vector<Suspect>& all, std::uint32_t account) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Suspect& each) { return each.account == AccountId{account}; });
  return found == all.end() ? nullptr : &*found;
}
double score(const std::vector<Suspect>& all, std::uint32_t account) {
  const Suspect* found = suspect(all, account);
  return found == nullptr ? 0 : found->score;
}
const FoundSign* sign_of(const Suspect* found, AutomationSign sign) {
  if (found == nullptr) return nullptr;
  const auto each = std::find_if(found->signs.begin(), found->signs.end(), [&](const FoundSign& known) { return known.sign == sign; });
  return each == found->signs.end() ? nullptr : &*each;
}

}  // namespace

TEST_CASE("Automation: a clock is told by its even intervals, people who are fast or keen are not") {
  Crowd crowd;
  for (int i = 0; i < 600; ++i) crowd.add(AccountId{1}, i * 6'000.0 + crowd.draw(120), crowd.draw(400), crowd.draw(400), crowd.draw(8));
  for (std::uint32_t human = 10; human < 20; ++human) crowd.add_fast_human(AccountId{human}, crowd.draw(hour));
  for (std::uint32_t human = 20; human < 25; ++human) crowd.add_keen_human(AccountId{human});
  const auto found = crowd.find();
  REQUIRE_FALSE(found.empty());
  CHECK(found.front().account == AccountId{1});
  CHECK(found.front().score > 0.8);
  const FoundSign* clock = sign_of(&found.front(), AutomationSign::RegularTiming);
  REQUIRE(clock != nullptr);
  CHECK(clock->evidence == "100 % of 599 intervals are within 0.30 s of 6.00 s");
  for (std::uint32_t human = 10; human < 25; ++human) {
    CAPTURE(human);
    CHECK(score(found, human) < 0.5);
  }
}

TEST_CASE("Automation: intervals are looked at between strokes: what one gesture or saved-up charges place at once tells nothing") {
  Crowd crowd;
  double time = 0;
  for (int burst = 0; burst < 80; ++burst) {
    time += crowd.human(40'000, 0.9);
    for (int i = 0; i < 20; ++i) crowd.add(AccountId{1}, time += 1'000, crowd.draw(100), crowd.draw(100));  // one a second: even, while there are charges
  }
  AutomationRules rules;
  rules.refill_ms = [](AccountId) { return 5'000u; };
  CHECK(score(crowd.find(rules), 1) < 0.3);
  CHECK(score(crowd.find(), 1) > 0.8);  // where nothing limits, it is a clock
}

TEST_CASE("Automation: days without a pause are told, a long evening is not") {
  Crowd crowd;
  for (double time = 0; time < 23.0 * hour; time += crowd.human(2.0 * minute, 0.5)) crowd.add(AccountId{1}, time, crowd.draw(500), crowd.draw(500), crowd.draw(9));
  for (double time = 0; time < 3.5 * hour; time += crowd.human(20'000, 0.7)) crowd.add(AccountId{2}, time, crowd.draw(500), crowd.draw(500), crowd.draw(9));
  const auto found = crowd.find();
  const FoundSign* sign = sign_of(suspect(found, 1), AutomationSign::NoPauses);
  REQUIRE(sign != nullptr);
  CHECK(sign->value == 1);
  CHECK(score(found, 1) > 0.6);
  CHECK(sign_of(suspect(found, 2), AutomationSign::NoPauses) == nullptr);
}

TEST_CASE("Automation: one template drawn in turns is told of all who share it, with the others' names") {
  Crowd crowd;
  double time = 0;
  for (std::uint32_t cell = 0; cell < 40 * 30; ++cell) crowd.add(AccountId{1 + crowd.draw(3)}, time += crowd.human(900, 0.6), 50 + cell % 40, 60 + cell / 40, cell % 5);
  for (std::uint32_t human = 10; human < 14; ++human) crowd.add_fast_human(AccountId{human}, 0);
  const auto found = crowd.find();
  for (std::uint32_t bot = 1; bot <= 3; ++bot) {
    CAPTURE(bot);
    const FoundSign* sign = sign_of(suspect(found, bot), AutomationSign::SameTemplate);
    REQUIRE(sign != nullptr);
    CHECK(sign->accounts.size() == 2);
    CHECK(sign_of(suspect(found, bot), AutomationSign::ReadingOrder) != nullptr);
    CHECK(score(found, bot) > 0.8);
  }
  for (std::uint32_t human = 10; human < 14; ++human) CHECK(sign_of(suspect(found, human), AutomationSign::SameTemplate) == nullptr);
}

TEST_CASE("Automation: who draws one template from one address is told so; who shares an address alone is not") {
  Crowd crowd;
  double time = 0;
  for (std::uint32_t cell = 0; cell < 40 * 30; ++cell) crowd.add(AccountId{1 + crowd.draw(3)}, time += crowd.human(900, 0.6), 50 + cell % 40, 60 + cell / 40, cell % 5);
  for (std::uint32_t human = 10; human < 14; ++human) crowd.add_fast_human(AccountId{human}, 0);
  const AddressPrefix home{PrefixKind::V4Address, 1}, phone{PrefixKind::V6Subnet, 1}, school{PrefixKind::V4Address, 2};
  AutomationRules rules;
  rules.addresses = {{AccountId{1}, {phone, home}}, {AccountId{2}, {home}}, {AccountId{3}, {AddressPrefix{PrefixKind::V6Subnet, 2}}}};
  for (std::uint32_t human = 10; human < 14; ++human) rules.addresses[AccountId{human}] = {school};
  const auto alone = crowd.find(), found = crowd.find(rules);
  for (const auto& [bot, other] : {std::pair(1u, 2u), std::pair(2u, 1u)}) {
    const FoundSign* sign = sign_of(suspect(found, bot), AutomationSign::SameAddress);
    REQUIRE(sign != nullptr);
    CHECK(sign->accounts == std::vector{AccountId{other}});
    CHECK(sign->evidence == "seen at the same address as 1 of them: " + std::to_string(other));
    CHECK(score(found, bot) > score(alone, bot));
    CHECK(sign_of(suspect(alone, bot), AutomationSign::SameAddress) == nullptr);
  }
  CHECK(sign_of(suspect(found, 3), AutomationSign::SameAddress) == nullptr);
  for (std::uint32_t human = 10; human < 14; ++human) CHECK(sign_of(suspect(found, human), AutomationSign::SameAddress) == nullptr);
}

TEST_CASE("Automation: guards of one picture that mend it in the same order are told, people who mend it where it is hurt are not") {
  Crowd crowd;
  std::vector<std::uint32_t> order(400);  // no reading order: any that all of them keep
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i * 171 % 400;
  for (std::uint32_t bot = 1; bot <= 2; ++bot) {
    double time = bot * 5.0 * minute;
    for (const std::uint32_t cell : order) crowd.add(AccountId{bot}, time += crowd.human(3'000, 0.7), cell % 20, cell / 20, cell % 3);
  }
  for (std::uint32_t human = 3; human <= 6; ++human) {
    double time = crowd.draw(hour);
    for (int i = 0; i < 400; ++i) {
      const std::uint32_t cell = crowd.draw(400);
      crowd.add(AccountId{human}, time += crowd.human(3'000, 0.7), cell % 20, cell / 20, cell % 3);
    }
  }
  const auto found = crowd.find();
  for (std::uint32_t bot = 1; bot <= 2; ++bot) CHECK(score(found, bot) > 0.7);
  for (std::uint32_t human = 3; human <= 6; ++human) CHECK(score(found, human) < 0.2);
}

TEST_CASE("Automation: who placed little is not looked at") {
  Crowd crowd;
  for (int i = 0; i < 199; ++i) crowd.add(AccountId{1}, i * 5'000.0, crowd.draw(99), crowd.draw(99));
  CHECK(crowd.find().empty());
  crowd.add(AccountId{1}, 199 * 5'000.0, 1, 1);
  CHECK(crowd.find().size() == 1);
  CHECK(Crowd().find().empty());
}

}  // namespace tessera
