// Canvases made and changed while the server runs. Each change is an event between two batches: the room holds what comes until
// the event is stored, so that its seq is right and everyone sees it at the same place.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/canvas_change.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"
#include "server/core/schedule.h"

namespace tessera {
namespace {

using CanvasReply = Changed<CanvasView>;

}  // namespace

void Rooms::create_canvas(AccountId actor, NewCanvas canvas, Hub::Reply<CanvasReply> reply) {
  if (const Status fits = check_size(canvas.size, settings_.max_cells); !fits)
    return reply(refusal<CanvasView>(Refusal::TooLarge, fits.error().message));
  const bool exists = std::any_of(halls_.begin(), halls_.end(), [&](const auto& hall) { return hall->room.record().name == canvas.name; });
  if (exists || making_.contains(canvas.name))
    return reply(refusal<CanvasView>(Refusal::Invalid, "there is a canvas of that name already, in use or archived"));
  if (halls_.size() + making_.size() >= settings_.max_canvases)
    return reply(refusal<CanvasView>(Refusal::Busy, "this server has as many canvases as it may"));
  const WallTime now = clock_.wall();
  Opening::OpenedCanvas opened;
  CanvasRecord& record = opened.stored.record;
  record.id = CanvasId{++last_canvas_};
  record.name = canvas.name;
  record.size = canvas.size;
  record.palette = std::move(canvas.palette);
  record.policy = canvas.policy;
  record.access = canvas.access;
  record.access_code = std::move(canvas.access_code);
  record.epoch = Epoch{std::max<std::uint64_t>(1, random_.next_u64())};
  record.created = now;
  opened.stored.last_time = now;
  WriteSet writes;
  writes.canvases.push_back(record);
  writes.events.emplace_back(record.id, CanvasEvent{0, now, record});
  writes.audit.push_back(entry(accounts_.resolve(actor), "canvas.create", record.name, "canvas:" + record.name,
                               JsonObject().number("width", record.size.width).number("height", record.size.height)));
  const auto shared_reply = std::make_shared<Hub::Reply<CanvasReply>>(std::move(reply));
  making_.insert(record.name);
  const auto done = [this, opened = std::move(opened), shared_reply](const Written& written) {
    making_.erase(opened.stored.record.name);
    if (written.result.outcome != CommitOutcome::Stored) return (*shared_reply)(refusal<CanvasView>(Refusal::Busy, "the canvas could not be stored; try again"));
    halls_.push_back(std::make_unique<Hall>(opened, settings_.room, counters_));
    (*shared_reply)(changed_to(view(*halls_.back())));
  };
  if (!stopping_ && write(std::move(writes), done)) return;
  making_.erase(canvas.name);
  (*shared_reply)(refusal<CanvasView>(Refusal::Busy, "the server is busy; try again"));
}

void Rooms::change_canvas(AccountId actor, const std::string& name, std::optional<std::uint32_t> version, CanvasChange change,
                          Hub::Reply<CanvasReply> reply) {
  Hall* hall = find(name);
  if (hall == nullptr) return reply(refusal<CanvasView>(Refusal::NotFound, "there is no such canvas"));
  if (stopping_) return reply(refusal<CanvasView>(Refusal::Busy, "the server is closing"));
  hall->changes.push_back({actor, version, std::move(change), std::move(reply)});
  advance_changes(*hall);
}

void Rooms::advance_changes(Hall& hall) {
  if (hall.changes.empty() || hall.changing || lost_) return;
  hall.room.hold();
  flush(hall, Moment::of(clock_));
  if (hall.changes.empty() || hall.changing) return;  // a batch that could not even be posted was answered at once
  if (!hall.room.idle()) return;                       // its commit, or the next flush, goes on here
  while (!hall.changes.empty() && !begin_change(hall)) hall.changes.pop_front();
  if (hall.changing) return;
  hall.room.release(Moment::of(clock_), events_);
  carry(hall);
}

/// False: the first change was answered already, because it may not or need not be made.
bool Rooms::begin_change(Hall& hall) {
  const Hall::PendingChange& pending = hall.changes.front();
  const CanvasRecord& before = hall.room.record();
  if (pending.version && *pending.version != before.version) {
    pending.reply(stale_change("the canvas has changed since", view(hall)));
    return false;
  }
  const auto change = pending.scheduled ? scheduled_change(pending.scheduled->work, before) : Result<CanvasChange>(pending.change);
  auto after = change ? changed_record(before, *change, settings_.max_cells) : Result<CanvasRecord, ChangeError>(ChangeError{Refusal::Invalid, change.error().message});
  if (!after) {
    pending.reply(refusal(after.error().reason, after.error().message, std::optional(view(hall))));
    return false;
  }
  const bool restored = before.archived && !after->archived;
  if (restored && find(before.name) != &hall) {
    pending.reply(refusal(Refusal::Invalid, "another canvas has that name by now", std::optional(view(hall))));
    return false;
  }
  if (*after == before) {
    if (pending.scheduled) pending.reply(refusal(Refusal::Invalid, "it is so already", std::optional(view(hall))));
    else pending.reply(changed_to(view(hall)));
    return false;
  }
  WriteSet writes;
  writes.canvases.push_back(*after);
  writes.events.emplace_back(after->id, CanvasEvent{hall.room.seq(), hall.room.next_time(clock_.wall()), *after});
  if (pending.scheduled) writes.ended_schedule.push_back(pending.scheduled->id);
  for (CanvasAction& done : canvas_actions(before, *after)) {
    if (pending.scheduled) done.detail.number("schedule", static_cast<std::uint32_t>(pending.scheduled->id));
    writes.audit.push_back(entry(accounts_.resolve(pending.actor), done.action, after->name, "canvas:" + after->name, done.detail));
  }
  hall.changing = true;
  const bool posted = write(std::move(writes), [this, &hall, record = *after](const Written& written) { change_answered(hall, record, written); });
  if (posted) return true;
  hall.changing = false;
  pending.reply(refusal<CanvasView>(Refusal::Busy, "the server is busy; try again", view(hall)));
  return false;
}

void Rooms::change_answered(Hall& hall, const CanvasRecord& record, const Written& written) {
  hall.changing = false;
  const Hall::PendingChange done = std::move(hall.changes.front());
  hall.changes.pop_front();
  if (written.result.outcome == CommitOutcome::Stored) {
    const CanvasRecord before = hall.room.record();
    hall.room.change(record);
    announce_change(hall, before);
    done.reply(changed_to(view(hall)));
  } else {
    done.reply(refusal<CanvasView>(Refusal::Busy, "the change could not be stored; try again", view(hall)));
  }
  if (!hall.changes.empty()) return advance_changes(hall);
  hall.room.release(Moment::of(clock_), events_);
  carry(hall);
}

void Rooms::announce_change(Hall& hall, const CanvasRecord& before) {
  const CanvasRecord& record = hall.room.record();
  tell(hall, CanvasChanged{canvas_info(record)});
  if (before.paused != record.paused || before.pause_message != record.pause_message)
    tell(hall, PauseChanged{record.paused, record.pause_message});
  tell_charges(hall);
}

void Rooms::tell_charges(const Hall& hall) {
  connections_.for_each([&](const Connection& connection) {
    if (connection.canvas == hall.id()) tell_charges(connection);
  });
}

}  // namespace tessera
