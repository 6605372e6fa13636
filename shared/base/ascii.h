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

}  // namespace tessera
