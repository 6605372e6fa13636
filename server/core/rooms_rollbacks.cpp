// Rollbacks: planned on a reader, recorded, then drawn part by part beside what people place. Whatever counts is in the records, so that
// one which was interrupted goes on by being planned again.
#include <algorithm>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::size_t cells_at_once = 4'096;
constexpr std::size_t most_selected = 1'000;  // accounts of an address
constexpr Duration longest_answer = std::chrono::seconds{5};
constexpr Duration plan_retry = std::chrono::milliseconds{250};

std::string name_of(RollbackId id) { return target_name("rollback", id); }

bool counts(const RollbackRecord& record) {
  return record.state == RollbackState::Applying || record.state == RollbackState::Applied;
}
bool is_going_on(const RollbackRecord& record) {
  return record.state == RollbackState::Applying || record.state == RollbackState::Undoing;
}

RollbackRecord turned_round(RollbackRecord record) {
  record.state = counts(record) ? RollbackState::Undoing : RollbackState::Applying;
  ++record.version;
  return record;
}

bool counted_at(const SnapshotRecord& snapshot, const RollbackRecord& record) {
  // One number is given to each in turn: what has a lower one was there first.
  if (!snapshot.counting) return counts(record) && static_cast<std::uint32_t>(record.id) < static_cast<std::uint32_t>(snapshot.id);
  return std::binary_search(snapshot.counting->begin(), snapshot.counting->end(), record.id);
}

/// What was undone, or redone, with another: `[3,7]`.
std::string turned_ids(std::span<const RollbackRecord> turned, bool count) {
  std::string ids;
  for (const RollbackRecord& record : turned)
    if (counts(record) == count) ids += (ids.empty() ? "" : ",") + std::to_string(static_cast<std::uint32_t>(record.id));
  return "[" + ids + "]";
}

/// The last seq before the bound (`first`), or up to it.
Result<Seq> seq_of(StoreReader& reader, CanvasId canvas, const RollbackAsked::Bound& bound, bool first) {
  if (const Seq* seq = std::get_if<Seq>(&bound)) return first ? std::max<Seq>(*seq, 1) - 1 : *seq;
  const WallTime time = std::get<WallTime>(bound);
  return reader.seq_at(canvas, first ? WallTime{ms(time) - 1} : time);
}

/// What those of a canvas's rollbacks select for which `is_meant` holds.
template <typename Test>
std::vector<Selection> selections(const std::map<RollbackId, RollbackRecord>& rollbacks, Test is_meant) {
  std::vector<Selection> meant;
  for (const auto& [id, record] : rollbacks)
    if (is_meant(record)) meant.push_back(record.selection);
  return meant;
}

}  // namespace

/// What a plan needs of the rooms, to be taken to a reader's thread.
struct Rooms::PlanQuestion {
  CanvasId canvas{};
  Seq at = 0;
  Selection selection;
  std::optional<RollbackAsked::Bound> since, until;  // that the selection is still to be given
  std::vector<Selection> counting;
  bool selection_counts = true;
};

std::vector<RollbackId> Rooms::counting_rollbacks(const Hall& hall) {
  std::vector<RollbackId> counting;
  for (const auto& [id, record] : hall.rollbacks)
    if (counts(record)) counting.push_back(id);
  return counting;
}

/// Works out a plan on a reader. `done` is called on the room loop; false: too much waits.
bool Rooms::plan(PlanQuestion question, std::function<void(Result<RollbackPreview>)> done) {
  return services_.read([question = std::move(question), done = std::move(done)](StoreReader& reader) mutable -> std::function<void()> {
    const auto answer = [&]() -> Result<RollbackPreview> {
      Selection& selection = question.selection;
      if (question.since) {
        const auto after = seq_of(reader, question.canvas, *question.since, true);
        if (!after) return after.error();
        selection.after = *after;
      }
      if (question.until) {
        const auto until = seq_of(reader, question.canvas, *question.until, false);
        if (!until) return until.error();
        selection.until = std::min(*until, question.at);
      }
      if (question.selection_counts) question.counting.push_back(selection);
      auto plan = plan_rollback(reader, question.canvas, question.at, selection, question.counting);
      if (!plan) return plan.error();
      return RollbackPreview{selection, std::make_shared<const RollbackPlan>(std::move(*plan))};
    };
    return [done = std::move(done), preview = answer()] { done(preview); };
  });
}

