#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"

namespace tessera {

/// A line of the config file: `name = value`.
struct ConfigItem {
  std::string name;                 ///< with `-` for `_`, as flags are written
  std::vector<std::string> values;  ///< one, or those of a list
  std::size_t line = 0;
};

/// The settings of a file, in its order: what TOML and INI share. A value is a word, or text in quotes ("…" with TOML's escapes, '…'
/// as it stands), or several of them, in brackets or not; a list in brackets may go on over lines. `#` begins a comment, as `;` does at the
/// start of a line. The one section is `[serve]`. An error names the line, and so does a name that is there twice.
Result<std::vector<ConfigItem>> read_config(std::string_view text);

/// Text as a value that `read_config` reads again.
std::string quoted(const std::string& text);

}  // namespace tessera
