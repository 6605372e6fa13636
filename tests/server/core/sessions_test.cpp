#include "server/core/sessions.h"

#include <doctest/doctest.h>

#include "server/core/accounts.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t hour_ms = 3'600'000;
constexpr TokenHash token{1, 2, 3};

}  // namespace

TEST_CASE("Sessions: one in use is renewed once a day, an unused one expires") {
  Sessions sessions(10 * 24h);
  sessions.put(sessions.begin(token, AccountId{7}, WallTime{0}));
  REQUIRE(sessions.use(token, WallTime{23 * hour_ms}) != nullptr);
  CHECK(sessions.use(token, WallTime{23 * hour_ms})->account == AccountId{7});
  CHECK(sessions.take_renewed().empty());
  CHECK(sessions.use(token, WallTime{24 * hour_ms}) != nullptr);
  CHECK(sessions.use(token, WallTime{25 * hour_ms}) != nullptr);
  const auto renewed = sessions.take_renewed();
  REQUIRE(renewed.size() == 1);
  CHECK(renewed[0].expires == WallTime{11 * 24 * hour_ms});
  CHECK(sessions.take_renewed().empty());
  CHECK(sessions.use(token, WallTime{11 * 24 * hour_ms - 1}));
  CHECK_FALSE(sessions.use(token, WallTime{30 * 24 * hour_ms}));
}

TEST_CASE("Sessions: an unknown, an ended and an expired one are nobody's") {
  Sessions sessions(1h);
  CHECK_FALSE(sessions.use(token, WallTime{0}));
  CHECK_FALSE(sessions.end(token, WallTime{0}));
  sessions.put(sessions.begin(token, AccountId{7}, WallTime{0}));
  CHECK(sessions.end(token, WallTime{5}));
  CHECK_FALSE(sessions.use(token, WallTime{5}));
  sessions.put(sessions.begin(token, AccountId{7}, WallTime{0}));
  CHECK_FALSE(sessions.end(token, WallTime{hour_ms}));
}

TEST_CASE("Sessions: a sweep forgets expired ones and names them") {
  Sessions sessions(1h);
  sessions.put(sessions.begin(token, AccountId{7}, WallTime{0}));
  sessions.put(sessions.begin(TokenHash{9}, AccountId{8}, WallTime{10}));
  const auto expired = sessions.sweep(WallTime{hour_ms});
  REQUIRE(expired.size() == 1);
  CHECK(expired[0].hash == token);
  CHECK(sessions.of(AccountId{7}, WallTime{0}).empty());
  CHECK(sessions.of(AccountId{8}, WallTime{0}).size() == 1);
  CHECK(sessions.size() == 1);
}

TEST_CASE("Accounts: ids are never given out twice") {
  Accounts accounts;
  AccountRecord old;
  old.id = AccountId{41};
  accounts.put(old);
  CHECK(accounts.new_account(AccountKind::Guest, "a", WallTime{}).id == AccountId{42});
  CHECK(accounts.new_account(AccountKind::Guest, "b", WallTime{}).id == AccountId{43});
  CHECK(accounts.find(AccountId{42}) == nullptr);
  CHECK(accounts.find(nobody) == nullptr);
}

}  // namespace tessera
