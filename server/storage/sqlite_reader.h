#pragma once

#include <filesystem>
#include <string>

#include "server/core/ports.h"
#include "server/storage/journal_reading.h"
#include "server/storage/sqlite.h"

namespace tessera {

/// Reads a SQLite store on its own connection: each call is one short read transaction, so it sees one committed state
/// and neither waits for the writer nor holds it up.
class SqliteReader final : public StoreReader {
 public:
  static Result<std::unique_ptr<StoreReader>> open(const std::string& database, const std::string& vfs);

  Result<std::vector<TileAt>> load_tiles(CanvasId canvas) override;
  Result<TileAt> tile_at(CanvasId canvas, TileIndex tile, Seq at) override;
  Result<std::vector<Placement>> history(CanvasId canvas, Cell cell, std::size_t limit, Seq before) override;
  Result<std::vector<Placement>> placements(CanvasId canvas, Seq since, std::size_t limit) override;
  Result<Seq> seq_at(CanvasId canvas, WallTime time) override;
  Result<std::vector<CanvasEvent>> events(CanvasId canvas) override;
  Result<std::vector<ShownName>> names(std::span<const AccountId> accounts) override;
  Result<std::vector<TileIndex>> drawn_tiles(CanvasId canvas) override;
  Result<std::vector<Placement>> tile_placements(CanvasId canvas, TileIndex tile, Seq until) override;
  Result<std::vector<AuditEntry>> audit(const AuditQuery& query) override;
  Result<AuditCheck> check_audit() override;

 private:
  SqliteReader() = default;
  /// Runs `read` within a transaction.
  template <typename T>
  Result<T> in_transaction(const auto& read);
  /// What is known of the seqs around an instant.
  struct Around {
    Seq last = 0;            ///< at the time or before
    Seq after = UINT64_MAX;  ///< later than the time
  };
  /// Learns from one tile's rows between the two; after the first tile there are few of those.
  Status narrow(CanvasId canvas, TileIndex tile, WallTime time, Around& around);

  std::filesystem::path audit_key_;
  SqliteConnection connection_;  // outlives the statements
  JournalReading journal_;
  SqliteStatement account_by_id_;
};

}  // namespace tessera
