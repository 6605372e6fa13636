#include "server/storage/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "server/core/audit_text.h"
#include "server/storage/audit_chain.h"
#include "server/storage/audit_columns.h"
#include "server/storage/record_tables.h"
#include "server/storage/write_rules.h"

namespace tessera {

struct MemoryStore::State {
  struct StoredCanvas {
    CanvasRecord record;
    std::vector<CanvasEvent> events;
    std::vector<Placement> placements;  // the one of seq n at n - 1
    struct StoredTile {
      std::vector<Seq> seqs;
      std::map<Seq, TileCheckpoint> checkpoints;  // the kept ones and the newest
    };
    std::map<TileIndex, StoredTile> tiles;
    WallTime last_event{};
  };

  mutable std::mutex mutex;
  std::map<CanvasId, StoredCanvas> canvases;
  CanvasHeads heads;
  std::map<AccountId, AccountRecord> accounts;
  std::map<TokenHash, SessionRecord> sessions;
  std::map<std::pair<CanvasId, AccountId>, JoinRecord> joins;
  std::map<InviteId, InviteRecord> invites;
  std::map<LockId, LockRecord> locks;
  std::map<GrantKey, GrantRecord> grants;
  std::map<AccountId, SeenRecord> seen;
  std::string settings;
  std::map<AnnouncementId, AnnouncementRecord> announcements;
  std::map<RollbackId, RollbackRecord> rollbacks;
  std::map<ScheduleId, ScheduleRecord> schedule;
  std::map<SnapshotId, SnapshotRecord> snapshots;
  std::map<ReportId, ReportRecord> reports;
  std::uint32_t last_number = 0;
  std::vector<std::pair<AuditRecord, AuditEntry>> audit;  // the one of id n at n - 1
  std::vector<std::pair<CanvasId, RequestOutcome>> outcomes;
  std::map<std::pair<CanvasId, AccountId>, SavedCharges> charges;

  void append(const Batch& batch);
  void append(AuditRecord record);
  void write_staff(const WriteSet& set);
  void store(const TileCheckpoint& checkpoint);
  TileAt tile_at(const StoredCanvas& canvas, TileIndex index, Seq at) const;
};

void MemoryStore::State::append(const Batch& batch) {
  StoredCanvas& canvas = canvases[batch.canvas];
  for (const Placement& placement : batch.placements) {
    canvas.placements.push_back(placement);
    canvas.tiles[tile_of(placement.cell)].seqs.push_back(placement.seq);
  }
  for (const SavedCharges& saved : batch.charges) charges[{saved.canvas, saved.account}] = saved;
  if (batch.outcomes.empty()) return;
  std::int64_t newest = 0;
  for (const RequestOutcome& outcome : batch.outcomes) {
    outcomes.emplace_back(batch.canvas, outcome);
    newest = std::max(newest, ms(outcome.time));
  }
  const std::int64_t oldest = newest - outcome_ms;
  std::erase_if(outcomes, [&](const auto& outcome) { return ms(outcome.second.time) < oldest; });
}

void MemoryStore::State::append(AuditRecord record) {
  AuditEntry entry;
  entry.id = audit.size() + 1;
  AuditHash before{};
  if (!audit.empty()) {
    record.time = std::max(record.time, audit.back().first.time);
    before = audit.back().second.hash;
  }
  entry.text = audit_text(entry.id, record);
  entry.hash = AuditHasher().next(before, entry.text);
  audit.emplace_back(std::move(record), std::move(entry));
}

void MemoryStore::State::write_staff(const WriteSet& set) {
  for (const LockRecord& lock : set.locks) locks[lock.id] = lock;
  for (const LockId id : set.ended_locks) locks.erase(id);
  for (const GrantKey& key : set.ended_grants) grants.erase(key);
  for (const GrantRecord& grant : set.grants) grants[{grant.canvas, grant.account}] = grant;
  for (const SeenRecord& record : set.seen) seen[record.account] = record;
  if (!set.settings.empty()) settings = set.settings;
  for (const AnnouncementRecord& announcement : set.announcements) announcements[announcement.id] = announcement;
  for (const AnnouncementId id : set.ended_announcements) announcements.erase(id);
  for (const RollbackRecord& rollback : set.rollbacks) rollbacks[rollback.id] = rollback;
  for (const ScheduleRecord& entry : set.schedule) schedule[entry.id] = entry;
  for (const ScheduleId id : set.ended_schedule) schedule.erase(id);
  for (const SnapshotRecord& snapshot : set.snapshots) snapshots[snapshot.id] = snapshot;
  for (const ReportRecord& report : set.reports) reports[report.id] = report;
  if (set.last_number != 0) last_number = set.last_number;
  for (const AuditRecord& record : set.audit) append(record);
}

void MemoryStore::State::store(const TileCheckpoint& checkpoint) {
  auto& checkpoints = canvases[checkpoint.canvas].tiles[checkpoint.tile].checkpoints;
  const auto same = checkpoints.find(checkpoint.seq);
  if (same != checkpoints.end() && same->second.kept && !checkpoint.kept) return;
  std::erase_if(checkpoints, [&](const auto& older) { return !older.second.kept && older.first <= checkpoint.seq; });
  checkpoints[checkpoint.seq] = checkpoint;
}

TileAt MemoryStore::State::tile_at(const StoredCanvas& canvas, TileIndex index, Seq at) const {
  TileAt result;
  result.tile = index;
  auto picture = std::make_shared<Tile>();
  if (const auto tile = canvas.tiles.find(index); tile != canvas.tiles.end()) {
    Seq painted = 0;
    const auto& checkpoints = tile->second.checkpoints;
    if (const auto above = checkpoints.upper_bound(at); above != checkpoints.begin()) {
      painted = std::prev(above)->first;
      *picture = *std::prev(above)->second.picture;
    }
    for (Seq seq : tile->second.seqs) {
      if (seq > at) break;
      const Placement& placement = canvas.placements[seq - 1];
      if (seq > painted) (*picture)[offset_of(placement.cell)] = placement.color;
      result.seq = seq;
    }
  }
  result.picture = std::move(picture);
  return result;
}

namespace {

using State = MemoryStore::State;

class MemoryReader final : public StoreReader {
 public:
  explicit MemoryReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  Result<std::vector<TileAt>> load_tiles(CanvasId id) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<TileAt> tiles;
    if (const auto* canvas = find(id))
      for (const auto& [index, tile] : canvas->tiles) tiles.push_back(state_->tile_at(*canvas, index, UINT64_MAX));
    return tiles;
  }

