#include "shared/base/wording.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("Wording: French gets the spaces it is set with, and only those") {
  CHECK(french_spaces("Prêt ? Oui ; non ! Ainsi : « oui ».") ==
        "Prêt\u202F? Oui\u202F; non\u202F! Ainsi\u00A0: «\u00A0oui\u00A0».");
  CHECK(french_spaces("12:30, a;b") == "12:30, a;b");
}

TEST_CASE("Wording: places in a text are filled, whatever stands in the values") {
  CHECK(filled("{1} of {0}", {"two {1}", "one"}) == "one of two {1}");
  CHECK(filled("{0}{2} {", {"a"}) == "a {");
}
