#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "server/core/ports.h"

namespace tessera {

/// A store of plain vectors whose commits fail as the test says, for tests of the core. May be used from several
/// threads.
class CoreStore final : public Store {
 public:
  /// How the next commit goes; commits beyond what was said are stored.
  enum class Next { Store, RefuseCleanly, LoseThenUnknown, StoreThenUnknown };

  void next(Next next) {
    const std::lock_guard lock(mutex_);
    next_.push_back(next);
  }
  /// Every reopening from now on fails.
  void break_reopen() { reopen_fails_ = true; }
  /// Commits wait from now on, or go on.
  void hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    {
      const std::lock_guard lock(mutex_);
      held_ = false;
    }
    changed_.notify_all();
  }
  /// Waits until `count` commits have begun.
  void wait_for_commits(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }
  std::size_t begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }
  std::vector<WriteSet> writes() {
    const std::lock_guard lock(mutex_);
    return writes_;
  }
  std::vector<Placement> journal(CanvasId canvas) {
    const std::lock_guard lock(mutex_);
    return journals_[canvas];
  }

  CommitResult commit(const WriteSet& set) override {
    std::unique_lock lock(mutex_);
    ++begun_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    Next how = Next::Store;
    if (!next_.empty()) {
      how = next_.front();
      next_.pop_front();
    }
    if (how == Next::RefuseCleanly) return {CommitOutcome::Refused, "the disk is full"};
    if (how != Next::LoseThenUnknown) apply(set);
    if (how != Next::Store) return {CommitOutcome::Unknown, "input/output error"};
    return {};
  }

  Status reopen() override {
    if (reopen_fails_) return Error{"the disk is gone"};
    return {};
  }

  std::uint64_t commits() override {
    const std::lock_guard lock(mutex_);
    return writes_.size();
  }

  Result<Seq> last_seq(CanvasId canvas) override {
    const std::lock_guard lock(mutex_);
    return last_of(canvas);
  }

  Result<StoreContents> contents(WallTime) override {
    const std::lock_guard lock(mutex_);
    StoreContents contents = contents_;
    for (auto& canvas : contents.canvases) {
      const auto& journal = journals_[canvas.record.id];
      canvas.last_seq = last_of(canvas.record.id);
      canvas.last_time = journal.empty() ? canvas.record.created : journal.back().time;
    }
    return contents;
  }

  Result<std::unique_ptr<StoreReader>> reader() override { return std::unique_ptr<StoreReader>(new Reader(*this)); }

 private:
  class Reader final : public StoreReader {
   public:
    explicit Reader(CoreStore& store) : store_(store) {}

    Result<std::vector<TileAt>> load_tiles(CanvasId canvas) override {
      std::map<TileIndex, std::pair<Seq, std::shared_ptr<Tile>>> tiles;
      for (const Placement& placement : store_.journal(canvas)) {
        auto& [seq, tile] = tiles[tile_of(placement.cell)];
        if (!tile) tile = std::make_shared<Tile>();
        (*tile)[offset_of(placement.cell)] = placement.color;
        seq = placement.seq;
      }
      std::vector<TileAt> loaded;
      for (const auto& [index, tile] : tiles) loaded.push_back({index, tile.first, tile.second});
      return loaded;
    }
    Result<TileAt> tile_at(CanvasId canvas, TileIndex tile, Seq at) override {
      const auto placements = tile_placements(canvas, tile, at);
      if (placements->empty()) return TileAt{tile, 0, nullptr};
      const auto picture = std::make_shared<Tile>();
      for (const Placement& placement : *placements) (*picture)[offset_of(placement.cell)] = placement.color;
      return TileAt{tile, placements->back().seq, picture};
    }
    Result<std::vector<Placement>> history(CanvasId, Cell, std::size_t, Seq) override {
      return Error{"not in this fake"};
    }
    Result<std::vector<Placement>> placements(CanvasId canvas, Seq since, std::size_t limit) override {
      std::vector<Placement> found;
      for (const Placement& placement : store_.journal(canvas)) {
        if (placement.seq > since && found.size() < limit) found.push_back(placement);
      }
      return found;
    }
    Result<Seq> seq_at(CanvasId canvas, WallTime time) override {
      Seq last = 0;
      for (const Placement& placement : store_.journal(canvas)) {
        if (placement.time <= time) last = placement.seq;
      }
      return last;
    }
    Result<std::vector<CanvasEvent>> events(CanvasId canvas) override {
      const std::lock_guard lock(store_.mutex_);
      return store_.events_[canvas];
    }
    Result<std::vector<ShownName>> names(std::span<const AccountId>) override { return Error{"not in this fake"}; }
    Result<std::vector<TileIndex>> drawn_tiles(CanvasId canvas) override {
      std::set<TileIndex> tiles;
      for (const Placement& placement : store_.journal(canvas)) tiles.insert(tile_of(placement.cell));
      return std::vector<TileIndex>(tiles.begin(), tiles.end());
    }
    Result<std::vector<Placement>> tile_placements(CanvasId canvas, TileIndex tile, Seq until) override {
      std::vector<Placement> found;
      for (const Placement& placement : store_.journal(canvas)) {
        if (placement.seq <= until && tile_of(placement.cell) == tile) found.push_back(placement);
      }
      return found;
    }
    Result<std::vector<AuditEntry>> audit(const AuditQuery&) override { return std::vector<AuditEntry>{}; }
    Result<AuditCheck> check_audit() override { return Error{"not in this fake"}; }

   private:
    CoreStore& store_;
  };

  Seq last_of(CanvasId canvas) {
    const auto& journal = journals_[canvas];
    return journal.empty() ? 0 : journal.back().seq;
  }

  /// By id, as every store reads them.
  template <typename Record, typename Id>
  static void put(std::vector<Record>& all, const std::vector<Record>& changed, const std::vector<Id>& ended) {
    for (const Record& record : changed) {
      const auto at = std::lower_bound(all.begin(), all.end(), record.id, [](const Record& other, auto id) { return other.id < id; });
      if (at != all.end() && at->id == record.id) *at = record;
      else all.insert(at, record);
    }
    for (const Id id : ended) std::erase_if(all, [&](const Record& other) { return other.id == id; });
  }

  void apply(const WriteSet& set) {
    writes_.push_back(set);
    for (const CanvasRecord& canvas : set.canvases) {
      std::erase_if(contents_.canvases, [&](const auto& other) { return other.record.id == canvas.id; });
      contents_.canvases.push_back({canvas, 0, canvas.created});
    }
    for (const auto& [canvas, event] : set.events) events_[canvas].push_back(event);
    for (const AccountRecord& account : set.accounts) {
      std::erase_if(contents_.accounts, [&](const auto& other) { return other.id == account.id; });
      contents_.accounts.push_back(account);
    }
    for (const SessionRecord& session : set.sessions) {
      std::erase_if(contents_.sessions, [&](const auto& other) { return other.hash == session.hash; });
      contents_.sessions.push_back(session);
    }
    for (const TokenHash& hash : set.ended_sessions) {
      std::erase_if(contents_.sessions, [&](const auto& other) { return other.hash == hash; });
    }
    contents_.joins.insert(contents_.joins.end(), set.joins.begin(), set.joins.end());
    for (const InviteRecord& invite : set.invites) {
      std::erase_if(contents_.invites, [&](const auto& other) { return other.id == invite.id; });
      contents_.invites.push_back(invite);
    }
    for (const InviteId id : set.ended_invites)
      std::erase_if(contents_.invites, [&](const auto& other) { return other.id == id; });
    put(contents_.locks, set.locks, set.ended_locks);
    const auto is_of = [](const GrantRecord& grant, const auto& key) { return grant.canvas == key.canvas && grant.account == key.account; };
    for (const GrantKey& key : set.ended_grants) std::erase_if(contents_.grants, [&](const auto& other) { return is_of(other, key); });
    for (const GrantRecord& grant : set.grants) {
      std::erase_if(contents_.grants, [&](const auto& other) { return is_of(other, grant); });
      contents_.grants.push_back(grant);
    }
    for (const SeenRecord& seen : set.seen) {
      std::erase_if(contents_.seen, [&](const auto& other) { return other.account == seen.account; });
      contents_.seen.push_back(seen);
    }
    if (!set.settings.empty()) contents_.settings = set.settings;
    put(contents_.announcements, set.announcements, set.ended_announcements);
    put(contents_.rollbacks, set.rollbacks, std::vector<RollbackId>{});
    put(contents_.schedule, set.schedule, set.ended_schedule);
    put(contents_.snapshots, set.snapshots, std::vector<SnapshotId>{});
    put(contents_.reports, set.reports, std::vector<ReportId>{});
    if (set.last_number != 0) contents_.last_number = set.last_number;
    for (const auto& batch : set.batches) {
      auto& journal = journals_[batch->canvas];
      journal.insert(journal.end(), batch->placements.begin(), batch->placements.end());
      for (const auto& outcome : batch->outcomes) contents_.outcomes.emplace_back(batch->canvas, outcome);
      for (const auto& charges : batch->charges) {
        std::erase_if(contents_.charges, [&](const auto& other) { return other.account == charges.account; });
        contents_.charges.push_back(charges);
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Next> next_;
  bool held_ = false;
  std::atomic<bool> reopen_fails_{false};
  std::size_t begun_ = 0;
  std::map<CanvasId, std::vector<CanvasEvent>> events_;
  std::vector<WriteSet> writes_;
  std::map<CanvasId, std::vector<Placement>> journals_{};
  StoreContents contents_;
};

}  // namespace tessera
