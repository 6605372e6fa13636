// What a page of the list of accounts costs, among 100,000: on the room loop, which copies what has changed, and on a worker.
#include <chrono>
#include <cstdio>
#include <ctime>

#include "server/core/accounts.h"
#include "server/core/sessions.h"
#include "server/http/account_list.h"
#include "shared/base/random.h"
#include "tests/bench/server_process.h"

using namespace tessera;

namespace {

constexpr std::uint32_t people = 100'000;
constexpr WallTime now{1'700'000'000'000};
constexpr std::size_t at_once = 5 * Roster::rows_a_part;  // as the rooms copy them

std::string milliseconds(double value) {
  char out[64];
  std::snprintf(out, sizeof out, "%.2f ms", value);
  return out;
}

/// Of the processor, so that what else the machine does is left out.
double timed(auto work) {
  const std::clock_t begun = std::clock();
  work();
  return static_cast<double>(std::clock() - begun) * 1'000 / CLOCKS_PER_SEC;
}

}  // namespace

int main() {
  SeededRandom random(1);
  Accounts accounts;
  Sessions sessions(std::chrono::hours{24});
  Stats::PlacedByAll placed;
  for (std::uint32_t id = 1; id <= people; ++id) {
    AccountRecord account;
    account.id = AccountId{id};
    account.name = "player number " + std::to_string(random.below(1'000'000));
    accounts.put(account);
    SessionRecord session = sessions.begin(TokenHash{}, account.id, WallTime{ms(now) - static_cast<std::int64_t>(random.below(80'000'000))});
    for (int byte = 0; byte < 4; ++byte) session.hash[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(id >> (8 * byte));
    sessions.put(session);
    placed.accounts.push_back({account.id, random.below(5'000), WallTime{ms(now) - static_cast<std::int64_t>(random.below(80'000'000))}});
  }
  RosterMaker maker;
  double longest = 0;
  const auto make = [&] {
    longest = 0;
    maker.begin(accounts.last(), accounts.changed(), sessions.changed());
    bool done = false;
    while (!done) longest = std::max(longest, timed([&] { done = maker.go_on(accounts, sessions, now, at_once); }));
  };
  const double all = timed(make);
  bench::figure("roster of 100,000 accounts, all of it, on the room loop", milliseconds(all), "", placed.accounts.size() == people);
  bench::figure("the longest turn of that", milliseconds(longest), "5 ms", longest <= 5);
  for (int i = 0; i < 10; ++i) accounts.put(*accounts.find(AccountId{static_cast<std::uint32_t>(1 + random.below(people))}));
  const double some = timed(make);
  bench::figure("the next one, after 10 accounts changed", milliseconds(some), "10 ms", some <= 10);

  const Roster roster = maker.roster();
  const auto page = [&](const char* what, const AccountListQuery& query, double wanted_ms) {
    std::size_t items = 0;
    const double took = timed([&] { items = list_accounts(roster, placed, query, now)->items.size(); });
    bench::figure(what, milliseconds(took), milliseconds(wanted_ms), took <= wanted_ms && items > 0);
  };
  page("a page of 100,000 accounts by placements, on a worker", {.sort = AccountSort::Placements, .descending = true, .limit = 500}, 100);
  page("a page of 100,000 accounts by name", {.sort = AccountSort::Name, .limit = 500}, 200);
  page("a page of those whose name has '77'", {.text = "77", .sort = AccountSort::Seen, .limit = 500}, 300);
}
