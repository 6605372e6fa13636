#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "server/core/minute_history.h"
#include "shared/base/bytes.h"
#include "shared/base/result.h"

/// The file beside the database that keeps a `MinuteHistory` over a restart. It is worth little: one that is damaged is not used.
namespace tessera {

Bytes encode_history(const std::vector<MinuteSample>& samples);
/// Nothing where it is not whole, or of a version that is not known.
std::optional<std::vector<MinuteSample>> decode_history(ByteSpan bytes);

/// Nothing there: no samples. An error: it cannot be read, or is damaged.
Result<std::vector<MinuteSample>> load_history(const std::filesystem::path& path);
/// Replaces the file at once, so that whoever reads it finds the older one or the new one. Only its owner may read it. Waits for
/// the disk.
Status save_history(const std::filesystem::path& path, const std::vector<MinuteSample>& samples);

}  // namespace tessera
