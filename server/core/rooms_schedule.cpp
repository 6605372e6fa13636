// What happens on canvases at a time, by itself. An entry's end and what it does are one commit: it happens once, whatever ends the server,
// whatever somebody does to the clock.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "server/core/schedule.h"

namespace tessera {
namespace {

constexpr Duration fire_retry = std::chrono::milliseconds{250};

std::string name_of(ScheduleId id) { return target_name("schedule", id); }
std::string name_of(AnnouncementId id) { return target_name("announcement", id); }

std::pair<WallTime, ScheduleId> when(const ScheduleRecord& record) { return {record.at, record.id}; }

ScheduleInfo info_of(const ScheduleRecord& record) {
  return {.id = record.id,
          .at_ms = static_cast<std::uint64_t>(ms(record.at)),
          .action = record.work.action,
          .text = short_text(record.work)};
}

/// By time, then id.
std::vector<const ScheduleRecord*> in_order(const std::map<ScheduleId, ScheduleRecord>& schedule) {
  std::vector<const ScheduleRecord*> all;
  for (const auto& [id, record] : schedule) all.push_back(&record);
  std::sort(all.begin(), all.end(), [](const auto* one, const auto* other) { return when(*one) < when(*other); });
  return all;
}

}  // namespace

ScheduleView Rooms::view(const ScheduleRecord& record) const { return {record, shown(record.maker)}; }

void Rooms::schedule(const std::string& canvas, const Reply<std::optional<std::vector<ScheduleView>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<ScheduleView> views;
  for (const ScheduleRecord* record : in_order(hall->schedule)) views.push_back(view(*record));
  reply(std::move(views));
}

/// What a connection is told of it as it enters.
void Rooms::send_schedule(const Hall& hall, const Connection& connection) const {
  if (hall.schedule.empty()) return;
  Schedule message;
  for (const ScheduleRecord* record : in_order(hall.schedule)) message.entries.push_back(info_of(*record));
  connection.gate->post(Directed{connection.id, std::move(message)});
}

void Rooms::make_schedule(AccountId actor, const std::string& canvas, NewSchedule wanted, Reply<Changed<ScheduleView>> reply) {
  in_turn([this, actor, canvas, wanted = std::move(wanted), reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* maker = staff(actor, Permission::RunEvents, hall);
    if (maker == nullptr) return reply(refusal<ScheduleView>(Refusal::Forbidden, "only admins may schedule"));
    if (hall == nullptr) return reply(refusal<ScheduleView>(Refusal::NotFound, "there is no such canvas"));
    if (!may_make_happen(actor, wanted.work))
      return reply(refusal<ScheduleView>(Refusal::Forbidden, "everyone on the server hears an announcement: only the server's own staff may schedule one"));
    if (hall->schedule.size() >= limits::scheduled)
      return reply(refusal<ScheduleView>(Refusal::TooLarge, "this canvas's schedule has " + std::to_string(limits::scheduled) + " entries: remove some first"));
    if (wanted.at <= clock_.wall()) return reply(refusal<ScheduleView>(Refusal::Invalid, "at is past"));
    if (const Status may = check_scheduled(wanted.work, wanted.at, hall->room.record(), settings_.max_cells); !may)
      return reply(refusal<ScheduleView>(Refusal::Invalid, may.error().message));
    const ScheduleRecord record{.id = ScheduleId{last_number_ + 1},
                                .canvas = hall->id(),
                                .at = wanted.at,
                                .work = wanted.work,
                                .maker = maker->id,
                                .created = clock_.wall()};
    WriteSet writes;
    writes.schedule.push_back(record);
    writes.last_number = ++last_number_;
    writes.audit.push_back(entry(maker, "schedule.create", hall->room.record().name, name_of(record.id), schedule_detail(record)));
    write_in_turn(std::move(writes), [this, hall, record, reply](bool stored) {
      if (!stored) return reply(busy_change<ScheduleView>());
      put_scheduled(*hall, record);
      tell(*hall, ScheduleChanged{info_of(record)});
      reply(changed_to(view(record)));
    });
  });
}

/// An announcement is not of one canvas.
bool Rooms::may_make_happen(AccountId maker, const ScheduledWork& work) const {
  return work.action != ScheduledAction::Announce || staff(maker, Permission::Announce) != nullptr;
}

void Rooms::put_scheduled(Hall& hall, const ScheduleRecord& record) {
  hall.schedule.emplace(record.id, record);
  due_.emplace(when(record), hall.id());
}

void Rooms::remove_schedule(AccountId actor, const std::string& canvas, ScheduleId id, Reply<Changed<ScheduleView>> reply) {
  in_turn([this, actor, canvas, id, reply = std::move(reply)] {
    const Hall* hall = find(canvas);
    const AccountRecord* maker = staff(actor, Permission::RunEvents, hall);
    if (maker == nullptr) return reply(refusal<ScheduleView>(Refusal::Forbidden, "only admins may change the schedule"));
    if (hall == nullptr || !hall->schedule.contains(id))
      return reply(refusal<ScheduleView>(Refusal::NotFound, "there is no such entry: it may have happened, or been removed"));
    if (firing_ == id) return reply(refusal<ScheduleView>(Refusal::Busy, "it is happening just now"));
    const ScheduleRecord record = hall->schedule.at(id);
    WriteSet writes;
    writes.ended_schedule.push_back(id);
    writes.audit.push_back(entry(maker, "schedule.remove", hall->room.record().name, name_of(id), schedule_detail(record)));
    removing_ = id;
    write_in_turn(std::move(writes), [this, record, reply](bool stored) {
      removing_.reset();
      if (!stored) return reply(busy_change<ScheduleView>());
      end_scheduled(record);
      reply(changed_to(view(record)));
    });
  });
}

void Rooms::end_scheduled(const ScheduleRecord& record) {
  Hall& hall = *hall_with(record.canvas);
  due_.erase(when(record));
  hall.schedule.erase(record.id);
  tell(hall, ScheduleRemoved{record.id});
}

// ---- what is due ----

void Rooms::fire_due(Moment moment) {
  if (firing_ || removing_ || due_.empty() || lost_ || stopping_ || moment.now < next_fire_) return;
  const auto& [first, canvas] = *due_.begin();
  if (first.first > moment.wall) return;
  firing_ = first.second;
  Hall& hall = *hall_with(canvas);
  const ScheduleRecord record = hall.schedule.at(first.second);
  fire(hall, record);
}

std::optional<TimePoint> Rooms::fire_next(Moment moment) const {
  if (firing_ || removing_ || due_.empty() || lost_ || stopping_) return std::nullopt;
  const std::int64_t wait_ms = std::max<std::int64_t>(ms(due_.begin()->first.first) - ms(moment.wall), 0);
  return std::max(next_fire_, moment.now + std::chrono::milliseconds(wait_ms));
}

void Rooms::fire(Hall& hall, const ScheduleRecord& record) {
  if (staff(record.maker, Permission::RunEvents, &hall) == nullptr || !may_make_happen(record.maker, record.work)) return fail_scheduled(record, "whoever scheduled it may do so no more");
  if (hall.room.record().archived) return fail_scheduled(record, "the canvas is archived");
  switch (record.work.action) {
    case ScheduledAction::Announce: return fire_announcement(record);
    case ScheduledAction::Reset: return fire_reset(hall, record);
    default: return fire_change(hall, record);
  }
}

void Rooms::fire_change(Hall& hall, const ScheduleRecord& record) {
  const auto done = [this, record](const Changed<CanvasView>& changed) { fired(record, changed.refused, changed.detail); };
  hall.changes.push_back({.actor = record.maker, .version = {}, .change = {}, .reply = done, .scheduled = record});
  advance_changes(hall);
}

void Rooms::fire_announcement(const ScheduleRecord& record) {
  in_turn([this, record] {
    if (announcements_.size() >= limits::announcements) return fail_scheduled(record, "there are too many announcements");
    if (record.work.expires && *record.work.expires <= clock_.wall()) return fail_scheduled(record, "its expires_at is past");
    const AnnouncementRecord announcement{.id = AnnouncementId{last_number_ + 1},
                                          .text = record.work.text,
                                          .pinned = record.work.pinned,
                                          .expires = record.work.expires,
                                          .maker = record.maker,
                                          .created = clock_.wall()};
    JsonObject detail = announcement_detail(announcement);
    detail.number("schedule", static_cast<std::uint32_t>(record.id));
    WriteSet writes;
    writes.announcements.push_back(announcement);
    writes.last_number = ++last_number_;
    writes.ended_schedule.push_back(record.id);
    writes.audit.push_back(entry(accounts_.resolve(record.maker), "announcement.create", {}, name_of(announcement.id), detail));
    write_in_turn(std::move(writes), [this, announcement, record](bool stored) {
      if (stored) put_announcement(announcement, true);
      fired(record, stored ? std::nullopt : std::optional(Refusal::Busy), {});
    });
  });
}

void Rooms::fire_reset(Hall& hall, const ScheduleRecord& record) {
  const auto done = [this, record](const Changed<RollbackView>& changed) { fired(record, changed.refused, changed.detail); };
  roll_back_after(hall, 0,
                  {.actor = record.maker,
                   .reason = record.work.text,
                   .at_once = true,
                   .action = "canvas.reset",
                   .permission = Permission::RunEvents,
                   .schedule = record.id},
                  done);
}

/// What it does is stored, its end with it; or was refused.
void Rooms::fired(const ScheduleRecord& record, std::optional<Refusal> refused, const std::string& why) {
  if (refused && refused != Refusal::Busy) return fail_scheduled(record, why);
  firing_.reset();
  if (!refused) return end_scheduled(record);
  next_fire_ = clock_.now() + fire_retry;
}

/// It ends without having happened.
void Rooms::fail_scheduled(const ScheduleRecord& record, const std::string& why) {
  JsonObject detail = schedule_detail(record);
  detail.text("why", why);
  WriteSet writes;
  writes.ended_schedule.push_back(record.id);
  writes.audit.push_back(entry(accounts_.resolve(record.maker), "schedule.failed", hall_with(record.canvas)->room.record().name, name_of(record.id), detail));
  const auto done = [this, record](const Written& written) {
    fired(record, written.result.outcome == CommitOutcome::Stored ? std::nullopt : std::optional(Refusal::Busy), {});
  };
  if (!write(std::move(writes), done)) fired(record, Refusal::Busy, {});
}

}  // namespace tessera
