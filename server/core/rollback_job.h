#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "server/core/rollback.h"

namespace tessera {

/// The cells that were drawn on since a plan was begun: what it found there may not be what is there now.
class TouchedCells {
 public:
  void add(const Batch& batch) {
    for (const Placement& placement : batch.placements) cells_.insert(key(placement.cell));
  }
  bool contains(Cell cell) const { return cells_.contains(key(cell)); }

 private:
  static std::uint32_t key(Cell cell) { return std::uint32_t{cell.y} << 16 | cell.x; }
  std::unordered_set<std::uint32_t> cells_;
};

/// One rollback on its way: planned, then drawn part by part; planned again where somebody drew on its cells meanwhile, until nothing is
/// left to draw. Belongs to the room loop. Knows neither the room nor the store.
class RollbackJob {
 public:
  explicit RollbackJob(RollbackId id) : id_(id) {}

  RollbackId id() const { return id_; }
  bool needs_plan() const { return state_ == State::Waiting; }
  bool is_done() const { return state_ == State::Drawing && next_ == changes_.size() && drawing_ == 0 && !missed_; }
  std::uint64_t drawn() const { return drawn_; }
  std::uint64_t to_draw() const { return drawn_ + (changes_.size() - next_); }

  void planning() { state_ = State::Planning; }
  /// It must be planned anew: the rollback itself changed, or a plan failed.
  void restart();
  /// What is left to draw, and what was touched since the plan was begun; ignored unless a plan is awaited.
  void planned(std::vector<Restored> changes, std::shared_ptr<const TouchedCells> touched);
  /// The next cells to draw, at most `most`; empty where none waits, or some are being drawn.
  std::span<const Restored> next(std::size_t most);
  /// Those of `next` are stored, or must be drawn again.
  void drew(bool stored);

 private:
  enum class State : std::uint8_t { Waiting, Planning, Drawing };

  const RollbackId id_;
  State state_ = State::Waiting;
  std::vector<Restored> changes_;
  std::shared_ptr<const TouchedCells> touched_;
  std::vector<Restored> part_;
  std::size_t next_ = 0;      // of `changes_`
  std::size_t drawing_ = 0;   // of `changes_`, from `next_` on: those of `part_`, and those that were touched
  std::uint64_t drawn_ = 0;
  bool missed_ = false;       // a touched cell was left out
  bool restarts_ = false;     // once what is being drawn is stored
};

}  // namespace tessera
