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

TEST_CASE("Percent: what is encoded comes back, whatever byte it is") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("#a=b&c d\r\n\u00e9") == "%23a%3Db%26c%20d%0D%0A%C3%A9");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(percent_decode(percent_encode(all)) == all);
}

TEST_CASE("Form: names and values in their order, a plus a blank; half a percent is refused") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(parse_form("") == Pairs{});
  CHECK(parse_form("a=1&b=x+y%2B&&a=2&c&=d") == Pairs{{"a", "1"}, {"b", "x y+"}, {"a", "2"}, {"c", ""}, {"", "d"}});
  CHECK(parse_form("a=b=c") == Pairs{{"a", "b=c"}});
  for (const char* text : {"a=%", "%4=1", "a=1&b=%zz"}) CHECK_MESSAGE(!parse_form(text), text);
}

TEST_CASE("ASCII: only A to Z have another case") {
  CHECK(lower_case("AZ az @[ \u00c9 09") == "az az @[ \u00c9 09");
}
