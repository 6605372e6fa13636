#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// A to Z become a to z, whatever the locale; every other byte stays.
constexpr char lower_case(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

inline std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& letter : out) letter = lower_case(letter);
  return out;
}

/// Without the blanks at its ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes the next item of a list, as HTTP's headers have them, off the front.
constexpr std::string_view next_item(std::string_view& list, char separator = ',') {
  const std::string_view item = list.substr(0, list.find(separator));
  list.remove_prefix(item.size() < list.size() ? item.size() + 1 : list.size());
  return trimmed(item);
}

}  // namespace tessera
