#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "server/commands/dataset.h"
#include "server/core/ports.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"
#include "shared/canvas/png.h"

namespace tessera {

struct ImportOptions {
  std::string canvas;
  std::optional<IndexedImage> base;  ///< a missing canvas begins with it
  struct Origin {
    std::int32_t x = 0, y = 0;
  };
  std::optional<Origin> origin;  ///< which coordinates of the file are the canvas's (0, 0)
  std::uint64_t max_cells = 64u << 20;
  std::function<void(std::uint64_t done, std::uint64_t all)> progress;
  const std::atomic<bool>* stop = nullptr;  ///< ends at the next whole batch
};

struct ImportReport {
  std::uint64_t placements = 0;
  std::map<std::string, Dataset::Skipped> skipped;  ///< lines; by reason
  bool created = false;
  bool stopped = false;
  Seq last_seq = 0;
};

/// Writes a dataset's rows as placements of kind Import, sorted by time, by accounts of kind Imported (one per user, found
/// again by name), and checks what was stored against what was meant. A missing canvas is created with the size and colours
/// of the base, else of the file; an existing one gets a new epoch. Rows older than what is stored are skipped, and of those
/// of the same instant the ones that are there already, so that a stopped import can simply be run again.
Result<ImportReport> import_dataset(Store& store, Dataset dataset, const ImportOptions& options, const Clock& clock,
                                    RandomSource& random);

/// A picture alone: the base of a missing canvas; on an existing one, placements by one imported account where they differ.
Result<ImportReport> import_picture(Store& store, const IndexedImage& image, const std::string& author,
                                    const ImportOptions& options, const Clock& clock, RandomSource& random);

}  // namespace tessera
