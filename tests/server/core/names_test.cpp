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

TEST_CASE("Names: numerals, letter-like signs, raised, strange and other people's letters are read as the Latin ones that they look like") {
  const std::string owner = look_of("Willem");
  for (const char* same : {"Wi\u217clem", "W\u2170llem", "Wille\u217f", "\u051cillem", "\ua4eaillem", "\u13b3\u13c6\u13de\u13de\u13ac\u13b7", "Will\u212fm",
                           "\u1d42illem", "Wi\ua781lem", "Wi\u1e37lem", "\u1e80illem", "Wi\u0142\u0142em", "Will\u0259m", "\u1d21\u026a\u029f\u029f\u1d07\u1d0d",
                           "W\u1d62\u2097\u2097\u2091\u2098", "W\u1d35\u1d38\u1d38\u1d31\u1d39", "W\u0456ll\u04d7m", "Wi\U0001f13b\U0001f13bem", "W\u2148ll\u0435\u20d7m",
                           "Wi\u01c0\u01c0em", "Wi\u1efbem", "\u0461illem", "\u24b2illem", "W\u03afll\u1f73m"}) {
    CAPTURE(same);
    CHECK(look_of(same) == owner);
  }
  CHECK(look_of("\u2165ctor") == look_of("Victor"));
  CHECK(look_of("Z\u0153") == look_of("Zoe"));
  CHECK(look_of("\ufb01sh") == look_of("fish"));
  for (const char* own : {"\u00df", "\u0436", "\u13a6", "\u2180", "\U0001f600"}) CHECK(look_of(own) == own);
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
