#include "server/core/report_book.h"

#include <algorithm>
#include <cstdlib>

namespace tessera {
namespace {

constexpr std::chrono::milliseconds minute = std::chrono::minutes{1};
constexpr std::chrono::milliseconds day = std::chrono::hours{24};

bool is_open(ReportState state) { return state == ReportState::Open || state == ReportState::Claimed; }

std::size_t plus(std::size_t number, int by) { return by > 0 ? number + 1 : number - 1; }

}  // namespace

void ReportBook::put(ReportRecord record) {
  Canvas& canvas = canvases_[record.canvas];
  if (const auto older = canvas.records.find(record.id); older != canvas.records.end()) count(older->second, -1);
  count(record, 1);
  all_.insert_or_assign(record.id, record.canvas);
  reporters_[record.reporter].made.insert_or_assign(record.id, record.canvas);
  canvas.records.insert_or_assign(record.id, std::move(record));
}

void ReportBook::count(const ReportRecord& record, int by) {
  std::set<ReportId>& same_state = canvases_[record.canvas].by_state[static_cast<std::size_t>(record.state)];
  by > 0 ? (void)same_state.insert(record.id) : (void)same_state.erase(record.id);
  if (is_open(record.state)) open_ = plus(open_, by);
  if (record.state != ReportState::Dismissed) return;
  std::size_t& dismissed = reporters_[record.reporter].dismissed;
  dismissed = plus(dismissed, by);
}

std::size_t ReportBook::open_on(CanvasId canvas) const {
  const auto known = canvases_.find(canvas);
  return known == canvases_.end() ? 0 : known->second.by_state[static_cast<std::size_t>(ReportState::Open)].size();
}

const ReportRecord* ReportBook::find(CanvasId canvas, ReportId id) const {
  const auto known = canvases_.find(canvas);
  if (known == canvases_.end()) return nullptr;
  const auto found = known->second.records.find(id);
  return found == known->second.records.end() ? nullptr : &found->second;
}

std::vector<const ReportRecord*> ReportBook::list(CanvasId canvas, const ReportQuery& query) const {
  std::vector<const ReportRecord*> found;
  const auto known = canvases_.find(canvas);
  if (known == canvases_.end()) return found;
  const auto take = [&](const auto& ordered, const auto& id_of) {
    for (auto each = ordered.lower_bound(query.before); each != ordered.begin() && found.size() < query.limit;)
      found.push_back(&known->second.records.at(id_of(*--each)));
  };
  if (query.state) take(known->second.by_state[static_cast<std::size_t>(*query.state)], [](ReportId id) { return id; });
  else take(known->second.records, [](const auto& entry) { return entry.first; });
  return found;
}

std::vector<const ReportRecord*> ReportBook::of(CanvasId canvas, AccountId reporter, const ReportQuery& query) const {
  std::vector<const ReportRecord*> found;
  const auto known = reporters_.find(reporter);
  if (known == reporters_.end()) return found;
  const auto& made = known->second.made;
  for (auto each = made.lower_bound(query.before); each != made.begin() && found.size() < query.limit;) {
    --each;
    if (each->second != canvas) continue;
    const ReportRecord* record = find(canvas, each->first);
    if (!query.state || *query.state == record->state) found.push_back(record);
  }
  return found;
}

std::vector<const ReportRecord*> ReportBook::of(AccountId reporter, std::size_t limit) const {
  std::vector<const ReportRecord*> found;
  const auto known = reporters_.find(reporter);
  if (known == reporters_.end()) return found;
  const auto& made = known->second.made;
  for (auto each = made.rbegin(); each != made.rend() && found.size() < limit; ++each) found.push_back(find(each->second, each->first));
  return found;
}

std::vector<const ReportRecord*> ReportBook::newest(std::size_t limit) const {
  std::vector<const ReportRecord*> found;
  for (auto each = all_.rbegin(); each != all_.rend() && found.size() < limit; ++each) found.push_back(find(each->second, each->first));
  return found;
}

std::vector<ReportId> ReportBook::similar(const ReportRecord& report) const {
  std::vector<ReportId> found;
  const auto known = canvases_.find(report.canvas);
  if (known == canvases_.end()) return found;
  const auto& records = known->second.records;
  auto last = records.upper_bound(report.id);
  for (std::size_t i = 0; i < neighbours && last != records.end(); ++i) ++last;
  std::size_t before = 0;
  while (last != records.begin() && before < neighbours && found.size() < most_similar) {
    const ReportRecord& other = (--last)->second;
    before += other.id < report.id ? 1 : 0;
    const std::chrono::milliseconds apart{std::abs(ms(other.created) - ms(report.created))};
    if (other.reporter != report.reporter && apart <= day && !other.area.intersect(report.area).empty()) found.push_back(other.id);
  }
  return found;
}

std::size_t ReportBook::made_by(AccountId reporter) const {
  const auto known = reporters_.find(reporter);
  return known == reporters_.end() ? 0 : known->second.made.size();
}

std::size_t ReportBook::dismissed_of(AccountId reporter) const {
  const auto known = reporters_.find(reporter);
  return known == reporters_.end() ? 0 : known->second.dismissed;
}

/// From the reports themselves, so that a restart forgives nothing. What was made at a time that is yet to come counts as made now.
std::chrono::milliseconds ReportBook::wait(AccountId reporter, WallTime now) const {
  const std::vector<const ReportRecord*> last = of(reporter, most_a_day);
  const auto left = [&](std::size_t most, std::chrono::milliseconds within) -> std::chrono::milliseconds {
    if (last.size() < most) return {};
    const std::int64_t age = std::max<std::int64_t>(0, ms(now) - ms(last[most - 1]->created));
    return std::max(std::chrono::milliseconds{}, within - std::chrono::milliseconds{age});
  };
  return std::max(left(most_a_minute, minute), left(most_a_day, day));
}

}  // namespace tessera
