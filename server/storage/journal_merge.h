#pragma once

#include <vector>

#include "server/storage/journal_reading.h"

namespace tessera {

/// One canvas's placements in seq order, gathered from its tiles' journals row by row: holds one row of each tile,
/// however long the journal. Use within one read transaction.
class JournalMerge {
 public:
  explicit JournalMerge(JournalReading& journal, CanvasId canvas) : journal_(journal), canvas_(canvas) {}

  /// Begins with the first placement after `since`, and ends with `until`.
  Status start(Seq since, Seq until = UINT64_MAX);
  /// Appends the next ones, at most `limit`; fewer only at the end.
  Status next(std::size_t limit, std::vector<Placement>& out);

 private:
  struct TileRow {
    TileIndex tile;
    Seq row_first = 0;
    std::vector<Placement> placements;
    std::size_t at = 0;
    Seq seq() const { return placements[at].seq; }
  };
  static bool later(const TileRow& a, const TileRow& b) { return a.seq() > b.seq(); }

  /// The next row of the tile, from that which begins at `from`, that has a placement after `since`; no placements at
  /// the end.
  Status load(TileRow& tile, Seq from, Seq since);

  JournalReading& journal_;
  CanvasId canvas_;
  Seq until_ = UINT64_MAX;
  std::vector<TileRow> heap_;
};

}  // namespace tessera
