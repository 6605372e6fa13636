#include <algorithm>
#include <tuple>

#include "app/model/turn.h"
#include "shared/base/text.h"

/// What will happen on the canvas by itself: how long until then, and what it is in words.
namespace tessera {
namespace {

constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

std::int64_t left_ms(const Model& model, const ScheduleInfo& entry) {
  return static_cast<std::int64_t>(entry.at_ms) - ms(server_now(model));
}

/// Until other words say how long it is: seconds in the last hour, minutes before, nothing at all until the day before.
std::int64_t until_other_words(std::int64_t left) {
  if (left > day_ms) return left - day_ms;
  const std::int64_t step = left > hour_ms ? minute_ms : second_ms;
  return left % step == 0 ? step : left % step;
}

bool comes_before(const ScheduleInfo& one, const ScheduleInfo& other) {
  return std::tie(one.at_ms, one.id) < std::tie(other.at_ms, other.id);
}

void remove(std::vector<ScheduleInfo>& entries, ScheduleId id) {
  std::erase_if(entries, [&](const ScheduleInfo& each) { return each.id == id; });
}

void put(std::vector<ScheduleInfo>& entries, const ScheduleInfo& entry) {
  remove(entries, entry.id);
  if (entry.action == ScheduledAction::Announce || entries.size() >= limits::scheduled) return;
  entries.insert(std::lower_bound(entries.begin(), entries.end(), entry, comes_before), entry);
}

/// As the canvas is, such a thing makes no difference to it.
bool is_idle(const Model& model, const ScheduleInfo& entry) {
  if (entry.action == ScheduledAction::Pause) return model.canvas.paused;
  return entry.action == ScheduledAction::Resume && !model.canvas.paused;
}

std::pair<std::string, ScheduleId> key_of(const Model& model, ScheduleId id) { return {model.connection.server, id}; }

/// One side of `2000×1000`; `…` is as it is.
std::optional<std::uint32_t> read_side(std::string_view text, std::uint32_t now) {
  if (text == "…") return now;
  const auto side = parse_number(text, max_canvas_side);
  if (!side || *side == 0) return std::nullopt;
  return static_cast<std::uint32_t>(*side);
}

Phrase size_phrase(const Model& model, std::string_view text) {
  constexpr std::string_view times = "×";
  const std::size_t middle = text.find(times);
  if (middle == std::string_view::npos) return {Text::ComingSizeUnknown, {}};
  const Size now{model.canvas.width, model.canvas.height};
  const auto width = read_side(text.substr(0, middle), now.width), height = read_side(text.substr(middle + times.size()), now.height);
  if (!width || !height) return {Text::ComingSizeUnknown, {}};
  const bool smaller = *width < now.width || *height < now.height, larger = *width > now.width || *height > now.height;
  const Text words = smaller && larger ? Text::ComingSize : smaller ? Text::ComingShrinks : Text::ComingGrows;
  return {words, {format_number(language(model), *width), format_number(language(model), *height)}};
}

}  // namespace

std::vector<const ScheduleInfo*> to_come(const Model& model) {
  std::vector<const ScheduleInfo*> found;
  for (const ScheduleInfo& each : model.schedule.entries)
    if (left_ms(model, each) > 0) found.push_back(&each);
  return found;
}

const ScheduleInfo* next_to_come(const Model& model) {
  for (const ScheduleInfo& each : model.schedule.entries) {
    const std::int64_t left = left_ms(model, each);
    if (left > day_ms) return nullptr;
    if (left > 0 && !is_idle(model, each)) return &each;
  }
  return nullptr;
}

const ScheduleInfo* countdown(const Model& model) {
  const ScheduleInfo* next = next_to_come(model);
  if (next == nullptr || model.screen != Screen::Canvas) return nullptr;
  const auto& away = model.schedule.put_away;
  return std::find(away.begin(), away.end(), key_of(model, next->id)) == away.end() ? next : nullptr;
}

Phrase explain(const Model& model, const ScheduleInfo& entry) {
  switch (entry.action) {
    case ScheduledAction::Pause:
      return {Text::ComingCloses, {}};
    case ScheduledAction::Resume:
      return {Text::ComingOpens, {}};
    case ScheduledAction::Resize:
      return size_phrase(model, entry.text);
    case ScheduledAction::Palette:
      return {Text::ComingPalette, {}};
    case ScheduledAction::Policy:
      return {Text::ComingRules, {}};
    case ScheduledAction::Announce:
    case ScheduledAction::Reset:
      break;
  }
  return {Text::ComingReset, {}};
}

std::optional<std::string> time_left(const Model& model, const ScheduleInfo& entry) {
  const std::int64_t left = left_ms(model, entry);
  if (left <= 0 || left > day_ms) return std::nullopt;
  const std::int64_t whole = (left + second_ms - 1) / second_ms * second_ms;
  return format_duration(language(model), std::chrono::milliseconds(whole));
}

void schedule_came(Turn& turn, const Schedule& message) {
  turn.model.schedule.entries.clear();
  for (const ScheduleInfo& each : message.entries) put(turn.model.schedule.entries, each);
}

void schedule_changed(Turn& turn, const ScheduleInfo& entry) { put(turn.model.schedule.entries, entry); }

void schedule_removed(Turn& turn, ScheduleId id) { remove(turn.model.schedule.entries, id); }

void put_away_countdown(Model& model, ScheduleId id) {
  show_countdown(model, id);
  model.schedule.put_away.push_back(key_of(model, id));
}

void show_countdown(Model& model, ScheduleId id) {
  std::erase(model.schedule.put_away, key_of(model, id));
}

std::optional<TimePoint> next_countdown(const Model& model) {
  const bool all = model.drawer == Drawer::Announcements;
  const ScheduleInfo* next = countdown(model);
  std::optional<std::int64_t> soonest;
  for (const ScheduleInfo& each : model.schedule.entries) {
    const std::int64_t left = left_ms(model, each);
    // What is out of sight counts only for the moment at which it is the next of all.
    const bool in_sight = all || &each == next || left > day_ms;
    if (left > 0) soonest = std::min(soonest.value_or(day_ms), in_sight ? until_other_words(left) : left);
    if (left > day_ms) break;
  }
  if (!soonest) return std::nullopt;
  return model.now + std::chrono::milliseconds(*soonest);
}

}  // namespace tessera
