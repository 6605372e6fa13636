#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/storage/memory_store.h"
#include "tests/journey/simulation_timeline.h"

/// What is stored, written down beside the store by the simulation itself, and what was found to be wrong.
namespace tessera::simulation {

/// Broken promises, in words.
class Findings {
 public:
  void add(std::string what) {
    if (all_.size() < 20) all_.push_back(std::move(what));
  }
  bool none() const { return all_.empty(); }
  std::string text() const {
    std::string text;
    for (const std::string& what : all_) text += what + "\n";
    return text;
  }

 private:
  std::vector<std::string> all_;
};

struct StoredRequest {
  Seq first_seq = 0;
  std::uint32_t accepted = 0;
  int times = 0;
};

struct Ledger {
  std::vector<Placement> journal;  // the one of seq n at n - 1
  std::map<std::pair<AccountId, RequestId>, StoredRequest> requests;
  std::map<RollbackId, RollbackRecord> rollbacks;

  void write(const WriteSet& set, Findings& findings) {
    for (const auto& batch : set.batches) {
      for (const Placement& placement : batch->placements) {
        if (placement.seq != journal.size() + 1)
          findings.add("seqs with a gap, or used twice: " + std::to_string(placement.seq));
        journal.push_back(placement);
      }
      for (const RequestOutcome& outcome : batch->outcomes) {
        if (outcome.accepted == 0) continue;
        StoredRequest& request = requests[{outcome.account, outcome.request}];
        request = {outcome.first_seq, outcome.accepted, request.times + 1};
      }
    }
    for (const RollbackRecord& record : set.rollbacks) rollbacks.insert_or_assign(record.id, record);
  }
  Tile tile(TileIndex index) const {
    Tile tile;
    for (const Placement& placement : journal) {
      if (tile_of(placement.cell) == index) tile[offset_of(placement.cell)] = placement.color;
    }
    return tile;
  }
};

/// A memory store on a disk that fails: cleanly, or leaving it open whether it stored.
class FaultyStore final : public Store {
 public:
  /// Writes into the newest of `ledgers`.
  FaultyStore(Timeline& timeline, std::vector<Ledger>& ledgers, Findings& findings)
      : timeline_(timeline), ledgers_(ledgers), findings_(findings) {}

  double faults = 0;

  Result<StoreContents> contents(WallTime now) override { return store_.contents(now); }
  CommitResult commit(const WriteSet& set) override {
    const bool sound = std::exchange(sound_next_, false);
    if (!sound && timeline_.chance(faults)) return {CommitOutcome::Refused, "the disk is full"};
    const bool open = !sound && timeline_.chance(faults);
    sound_next_ = open;
    if (open && timeline_.chance(0.5)) return {CommitOutcome::Unknown, "input/output error"};
    CommitResult result = store_.commit(set);
    if (result.outcome == CommitOutcome::Stored) ledgers_.back().write(set, findings_);
    if (open) return {CommitOutcome::Unknown, "input/output error"};
    return result;
  }
  Status reopen() override { return {}; }
  Result<Seq> last_seq(CanvasId canvas) override { return store_.last_seq(canvas); }
  std::uint64_t commits() override { return store_.commits(); }
  Result<std::unique_ptr<StoreReader>> reader() override { return store_.reader(); }

 private:
  Timeline& timeline_;
  std::vector<Ledger>& ledgers_;
  Findings& findings_;
  MemoryStore store_;
  bool sound_next_ = false;  // a disk that leaves it open twice in a row stops the server, and rightly
};

}  // namespace tessera::simulation
