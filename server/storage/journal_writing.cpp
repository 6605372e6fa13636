#include "server/storage/journal_writing.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "server/storage/journal_reading.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

/// A row this large is left alone by later merges.
constexpr std::size_t full_row_bytes = max_row_bytes * 3 / 4;
/// One checkpoint merges at most this many rows; what is left waits for the next one.
constexpr std::size_t most_merged_rows = 4'096;
/// Of a tile's journal: at each such distance a checkpoint stays.
constexpr std::uint64_t checkpoint_distance_bytes = 512u << 10;

/// A batch's placements tile by tile, in seq order within each.
class ByTile {
 public:
  explicit ByTile(const std::vector<Placement>& placements) : placements_(placements) {
    std::array<std::uint32_t, 65'536 + 1> starts{};
    for (const Placement& placement : placements) ++starts[tile_of(placement.cell).key() + 1u];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const Placement& placement : placements) placements_[starts[tile_of(placement.cell).key()]++] = placement;
  }

  Status for_each(const auto& visit) const {
    for (std::size_t begin = 0; begin < placements_.size();) {
      const TileIndex tile = tile_of(placements_[begin].cell);
      std::size_t end = begin + 1;
      while (end < placements_.size() && tile_of(placements_[end].cell) == tile) ++end;
      if (Status status = visit(tile, std::span(placements_).subspan(begin, end - begin)); !status) return status;
      begin = end;
    }
    return {};
  }

 private:
  std::vector<Placement> placements_;
};

}  // namespace

Result<JournalWriting> JournalWriting::open(SqliteConnection& connection) {
  JournalWriting writing;
  const Status status = connection.prepare({
      {&writing.insert_row_, "INSERT INTO journal (canvas, tile, first, value) VALUES (?1, ?2, ?3, ?4)"},
      {&writing.delete_row_, "DELETE FROM journal WHERE canvas = ?1 AND tile = ?2 AND first = ?3"},
      {&writing.rows_back_,
       "SELECT first, value FROM journal WHERE canvas = ?1 AND tile = ?2 AND first <= ?3 ORDER BY first DESC"},
      {&writing.bytes_between_,
       "SELECT coalesce(sum(length(value)), 0) FROM journal WHERE canvas = ?1 AND tile = ?2 AND first > ?3 AND first "
       "<= ?4"},
      {&writing.last_checkpoint_,
       "SELECT seq, value FROM checkpoints WHERE canvas = ?1 AND tile = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT 1"},
      {&writing.insert_checkpoint_,
       "INSERT OR REPLACE INTO checkpoints (canvas, tile, seq, value) VALUES (?1, ?2, ?3, ?4)"},
      {&writing.delete_checkpoint_, "DELETE FROM checkpoints WHERE canvas = ?1 AND tile = ?2 AND seq = ?3"},
  });
  if (!status) return status.error();
  return writing;
}

Status JournalWriting::append(const Batch& batch) {
  return ByTile(batch.placements).for_each([&](TileIndex tile, std::span<const Placement> placements) -> Status {
    while (!placements.empty()) {
      const PlacementKind kind = placements.front().kind;
      const auto other = std::find_if(placements.begin(), placements.end(), [&](const Placement& placement) { return placement.kind != kind; });
      const auto run = placements.first(static_cast<std::size_t>(other - placements.begin()));
      if (Status status = insert_rows(batch.canvas, tile, {kind, batch.reference}, run); !status) return status;
      placements = placements.subspan(run.size());
    }
    return {};
  });
}

Status JournalWriting::insert_rows(CanvasId canvas, TileIndex tile, RowKind kind,
                                   std::span<const Placement> placements) {
  insert_row_.bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()});
  while (!placements.empty()) {
    const auto row = placements.first(next_row_count(placements, kind.reference));
    const Bytes value = encode_row({canvas, tile, row.front().seq}, kind, row);
    if (Status status = insert_row_.bind(3, stored(row.front().seq)).bind(4, ByteSpan(value)).run(); !status)
      return status;
    placements = placements.subspan(row.size());
  }
  return {};
}

