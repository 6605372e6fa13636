#pragma once

#include <filesystem>

#include "shared/base/result.h"

namespace tessera {

/// SQLite ends its write-ahead log at the first frame whose checksum is wrong, which is right after a power cut: only
/// what was never synced is lost. Where whole transactions follow such a frame it cannot have been a power cut, since
/// each was written after the one before had been synced: then the log is damaged, and going on would lose them in
/// silence. Fine where there is no log. May be called while a server writes to it.
Status check_log(const std::filesystem::path& database);

}  // namespace tessera
