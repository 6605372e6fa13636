#pragma once

#include <string>
#include <string_view>

namespace tessera {

/// What a name looks like: two names that people could take for each other have the same. Case, accents, blanks and signs do
/// not count; letters of other scripts count as the Latin ones that they look like, 0 as o, 1 and i as l. `name` is
/// well-formed UTF-8. The table is ours, for names that could be read as Latin: not all of Unicode's confusables (UTS 39).
std::string look_of(std::string_view name);

}  // namespace tessera
