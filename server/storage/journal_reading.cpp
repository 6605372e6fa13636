#include "server/storage/journal_reading.h"

#include <algorithm>

namespace tessera {

using Step = SqliteStatement::Step;

std::int64_t stored(Seq seq) { return static_cast<std::int64_t>(std::min<Seq>(seq, INT64_MAX)); }
std::int64_t stored(CanvasId canvas) { return static_cast<std::int64_t>(canvas); }

Result<JournalReading> JournalReading::open(SqliteConnection& connection) {
  JournalReading reading;
  const Status status = connection.prepare({
      {&reading.next_tile_,
       "SELECT min(tile) FROM (SELECT (SELECT tile FROM journal WHERE canvas = ?1 AND tile > ?2 ORDER BY tile LIMIT 1) "
       "AS "
       "tile UNION ALL SELECT (SELECT tile FROM checkpoints WHERE canvas = ?1 AND tile > ?2 ORDER BY tile LIMIT 1))"},
      {&reading.row_at_,
       "SELECT first FROM journal WHERE canvas = ?1 AND tile = ?2 AND first <= ?3 ORDER BY first DESC LIMIT 1"},
      {&reading.firsts_,
       "SELECT first FROM journal WHERE canvas = ?1 AND tile = ?2 AND first BETWEEN ?3 AND ?4 ORDER BY first"},
      {&reading.ascending_,
       "SELECT first, value FROM journal WHERE canvas = ?1 AND tile = ?2 AND first BETWEEN ?3 AND ?4 ORDER BY first"},
      {&reading.descending_,
       "SELECT first, value FROM journal WHERE canvas = ?1 AND tile = ?2 AND first BETWEEN ?3 AND ?4 ORDER BY first "
       "DESC"},
      {&reading.checkpoint_,
       "SELECT seq, value FROM checkpoints WHERE canvas = ?1 AND tile = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT 1"},
  });
  if (!status) return status.error();
  return reading;
}

Result<std::vector<TileIndex>> JournalReading::tiles(CanvasId canvas) {
  std::vector<TileIndex> tiles;
  std::int64_t last = -1;
  for (;;) {
    StatementUse use(next_tile_);
    use->bind(1, stored(canvas)).bind(2, last);
    if (use->step() != Step::Row) return use->error();
    const auto tile = use->integer(0);
    if (!tile) return tiles;
    if (*tile > UINT16_MAX)
      return Error{"the journal has a tile numbered " + std::to_string(*tile) + ": it is damaged"};
    last = *tile;
    tiles.push_back(TileIndex::from_key(static_cast<std::uint16_t>(last)));
  }
}

Result<std::optional<Seq>> JournalReading::row_at(CanvasId canvas, TileIndex tile, Seq seq) {
  StatementUse use(row_at_);
  use->bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()}).bind(3, stored(seq));
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  const auto first = step == Step::Row ? use->integer(0) : std::nullopt;
  if (!first) return std::optional<Seq>();
  return std::optional<Seq>(static_cast<Seq>(*first));
}

Result<std::vector<Seq>> JournalReading::row_firsts(CanvasId canvas, TileIndex tile, Seq from, Seq to) {
  std::vector<Seq> firsts;
  StatementUse use(firsts_);
  use->bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()}).bind(3, stored(from)).bind(4, stored(to));
  for (;;) {
    const Step step = use->step();
    if (step == Step::Failed) return use->error();
    if (step == Step::Done) return firsts;
    firsts.push_back(static_cast<Seq>(use->integer(0).value_or(0)));
  }
}

Status JournalReading::rows(CanvasId canvas, TileIndex tile, Seq from, Seq to, Order order, const VisitRow& visit) {
  StatementUse use(order == Order::OldestFirst ? ascending_ : descending_);
  use->bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()}).bind(3, stored(from)).bind(4, stored(to));
  for (;;) {
    const Step step = use->step();
    if (step == Step::Done) return {};
    if (step == Step::Failed) return use->error();
    const auto first = use->integer(0);
    const auto value = use->blob(1);
    if (!first || !value) return Error{"a journal row of " + describe(canvas, tile) + " is damaged"};
    const auto row = RowView::open({canvas, tile, static_cast<Seq>(*first)}, *value);
    if (!row) return row.error();
    if (!visit(*row)) return {};
  }
}

Result<std::optional<JournalReading::Checkpoint>> JournalReading::checkpoint(CanvasId canvas, TileIndex tile, Seq at) {
  StatementUse use(checkpoint_);
  use->bind(1, stored(canvas)).bind(2, std::int64_t{tile.key()}).bind(3, stored(at));
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  if (step == Step::Done) return std::optional<Checkpoint>();
  const auto seq = use->integer(0);
  const auto value = use->blob(1);
  if (!seq || !value) return Error{"a checkpoint of " + describe(canvas, tile) + " is damaged"};
  auto picture = codec_.picture({canvas, tile, static_cast<Seq>(*seq)}, *value);
  if (!picture) return picture.error();
  return std::optional<Checkpoint>(Checkpoint{static_cast<Seq>(*seq), std::move(*picture)});
}

Result<TileAt> JournalReading::tile_at(CanvasId canvas, TileIndex tile, Seq at) {
  auto base = checkpoint(canvas, tile, at);
  if (!base) return base.error();
  const Seq painted = *base ? (*base)->seq : 0;
  auto picture = *base ? std::make_shared<Tile>(*(*base)->picture) : std::make_shared<Tile>();
  // The row that holds the checkpoint's last placement tells the tile's seq, and may go on beyond the checkpoint.
  const auto holder = row_at(canvas, tile, painted);
  if (!holder) return holder.error();
  TileAt result;
  result.tile = tile;
  const Status status = rows(canvas, tile, holder->value_or(0), at, Order::OldestFirst, [&](const RowView& row) {
    row.paint(*picture, painted, at, result.seq);
    return true;
  });
  if (!status) return status.error();
  result.picture = std::move(picture);
  return result;
}

}  // namespace tessera
