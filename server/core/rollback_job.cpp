#include "server/core/rollback_job.h"

namespace tessera {

void RollbackJob::restart() {
  if (drawing_ > 0) {
    restarts_ = true;
    return;
  }
  restarts_ = false;
  state_ = State::Waiting;
  changes_.clear();
  touched_ = nullptr;
  next_ = 0;
  missed_ = false;
}

void RollbackJob::planned(std::vector<Restored> changes, std::shared_ptr<const TouchedCells> touched) {
  if (state_ != State::Planning) return;
  state_ = State::Drawing;
  changes_ = std::move(changes);
  touched_ = std::move(touched);
}

std::span<const Restored> RollbackJob::next(std::size_t most) {
  if (state_ != State::Drawing || drawing_ > 0) return {};
  part_.clear();
  std::size_t at = next_;
  for (; at < changes_.size() && part_.size() < most; ++at) {
    const bool touched = touched_->contains(changes_[at].cell);
    missed_ = missed_ || touched;
    if (!touched) part_.push_back(changes_[at]);
  }
  if (part_.empty()) {  // all of the rest was touched
    next_ = at;
    if (missed_) restart();
    return {};
  }
  drawing_ = at - next_;
  return part_;
}

void RollbackJob::drew(bool stored) {
  if (stored) {
    next_ += drawing_;
    drawn_ += part_.size();
  }
  drawing_ = 0;
  if (restarts_ || (missed_ && next_ == changes_.size())) restart();
}

}  // namespace tessera
