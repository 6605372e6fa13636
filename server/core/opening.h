#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/core/moment.h"
#include "server/core/ports.h"
#include "shared/base/random.h"

namespace tessera {

/// A canvas that the operator names: created where the store has none of that name, else served as it is stored.
struct NamedCanvas {
  std::string name;
  Size size{1000, 1000};
};

struct OpeningSettings {
  std::vector<NamedCanvas> named;
  PlacingLimits limits;  ///< of canvases that are created
  std::uint64_t max_cells = 16'000'000;
};

/// What a server starts from: everything but the history.
struct Opening {
  struct OpenedCanvas {
    StoreContents::StoredCanvas stored;
    std::vector<TileAt> tiles;
    std::vector<RequestOutcome> outcomes;
    std::vector<SavedCharges> charges;
    std::vector<Placement> recent;  ///< of the last `Limiter::replayed`, where charges depend on them
  };
  std::vector<OpenedCanvas> canvases;  ///< the default one first
  std::vector<AccountRecord> accounts;
  std::vector<SessionRecord> sessions;
  std::vector<JoinRecord> joins;
  std::vector<InviteRecord> invites;
  std::vector<LockRecord> locks;
  std::vector<GrantRecord> grants;
  std::vector<SeenRecord> seen;
  std::vector<AnnouncementRecord> announcements;
  std::vector<RollbackRecord> rollbacks;
  std::vector<ScheduleRecord> schedule;
  std::vector<SnapshotRecord> snapshots;
  std::vector<ReportRecord> reports;
  std::string settings;             ///< of the last start, as JSON; empty: there was none
  std::uint64_t audit_entries = 0;  ///< of the audit log
  std::uint32_t last_number = 0;  ///< of locks and all that follows them here
};

/// 1 to 64 of a-z 0-9 - _, not starting with a sign.
bool is_canvas_name(std::string_view name);

/// Reads the store, creates what is named and missing (`main`, 1000×1000, where nothing is named and the store is
/// empty), and loads every canvas, archived ones too. The default canvas is the first named, else `main`, else the
/// oldest.
Result<Opening> open_canvases(Store& store, const OpeningSettings& settings, RandomSource& random, Moment moment);

}  // namespace tessera
