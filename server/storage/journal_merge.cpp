#include "server/storage/journal_merge.h"

#include <algorithm>

namespace tessera {

Status JournalMerge::load(TileRow& tile, Seq from, Seq since) {
  tile.placements.clear();
  return journal_.rows(canvas_, tile.tile, from, until_, JournalReading::Order::OldestFirst, [&](const RowView& row) {
    if (row.last_seq() <= since) return true;
    tile.row_first = row.first_seq();
    tile.at = 0;
    row.append_to(tile.placements, since, until_);
    return false;
  });
}

Status JournalMerge::start(Seq since, Seq until) {
  until_ = until;
  const auto tiles = journal_.tiles(canvas_);
  if (!tiles) return tiles.error();
  heap_.clear();
  for (TileIndex tile : *tiles) {
    const auto from = journal_.row_at(canvas_, tile, since);
    if (!from) return from.error();
    TileRow row;
    row.tile = tile;
    if (Status status = load(row, from->value_or(0), since); !status) return status;
    if (!row.placements.empty()) heap_.push_back(std::move(row));
  }
  std::make_heap(heap_.begin(), heap_.end(), later);
  return {};
}

Status JournalMerge::next(std::size_t limit, std::vector<Placement>& out) {
  for (; limit > 0 && !heap_.empty(); --limit) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    TileRow& row = heap_.back();
    const Seq seq = row.seq();
    out.push_back(row.placements[row.at++]);
    if (row.at == row.placements.size())
      if (Status status = load(row, row.row_first + 1, seq); !status) return status;
    if (row.placements.empty())
      heap_.pop_back();
    else
      std::push_heap(heap_.begin(), heap_.end(), later);
  }
  return {};
}

}  // namespace tessera
