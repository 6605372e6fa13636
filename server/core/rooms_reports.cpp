// Reports: made by players, claimed and closed by staff, told to whoever made them.
#include <algorithm>
#include <chrono>

#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::uint64_t most_cells = 1'000'000;  // of one report

std::string name_of(ReportId id) { return target_name("report", id); }

const char* action_of(ReportState before, ReportState after) {
  if (before == after) return "report.change";
  switch (after) {
    case ReportState::Open: return "report.reopen";
    case ReportState::Claimed: return "report.claim";
    case ReportState::Resolved: return "report.resolve";
    case ReportState::Dismissed: return "report.dismiss";
  }
  return "report.reopen";
}

ReportReply refused(Refusal reason, std::string detail) { return {.report = refusal<ReportView>(reason, std::move(detail))}; }

/// The record as the change makes it.
ReportRecord changed(ReportRecord record, const ReportChange& change, AccountId handler) {
  if (change.state) {
    if (*change.state == ReportState::Open && record.state != ReportState::Open) record.outcome.clear();
    record.handler = *change.state == ReportState::Open ? nobody : handler;
    record.state = *change.state;
  }
  if (change.outcome) record.outcome = *change.outcome;
  return record;
}

}  // namespace

ReportView Rooms::view(const ReportRecord& record) const {
  ReportView view{.record = record, .reporter = shown(record.reporter), .handler = {}, .similar = reports_.similar(record)};
  if (record.handler != nobody) view.handler = shown(record.handler);
  for (const AccountId id : all_ids_of(record.reporter)) {
    view.reporter_reports += reports_.made_by(id);
    view.reporter_dismissed += reports_.dismissed_of(id);
  }
  return view;
}

/// An account and the guests that turned out to be it.
std::vector<AccountId> Rooms::all_ids_of(AccountId id) const {
  const AccountRecord* account = accounts_.resolve(id);
  if (account == nullptr) return {id};
  std::vector<AccountId> ids = accounts_.aliases_of(account->id);
  ids.push_back(account->id);
  return ids;
}

/// Why it may not be made, where it may not.
std::optional<ReportReply> Rooms::refuses_report(const AccountRecord* reporter, const Hall* hall, const NewReport& wanted) const {
  if (reporter == nullptr) return refused(Refusal::NotSignedIn, "sign in to report something");
  if (reporter->is_banned(clock_.wall())) return refused(Refusal::Banned, "this account is banned");
  if (hall == nullptr) return refused(Refusal::NotFound, "there is no such canvas");
  const Size size = hall->room.record().size;
  if (wanted.area.empty() || wanted.area.intersect({0, 0, size.width, size.height}) != wanted.area)
    return refused(Refusal::OutOfBounds, "the region is not within the canvas, which has " + std::to_string(size.width) + "×" + std::to_string(size.height) + " cells");
  if (std::uint64_t{wanted.area.width} * wanted.area.height > most_cells)
    return refused(Refusal::TooLarge, "a report is of at most " + std::to_string(most_cells) + " cells: mark a smaller region");
  std::chrono::milliseconds wait{};
  for (const AccountId id : all_ids_of(reporter->id)) wait = std::max(wait, reports_.wait(id, clock_.wall()));
  if (wait.count() > 0) {
    const auto seconds = static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(wait).count());
    ReportReply reply = refused(Refusal::TooSoon, "you have reported " + std::to_string(ReportBook::most_a_minute) + " times within a minute, or " +
                                                      std::to_string(ReportBook::most_a_day) + " within a day; try again in " + std::to_string(seconds) + " s");
    reply.retry_after_ms = static_cast<std::uint32_t>(wait.count());
    return reply;
  }
  if (reports_.open() >= ReportBook::most_open)
    return refused(Refusal::TooLarge, std::to_string(ReportBook::most_open) + " reports wait for the staff already: try again when they have got on");
  return std::nullopt;
}

void Rooms::make_report(AccountId actor, const std::string& canvas, NewReport wanted, Reply<ReportReply> reply) {
  in_turn([this, actor, canvas, wanted = std::move(wanted), reply = std::move(reply)] {
    const AccountRecord* reporter = accounts_.resolve(actor);
    const Hall* hall = find(canvas);
    if (const auto why = refuses_report(reporter, hall, wanted)) return reply(*why);
    const WallTime now = clock_.wall();
    const ReportRecord record{.id = ReportId{last_number_ + 1},
                              .canvas = hall->id(),
                              .area = wanted.area,
                              .reason = wanted.reason,
                              .seq = hall->room.seq(),
                              .reporter = reporter->id,
                              .created = now,
                              .outcome = {},
                              .changed = now};
    WriteSet writes;
    writes.reports.push_back(record);
    writes.last_number = ++last_number_;
    write_in_turn(std::move(writes), [this, record, reply](bool stored) {
      if (!stored) return reply({.report = busy_change<ReportView>()});
      reports_.put(record);
      reply({.report = changed_to(view(record))});
    });
  });
}