  Result<TileAt> tile_at(CanvasId id, TileIndex tile, Seq at) override {
    const std::lock_guard lock(state_->mutex);
    static const State::StoredCanvas nothing{};
    const auto* canvas = find(id);
    return state_->tile_at(canvas == nullptr ? nothing : *canvas, tile, at);
  }

  Result<std::vector<Placement>> history(CanvasId id, Cell cell, std::size_t limit, Seq before) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<Placement> found;
    const auto* canvas = find(id);
    if (canvas == nullptr) return found;
    const auto tile = canvas->tiles.find(tile_of(cell));
    if (tile == canvas->tiles.end()) return found;
    const auto& seqs = tile->second.seqs;
    for (auto seq = seqs.rbegin(); seq != seqs.rend() && found.size() < limit; ++seq) {
      const Placement& placement = canvas->placements[*seq - 1];
      if (*seq < before && placement.cell == cell) found.push_back(placement);
    }
    return found;
  }

  Result<std::vector<Placement>> placements(CanvasId id, Seq since, std::size_t limit) override {
    const std::lock_guard lock(state_->mutex);
    const auto* canvas = find(id);
    if (canvas == nullptr || since >= canvas->placements.size()) return std::vector<Placement>{};
    const auto first = canvas->placements.begin() + static_cast<std::ptrdiff_t>(since);
    const auto count = std::min<std::size_t>(limit, canvas->placements.size() - since);
    return std::vector<Placement>(first, first + static_cast<std::ptrdiff_t>(count));
  }

  Result<Seq> seq_at(CanvasId id, WallTime time) override {
    const std::lock_guard lock(state_->mutex);
    const auto* canvas = find(id);
    if (canvas == nullptr) return Seq{0};
    const auto& all = canvas->placements;
    const auto later = std::partition_point(all.begin(), all.end(),
                                            [&](const Placement& placement) { return placement.time <= time; });
    return static_cast<Seq>(later - all.begin());
  }

  Result<std::vector<CanvasEvent>> events(CanvasId id) override {
    const std::lock_guard lock(state_->mutex);
    const auto* canvas = find(id);
    return canvas == nullptr ? std::vector<CanvasEvent>{} : canvas->events;
  }

  Result<std::vector<ShownName>> names(std::span<const AccountId> accounts) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<ShownName> names;
    for (AccountId id : accounts) {
      const AccountRecord* account = find(id);
      if (account != nullptr && account->alias_of != nobody) account = find(account->alias_of);
      names.push_back(account == nullptr ? ShownName{id, {}} : ShownName{account->id, account->name});
    }
    return names;
  }

  Result<std::vector<TileIndex>> drawn_tiles(CanvasId id) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<TileIndex> tiles;
    if (const auto* canvas = find(id))
      for (const auto& [index, tile] : canvas->tiles) tiles.push_back(index);
    return tiles;
  }

  Result<std::vector<Placement>> tile_placements(CanvasId id, TileIndex tile, Seq until) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<Placement> found;
    const auto* canvas = find(id);
    if (canvas == nullptr || !canvas->tiles.contains(tile)) return found;
    for (const Seq seq : canvas->tiles.at(tile).seqs)
      if (seq <= until) found.push_back(canvas->placements[seq - 1]);
    return found;
  }

  Result<std::vector<AuditEntry>> audit(const AuditQuery& query) override {
    const std::lock_guard lock(state_->mutex);
    std::vector<AuditEntry> found;
    for (auto entry = state_->audit.rbegin(); entry != state_->audit.rend() && found.size() < query.limit; ++entry)
      if (wanted(query, columns_of(entry->second.id, entry->first), entry->second.text)) found.push_back(entry->second);
    return found;
  }

  Result<AuditCheck> check_audit() override {
    const std::lock_guard lock(state_->mutex);
    AuditCheck check;
    check.entries = state_->audit.size();
    if (!state_->audit.empty()) check.head = state_->audit.back().second.hash;
    return check;
  }

 private:
  const AccountRecord* find(AccountId id) const {
    const auto account = state_->accounts.find(id);
    return account == state_->accounts.end() ? nullptr : &account->second;
  }
  const State::StoredCanvas* find(CanvasId id) const {
    const auto canvas = state_->canvases.find(id);
    return canvas == state_->canvases.end() ? nullptr : &canvas->second;
  }

  std::shared_ptr<const State> state_;
};

}  // namespace

