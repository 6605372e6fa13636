#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/ports.h"
#include "shared/base/random.h"

namespace tessera {

enum class StoreAccess : std::uint8_t {
  Write,  ///< for serve and import: created where missing, migrated, locked against a second process
  Read,   ///< for export, replay and verify: must exist, is left as it is; a server may be running on it. `commit`
          ///< refuses.
};

struct OpenedStore {
  std::unique_ptr<Store> store;
  std::string kind;                ///< the word of its URL: `sqlite`, `memory`
  std::filesystem::path database;  ///< its file; empty: none
  /// What the operator should hear, such as 'a backup was put back'.
  std::vector<std::string> notices;
  /// Tells whoever tries to open the same data that this process holds it and listens there. Never empty.
  std::function<void(std::string_view address)> announce;
};

/// Opens what `url` names: `sqlite:///path/to/directory`, `sqlite:///path/to/file.db` or `memory:`. This is the only
/// function that knows which stores exist. `random` draws ids and epochs while opening.
/// An error says what is wrong (unknown scheme, held by another process, newer, damaged, not ours, read-only, full) and
/// nothing was touched.
Result<OpenedStore> open_store(std::string_view url, StoreAccess access, RandomSource& random);

/// The URL of a data directory (`--data DIR`), which may be relative and hold any characters.
std::string data_directory_url(const std::filesystem::path& directory);

}  // namespace tessera
