#include "shared/base/percent.h"

#include <doctest/doctest.h>

#include "shared/base/ascii.h"

using namespace tessera;

TEST_CASE("Percent: two digits of either case are their byte, and anything less is refused") {
  CHECK(percent_decode("") == "");
  CHECK(percent_decode("a+b/c") == "a+b/c");
  CHECK(percent_decode("%41%7a%C3%A9") == "Az\u00e9");
  CHECK(percent_decode("%00") == std::string(1, '\0'));
  CHECK(percent_decode("%2541") == "%41");
  for (const char* text : {"%", "a%", "%4", "a%4", "%g1", "%1g", "%%41", "% 41"}) CHECK_MESSAGE(!percent_decode(text), text);
}

TEST_CASE("ASCII: only A to Z have another case") {
  CHECK(lower_case("AZ az @[ \u00c9 09") == "az az @[ \u00c9 09");
}
