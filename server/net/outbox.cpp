#include "server/net/outbox.h"

#include <cassert>

namespace tessera {
namespace {

constexpr std::size_t answer_frame_bytes = 16u << 10;
constexpr std::size_t kept_entries = 16;

iovec part_of(const Bytes& bytes, std::size_t from) {
  // sendmsg only reads, but its interface predates const.
  return {const_cast<std::uint8_t*>(bytes.data()) + from, bytes.size() - from};
}

FramePtr frame_of(const std::shared_ptr<const Snapshot>& snapshot) {
  auto frame = std::make_shared<Frame>();
  append_ws_header(WsOpcode::Binary, snapshot->encoded.size(), frame->own);
  frame->shared = std::shared_ptr<const Bytes>(snapshot, &snapshot->encoded);
  return frame;
}

}  // namespace

void TileSet::insert(TileIndex tile) {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), tile.key());
  if (at == keys_.end() || *at != tile.key()) keys_.insert(at, tile.key());
}

bool TileSet::erase(TileIndex tile) {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), tile.key());
  if (at == keys_.end() || *at != tile.key()) return false;
  keys_.erase(at);
  if (keys_.empty()) keys_ = {};
  return true;
}

std::vector<TileIndex> TileSet::take(std::size_t count) {
  count = std::min(count, keys_.size());
  std::vector<TileIndex> taken(count);
  std::transform(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(count), taken.begin(), TileIndex::from_key);
  keys_.erase(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(count));
  if (keys_.empty()) keys_ = {};
  return taken;
}

void Outbox::unwatch(TileIndex tile) {
  watched_.erase(tile);
  stale_.erase(tile);
  awaited_.erase(tile);
}

void Outbox::forget_tiles() {
  watched_.clear();
  stale_.clear();
  awaited_.clear();
}

void Outbox::push_deltas(const FramePtr& frame) {
  if (watched_.empty() || closing_) return;
  if (!is_behind() && (empty() || bytes_ + frame->size() <= limits_->deltas_bytes)) {
    push({frame, nullptr, Kind::Deltas});
    return;
  }
  if (!is_behind()) drop_queued_deltas();
  drop_deltas_of(*frame);
}

void Outbox::drop_deltas_of(const Frame& frame) {
  for (const TileIndex tile : frame.tiles)
    if (watched_.contains(tile) && !awaited_.contains(tile)) stale_.insert(tile);
}

void Outbox::drop_queued_deltas() {
  const std::size_t first = head_ + (head_sent_ > 0 ? 1 : 0);
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(std::min(first, entries_.size()));
  const auto dropped = std::stable_partition(begin, entries_.end(), [](const Entry& e) { return e.kind != Kind::Deltas; });
  for (auto entry = dropped; entry != entries_.end(); ++entry) {
    bytes_ -= entry->frame->size();
    drop_deltas_of(*entry->frame);
  }
  entries_.erase(dropped, entries_.end());
  open_answer_ = nullptr;
}

void Outbox::push_hash(const FramePtr& frame, TileIndex tile) {
  if (!watched_.contains(tile) || stale_.contains(tile) || awaited_.contains(tile)) return;
  push_notice(frame);
}

void Outbox::push_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  awaited_.erase(snapshot->tile);
  stale_.erase(snapshot->tile);
  if (closing_ || !watched_.contains(snapshot->tile)) return;
  ++snapshots_;
  push({nullptr, std::move(snapshot), Kind::Snapshot});
}

void Outbox::push_answer(WsOpcode opcode, ByteSpan payload) {
  if (closing_) return;
  const std::size_t before = open_answer_ != nullptr ? open_answer_->own.size() : 0;
  if (open_answer_ == nullptr || before + payload.size() > answer_frame_bytes) {
    auto frame = std::make_shared<Frame>(Frame{ws_frame(opcode, payload), nullptr, {}});
    Frame* open = frame.get();
    push({std::move(frame), nullptr, Kind::Answer});
    open_answer_ = open;
    return;
  }
  append_ws_header(opcode, payload.size(), open_answer_->own);
  open_answer_->own.insert(open_answer_->own.end(), payload.begin(), payload.end());
  const std::size_t added = open_answer_->own.size() - before;
  bytes_ += added;
  answer_bytes_ += added;
}

