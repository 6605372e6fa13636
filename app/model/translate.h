#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.h"
#include "shared/protocol/parts.h"
#include "shared/protocol/refusal.h"

namespace tessera {

enum class Language : std::uint8_t { English, French };
inline constexpr std::uint8_t language_count = 2;

/// The texts of the app; `texts.inc` has both languages side by side.
enum class Text : std::uint16_t {
#define TEXT(name, english, french) name,
#include "app/model/texts.inc"
#undef TEXT
};
extern const std::uint16_t text_count;

/// A text and what fills its {0}, {1} …; already formatted.
struct Phrase {
  Text text{};
  std::vector<std::string> values;
  bool operator==(const Phrase&) const = default;
};

/// The text as written, with the no-break spaces that French wants. A pointer that lives as long as the program.
const char* translate(Language language, Text text);
std::string translate(Language language, Text text, const std::vector<std::string>& values);
std::string translate(Language language, const Phrase& phrase);

/// `one` where the language uses the singular for this count (French: 0 too), `many` else; {0} is the count.
Phrase plural(Language language, std::uint64_t count, Text one, Text many);

/// `1,204` · `1 204` (narrow no-break space).
std::string format_number(Language language, std::uint64_t number);
/// One decimal where it is under ten and not whole: `0.4` · `0,4`.
std::string format_decimal(Language language, double number);
/// `0.4 s`, `12 s`, `2 min 5 s`, `3 h 20 min`.
std::string format_duration(Language language, Duration duration);
/// `just now`, `2 min ago`, `yesterday`, `3 days ago`, `on 2022-04-04`; a time to come is `just now`.
std::string format_ago(Language language, WallTime then, WallTime now);

/// `2022-04-04, 21:30`, by a clock that is `offset` ahead of UTC.
std::string format_date_time(Language language, WallTime time, Duration offset);

/// Who may do what, as people say it.
Text role_name(Role role);

/// Why a placement was refused, in a person's words.
Text why(Refusal refusal);

/// The language of a locale such as `fr_FR.UTF-8` or `fr-CA`; English where it is another.
Language language_of(std::string_view locale);

}  // namespace tessera
