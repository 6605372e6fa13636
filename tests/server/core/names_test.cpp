#include "server/core/names.h"

#include <doctest/doctest.h>

#include "server/core/accounts.h"

namespace tessera {

TEST_CASE("Names: case, look-alikes of other scripts, digits, accents, blanks and signs do not tell two names apart") {
  const std::string owner = look_of("Olivia Owner");
  for (const char* same : {"olivia owner", "OLIVIA OWNER", "0livia 0wner", "O1ivia Owner", "o|ivia owner", "Оlivia Оwner" /* Cyrillic О */,
                           "Οlivia Οwner" /* Greek Ο */, "Ｏｌｉｖｉａ　Ｏｗｎｅｒ", "𝐎𝐥𝐢𝐯𝐢𝐚 𝐎𝐰𝐧𝐞𝐫", "Ólìvía Öwnèr", "Olivia_Owner", "O.l.i.v.i.a Owner",
                           "Olivia Ovvner", "Olivіa Оwnеr" /* Cyrillic і, О, е */, "Olivia Owne\u0301r", "ⓞⓛⓘⓥⓘⓐ ⓞⓦⓝⓔⓡ"}) {
    CAPTURE(same);
    CHECK(look_of(same) == owner);
  }
  for (const char* other : {"Olivia", "Olivia Owner 2", "Oliver Owner", "", "奥莉薇娅"}) {
    CAPTURE(other);
    CHECK(look_of(other) != owner);
  }
  CHECK(look_of("modern") == look_of("modem"));
  CHECK(look_of("奥莉薇娅") == "奥莉薇娅");
  CHECK(look_of("...") == "");
}

TEST_CASE("Names: only those of the staff that there is now are taken") {
  Accounts accounts;
  AccountRecord ann;
  ann.id = AccountId{1};
  ann.name = "Ann";
  ann.role = Role::Moderator;
  accounts.put(ann);
  AccountRecord twin = ann;
  twin.id = AccountId{2};
  twin.name = "ANN";
  accounts.put(twin);
  CHECK(accounts.looks_like_staff("\u0410nn"));
  ann.role = Role::Member;
  accounts.put(ann);
  CHECK(accounts.looks_like_staff("ann"));
  twin.name = "bea";
  accounts.put(twin);
  CHECK_FALSE(accounts.looks_like_staff("ann"));
  CHECK(accounts.looks_like_staff("8ea") == false);
  CHECK(accounts.looks_like_staff("BEA"));
}

TEST_CASE("Accounts: a search finds by look or by id, by id, and goes on where a part of it ended") {
  Accounts accounts;
  for (std::uint32_t id = 1; id <= 100; ++id) {
    AccountRecord account;
    account.id = AccountId{id};
    account.name = id % 10 == 0 ? "Zo\u00eb " + std::to_string(id) : "player " + std::to_string(id);
    if (id == 20) account.alias_of = AccountId{30};
    accounts.put(account);
  }
  const auto find = [&](const std::string& text, std::uint32_t after, std::size_t limit, std::size_t part) {
    auto search = Accounts::search({.text = text, .after = AccountId{after}, .limit = limit});
    while (!accounts.go_on(search, part)) {
    }
    std::vector<std::uint32_t> ids;
    for (const AccountRecord& account : search.found) ids.push_back(static_cast<std::uint32_t>(account.id));
    return ids;
  };
  using Ids = std::vector<std::uint32_t>;
  for (const std::size_t part : {1u, 7u, 1'000u}) {
    CHECK(find("zoe", 0, 3, part) == Ids{10, 30, 40});
    CHECK(find("ZOE", 40, 3, part) == Ids{50, 60, 70});
    CHECK(find("77", 0, 50, part) == Ids{77});
    CHECK(find("", 97, 50, part) == Ids{98, 99, 100});
    CHECK(find("nobody at all", 0, 50, part).empty());
    CHECK(find("", UINT32_MAX, 50, part).empty());
  }
}

}  // namespace tessera
