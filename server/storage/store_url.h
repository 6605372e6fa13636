#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "shared/base/result.h"

namespace tessera {

/// A store's URL, taken apart.
struct StoreUrl {
  enum class Kind : std::uint8_t { Memory, Sqlite };
  Kind kind{};
  std::filesystem::path path;  ///< of a data directory or a database file; absolute
};

/// An error says what is wrong with it and which there are.
Result<StoreUrl> parse_store_url(std::string_view url);

}  // namespace tessera
