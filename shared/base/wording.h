#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Texts for people, as both the app and the server's own pages put them together.
namespace tessera {

inline constexpr std::string_view no_break_space = "\u00A0";
inline constexpr std::string_view narrow_no_break_space = "\u202F";

/// French as it is set: a no-break space before the colon and inside quotes, a narrow one before ; ! ? where `plain` has a blank.
std::string french_spaces(std::string_view plain);

/// `pattern` with its {0}, {1} … replaced by the values; one that has no value is left out.
std::string filled(std::string_view pattern, const std::vector<std::string>& values);

}  // namespace tessera
