#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "shared/base/random.h"
#include "shared/base/result.h"

/// Secret keys in files beside the database, which only the server's user can read.
namespace tessera {

using SecretKey = std::array<std::uint8_t, 32>;

/// Nothing where there is none, or it is not a key.
std::optional<SecretKey> read_key_file(const std::filesystem::path& file);
/// New, or in place of an older one; on disk once it returns.
Status write_key_file(const std::filesystem::path& file, const SecretKey& key);

/// The key by which addresses are hashed: that of the store, made where it has none yet; of a store in memory, one of this run alone. An
/// error where the file is there and is no key: it is left as it is.
Result<SecretKey> open_address_key(std::string_view store_url, RandomSource& random);

}  // namespace tessera