Status JournalWriting::store(const TileCheckpoint& checkpoint) {
  if (Status status = merge_rows(checkpoint.canvas, checkpoint.tile, checkpoint.seq); !status) return status;

  const CheckpointKey key{checkpoint.canvas, checkpoint.tile, checkpoint.seq};
  CheckpointNotes notes{checkpoint.kept, 0};
  CheckpointNotes last_notes;
  Seq last_seq = 0;
  bool replaces_last = false;
  {
    StatementUse use(last_checkpoint_);
    use->bind(1, stored(key.canvas)).bind(2, std::int64_t{key.tile.key()}).bind(3, stored(key.seq));
    const Step step = use->step();
    if (step == Step::Failed) return use->error();
    if (step == Step::Row) {
      last_seq = static_cast<Seq>(use->integer(0).value_or(0));
      const auto found = CheckpointCodec::notes({key.canvas, key.tile, last_seq}, use->blob(1).value_or(ByteSpan{}));
      if (found) last_notes = *found;
      // A damaged one stays for `verify` to find.
      replaces_last = found.ok() && !found->kept && last_seq != key.seq;
      if (found.ok() && found->kept && last_seq == key.seq) {
        if (!checkpoint.kept) return {};
        notes.kept = true;
      }
    }
  }
  const auto bytes = journal_bytes(key, last_seq);
  if (!bytes) return bytes.error();
  notes.journal_bytes = last_notes.journal_bytes + *bytes;
  if (last_notes.journal_bytes / checkpoint_distance_bytes != notes.journal_bytes / checkpoint_distance_bytes)
    replaces_last = false;

  insert_checkpoint_.bind(1, stored(key.canvas)).bind(2, std::int64_t{key.tile.key()}).bind(3, stored(key.seq));
  const Bytes value = codec_.encode(key, notes, *checkpoint.picture);
  if (Status status = insert_checkpoint_.bind(4, ByteSpan(value)).run(); !status) return status;
  if (!replaces_last) return {};
  return delete_checkpoint_.bind(1, stored(key.canvas))
      .bind(2, std::int64_t{key.tile.key()})
      .bind(3, stored(last_seq))
      .run();
}

Result<std::uint64_t> JournalWriting::journal_bytes(const CheckpointKey& key, Seq after) {
  StatementUse use(bytes_between_);
  use->bind(1, stored(key.canvas))
      .bind(2, std::int64_t{key.tile.key()})
      .bind(3, stored(after))
      .bind(4, stored(key.seq));
  if (use->step() != Step::Row) return use->error();
  return static_cast<std::uint64_t>(use->integer(0).value_or(0));
}

Result<std::vector<JournalWriting::StoredRow>> JournalWriting::small_rows(CanvasId canvas, TileIndex tile, Seq until) {
  std::vector<StoredRow> rows;
  StatementUse use(rows_back_);
  use->bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()}).bind(3, stored(until));
  while (rows.size() < most_merged_rows) {
    const Step step = use->step();
    if (step == Step::Failed) return use->error();
    const auto value = step == Step::Row ? use->blob(1) : std::nullopt;
    if (!value || value->size() >= full_row_bytes) break;
    rows.push_back(
        {{canvas, tile, static_cast<Seq>(use->integer(0).value_or(0))}, Bytes(value->begin(), value->end())});
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

Status JournalWriting::merge_rows(CanvasId canvas, TileIndex tile, Seq until) {
  const auto rows = small_rows(canvas, tile, until);
  if (!rows) return rows.error();
  for (std::size_t begin = 0; begin < rows->size();) {
    const auto first = RowView::open((*rows)[begin].key, (*rows)[begin].value);
    if (!first) return {};  // damage is for `verify` to report: it must not stop what is drawn now
    std::size_t end = begin + 1;
    for (; end < rows->size(); ++end) {
      const auto next = RowView::open((*rows)[end].key, (*rows)[end].value);
      if (!next) return {};
      if (next->kind() != first->kind() || next->last_seq() > until) break;
    }
    if (Status status = merge_run(std::span(*rows).subspan(begin, end - begin), first->kind()); !status) return status;
    begin = end;
  }
  return {};
}

Status JournalWriting::merge_run(std::span<const StoredRow> run, RowKind kind) {
  if (run.size() < 2) return {};
  std::vector<Placement> placements;
  for (const StoredRow& row : run)
    if (const auto view = RowView::open(row.key, row.value); view) view->append_to(placements);
  std::size_t rows_after = 0;
  for (auto rest = std::span<const Placement>(placements); !rest.empty(); ++rows_after)
    rest = rest.subspan(next_row_count(rest, kind.reference));
  if (rows_after >= run.size()) return {};
  for (const StoredRow& row : run) {
    delete_row_.bind(1, stored(row.key.canvas))
        .bind(2, std::int64_t{row.key.tile.key()})
        .bind(3, stored(row.key.first_seq));
    if (Status status = delete_row_.run(); !status) return status;
  }
  return insert_rows(run.front().key.canvas, run.front().key.tile, kind, placements);
}

}  // namespace tessera