/// The question as people ask it; otherwise why it may not be asked.
Result<Rooms::PlanQuestion, std::pair<Refusal, std::string>> Rooms::question_of(AccountId actor_id, const Hall* hall,
                                                                              const RollbackAsked& asked) const {
  using Why = std::pair<Refusal, std::string>;
  const AccountRecord* actor = staff(actor_id, Permission::RollBack, hall);
  if (actor == nullptr) return Why{Refusal::Forbidden, "only staff may roll back"};
  if (hall == nullptr) return Why{Refusal::NotFound, "there is no such canvas"};
  if (asked.account == nobody && !asked.address && asked.region.empty()) return Why{Refusal::Invalid, "name an account, an address, a region, or several of them"};
  const Seq at = hall->room.seq();
  PlanQuestion question{.canvas = hall->id(), .at = at, .selection = {}, .since = asked.since, .until = asked.until, .counting = {}};
  question.selection.region = asked.region;
  question.selection.until = at;
  if (asked.account != nobody || asked.address) {
    auto accounts = selected_accounts(*actor, *hall, asked);
    if (!accounts) return accounts.error();
    question.selection.accounts = *std::move(accounts);
  }
  question.counting = selections(hall->rollbacks, [](const RollbackRecord& record) { return counts(record); });
  return question;
}

bool Rooms::may_roll_back(const AccountRecord& actor, const Hall& hall, const AccountRecord& account) const {
  return actor.role == Role::Owner || role_on(account, &hall) < role_on(actor, &hall);
}

/// Who is selected by account, address or both: at least one, since nobody named would mean everybody. By id, with those that stand for
/// them. It is fixed here: who is seen at that address later is not concerned.
Result<std::vector<AccountId>, std::pair<Refusal, std::string>> Rooms::selected_accounts(const AccountRecord& actor, const Hall& hall,
                                                                                        const RollbackAsked& asked) const {
  using Why = std::pair<Refusal, std::string>;
  std::vector<AccountId> wanted;
  if (asked.account != nobody) {
    const AccountRecord* account = accounts_.resolve(asked.account);
    if (account == nullptr) return Why{Refusal::NotFound, "there is no such account"};
    if (!may_roll_back(actor, hall, *account)) return Why{Refusal::Forbidden, "you may only roll back those of a lower role"};
    wanted.push_back(account->id);
  }
  if (asked.address) {
    if (!has_permission(actor.role, Permission::FindPeople)) return Why{Refusal::Forbidden, "only the server's own staff may select by address"};
    std::vector<AccountId> there = seen_at(*asked.address);
    std::erase_if(there, [&](AccountId id) { return role_on(*accounts_.resolve(id), &hall) >= role_on(actor, &hall); });
    if (asked.account != nobody) std::erase_if(there, [&](AccountId id) { return id != wanted.front(); });
    wanted = std::move(there);
  }
  if (wanted.empty()) return Why{Refusal::NotFound, "nobody of a lower role than yours was seen at that address"};
  if (wanted.size() > most_selected) return Why{Refusal::TooLarge, "more than " + std::to_string(most_selected) + " accounts were seen there: name a narrower network"};
  std::vector<AccountId> all;
  for (const AccountId account : wanted)
    for (const AccountId id : all_ids_of(account)) all.push_back(id);
  std::sort(all.begin(), all.end());
  return all;
}

void Rooms::preview_rollback(AccountId actor, const std::string& canvas, const RollbackAsked& asked, Reply<Changed<RollbackPreview>> reply) {
  auto question = question_of(actor, find(canvas), asked);
  if (!question) return reply(refusal<RollbackPreview>(question.error().first, question.error().second));
  const auto done = [reply](const Result<RollbackPreview>& preview) {
    if (preview) reply(changed_to(*preview));
    else reply(refusal<RollbackPreview>(Refusal::Busy, "the store cannot be read: " + preview.error().message));
  };
  if (!plan(*std::move(question), done)) reply(busy_change<RollbackPreview>());
}

void Rooms::roll_back(AccountId actor, const std::string& canvas, const RollbackAsked& asked, bool at_once, Reply<Changed<RollbackView>> reply) {
  Hall* hall = find(canvas);
  auto question = question_of(actor, hall, asked);
  if (!question) return reply(refusal<RollbackView>(question.error().first, question.error().second));
  begin_rollback(*hall, *std::move(question), {.actor = actor, .reason = asked.reason, .at_once = at_once, .address = asked.address}, reply);
}

