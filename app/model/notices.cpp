#include "app/model/turn.h"

/// What staff tell one person: kept until it was read.
namespace tessera {
namespace {

void add(Turn& turn, StaffNotice notice) {
  Model& model = turn.model;
  NoticeQueue& queue = model.notices;
  if (queue.waiting.size() >= NoticeQueue::most) return;
  notice.server = model.server.name.empty() ? server_label(model.connection.server) : model.server.name;
  if (queue.waiting.empty()) queue.shown_at = turn.now();
  queue.waiting.push_back(std::move(notice));
}

}  // namespace

void warned(Turn& turn, const Warning& message) { add(turn, {NoticeKind::Warning, {}, message.text}); }

void note_ban(Turn& turn) {
  Model& model = turn.model;
  if (model.may_place) {
    model.ban.reset();
    model.ban_due = false;
    if (std::exchange(model.ban_told, false)) turn.tell(Level::Good, {Text::BanOver, {}});
    return;
  }
  if (model.why_not != Refusal::Banned) return;
  model.ban_due = model.ban_due || !std::exchange(model.ban_told, true);
  read_me(turn);
}

void tell_ban(Turn& turn) {
  Model& model = turn.model;
  if (!std::exchange(model.ban_due, false)) return;
  add(turn, {NoticeKind::Ban, {}, model.ban ? model.ban->reason : std::string(), ban_end(model)});
}

void understand_notice(Turn& turn) {
  NoticeQueue& queue = turn.model.notices;
  if (queue.waiting.empty() || turn.now() - queue.shown_at < NoticeQueue::least_time) return;
  queue.waiting.erase(queue.waiting.begin());
  queue.shown_at = turn.now();
}

std::optional<TimePoint> next_notice(const Model& model) {
  const NoticeQueue& queue = model.notices;
  const TimePoint free = queue.shown_at + NoticeQueue::least_time;
  if (queue.waiting.empty() || model.now >= free) return std::nullopt;
  return free;
}

}  // namespace tessera