void Rooms::reports(AccountId actor, const std::string& canvas, const ReportQuery& query, const Reply<Changed<std::vector<ReportView>>>& reply) {
  using List = std::vector<ReportView>;
  const Hall* hall = find(canvas);
  if (staff(actor, Permission::HandleReports, hall) == nullptr) return reply(refusal<List>(Refusal::Forbidden, "only staff see reports"));
  if (hall == nullptr) return reply(refusal<List>(Refusal::NotFound, "there is no such canvas"));
  List views;
  for (const ReportRecord* record : reports_.list(hall->id(), query)) views.push_back(view(*record));
  reply(changed_to(std::move(views)));
}

void Rooms::own_reports(AccountId actor, const std::string& canvas, const ReportQuery& query, const Reply<std::optional<std::vector<ReportRecord>>>& reply) {
  const Hall* hall = find(canvas);
  if (hall == nullptr) return reply(std::nullopt);
  std::vector<ReportRecord> records;
  for (const AccountId id : all_ids_of(actor))
    for (const ReportRecord* record : reports_.of(hall->id(), id, query)) records.push_back(*record);
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  if (records.size() > query.limit) records.resize(query.limit);
  reply(std::move(records));
}

void Rooms::report(AccountId actor, const std::string& canvas, ReportId id, const Reply<Changed<ReportView>>& reply) {
  const Hall* hall = find(canvas);
  if (staff(actor, Permission::HandleReports, hall) == nullptr) return reply(refusal<ReportView>(Refusal::Forbidden, "only staff see reports"));
  const ReportRecord* record = hall == nullptr ? nullptr : reports_.find(hall->id(), id);
  if (record == nullptr) return reply(refusal<ReportView>(Refusal::NotFound, "there is no such report"));
  reply(changed_to(view(*record)));
}

/// The reports to change, the one named first; otherwise why they may not be, told to `reply`.
std::vector<const ReportRecord*> Rooms::reports_to_change(const AccountRecord& actor, const Hall& hall, ReportId id, const ReportChange& change,
                                                          const Reply<ReportReply>& reply) const {
  std::vector<ReportId> ids{id};
  for (const ReportId also : change.also)
    if (std::find(ids.begin(), ids.end(), also) == ids.end()) ids.push_back(also);
  std::vector<const ReportRecord*> records;
  for (const ReportId each : ids) {
    const ReportRecord* record = reports_.find(hall.id(), each);
    if (record == nullptr) {
      reply(refused(Refusal::NotFound, "there is no report " + std::to_string(static_cast<std::uint32_t>(each)) + " on this canvas"));
      return {};
    }
    const bool is_others = record->state == ReportState::Claimed && accounts_.resolve(record->handler) != &actor;
    if (is_others && !change.take_over) {
      reply({.report = refusal<ReportView>(Refusal::Invalid, shown(record->handler).name + " has claimed report " + std::to_string(static_cast<std::uint32_t>(each)) +
                                                                 ": say take_over to take it over", view(*record)),
             .is_others = true});
      return {};
    }
    records.push_back(record);
  }
  return records;
}

void Rooms::change_report(AccountId actor_id, const std::string& canvas, ReportId id, std::optional<std::uint32_t> version, ReportChange change,
                          Reply<ReportReply> reply) {
  in_turn([this, actor_id, canvas, id, version, change = std::move(change), reply = std::move(reply)] {
    const Hall* hall = find(canvas);
    const AccountRecord* actor = staff(actor_id, Permission::HandleReports, hall);
    if (actor == nullptr) return reply(refused(Refusal::Forbidden, "only staff handle reports"));
    const ReportRecord* named = hall == nullptr ? nullptr : reports_.find(hall->id(), id);
    if (named == nullptr) return reply(refused(Refusal::NotFound, "there is no such report"));
    if (version && *version != named->version) return reply({.report = stale_change("the report has changed since", view(*named))});
    const auto before = reports_to_change(*actor, *hall, id, change, reply);
    if (before.empty()) return;
    WriteSet writes;
    for (const ReportRecord* record : before) {
      ReportRecord after = changed(*record, change, actor->id);
      if (after == *record) continue;
      ++after.version;
      after.changed = clock_.wall();
      writes.audit.push_back(entry(actor, action_of(record->state, after.state), hall->room.record().name, name_of(after.id), change_detail(report_detail(*record), report_detail(after))));
      writes.reports.push_back(std::move(after));
    }
    if (writes.empty()) return reply({.report = changed_to(view(*named))});
    const auto records = writes.reports;
    write_in_turn(std::move(writes), [this, canvas_id = hall->id(), id, records, reply](bool stored) {
      if (!stored) return reply({.report = busy_change<ReportView>()});
      for (const ReportRecord& record : records) put_report(record);
      reply({.report = changed_to(view(*reports_.find(canvas_id, id)))});
    });
  });
}

/// Stored: whoever made it hears of it.
void Rooms::put_report(const ReportRecord& record) {
  reports_.put(record);
  const AccountRecord* reporter = accounts_.resolve(record.reporter);
  if (reporter == nullptr) return;
  for (const Connection* connection : connections_.of(reporter->id))
    connection->gate->post(Directed{connection->id, ReportOutcome{record.id, record.state, record.outcome}});
}

}  // namespace tessera
