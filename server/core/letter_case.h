#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tessera {

/// The code point of well-formed UTF-8 at `at`, which is moved behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);

/// `code` as UTF-8, behind `out`.
void append_code_point(std::string& out, char32_t code);

/// The letters of well-formed UTF-8 as their capitals, whatever the locale, one for one: of Latin as the languages of Europe and
/// Vietnam write it, Greek, Cyrillic, Armenian, and the wide forms of ASCII (`Simple_Uppercase_Mapping` of Unicode). Other letters
/// stay, and so does ß, which ẞ becomes. İ becomes I: a word is the same with and without the Turkish keyboard. An accent
/// that is a code point of its own is not joined to its letter (no normalisation).
std::string capitals(std::string_view text);

}  // namespace tessera
