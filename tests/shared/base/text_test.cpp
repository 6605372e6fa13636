#include "shared/base/text.h"

#include <string>

#include <doctest/doctest.h>

#include "shared/base/random.h"

namespace tessera {
namespace {

std::string name_of(std::string_view text, std::size_t max = 32) { return display_name(text, max).value_or("(none)"); }
std::string time_of(std::string_view text) {
  const std::optional<WallTime> time = parse_time(text);
  return time ? format_time(*time) : "(none)";
}

}  // namespace

TEST_CASE("Text: UTF-8 is what RFC 3629 says") {
  for (std::string_view good :
       {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"})
    CHECK(is_utf8(good));
  for (std::string_view bad :
       {"\x80", "\xC0\xAF", "\xC1\x81", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "a\xF0\x9F\x98", "\xC3\x28"})
    CHECK_FALSE(is_utf8(bad));
  CHECK(code_points("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == 4);
}

TEST_CASE("Text: a name keeps what can be seen, in any script") {
  CHECK(name_of("ann") == "ann");
  CHECK(name_of("Zo\xC3\xAB \xE6\x9D\x8E \xD0\x96 \xF0\x9F\x98\x80") ==
        "Zo\xC3\xAB \xE6\x9D\x8E \xD0\x96 \xF0\x9F\x98\x80");
  CHECK(name_of("\xD0\xB0nn") == "\xD0\xB0nn");  // a Cyrillic letter that looks Latin is left as it was typed
}

TEST_CASE("Text: a name loses controls, bidirectional marks and what is invisible; blanks are gathered") {
  CHECK(name_of("  a \t\n b  ") == "a b");
  CHECK(name_of("a\xC2\xA0\xE3\x80\x80"
                "b") == "a b");
  CHECK(name_of(std::string_view("a\0b\x1B\x7F"
                                 "c",
                                 6)) == "abc");
  CHECK(name_of("\xE2\x80\xAE"
                "evil\xE2\x80\xAC") == "evil");
  CHECK(name_of("\xE2\x81\xA6"
                "a\xE2\x81\xA9\xE2\x80\x8F\xD8\x9C") == "a");
  CHECK(name_of("a\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF\xC2\xAD"
                "b") == "ab");
  CHECK(name_of("a\xF3\xA0\x81\xA1") == "a");
}

TEST_CASE("Text: a name of nothing, of too much, or not UTF-8 is none") {
  CHECK_FALSE(display_name(""));
  CHECK_FALSE(display_name(" \n\t "));
  CHECK_FALSE(display_name("\xE2\x80\x8B\xE2\x80\xAE\xE3\x85\xA4\xE2\xA0\x80"));
  CHECK_FALSE(display_name("a\xFF"));
  CHECK_FALSE(display_name(std::string(10'000, 'a')));
  CHECK(name_of(std::string(32, 'a')) == std::string(32, 'a'));
  CHECK_FALSE(display_name(std::string(33, 'a')));
  CHECK(name_of(std::string(10'000, ' ') + "a") == "a");
  CHECK_FALSE(display_name("a b", 2));
}

TEST_CASE("Text: times are written as RFC 3339 with milliseconds") {
  CHECK(format_time(WallTime{0}) == "1970-01-01T00:00:00.000Z");
  CHECK(format_time(WallTime{1649073600024}) == "2022-04-04T12:00:00.024Z");
  CHECK(format_time(WallTime{951782399999}) == "2000-02-28T23:59:59.999Z");
}

TEST_CASE("Text: times are read with offsets, any fraction, and as the datasets have them") {
  CHECK(time_of("2022-04-04T12:00:00.024Z") == "2022-04-04T12:00:00.024Z");
  CHECK(time_of("2022-04-04 12:00:00.024 UTC") == "2022-04-04T12:00:00.024Z");
  CHECK(time_of("2022-04-04 12:00:00 UTC") == "2022-04-04T12:00:00.000Z");
  CHECK(time_of("2022-04-04 12:00:00.5 UTC") == "2022-04-04T12:00:00.500Z");
  CHECK(time_of("2022-04-04t12:00:00.123456789z") == "2022-04-04T12:00:00.123Z");
  CHECK(time_of("2022-04-04T12:00:00+02:30") == "2022-04-04T09:30:00.000Z");
  CHECK(time_of("2022-12-31T23:30:00-01:00") == "2023-01-01T00:30:00.000Z");
  CHECK(time_of("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00.000Z");
  CHECK(time_of("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000Z");
  CHECK(time_of("9999-12-31T23:59:59.999Z") == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("Text: what is not a time is none") {
  for (std::string_view bad : {"",
                               "2022",
                               "2022-04-04",
                               "2022-04-04T12:00:00",
                               "2022-04-04T12:00:00.Z",
                               "2022-04-04T12:00:00.1234567890Z",
                               "2022-13-04T12:00:00Z",
                               "2022-02-29T12:00:00Z",
                               "2022-04-31T12:00:00Z",
                               "2022-04-04T24:00:00Z",
                               "2022-04-04T12:60:00Z",
                               "2022-04-04T12:00:61Z",
                               "2022-04-04T12:00:00Zx",
                               "2022-04-04T12:00:00 UTC+1",
                               "2022-04-04T12:00:00+24:00",
                               "1969-12-31T23:59:59Z",
                               "1970-01-01T00:00:00+00:01",
                               "22-04-04T12:00:00Z",
                               "+022-04-04T12:00:00Z",
                               "2022-04-04T12:00:00+2:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
}

TEST_CASE("Text: every day from 1970 to 9999 comes back") {
  SeededRandom random(3);
  for (std::int64_t day = 0; day < 2'932'897; day += 1 + static_cast<std::int64_t>(random.below(40))) {
    const WallTime time{day * 86'400'000 + static_cast<std::int64_t>(random.below(86'400'000))};
    REQUIRE(parse_time(format_time(time)) == time);
  }
}

TEST_CASE("Text: hexadecimal both ways") {
  CHECK(to_hex(Bytes{0x00, 0x1F, 0xA0}) == "001fa0");
  CHECK(to_hex(std::uint64_t{0x1F}) == "000000000000001f");
  CHECK(from_hex("001Fa0") == Bytes{0x00, 0x1F, 0xA0});
  CHECK(from_hex("") == Bytes{});
  for (std::string_view bad : {"0", "0g", " 00", "0x00"}) CHECK_FALSE(from_hex(bad));
}

TEST_CASE("Text: numbers are digits within their range, nothing else") {
  CHECK(parse_number("0") == 0u);
  CHECK(parse_number("18446744073709551615") == UINT64_MAX);
  CHECK(parse_number("007", 7) == 7u);
  for (std::string_view bad :
       {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616", "99999999999999999999999"})
    CHECK_FALSE(parse_number(bad));
  CHECK(parse_number("255", 255) == 255u);
  CHECK_FALSE(parse_number("256", 255));
  CHECK_FALSE(parse_number("9", 5));
  CHECK(parse_number("0", 0) == 0u);
}

}  // namespace tessera