void Outbox::push_notice(const FramePtr& frame) {
  if (!closing_) push({frame, nullptr, Kind::Notice});
}

void Outbox::push_text(const FramePtr& frame) {
  if (!closing_) push({frame, nullptr, Kind::Text});
}

void Outbox::push_close(Bytes close_frame) {
  if (closing_) return;
  push({make_frame(std::move(close_frame)), nullptr, Kind::Answer});
  closing_ = true;
}

void Outbox::drop_queued() {
  if (closing_) return;
  while (entries_.size() > head_ + (head_sent_ > 0 ? 1 : 0)) {
    const Entry& entry = entries_.back();
    if (entry.frame) bytes_ -= entry.frame->size();
    if (entry.kind == Kind::Snapshot) --snapshots_;
    if (entry.kind == Kind::Answer || entry.kind == Kind::Notice) answer_bytes_ -= entry.frame->size();
    entries_.pop_back();
  }
  open_answer_ = nullptr;
}

void Outbox::push(Entry entry) {
  if (entry.frame) {
    bytes_ += entry.frame->size();
    if (entry.kind == Kind::Answer || entry.kind == Kind::Notice) answer_bytes_ += entry.frame->size();
  }
  open_answer_ = nullptr;
  entries_.push_back(std::move(entry));
}

std::size_t Outbox::gather(std::span<iovec> parts) {
  std::size_t count = 0;
  std::size_t skip = head_sent_;
  for (std::size_t at = head_; at < entries_.size() && count + 2 <= parts.size(); ++at) {
    Entry& entry = entries_[at];
    if (!entry.frame) {
      if (!entry.snapshot->ready.load(std::memory_order_acquire)) break;
      entry.frame = frame_of(entry.snapshot);
      bytes_ += entry.frame->size();
    }
    const Frame& frame = *entry.frame;
    if (skip < frame.own.size()) parts[count++] = part_of(frame.own, skip);
    const std::size_t skip_shared = skip - std::min(skip, frame.own.size());
    if (frame.shared && skip_shared < frame.shared->size()) parts[count++] = part_of(*frame.shared, skip_shared);
    skip = 0;
  }
  return count;
}

void Outbox::sent(std::size_t bytes) {
  while (bytes > 0) {
    assert(!empty() && entries_[head_].frame);
    const std::size_t left = entries_[head_].frame->size() - head_sent_;
    if (bytes < left) {
      head_sent_ += bytes;
      return;
    }
    bytes -= left;
    pop_front();
  }
}

void Outbox::pop_front() {
  Entry& entry = entries_[head_];
  bytes_ -= entry.frame->size();
  if (entry.kind == Kind::Snapshot) --snapshots_;
  if (entry.kind == Kind::Answer || entry.kind == Kind::Notice) answer_bytes_ -= entry.frame->size();
  if (entry.frame.get() == open_answer_) open_answer_ = nullptr;
  entry = {};
  ++head_;
  head_sent_ = 0;
  if (head_ == entries_.size()) {
    entries_.clear();
    head_ = 0;
    if (entries_.capacity() > kept_entries) entries_ = {};
  } else if (head_ >= 64 && head_ * 2 >= entries_.size()) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

std::vector<TileIndex> Outbox::take_refresh() {
  if (stale_.empty() || !awaited_.empty() || closing_ || bytes_ > limits_->drained_bytes || snapshots_ > 0) return {};
  std::vector<TileIndex> tiles = stale_.take(limits_->refresh_tiles);
  for (const TileIndex tile : tiles) awaited_.insert(tile);
  return tiles;
}

void Outbox::retry_refresh() {
  for (const TileIndex tile : awaited_.take(awaited_.size())) stale_.insert(tile);
}

}  // namespace tessera
