#include "server/http/automation_studies.h"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t most_days = 30;  // the marks count milliseconds in 32 bits

std::uint32_t refill_ms(const PlacingLimits& limits) {
  const double by_rate = limits.per_second && *limits.per_second > 0 ? std::min(1'000 / *limits.per_second, 1e9) : 0;
  return std::max(static_cast<std::uint32_t>(std::lround(by_rate)), limits.cooldown_ms);
}

/// Each mark is its account's, not its alias's; what nobody is known for goes.
void resolve(std::vector<Mark>& marks, const Roster& roster) {
  std::erase_if(marks, [&](Mark& mark) {
    const RosterRow* row = roster.resolve(mark.account);
    if (row != nullptr) mark.account = row->id;
    return row == nullptr;
  });
}

}  // namespace

void AutomationStudies::ask(const CanvasView& view, std::optional<WallTime> since, Done done) {
  const Key key{view.record.id, since};
  Findings known;
  bool refused = false;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& each) { return parts_.clock.now() - each.second.time >= kept_for; });
    const auto kept = kept_.find(key);
    const auto same = std::find_if(studies_.begin(), studies_.end(), [&](const StudyPtr& study) { return study->key == key; });
    if (kept != kept_.end() && kept->second.epoch == view.record.epoch) known = kept->second.findings;
    else if (same != studies_.end()) return (*same)->waiting.push_back(std::move(done));
    else if (studies_.size() >= most_waiting) refused = true;
    else studies_.push_back(std::make_shared<Study>(Study{.key = key, .view = view, .waiting = {done}, .findings = {}, .read = 0, .marks = {}}));
  }
  if (known || refused) return done(known);
  begin_next();
}

void AutomationStudies::begin_next() {
  StudyPtr study;
  {
    const std::lock_guard lock(mutex_);
    if (running_ || studies_.empty()) return;
    running_ = true;
    study = studies_.front();
  }
  const bool posted = parts_.readers.post([this, study](StoreReader& reader) { begin(study, reader); });
  if (!posted) finish(study, nullptr);
}

void AutomationStudies::begin(const StudyPtr& study, StoreReader& reader) {
  const CanvasId canvas = study->view.record.id;
  const Seq last = study->view.seq;
  if (last == 0) {
    study->findings.since = study->findings.until = study->key.second.value_or(parts_.clock.wall());
    return finish(study, std::make_shared<const AutomationFindings>(std::move(study->findings)));
  }
  const auto newest = reader.placements(canvas, last - 1, 1);
  if (!newest || newest->empty()) return finish(study, nullptr);
  const std::int64_t until_ms = ms(newest->front().time);
  const std::int64_t asked_ms = study->key.second ? ms(*study->key.second) : until_ms - day_ms;
  const std::int64_t since_ms = std::clamp<std::int64_t>(asked_ms, std::max<std::int64_t>(0, until_ms - most_days * day_ms), until_ms);
  const auto before = reader.seq_at(canvas, WallTime{since_ms - 1});
  if (!before) return finish(study, nullptr);
  study->findings.since = WallTime{since_ms};
  study->findings.until = newest->front().time;
  study->read = std::max(*before, last - std::min(last, most_read));
  if (study->read > *before) {  // more than is looked at: it begins later
    const auto first = reader.placements(canvas, study->read, 1);
    if (!first || first->empty()) return finish(study, nullptr);
    study->findings.since = first->front().time;
  }
  read_page(study, reader);
}

void AutomationStudies::read_page(const StudyPtr& study, StoreReader& reader) {
  const auto placements = reader.placements(study->view.record.id, study->read, page);
  if (!placements) return finish(study, nullptr);
  for (const Placement& placement : *placements) {
    if (placement.seq > study->view.seq) break;
    study->read = placement.seq;
    const bool is_own = placement.kind == PlacementKind::Place || placement.kind == PlacementKind::Import;
    const std::int64_t since_ms = ms(placement.time) - ms(study->findings.since);
    if (is_own && placement.account != nobody && since_ms >= 0)
      study->marks.push_back({placement.account, static_cast<std::uint32_t>(since_ms), placement.cell, placement.color});
  }
  if (placements->size() == page && study->read < study->view.seq) return read_on(study);
  parts_.hub.roster([this, study](Roster roster) {
    on_worker(study, [this, study, roster = std::move(roster)] { ask_addresses(study, roster); });
  });
}

void AutomationStudies::ask_addresses(const StudyPtr& study, const Roster& roster) {
  resolve(study->marks, roster);
  parts_.hub.addresses_of(drop_quiet(study->marks, AutomationRules{}.least_placements), [this, study, roster](AddressesOf addresses) {
    on_worker(study, [this, study, roster, addresses = std::move(addresses)] { look(study, roster, addresses); });
  });
}

void AutomationStudies::look(const StudyPtr& study, const Roster& roster, const AddressesOf& addresses) {
  const PlacingLimits none{.per_second = std::nullopt, .per_minute = std::nullopt};
  AutomationRules rules;
  rules.addresses = addresses;
  rules.refill_ms = [&](AccountId account) {
    const RosterRow* row = roster.find(account);
    return refill_ms(row == nullptr ? none : study->view.record.policy.limits_for(row->role));
  };
  for (Suspect& suspect : find_automation(std::move(study->marks), rules)) {
    const RosterRow& row = *roster.find(suspect.account);
    study->findings.found.push_back({{row.id, row.name, row.kind, row.role}, std::move(suspect)});
  }
  finish(study, std::make_shared<const AutomationFindings>(std::move(study->findings)));
}

void AutomationStudies::on_worker(const StudyPtr& study, std::function<void()> step) {
  const bool posted = parts_.workers.post(Workers::Urgency::Picture, std::move(step));
  if (!posted) finish(study, nullptr);
}

void AutomationStudies::read_on(const StudyPtr& study) {
  const bool posted = parts_.readers.post([this, study](StoreReader& reader) { read_page(study, reader); });
  if (!posted) finish(study, nullptr);
}

void AutomationStudies::finish(const StudyPtr& study, Findings findings) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(study->waiting);
    studies_.pop_front();
    running_ = false;
    if (kept_.size() >= most_kept) kept_.clear();
    if (findings) kept_[study->key] = {parts_.clock.now(), study->view.record.epoch, findings};
  }
  for (const Done& done : waiting) done(findings);
  begin_next();
}

}  // namespace tessera
