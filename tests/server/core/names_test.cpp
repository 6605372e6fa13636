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

}  // namespace tessera
