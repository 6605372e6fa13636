#include "server/core/names.h"

#include "server/core/letter_case.h"
#include "server/core/look_alikes.h"

namespace tessera {
namespace {

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

/// Also of two letters that run together: rn as m, vv as w.
void add_letter(std::string& look, char letter) {
  look += look_of_letter(letter);
  if (look.ends_with("rn")) look.replace(look.size() - 2, 2, "m");
  if (look.ends_with("vv")) look.replace(look.size() - 2, 2, "w");
}

}  // namespace

std::string look_of(std::string_view name) {
  std::string look;
  look.reserve(name.size());
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    const char32_t code = next_code_point(name, at);
    if (is_accent(code)) continue;
    const std::string_view letters = read_as(code);
    if (letters.empty()) look += name.substr(begin, at - begin);
    for (const char letter : letters)
      if (counts(letter)) add_letter(look, letter);
  }
  return look;
}

}  // namespace tessera
