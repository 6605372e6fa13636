#include "shared/base/wording.h"

namespace tessera {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::string french_spaces(std::string_view plain) {
  std::string text(plain);
  for (const char* sign : {";", "!", "?"}) replace_all(text, std::string(" ") + sign, std::string(narrow_no_break_space) + sign);
  replace_all(text, " :", std::string(no_break_space) + ":");
  replace_all(text, "« ", "«" + std::string(no_break_space));
  replace_all(text, " »", std::string(no_break_space) + "»");
  return text;
}

std::string filled(std::string_view pattern, const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    if (!slot) {
      out += pattern[i];
      continue;
    }
    const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
    if (index < values.size()) out += values[index];
    i += 2;
  }
  return out;
}

}  // namespace tessera
