#include "server/auth/device_codes.h"

#include <set>

#include <doctest/doctest.h>

#include "tests/support/fake_clock.h"

using namespace tessera;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

struct Fixture {
  FakeClock clock;
  SeededRandom random{7};
  DeviceCodes codes{clock, random};

  DeviceCodes::NotYet poll(const std::string& device_code) {
    const auto grant = codes.poll(device_code);
    REQUIRE(!grant);
    return grant.error();
  }
};

using NotYet = DeviceCodes::NotYet;

}  // namespace

TEST_CASE("Device codes: the app's is a token, the person's eight letters that nobody confuses") {
  Fixture fixture;
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto begun = fixture.codes.begin("Tessera on Linux");
    REQUIRE(begun);
    CHECK(begun->device_code.size() == 43);
    CHECK(begun->user_code.size() == 9);
    CHECK(begun->user_code[4] == '-');
    CHECK(begun->user_code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ-") == std::string::npos);
    CHECK(user_code(begun->user_code) == begun->user_code);
    seen.insert(begun->user_code);
  }
  CHECK(seen.size() == 1'000);
}

TEST_CASE("Device codes: however it was typed") {
  CHECK(user_code("bcdf-ghjk") == "BCDF-GHJK");
  CHECK(user_code(" BCDF GHJK ") == "BCDF-GHJK");
  CHECK(user_code("b-c-d-f-g-h-j-k") == "BCDF-GHJK");
  for (const char* wrong : {"", "BCDF", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "BCDF_GHJK", "BCDF-GHJK<", "BCDF\r\nGHJK"})
    CHECK_MESSAGE(!user_code(wrong), wrong);
}

TEST_CASE("Device codes: pending until somebody confirms, then granted once") {
  Fixture fixture;
  const auto begun = *fixture.codes.begin("Tessera on Linux");
  CHECK(fixture.poll(begun.device_code) == NotYet::Pending);
  CHECK(fixture.codes.waiting(begun.user_code) == "Tessera on Linux");
  CHECK(fixture.codes.decide(begun.user_code, AccountId{7}));
  CHECK(!fixture.codes.waiting(begun.user_code));
  CHECK(!fixture.codes.decide(begun.user_code, AccountId{8}));
  const auto grant = fixture.codes.poll(begun.device_code);
  REQUIRE(grant);
  CHECK(grant.value().account == AccountId{7});
  CHECK(grant.value().label == "Tessera on Linux");
  fixture.clock.advance(seconds(5));
  CHECK(fixture.poll(begun.device_code) == NotYet::Pending);
  fixture.codes.settle(begun.device_code, true);
  CHECK(fixture.poll(begun.device_code) == NotYet::Expired);
}

TEST_CASE("Device codes: a grant whose session could not be stored can be asked for again") {
  Fixture fixture;
  const auto begun = *fixture.codes.begin("");
  CHECK(fixture.codes.decide(begun.user_code, AccountId{7}));
  CHECK(fixture.codes.poll(begun.device_code).ok());
  fixture.codes.settle(begun.device_code, false);
  CHECK(fixture.codes.poll(begun.device_code).ok());
}

TEST_CASE("Device codes: refused, it is told once and then forgotten") {
  Fixture fixture;
  const auto begun = *fixture.codes.begin("");
  CHECK(fixture.codes.decide(begun.user_code, std::nullopt));
  CHECK(fixture.poll(begun.device_code) == NotYet::Denied);
  CHECK(fixture.poll(begun.device_code) == NotYet::Expired);
}

TEST_CASE("Device codes: an app that asks too often is slowed down, and heard again once it waits") {
  Fixture fixture;
  const auto begun = *fixture.codes.begin("");
  CHECK(fixture.poll(begun.device_code) == NotYet::Pending);
  fixture.clock.advance(seconds(5));
  CHECK(fixture.poll(begun.device_code) == NotYet::Pending);
  fixture.clock.advance(seconds(2));
  CHECK(fixture.poll(begun.device_code) == NotYet::SlowDown);
  fixture.clock.advance(seconds(6));
  CHECK(fixture.poll(begun.device_code) == NotYet::SlowDown);
  fixture.clock.advance(seconds(15));
  CHECK(fixture.poll(begun.device_code) == NotYet::Pending);
  CHECK(fixture.codes.decide(begun.user_code, AccountId{7}));
  CHECK(fixture.codes.poll(begun.device_code).ok());
}

TEST_CASE("Device codes: ten minutes, and so many at a time") {
  Fixture fixture;
  const auto begun = *fixture.codes.begin("");
  fixture.clock.advance(minutes(10) - seconds(1));
  CHECK(fixture.codes.waiting(begun.user_code));
  fixture.clock.advance(seconds(1));
  CHECK(!fixture.codes.waiting(begun.user_code));
  CHECK(!fixture.codes.decide(begun.user_code, AccountId{7}));
  CHECK(fixture.poll(begun.device_code) == NotYet::Expired);
  CHECK(fixture.poll("never given") == NotYet::Expired);
  for (std::size_t i = 0; i < DeviceCodes::most; ++i) REQUIRE(fixture.codes.begin(""));
  CHECK(!fixture.codes.begin(""));
  fixture.clock.advance(minutes(10));
  CHECK(fixture.codes.begin(""));
}
