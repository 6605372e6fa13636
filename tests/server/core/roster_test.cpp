#include "server/core/roster.h"

#include <doctest/doctest.h>

#include "server/core/accounts.h"
#include "server/core/sessions.h"

namespace tessera {
namespace {

constexpr WallTime now{1'700'000'000'000};

struct Book {
  Accounts accounts;
  Sessions sessions{std::chrono::hours{24}};
  RosterMaker maker;

  void put(std::uint32_t id, const char* name, AccountId alias_of = nobody) {
    AccountRecord account;
    account.id = AccountId{id};
    account.name = name;
    account.alias_of = alias_of;
    accounts.put(account);
  }
  Roster roster() {
    maker.begin(accounts.last(), accounts.changed(), sessions.changed());
    while (!maker.go_on(accounts, sessions, now, 1)) {
    }
    return maker.roster();
  }
};

}  // namespace

TEST_CASE("Roster: what it shows stays, whatever happens since, and only what changed is made anew") {
  Book book;
  book.put(1, "ann");
  book.put(1'023, "ben");
  book.put(5'000, "cy");
  const Roster first = book.roster();
  CHECK(first.find(AccountId{5'000})->name == "cy");
  CHECK(first.find(AccountId{2}) == nullptr);
  CHECK(first.find(AccountId{60'000}) == nullptr);

  book.put(5'000, "cynthia");
  book.put(7'000, "dee");
  const Roster second = book.roster();
  CHECK(first.find(AccountId{5'000})->name == "cy");
  CHECK(second.find(AccountId{5'000})->name == "cynthia");
  CHECK(second.find(AccountId{7'000})->name == "dee");
  CHECK(second.find(AccountId{1}) == first.find(AccountId{1}));
}

TEST_CASE("Roster: an alias stands for its account, and is none of its own") {
  Book book;
  book.put(1, "ann");
  book.put(2, "guest", AccountId{1});
  const Roster roster = book.roster();
  CHECK(roster.resolve(AccountId{2})->id == AccountId{1});
  std::size_t accounts = 0;
  roster.each([&](const RosterRow&) { ++accounts; });
  CHECK(accounts == 1);
  CHECK(book.accounts.size() == 1);
}

TEST_CASE("Roster: tells the last use of a session, of those that there are") {
  Book book;
  book.put(1, "ann");
  CHECK_FALSE(book.roster().find(AccountId{1})->used);
  SessionRecord older = book.sessions.begin(TokenHash{1}, AccountId{1}, WallTime{ms(now) - 5'000});
  SessionRecord newer = book.sessions.begin(TokenHash{2}, AccountId{1}, now);
  book.sessions.put(older);
  book.sessions.put(newer);
  CHECK(book.roster().find(AccountId{1})->used == now);
  book.sessions.end(TokenHash{2}, now);
  CHECK(book.roster().find(AccountId{1})->used == older.used);
}

}  // namespace tessera
