#pragma once

#include <vector>

#include "server/storage/checkpoint_value.h"
#include "server/storage/journal_row.h"
#include "server/storage/sqlite.h"

namespace tessera {

/// Writes the tables `journal` and `checkpoints` within the transaction of whoever calls. Checks nothing that
/// `heads_after` checks. One thread at a time.
class JournalWriting {
 public:
  JournalWriting() = default;
  static Result<JournalWriting> open(SqliteConnection& connection);

  /// A row, or a few, for each tile that the batch changes and each kind of placement there.
  Status append(const Batch& batch);
  /// Stores the picture in place of the one before, and merges the tile's small rows up to its seq into larger ones, as
  /// far as they are of one kind and reference. Kept pictures stay, and so does one at about every half megabyte of
  /// a tile's journal, so that a tile of any age needs no long replay.
  Status store(const TileCheckpoint& checkpoint);

 private:
  struct StoredRow {
    RowKey key;
    Bytes value;
  };

  Status insert_rows(CanvasId canvas, TileIndex tile, RowKind kind, std::span<const Placement> placements);
  Status merge_rows(CanvasId canvas, TileIndex tile, Seq until);
  Result<std::vector<StoredRow>> small_rows(CanvasId canvas, TileIndex tile, Seq until);
  Status merge_run(std::span<const StoredRow> run, RowKind kind);
  Result<std::uint64_t> journal_bytes(const CheckpointKey& key, Seq after);

  SqliteStatement insert_row_, delete_row_, rows_back_, bytes_between_;
  SqliteStatement last_checkpoint_, insert_checkpoint_, delete_checkpoint_;
  CheckpointCodec codec_;
};

}  // namespace tessera
