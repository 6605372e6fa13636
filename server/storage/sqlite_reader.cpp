#include "server/storage/sqlite_reader.h"

#include <algorithm>

#include "server/storage/audit_key.h"
#include "server/storage/audit_log.h"
#include "server/storage/audit_search.h"
#include "server/storage/data_directory.h"
#include "server/storage/journal_merge.h"
#include "server/storage/record_tables.h"

namespace tessera {

Result<std::unique_ptr<StoreReader>> SqliteReader::open(const std::string& database, const std::string& vfs) {
  std::unique_ptr<SqliteReader> reader(new SqliteReader);
  auto connection = SqliteConnection::open(database, SqliteConnection::Mode::Read, vfs);
  if (!connection) return connection.error();
  reader->connection_ = std::move(*connection);
  reader->audit_key_ = DataFiles::of(database).audit_key;
  if (Status status = reader->connection_.run("PRAGMA cache_size = -16384"); !status) return status.error();
  auto journal = JournalReading::open(reader->connection_);
  if (!journal) return journal.error();
  reader->journal_ = std::move(*journal);
  auto account = reader->connection_.prepare(account_by_id_sql);
  if (!account) return account.error();
  reader->account_by_id_ = std::move(*account);
  return std::unique_ptr<StoreReader>(std::move(reader));
}

template <typename T>
Result<T> SqliteReader::in_transaction(const auto& read) {
  if (Status status = connection_.run("BEGIN"); !status) return status.error();
  Result<T> result = read();
  if (Status status = connection_.run("COMMIT"); !status && result) return status.error();
  return result;
}

Result<std::vector<TileAt>> SqliteReader::load_tiles(CanvasId canvas) {
  return in_transaction<std::vector<TileAt>>([&]() -> Result<std::vector<TileAt>> {
    const auto tiles = journal_.tiles(canvas);
    if (!tiles) return tiles.error();
    std::vector<TileAt> loaded;
    loaded.reserve(tiles->size());
    for (TileIndex tile : *tiles) {
      auto at = journal_.tile_at(canvas, tile, UINT64_MAX);
      if (!at) return at.error();
      loaded.push_back(std::move(*at));
    }
    return loaded;
  });
}

Result<TileAt> SqliteReader::tile_at(CanvasId canvas, TileIndex tile, Seq at) {
  return in_transaction<TileAt>([&] { return journal_.tile_at(canvas, tile, at); });
}

Result<std::vector<Placement>> SqliteReader::history(CanvasId canvas, Cell cell, std::size_t limit, Seq before) {
  std::vector<Placement> found;
  if (limit == 0 || before == 0) return found;
  return in_transaction<std::vector<Placement>>([&]() -> Result<std::vector<Placement>> {
    const TileOffset offset = offset_of(cell);
    std::vector<Placement> row_placements;
    const auto newest_first = JournalReading::Order::NewestFirst;
    const Status status = journal_.rows(canvas, tile_of(cell), 0, before - 1, newest_first, [&](const RowView& row) {
      if (!row.touches(offset)) return true;
      row_placements.clear();
      row.append_to(row_placements);
      for (auto placement = row_placements.rbegin(); placement != row_placements.rend(); ++placement) {
        if (placement->cell != cell || placement->seq >= before) continue;
        found.push_back(*placement);
        if (found.size() == limit) return false;
      }
      return true;
    });
    if (!status) return status.error();
    return std::move(found);
  });
}

Result<std::vector<Placement>> SqliteReader::placements(CanvasId canvas, Seq since, std::size_t limit) {
  return in_transaction<std::vector<Placement>>([&]() -> Result<std::vector<Placement>> {
    std::vector<Placement> found;
    JournalMerge merge(journal_, canvas);
    if (Status status = merge.start(since, since + std::min<Seq>(limit, UINT64_MAX - since)); !status)
      return status.error();
    if (Status status = merge.next(limit, found); !status) return status.error();
    return found;
  });
}

Status SqliteReader::narrow(CanvasId canvas, TileIndex tile, WallTime time, Around& around) {
  const auto from = journal_.row_at(canvas, tile, around.last);
  if (!from) return from.error();
  const auto firsts = journal_.row_firsts(canvas, tile, from->value_or(0), around.after - 1);
  if (!firsts) return firsts.error();
  std::vector<Placement> row;
  // Rows before `early` begin at the time or before, rows from `late` on begin later.
  for (std::size_t early = 0, late = firsts->size(); early < late;) {
    const std::size_t middle = early + (late - early) / 2;
    const Seq first = (*firsts)[middle];
    row.clear();
    const auto order = JournalReading::Order::OldestFirst;
    const Status status = journal_.rows(canvas, tile, first, first, order, [&](const RowView& view) {
      view.append_to(row);
      return false;
    });
    if (!status) return status;
    for (const Placement& placement : row) {
      if (placement.time <= time)
        around.last = std::max(around.last, placement.seq);
      else
        around.after = std::min(around.after, placement.seq);
    }
    if (!row.empty() && row.front().time <= time)
      early = middle + 1;
    else
      late = middle;
  }
  return {};
}

Result<Seq> SqliteReader::seq_at(CanvasId canvas, WallTime time) {
  return in_transaction<Seq>([&]() -> Result<Seq> {
    const auto tiles = journal_.tiles(canvas);
    if (!tiles) return tiles.error();
    Around around;
    for (TileIndex tile : *tiles)
      if (Status status = narrow(canvas, tile, time, around); !status) return status.error();
    return around.last;
  });
}

Result<std::vector<CanvasEvent>> SqliteReader::events(CanvasId canvas) {
  std::vector<CanvasEvent> events;
  Status damage;
  const Status status = read_events(connection_, [&](Result<NumberedEvent> event) {
    if (!event)
      damage = event.error();
    else if (event->canvas == canvas)
      events.push_back(std::move(event->event));
    return event.ok();
  });
  if (!status) return status.error();
  if (!damage) return damage.error();
  return events;
}

Result<std::vector<ShownName>> SqliteReader::names(std::span<const AccountId> accounts) {
  return in_transaction<std::vector<ShownName>>([&]() -> Result<std::vector<ShownName>> {
    std::vector<ShownName> names;
    names.reserve(accounts.size());
    for (AccountId id : accounts) {
      auto account = read_account(account_by_id_, id);
      if (account && *account && (*account)->alias_of != nobody)
        account = read_account(account_by_id_, (*account)->alias_of);
      if (!account) return account.error();
      names.push_back(*account ? ShownName{(*account)->id, std::move((*account)->name)} : ShownName{id, {}});
    }
    return names;
  });
}

Result<std::vector<TileIndex>> SqliteReader::drawn_tiles(CanvasId canvas) {
  return in_transaction<std::vector<TileIndex>>([&] { return journal_.tiles(canvas); });
}

Result<std::vector<Placement>> SqliteReader::tile_placements(CanvasId canvas, TileIndex tile, Seq until) {
  return in_transaction<std::vector<Placement>>([&]() -> Result<std::vector<Placement>> {
    std::vector<Placement> found;
    const auto order = JournalReading::Order::OldestFirst;
    const Status status = journal_.rows(canvas, tile, 0, until, order, [&](const RowView& row) {
      row.append_to(found, 0, until);
      return true;
    });
    if (!status) return status.error();
    return found;
  });
}

Result<std::vector<AuditEntry>> SqliteReader::audit(const AuditQuery& query) {
  return in_transaction<std::vector<AuditEntry>>([&] { return AuditSearch(connection_, query).run(); });
}

Result<AuditCheck> SqliteReader::check_audit() {
  return in_transaction<AuditCheck>([&] { return check_audit_log(connection_, read_audit_key(audit_key_)); });
}

}  // namespace tessera