void Rooms::roll_back_after(Hall& hall, Seq after, RollbackCause cause, const Reply<Changed<RollbackView>>& reply) {
  const Seq at = hall.room.seq();
  const SnapshotRecord* snapshot = cause.snapshot ? &hall.snapshots.at(*cause.snapshot) : nullptr;
  PlanQuestion question{.canvas = hall.id(), .at = at, .selection = {}, .since = {}, .until = {}, .counting = {}};
  question.selection.after = after;
  question.selection.until = at;
  question.selection.undos = snapshot != nullptr;
  question.counting = selections(hall.rollbacks, [&](const RollbackRecord& record) { return snapshot ? counted_at(*snapshot, record) : counts(record); });
  begin_rollback(hall, std::move(question), std::move(cause), reply);
}

void Rooms::begin_rollback(Hall& hall, PlanQuestion question, RollbackCause cause, const Reply<Changed<RollbackView>>& reply) {
  const auto done = [this, &hall, cause = std::move(cause), reply](const Result<RollbackPreview>& preview) {
    if (!preview) return reply(refusal<RollbackView>(Refusal::Busy, "the store cannot be read: " + preview.error().message));
    in_turn([this, &hall, cause, reply, preview = *preview] { record_rollback(hall, cause, preview, reply); });
  };
  if (!plan(std::move(question), done)) reply(busy_change<RollbackView>());
}

void Rooms::record_rollback(Hall& hall, const RollbackCause& cause, const RollbackPreview& preview, const Reply<Changed<RollbackView>>& reply) {
  const AccountRecord* maker = staff(cause.actor, cause.permission, &hall);  // whose role may have been taken away meanwhile
  if (maker == nullptr) return reply(refusal<RollbackView>(Refusal::Forbidden, "only staff may roll back"));
  RollbackRecord record{.id = RollbackId{last_number_ + 1},
                        .canvas = hall.id(),
                        .selection = preview.selection,
                        .reason = cause.reason,
                        .maker = maker->id,
                        .created = clock_.wall(),
                        .placements = preview.plan->placements,
                        .cells = preview.plan->changes.size()};
  JsonObject detail = selection_detail(record.selection);
  detail.number("cells", static_cast<std::int64_t>(record.cells)).number("placements", static_cast<std::int64_t>(record.placements)).text("reason", cause.reason);
  WriteSet writes;
  if (cause.snapshot) {
    writes.rollbacks = turned_to(hall, hall.snapshots.at(*cause.snapshot));
    for (const RollbackRecord& other : writes.rollbacks) record.turned.push_back({other.id, other.version});
    detail.number("snapshot", static_cast<std::uint32_t>(*cause.snapshot)).json("undone", turned_ids(writes.rollbacks, false)).json("redone", turned_ids(writes.rollbacks, true));
  }
  if (cause.address) detail.text("address", prefix_id(*cause.address));
  if (cause.schedule) {
    detail.number("schedule", static_cast<std::uint32_t>(*cause.schedule));
    writes.ended_schedule.push_back(*cause.schedule);
  }
  writes.rollbacks.push_back(record);
  writes.last_number = ++last_number_;
  writes.audit.push_back(entry(maker, cause.action, hall.room.record().name, name_of(record.id), detail));
  write_rollbacks(hall, std::move(writes), record.id, cause.at_once, reply);
}

/// In turn; the answer is about this one of them.
void Rooms::write_rollbacks(Hall& hall, WriteSet writes, RollbackId id, bool at_once, const Reply<Changed<RollbackView>>& reply) {
  const auto done = [this, &hall, records = writes.rollbacks, id, at_once, reply](bool stored) {
    if (!stored) return reply(busy_change<RollbackView>());
    set_rollbacks(hall, records);
    answer_rollback(hall, id, at_once, reply);
  };
  write_in_turn(std::move(writes), done);
}

/// Recorded so: what is left to draw of them is drawn. Which count is known of all of them before the first is planned.
void Rooms::set_rollbacks(Hall& hall, const std::vector<RollbackRecord>& records) {
  for (const RollbackRecord& record : records) {
    hall.rollbacks.insert_or_assign(record.id, record);
    hall.room.set_rolled_back(record.id, counts(record) ? std::optional(record.selection) : std::nullopt);
    if (!is_going_on(record)) continue;
    const auto job = std::find_if(hall.jobs.begin(), hall.jobs.end(), [&](const RollbackJob& each) { return each.id() == record.id; });
    if (job != hall.jobs.end()) job->restart();
    else hall.jobs.emplace_back(record.id);
  }
  ++hall.rollbacks_changed;
  advance_rollbacks(hall);
}

