#include "server/http/account_list.h"

#include <doctest/doctest.h>

#include <set>

namespace tessera {
namespace {

constexpr WallTime now{1'700'000'000'000};

RosterRow row(std::uint32_t id, const char* name, Role role = Role::Guest) {
  RosterRow made;
  made.id = AccountId{id};
  made.name = name;
  made.role = role;
  return made;
}

Roster roster_of(std::vector<RosterRow> rows) {
  auto part = std::make_shared<Roster::Part>(Roster::rows_a_part);
  for (RosterRow& each : rows) (*part)[static_cast<std::size_t>(each.id)] = each;
  return Roster({std::move(part)});
}

Stats::PlacedByAll placed(std::vector<Stats::PlacedByAll::Each> accounts) { return {.seq = 1, .accounts = std::move(accounts)}; }

std::string ids(const AccountListPage& page) {
  std::string all;
  for (const ListedAccount& each : page.items) all += (all.empty() ? "" : " ") + std::to_string(static_cast<std::uint32_t>(each.id));
  return all;
}

/// The ids on all pages of two, one after the other.
std::string walk(const Roster& roster, const Stats::PlacedByAll& counts, AccountListQuery query) {
  query.limit = 2;
  std::string all;
  for (;;) {
    const auto page = list_accounts(roster, counts, query, now);
    REQUIRE(page);
    all += (all.empty() ? "" : " ") + ids(*page);
    if (page->next.empty()) return all;
    query.after = page->next;
  }
}

const Roster five = roster_of({row(1, "Dee"), row(2, "ann"), row(3, "Ben"), row(4, "ann"), row(5, "cy")});
const Stats::PlacedByAll some = placed({{AccountId{3}, 7, WallTime{50}}, {AccountId{1}, 7, WallTime{90}}, {AccountId{5}, 9, WallTime{10}}});

}  // namespace

TEST_CASE("Account list: sorted by each, either way, in pages that leave nobody out and name nobody twice") {
  struct Case {
    AccountSort sort;
    const char* up;
    const char* down;
  };
  for (const Case& each : {Case{AccountSort::Id, "1 2 3 4 5", "5 4 3 2 1"}, Case{AccountSort::Name, "2 4 3 5 1", "1 5 3 4 2"},
                           Case{AccountSort::Placements, "2 4 1 3 5", "5 3 1 4 2"}, Case{AccountSort::Seen, "2 4 5 3 1", "1 3 5 4 2"}}) {
    CHECK(walk(five, some, {.sort = each.sort}) == each.up);
    CHECK(walk(five, some, {.sort = each.sort, .descending = true}) == each.down);
  }
}

TEST_CASE("Account list: whoever places while somebody pages from the busiest on is not listed twice") {
  AccountListQuery query{.sort = AccountSort::Placements, .descending = true, .limit = 2};
  const auto first = list_accounts(five, some, query, now);
  REQUIRE(first);
  CHECK(ids(*first) == "5 3");
  query.after = first->next;
  const auto later = placed({{AccountId{3}, 8, WallTime{60}}, {AccountId{1}, 7, WallTime{90}}, {AccountId{5}, 30, WallTime{99}}});
  const auto second = list_accounts(five, later, query, now);
  REQUIRE(second);
  CHECK(ids(*second) == "1 4");
}

TEST_CASE("Account list: filters by name, id, role, kind and ban, and counts who matches on all pages") {
  RosterRow banned = row(6, "Zoé the banned", Role::Member);
  banned.banned_until = WallTime{ms(now) + 1};
  banned.kind = AccountKind::Discord;
  RosterRow over = row(7, "zed", Role::Member);
  over.banned_until = now;
  const Roster roster = roster_of({row(1, "ann"), row(5, "cy 6"), banned, over});
  const auto found = [&](const AccountListQuery& query) {
    const auto page = list_accounts(roster, {}, query, now);
    REQUIRE(page);
    CHECK(page->total >= page->items.size());
    return ids(*page);
  };
  CHECK(found({.text = "zoe"}) == "6");
  CHECK(found({.text = "6"}) == "5 6");
  CHECK(found({.role = Role::Member}) == "6 7");
  CHECK(found({.kind = AccountKind::Discord}) == "6");
  CHECK(found({.banned_only = true}) == "6");
  CHECK(found({.text = "nobody of that name"}) == "");
  CHECK(list_accounts(roster, {}, {.limit = 1}, now)->total == 4);
}

TEST_CASE("Account list: what an alias placed counts for its account, and a session counts as seen") {
  RosterRow alias = row(2, "guest");
  alias.alias_of = AccountId{1};
  RosterRow ann = row(1, "ann");
  ann.used = WallTime{70};
  const auto page = list_accounts(roster_of({ann, alias}), placed({{AccountId{1}, 3, WallTime{60}}, {AccountId{2}, 4, WallTime{65}}, {AccountId{9}, 1, WallTime{1}}}), {}, now);
  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  CHECK(page->items[0].placements == 7);
  CHECK(page->items[0].seen == WallTime{70});
}

TEST_CASE("Account list: a cursor is of its own list, and one that somebody made up is refused") {
  AccountListQuery query{.sort = AccountSort::Name, .limit = 2};
  query.after = list_accounts(five, some, query, now)->next;
  CHECK(list_accounts(five, some, query, now));
  const auto refused = [&](auto change) {
    AccountListQuery other = query;
    change(other);
    return !list_accounts(five, some, other, now);
  };
  CHECK(refused([](AccountListQuery& other) { other.descending = true; }));
  CHECK(refused([](AccountListQuery& other) { other.sort = AccountSort::Seen; }));
  CHECK(refused([](AccountListQuery& other) { other.text = "a"; }));
  CHECK(refused([](AccountListQuery& other) { other.role = Role::Guest; }));
  CHECK(refused([](AccountListQuery& other) { other.canvas = "main"; }));
  CHECK(refused([](AccountListQuery& other) { other.after.back() = other.after.back() == '0' ? '1' : '0'; }));
  CHECK(refused([](AccountListQuery& other) { other.after = "7"; }));
  CHECK(refused([](AccountListQuery& other) { other.after.clear(), other.after = "zz"; }));
  CHECK(ids(*list_accounts(five, some, {.limit = 2, .after = "3"}, now)) == "4 5");
  CHECK_FALSE(list_accounts(five, some, {.after = "-3"}, now));
}

}  // namespace tessera
