#include "server/core/names.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "shared/base/ascii.h"

namespace tessera {
namespace {

struct Look {
  char32_t code;
  char letter;
};

// By code point. Accented Latin, then Greek, then Cyrillic: each as the Latin letter it is read as at a glance.
constexpr Look looks[] = {
    {0xC7, 'c'},   {0xD0, 'd'},   {0xD1, 'n'},   {0xDD, 'y'},   {0xE7, 'c'},   {0xF1, 'n'},   {0xFD, 'y'},   {0xFF, 'y'},
    {0x10C, 'c'},  {0x10D, 'c'},  {0x11A, 'e'},  {0x11B, 'e'},  {0x130, 'i'},  {0x131, 'i'},  {0x141, 'l'},  {0x142, 'l'},
    {0x158, 'r'},  {0x159, 'r'},  {0x15A, 's'},  {0x15B, 's'},  {0x15E, 's'},  {0x15F, 's'},  {0x160, 's'},  {0x161, 's'},
    {0x17D, 'z'},  {0x17E, 'z'},  {0x251, 'a'},  {0x261, 'g'},  {0x26A, 'i'},  {0x391, 'a'},  {0x392, 'b'},  {0x395, 'e'},
    {0x396, 'z'},  {0x397, 'h'},  {0x399, 'i'},  {0x39A, 'k'},  {0x39C, 'm'},  {0x39D, 'n'},  {0x39F, 'o'},  {0x3A1, 'p'},
    {0x3A4, 't'},  {0x3A5, 'y'},  {0x3A7, 'x'},  {0x3AC, 'a'},  {0x3AD, 'e'},  {0x3AF, 'i'},  {0x3B1, 'a'},  {0x3B2, 'b'},
    {0x3B3, 'y'},  {0x3B5, 'e'},  {0x3B7, 'n'},  {0x3B9, 'i'},  {0x3BA, 'k'},  {0x3BC, 'u'},  {0x3BD, 'v'},  {0x3BF, 'o'},
    {0x3C1, 'p'},  {0x3C3, 'o'},  {0x3C4, 't'},  {0x3C5, 'u'},  {0x3C7, 'x'},  {0x3C9, 'w'},  {0x3CC, 'o'},  {0x3CD, 'u'},
    {0x405, 's'},  {0x406, 'i'},  {0x407, 'i'},  {0x408, 'j'},  {0x410, 'a'},  {0x412, 'b'},  {0x413, 'r'},  {0x415, 'e'},
    {0x41A, 'k'},  {0x41C, 'm'},  {0x41D, 'h'},  {0x41E, 'o'},  {0x420, 'p'},  {0x421, 'c'},  {0x422, 't'},  {0x423, 'y'},
    {0x425, 'x'},  {0x430, 'a'},  {0x432, 'b'},  {0x433, 'r'},  {0x435, 'e'},  {0x43A, 'k'},  {0x43C, 'm'},  {0x43D, 'h'},
    {0x43E, 'o'},  {0x43F, 'n'},  {0x440, 'p'},  {0x441, 'c'},  {0x442, 't'},  {0x443, 'y'},  {0x445, 'x'},  {0x450, 'e'},
    {0x451, 'e'},  {0x455, 's'},  {0x456, 'i'},  {0x457, 'i'},  {0x458, 'j'},  {0x475, 'v'},  {0x4AE, 'y'},  {0x4AF, 'y'},
    {0x4BA, 'h'},  {0x4BB, 'h'},  {0x4C0, 'l'},  {0x4CF, 'l'},  {0x501, 'd'},  {0x51B, 'q'},  {0x51D, 'w'},
};

constexpr bool by_code() {
  for (std::size_t i = 1; i < std::size(looks); ++i)
    if (looks[i - 1].code >= looks[i].code) return false;
  return true;
}

struct Run {
  char32_t first;
  char32_t last;
  char letter;
};
constexpr Run runs[] = {{0xC0, 0xC5, 'a'},   {0xC8, 0xCB, 'e'},   {0xCC, 0xCF, 'i'},   {0xD2, 0xD6, 'o'},   {0xD8, 0xD8, 'o'},
                        {0xD9, 0xDC, 'u'},   {0xE0, 0xE5, 'a'},   {0xE8, 0xEB, 'e'},   {0xEC, 0xEF, 'i'},   {0xF2, 0xF6, 'o'},
                        {0xF8, 0xF8, 'o'},   {0xF9, 0xFC, 'u'},   {0x100, 0x105, 'a'}, {0x112, 0x119, 'e'}, {0x128, 0x12F, 'i'},
                        {0x14C, 0x151, 'o'}, {0x168, 0x173, 'u'}};

/// The code point at `at`, which is moved behind it.
char32_t next_code(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<std::uint8_t>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t code = lead & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) code = code << 6 | (static_cast<std::uint8_t>(text[at++]) & 0x3Fu);
  return code;
}

/// The ASCII that it looks like; 0: nothing of it.
char ascii_of(char32_t code) {
  if (code < 0x80) return static_cast<char>(code);
  if (code == 0xA0 || code == 0x3000) return ' ';
  if (code >= 0xFF01 && code <= 0xFF5E) return static_cast<char>(code - 0xFF01 + '!');          // full-width
  if (code >= 0x24B6 && code <= 0x24E9) return static_cast<char>('a' + (code - 0x24B6) % 26);    // in circles
  if (code >= 0x1D400 && code <= 0x1D6A3) return static_cast<char>('a' + (code - 0x1D400) % 26); // mathematical
  if (code >= 0x1D7CE && code <= 0x1D7FF) return static_cast<char>('0' + (code - 0x1D7CE) % 10);
  for (const Run& run : runs)
    if (code >= run.first && code <= run.last) return run.letter;
  const auto found = std::lower_bound(std::begin(looks), std::end(looks), code,
                                      [](const Look& look, char32_t wanted) { return look.code < wanted; });
  return found != std::end(looks) && found->code == code ? found->letter : '\0';
}

bool counts(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '|' || letter == '!';
}

char look_of_letter(char letter) {
  switch (letter) {
    case '0': return 'o';
    case '1':
    case 'i':
    case '|':
    case '!': return 'l';
    default: return letter;
  }
}

}  // namespace

std::string look_of(std::string_view name) {
  static_assert(by_code(), "searched by halves");
  std::string look;
  look.reserve(name.size());
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    const char32_t code = next_code(name, at);
    const bool is_accent = code >= 0x300 && code <= 0x36F;
    if (is_accent) continue;
    const char letter = lower_case(ascii_of(code));
    if (letter == '\0') {
      look += name.substr(begin, at - begin);
    } else if (counts(letter)) {
      look += look_of_letter(letter);
      // Two letters that run together: rn as m, vv as w.
      if (look.ends_with("rn")) look.replace(look.size() - 2, 2, "m");
      if (look.ends_with("vv")) look.replace(look.size() - 2, 2, "w");
    }
  }
  return look;
}

}  // namespace tessera