/// The rollbacks that are to be undone or redone so that those count which did at a snapshot.
std::vector<RollbackRecord> Rooms::turned_to(const Hall& hall, const SnapshotRecord& snapshot) {
  std::vector<RollbackRecord> turned;
  for (const auto& [id, record] : hall.rollbacks)
    if (counts(record) != counted_at(snapshot, record)) turned.push_back(turned_round(record));
  return turned;
}

/// A rollback turned round, last, after those that were turned with it and by nobody else since.
std::vector<RollbackRecord> Rooms::turned_with(const Hall& hall, RollbackRecord record) {
  std::vector<RollbackRecord> turned;
  std::erase_if(record.turned, [&](RollbackRecord::Turned& each) {
    const RollbackRecord& other = hall.rollbacks.at(each.id);
    if (other.version != each.version) return true;
    turned.push_back(turned_round(other));
    each.version = turned.back().version;
    return false;
  });
  turned.push_back(turned_round(std::move(record)));
  return turned;
}

/// Why somebody may neither undo nor redo it, as they might not have applied it.
std::optional<std::string> Rooms::why_not_turn(const AccountRecord& actor, const Hall& hall, const Selection& selection) const {
  if (selection.accounts.empty() && selection.region.empty() && staff(actor.id, Permission::RunEvents, &hall) == nullptr)
    return "only admins may undo or redo a reset or the restoring of a snapshot";
  const auto is_above = [&](AccountId id) {
    const AccountRecord* account = accounts_.resolve(id);
    return account != nullptr && !may_roll_back(actor, hall, *account);
  };
  if (std::any_of(selection.accounts.begin(), selection.accounts.end(), is_above))
    return "you may only undo or redo rollbacks of those of a lower role";
  return std::nullopt;
}

void Rooms::answer_rollback(Hall& hall, RollbackId id, bool at_once, const Reply<Changed<RollbackView>>& reply) {
  if (at_once || !is_going_on(hall.rollbacks.at(id))) return reply(changed_to(view(hall, hall.rollbacks.at(id))));
  hall.rollback_replies.push_back({id, clock_.now() + longest_answer, reply});
}

RollbackView Rooms::view(const Hall& hall, const RollbackRecord& record) const {
  RollbackView view{.record = record, .maker = shown(record.maker)};
  for (const RollbackJob& job : hall.jobs) {
    if (job.id() != record.id) continue;
    view.drawn = job.drawn();
    view.to_draw = job.to_draw();
  }
  return view;
}

void Rooms::change_rollback(AccountId actor, const std::string& canvas, RollbackId id, RollbackStep step, bool at_once,
                            Reply<Changed<RollbackView>> reply) {
  in_turn([this, actor, canvas, id, step, at_once, reply = std::move(reply)] {
    Hall* hall = find(canvas);
    const AccountRecord* maker = staff(actor, Permission::RollBack, hall);
    if (maker == nullptr) return reply(refusal<RollbackView>(Refusal::Forbidden, "only staff may roll back"));
    const auto found = hall == nullptr ? std::map<RollbackId, RollbackRecord>::iterator() : hall->rollbacks.find(id);
    if (hall == nullptr || found == hall->rollbacks.end()) return reply(refusal<RollbackView>(Refusal::NotFound, "there is no such rollback"));
    const RollbackRecord& record = found->second;
    if (const auto why = why_not_turn(*maker, *hall, record.selection)) return reply(refusal<RollbackView>(Refusal::Forbidden, *why));
    const bool undoes = step == RollbackStep::Undo;
    if (counts(record) != undoes) return answer_rollback(*hall, id, at_once, reply);  // it is so already
    WriteSet writes;
    writes.rollbacks = turned_with(*hall, record);
    JsonObject detail = selection_detail(record.selection);
    const std::span others(writes.rollbacks.data(), writes.rollbacks.size() - 1);
    if (!others.empty()) detail.json("undone", turned_ids(others, false)).json("redone", turned_ids(others, true));
    writes.audit.push_back(entry(maker, undoes ? "rollback.undo" : "rollback.redo", hall->room.record().name, name_of(id), detail));
    write_rollbacks(*hall, std::move(writes), id, at_once, reply);
  });
}

void Rooms::rollbacks(const std::string& canvas, const Reply<std::optional<std::vector<RollbackView>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<RollbackView> views;
  for (auto each = hall->rollbacks.rbegin(); each != hall->rollbacks.rend(); ++each) views.push_back(view(*hall, each->second));
  reply(std::move(views));
}

