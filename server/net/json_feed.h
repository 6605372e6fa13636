#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/hub.h"
#include "server/net/json_message.h"
#include "shared/base/clock.h"

namespace tessera {

/// What the JSON readers of one canvas are told, gathered once per network thread: at most one `pixel:bulk_update` per
/// interval, the first after a pause at once, and `users:count` at most once a second. Knows no connection and no socket.
class JsonFeed {
 public:
  explicit JsonFeed(Duration interval) : interval_(interval) {}

  /// A committed batch, to be told with the next message.
  void add(const Published& published);
  /// Placements up to this one were added; those after `told` wait.
  bool is_waiting(Seq seq) const { return !batches_.empty() && seq > told_; }
  /// The next message may go at this time; nothing: none waits.
  std::optional<TimePoint> due() const;
  /// The message, where one waits and its time has come.
  std::optional<std::string> take(const std::vector<PaletteEntry>& palette, TimePoint now);
  /// What waits belongs to another epoch than this: it must be taken first, whatever the time.
  bool must_flush_before(const Published& published) const { return !batches_.empty() && published.epoch != epoch_; }
  std::string take_now(const std::vector<PaletteEntry>& palette, TimePoint now);

  void set_online(std::uint32_t count) { online_ = count; }
  /// Somebody new does not know the count yet.
  void repeat_online() { online_told_.reset(); }
  std::optional<TimePoint> online_due() const;
  std::optional<std::string> take_online(TimePoint now);

  /// Nobody listens any more.
  void clear();

 private:
  Duration interval_;
  Epoch epoch_{};
  WallTime time_{};
  std::vector<std::shared_ptr<const Batch>> batches_;
  Seq told_ = 0;
  TimePoint next_{};
  std::uint32_t online_ = 0;
  std::optional<std::uint32_t> online_told_;
  TimePoint online_next_{};
};

// The messages of the JSON interface, compact.
std::string json_accepted(Seq seq, Cell cell, const ChargeState& charges);
/// `position`: where it is about a placement.
std::string json_error(std::string_view code, std::string_view detail, std::optional<AskedPosition> position,
                       std::uint32_t retry_after_ms = 0);
/// What JSON readers are told of a message for everyone; nothing where they are told nothing of it.
std::optional<std::string> json_notice(const ServerMessage& message);

}  // namespace tessera
