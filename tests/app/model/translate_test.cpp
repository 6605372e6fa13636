#include "app/model/translate.h"

#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "shared/base/text.h"

using namespace tessera;

namespace {

constexpr Language both[] = {Language::English, Language::French};

std::set<char> slots(std::string_view text) {
  std::set<char> found;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') found.insert(text[i + 1]);
  }
  return found;
}

std::string french(Text text) { return translate(Language::French, text); }

}  // namespace

TEST_CASE("Translate: every text is there in both languages, as UTF-8, with the same things to fill in") {
  for (std::uint16_t i = 0; i < text_count; ++i) {
    const Text text{i};
    for (const Language language : both) {
      const std::string_view words = translate(language, text);
      INFO("text ", i, ": ", std::string(words));
      CHECK_FALSE(words.empty());
      CHECK(is_utf8(words));
    }
    const auto english = slots(translate(Language::English, text));
    const auto other = slots(french(text));
    INFO("text ", i, ": ", french(text));
    // A singular may leave its number out.
    CHECK((english == other || std::includes(english.begin(), english.end(), other.begin(), other.end())));
  }
}

TEST_CASE("Translate: French keeps its signs on the line of their word") {
  for (std::uint16_t i = 0; i < text_count; ++i) {
    const std::string words = french(Text{i});
    INFO(words);
    for (const char* torn : {" :", " ;", " !", " ?", "« ", " »", "\"", "'"})
      CHECK(words.find(torn) == std::string::npos);
  }
  CHECK(french(Text::NicknameTitle) == "Comment vous appeler\u202F?");
  CHECK(translate(Language::French, Text::NoSuchCanvas, {"main"}) == "Il n’y a pas de toile «\u00A0main\u00A0» ici.");
}

TEST_CASE("Translate: English writes its apostrophes and quotes as they are printed") {
  for (std::uint16_t i = 0; i < text_count; ++i) {
    const std::string_view words = translate(Language::English, Text{i});
    CHECK(words.find('\'') == std::string_view::npos);
    CHECK(words.find('"') == std::string_view::npos);
  }
}

TEST_CASE("Translate: numbers are grouped and pointed as the language does it") {
  CHECK(format_number(Language::English, 0) == "0");
  CHECK(format_number(Language::English, 999) == "999");
  CHECK(format_number(Language::English, 1'204) == "1,204");
  CHECK(format_number(Language::English, 12'345'678) == "12,345,678");
  CHECK(format_number(Language::French, 1'204) == "1\u202F204");
  CHECK(format_decimal(Language::English, 0.42) == "0.4");
  CHECK(format_decimal(Language::French, 0.42) == "0,4");
  CHECK(format_decimal(Language::English, 3.0) == "3");
  CHECK(format_decimal(Language::English, 9.96) == "10");
  CHECK(format_decimal(Language::English, 12.4) == "12");
}

TEST_CASE("Translate: times are said as people say them") {
  using std::chrono::milliseconds;
  CHECK(format_duration(Language::English, milliseconds{400}) == "0.4 s");
  CHECK(format_duration(Language::French, milliseconds{400}) == "0,4 s");
  CHECK(format_duration(Language::English, milliseconds{11'200}) == "12 s");
  CHECK(format_duration(Language::English, milliseconds{125'000}) == "2 min 5 s");
  CHECK(format_duration(Language::English, milliseconds{3'599'000}) == "59 min 59 s");
  CHECK(format_duration(Language::English, milliseconds{3'599'001}) == "1 h");
  CHECK(format_duration(Language::French, milliseconds{7'260'001}) == "2 h 2 min");
  CHECK(format_duration(Language::English, milliseconds{-5}) == "0 s");

  const WallTime now{1'649'073'600'000};  // 2022-04-04 12:00 UTC
  const auto ago = [&](Language language, std::int64_t seconds) {
    return format_ago(language, WallTime{ms(now) - seconds * 1'000}, now);
  };
  CHECK(ago(Language::English, 5) == "just now");
  CHECK(ago(Language::English, -500) == "just now");
  CHECK(ago(Language::French, 120) == "il y a 2 min");
  CHECK(ago(Language::English, 3'700) == "1 h ago");
  CHECK(ago(Language::French, 90'000) == "hier");
  CHECK(ago(Language::English, 3 * 86'400) == "3 days ago");
  CHECK(ago(Language::English, 40 * 86'400) == "on 2022-02-23");
  CHECK(ago(Language::French, 40 * 86'400) == "le 23/02/2022");
}

TEST_CASE("Translate: the singular is the language's own") {
  CHECK(plural(Language::English, 0, Text::ChargesOne, Text::ChargesMany).text == Text::ChargesMany);
  CHECK(plural(Language::French, 0, Text::ChargesOne, Text::ChargesMany).text == Text::ChargesOne);
  CHECK(translate(Language::English, plural(Language::English, 1, Text::ChargesOne, Text::ChargesMany)) == "1 charge");
  CHECK(translate(Language::English, plural(Language::English, 1'204, Text::ChargesOne, Text::ChargesMany)) ==
        "1,204 charges");
}

TEST_CASE("Translate: what is filled in is taken as it is, and what is missing is left out") {
  CHECK(translate(Language::English, Text::SignedInAs, {"{0} {1}"}) == "Signed in as {0} {1}");
  CHECK(translate(Language::English, Text::SignedInAs, {}) == "Signed in as ");
}

TEST_CASE("Translate: every refusal has its words") {
  for (std::uint8_t i = 0; i < refusal_count; ++i)
    CHECK(std::string(translate(Language::English, why(Refusal{i}))).size() > 3);
}

TEST_CASE("Translate: a locale's language is found") {
  CHECK(language_of("fr_FR.UTF-8") == Language::French);
  CHECK(language_of("FR-ca") == Language::French);
  CHECK(language_of("fr") == Language::French);
  CHECK(language_of("fro") == Language::English);
  CHECK(language_of("C") == Language::English);
  CHECK(language_of("") == Language::English);
}