// ---- drawing ----

/// Plans the first rollback that waits, or ends it where nothing is left to draw. Its cells are drawn by `flush`.
void Rooms::advance_rollbacks(Hall& hall) {
  if (hall.jobs.empty() || lost_ || stopping_ || clock_.now() < hall.next_plan) return;
  RollbackJob& job = hall.jobs.front();
  if (job.is_done()) return end_rollback(hall);
  if (!job.needs_plan() || hall.room.in_flight()) return;
  const RollbackRecord& record = hall.rollbacks.at(job.id());
  const bool applies = counts(record);
  PlanQuestion question{.canvas = hall.id(),
                        .at = hall.room.seq(),
                        .selection = record.selection,
                        .since = {},
                        .until = {},
                        .counting = selections(hall.rollbacks, [&](const RollbackRecord& other) { return other.id != record.id && counts(other); }),
                        .selection_counts = applies};
  hall.touched = std::make_shared<TouchedCells>();
  job.planning();
  const auto done = [this, &hall, id = record.id, touched = hall.touched](const Result<RollbackPreview>& preview) {
    if (hall.jobs.empty() || hall.jobs.front().id() != id || hall.touched != touched) return;
    if (preview) {
      hall.jobs.front().planned(preview->plan->changes, touched);
      ++hall.rollbacks_changed;
    } else {
      hall.jobs.front().restart();
      hall.next_plan = clock_.now() + plan_retry;
    }
    advance_rollbacks(hall);
  };
  if (plan(std::move(question), done)) return;
  job.restart();
  hall.next_plan = clock_.now() + plan_retry;
}

/// Draws the next part, where there is one and no batch is in flight. False: there is nothing to draw now.
bool Rooms::flush_rollback(Hall& hall, Moment moment) {
  if (hall.jobs.empty() || hall.room.in_flight() || hall.room.is_held() || lost_ || stopping_ || moment.now < hall.next_plan) return false;
  RollbackJob& job = hall.jobs.front();
  const auto cells = job.next(cells_at_once);
  if (cells.empty()) {
    advance_rollbacks(hall);
    return false;
  }
  post_batch(hall, hall.room.flush_rollback(job.id(), hall.rollbacks.at(job.id()).maker, cells, moment));
  return true;
}

/// A batch of this canvas was stored, or not.
void Rooms::rollback_answered(Hall& hall, const Batch& batch, bool stored) {
  if (hall.jobs.empty()) return;
  const bool own = batch.reference != 0;
  if (own) {
    hall.jobs.front().drew(stored);
    ++hall.rollbacks_changed;
    if (!stored) hall.next_plan = clock_.now() + plan_retry;
  } else if (stored && hall.touched) {
    hall.touched->add(batch);
  }
}

/// Recorded in turn, so that nobody turns it round meanwhile.
void Rooms::end_rollback(Hall& hall) {
  hall.next_plan = clock_.now() + longest_answer;  // until it is stored
  in_turn([this, &hall, id = hall.jobs.front().id()] {
    if (hall.jobs.empty() || hall.jobs.front().id() != id || !hall.jobs.front().is_done()) {
      hall.next_plan = {};  // somebody turned it round before: it goes on
      return advance_rollbacks(hall);
    }
    RollbackRecord record = hall.rollbacks.at(id);
    record.state = counts(record) ? RollbackState::Applied : RollbackState::Undone;
    WriteSet writes;
    writes.rollbacks.push_back(record);
    write_in_turn(std::move(writes), [this, &hall, record](bool stored) {
      hall.next_plan = stored ? TimePoint{} : clock_.now() + plan_retry;
      if (stored) {
        hall.jobs.pop_front();
        hall.touched = nullptr;
        hall.rollbacks.at(record.id) = record;
        ++hall.rollbacks_changed;
        answer_waiting(hall, clock_.now());
      }
      advance_rollbacks(hall);
    });
  });
}

/// Those who wait for a rollback that is over, or have waited long enough.
void Rooms::answer_waiting(Hall& hall, TimePoint now) {
  std::erase_if(hall.rollback_replies, [&](const auto& waiting) {
    const RollbackRecord& record = hall.rollbacks.at(waiting.id);
    if (is_going_on(record) && now < waiting.until) return false;
    waiting.reply(changed_to(view(hall, record)));
    return true;
  });
}

}  // namespace tessera
