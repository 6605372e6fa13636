#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "server/storage/checkpoint_value.h"
#include "server/storage/journal_row.h"
#include "server/storage/sqlite.h"

namespace tessera {

/// Reads the tables `journal` and `checkpoints` on a connection that it borrows. One thread at a time.
class JournalReading {
 public:
  enum class Order : std::uint8_t { OldestFirst, NewestFirst };
  using VisitRow = std::function<bool(const RowView&)>;  ///< answers whether to go on; the row is gone after

  JournalReading() = default;
  static Result<JournalReading> open(SqliteConnection& connection);

  /// Tiles that have rows or checkpoints, in their order.
  Result<std::vector<TileIndex>> tiles(CanvasId canvas);
  /// The first seq of the last row that begins at `seq` or before.
  Result<std::optional<Seq>> row_at(CanvasId canvas, TileIndex tile, Seq seq);
  /// The first seqs of the rows that begin at from … to, both included.
  Result<std::vector<Seq>> row_firsts(CanvasId canvas, TileIndex tile, Seq from, Seq to);
  /// Rows whose first seq is from … to, both included.
  Status rows(CanvasId canvas, TileIndex tile, Seq from, Seq to, Order order, const VisitRow& visit);

  struct Checkpoint {
    Seq seq = 0;
    TilePicture picture;
  };
  /// The newest checkpoint at `at` or before.
  Result<std::optional<Checkpoint>> checkpoint(CanvasId canvas, TileIndex tile, Seq at);

  /// The tile just after placement `at` of its canvas: the nearest checkpoint below, and the rows since.
  Result<TileAt> tile_at(CanvasId canvas, TileIndex tile, Seq at);

 private:
  SqliteStatement next_tile_, row_at_, firsts_, ascending_, descending_, checkpoint_;
  CheckpointCodec codec_;
};

/// Numbers as SQLite keeps them: signed.
std::int64_t stored(Seq seq);
std::int64_t stored(CanvasId canvas);

}  // namespace tessera
