#include "server/serve/sampler.h"

#include <algorithm>
#include <future>

#include "server/serve/history_file.h"
#include "server/serve/process.h"

namespace tessera {
namespace {

constexpr int samples_between_saves = 5;
constexpr std::chrono::seconds rooms_waited_for{1};

/// Nothing where the rooms do not answer, as after their end.
std::optional<HubFigures> ask(Hub& hub) {
  const auto answered = std::make_shared<std::promise<HubFigures>>();
  auto answer = answered->get_future();
  hub.figures([answered](const HubFigures& figures) { answered->set_value(figures); });
  if (answer.wait_for(rooms_waited_for) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

}  // namespace

void Sampler::start() {
  if (!parts_.file.empty()) {
    const auto kept = load_history(parts_.file);
    if (kept) parts_.history.restore(*kept);
    else parts_.log.warn("the figures of the last day are begun anew", {{"detail", kept.error().message}});
  }
  parts_.history.begin(read());
  thread_ = std::thread([this] { run(); });
}

void Sampler::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  parts_.history.take(read());
  save();
}

void Sampler::run() {
  int unsaved = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      const std::int64_t left = ms(parts_.history.next_due()) - ms(parts_.clock.wall());
      // Never longer than a minute: a wall clock that is set back is followed.
      const std::chrono::milliseconds wait{std::clamp<std::int64_t>(left, 0, MinuteHistory::minute_ms)};
      if (wake_.wait_for(lock, wait, [&] { return stopping_; })) return;
    }
    const std::int64_t left = ms(parts_.history.next_due()) - ms(parts_.clock.wall());
    if (left > 0 && left <= MinuteHistory::minute_ms) continue;  // woken a little early
    parts_.history.take(read());
    if (++unsaved < samples_between_saves) continue;
    unsaved = 0;
    save();
  }
}

Readings Sampler::read() const {
  const auto now = [](const auto& value) { return value.load(std::memory_order_relaxed); };
  const ProcessFigures process = process_figures();
  Readings readings;
  readings.placements = now(parts_.core.accepted);
  for (std::size_t i = 0; i < readings.refused.size(); ++i) readings.refused[i] = now(parts_.core.refused[i]);
  readings.bytes_out = now(parts_.net.bytes_out);
  readings.cpu_us = process.cpu_us;
  readings.answer_us = buckets_of(parts_.core.answer_us);
  readings.commit_us = buckets_of(parts_.core.commit_us);
  readings.connections = static_cast<std::uint32_t>(std::max<std::int64_t>(0, now(parts_.net.open_connections)));
  readings.memory_bytes = process.memory_bytes;
  if (const auto figures = ask(parts_.hub)) readings.online = figures->online;
  return readings;
}

void Sampler::save() const {
  if (parts_.file.empty()) return;
  if (const Status done = save_history(parts_.file, parts_.history.since(WallTime{0})); !done)
    parts_.log.warn("the figures of the last day could not be kept", {{"detail", done.error().message}});
}

}  // namespace tessera
