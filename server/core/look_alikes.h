#pragma once

#include <string_view>

namespace tessera {

/// The letters, digits and signs of ASCII that `code` is read as at a glance, small where it has a table; empty where it is read as none.
/// Of the scripts that borrow Latin's shapes, block by block; not all of Unicode's confusables (UTS 39).
std::string_view read_as(char32_t code);

/// Drawn on the letter before: it makes no letter of its own.
bool is_accent(char32_t code);

}  // namespace tessera