MemoryStore::MemoryStore() : state_(std::make_shared<State>()) {}
MemoryStore::~MemoryStore() = default;

Result<StoreContents> MemoryStore::contents(WallTime now) {
  const std::lock_guard lock(state_->mutex);
  StoreContents contents;
  for (const auto& [id, canvas] : state_->canvases) {
    const CanvasHead& head = state_->heads[id];
    contents.canvases.push_back({canvas.record, head.last_seq, std::max(head.last_time, canvas.last_event)});
  }
  for (const auto& [id, account] : state_->accounts) contents.accounts.push_back(account);
  for (const auto& [hash, session] : state_->sessions)
    if (session.expires > now) contents.sessions.push_back(session);
  for (const auto& [key, join] : state_->joins) contents.joins.push_back(join);
  for (const auto& [id, invite] : state_->invites) contents.invites.push_back(invite);
  for (const auto& [id, lock_record] : state_->locks) contents.locks.push_back(lock_record);
  for (const auto& [key, grant] : state_->grants) contents.grants.push_back(grant);
  for (const auto& [account, record] : state_->seen) contents.seen.push_back(record);
  contents.settings = state_->settings;
  for (const auto& [id, announcement] : state_->announcements) contents.announcements.push_back(announcement);
  for (const auto& [id, rollback] : state_->rollbacks) contents.rollbacks.push_back(rollback);
  for (const auto& [id, entry] : state_->schedule) contents.schedule.push_back(entry);
  for (const auto& [id, snapshot] : state_->snapshots) contents.snapshots.push_back(snapshot);
  for (const auto& [id, report] : state_->reports) contents.reports.push_back(report);
  contents.last_number = state_->last_number;
  for (const auto& outcome : state_->outcomes)
    if (ms(outcome.second.time) >= ms(now) - outcome_ms) contents.outcomes.push_back(outcome);
  for (const auto& [key, charges] : state_->charges) contents.charges.push_back(charges);
  return contents;
}

CommitResult MemoryStore::commit(const WriteSet& set) {
  const std::lock_guard lock(state_->mutex);
  const auto after = heads_after(set, state_->heads);
  if (!after) return {CommitOutcome::Refused, after.error().message};
  for (const CanvasRecord& record : set.canvases) state_->canvases[record.id].record = record;
  for (const auto& [id, event] : set.events) {
    State::StoredCanvas& canvas = state_->canvases[id];
    canvas.events.push_back(event);
    canvas.last_event = std::max(canvas.last_event, event.time);
  }
  for (const AccountRecord& account : set.accounts) state_->accounts[account.id] = account;
  for (const SessionRecord& session : set.sessions) state_->sessions[session.hash] = session;
  for (const TokenHash& hash : set.ended_sessions) state_->sessions.erase(hash);
  for (const JoinRecord& join : set.joins) state_->joins[{join.canvas, join.account}] = join;
  for (const InviteRecord& invite : set.invites) state_->invites[invite.id] = invite;
  for (const InviteId id : set.ended_invites) state_->invites.erase(id);
  state_->write_staff(set);
  for (const auto& batch : set.batches) state_->append(*batch);
  for (const TileCheckpoint& checkpoint : set.checkpoints) state_->store(checkpoint);
  for (const auto& [canvas, head] : *after) state_->heads[canvas] = head;
  ++commits_;
  return {};
}

Result<Seq> MemoryStore::last_seq(CanvasId canvas) {
  const std::lock_guard lock(state_->mutex);
  const auto head = state_->heads.find(canvas);
  if (head == state_->heads.end())
    return Error{"there is no canvas " + std::to_string(static_cast<std::uint32_t>(canvas))};
  return head->second.last_seq;
}

Result<std::unique_ptr<StoreReader>> MemoryStore::reader() {
  return std::unique_ptr<StoreReader>(std::make_unique<MemoryReader>(state_));
}

}  // namespace tessera
